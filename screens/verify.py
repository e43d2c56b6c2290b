"""The verification room: every check of the library, what it said last, how old that is, what has changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from operations.checks.changes import Change, change_between
from operations.checks.library import LibraryCheck, library
from operations.plan.steps import ApiStep, CommandStep, HttpStep, ManualStep, Step
from screens.action import Action
from screens.gate_lines import VERDICT_ROLE, verdict_glyph
from screens.kit import Kit
from screens.lines import Line, Piece, Role, joined, line, piece, spread, wrapped
from screens.list_room import ListRoom
from screens.progress import Counted, bar
from screens.room import Seen
from screens.text import clean, pad
from screens.times import age_of, aged
from screens.widgets.lists import Row
from screens.widgets.stage import PaneStage, Stacked
from state.events import Verdict
from state.projections.evidence import LastVerdict

_WORD, _AGE, _ID, _CATEGORY = 13, 7, 20, 15
ROOM_FOR_CATEGORY = 96
"""Columns from which a row has room for the category."""
_BAR = 12
_WORST: list[Verdict | None] = [Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE, None, Verdict.PASS]
CHANGE_ROLE = {
    Change.WORSE: Role.FAILED,
    Change.BETTER: Role.SUCCEEDED,
    Change.OTHER: Role.ATTENTION,
    Change.NEW: Role.MUTED,
    Change.GONE: Role.MUTED,
}


@dataclass(frozen=True, slots=True)
class Making:
    """Checks that are being made: which, since when, how many are done, whether no more are begun."""

    ids: frozenset[str]
    since: datetime
    done: frozenset[str] = frozenset()
    stopping: bool = False


class VerifyRoom(ListRoom):
    """The verification library of one plan."""

    NAME = "verify"
    LIST = "checks"
    AUTO_FOCUS = "#checks"
    ORDERS = ("verdict", "plan", "category", "change", "age")
    FILTER_HINT = "words of a check, such as: infrastructure fail, or changed; Esc shows all"

    def __init__(self, kit: Kit, seen: Seen, actions: Sequence[Action], making: Making | None = None) -> None:
        """Show the library; `making` is what is being made already."""
        self.checks = {check.id: check for check in library(kit.plan)}
        self.making = making
        super().__init__(kit, seen, actions)

    def stage(self) -> PaneStage:
        """The checks above, the chosen one below."""
        return Stacked((self.list, self.page), ("Checks", "Check"), self.kit.glyphs)

    def show_making(self, making: Making | None) -> None:
        """More is made, or nothing any longer."""
        self.making = making
        self.draw()

    @property
    def chosen(self) -> LibraryCheck | None:
        """The check under the cursor."""
        return self.checks.get(self.list.chosen or "")

    @property
    def shown(self) -> tuple[str, ...]:
        """The checks that the filter lets through."""
        return tuple(check.id for check in self.checks.values() if self._matches(check))

    @property
    def chosen_operations(self) -> tuple[str, ...]:
        """The operation whose verification is chosen."""
        return () if self.chosen is None or not self.chosen.owner else (self.chosen.owner,)

    def last(self, check: LibraryCheck) -> LastVerdict | None:
        """What a check said last, in a making of the library or in its operation's own verification."""
        evidence = self.seen.known.evidence
        found = evidence.checks.get(check.id)
        own = evidence.operations.get(check.owner, ())
        number = check.id.removeprefix(f"{check.owner}.")
        if number.isdigit() and 0 < int(number) <= len(own):
            mine = own[int(number) - 1]
            if found is None or mine.seq > found.seq:
                return mine
        return found

    def _change(self, check: LibraryCheck) -> Change | None:
        last = self.seen.known.evidence.checks.get(check.id)
        return None if last is None or last.was is None else change_between(last.was, last.verdict)

    # the list

    def note(self) -> Line:
        """How far a making has come; else the counts, what has changed, and the order."""
        if self.making is not None:
            making = self.making
            seconds = (self.kit.clock() - making.since).total_seconds()
            counted = Counted(len(making.done), len(making.ids), seconds)
            drawn = bar(counted.done, counted.total, _BAR, self.kit.glyphs)
            word = "stopping" if making.stopping else "making"
            return (piece(f"{word} {drawn} {counted.text()}", Role.RUNNING),)
        lasts = [self.last(check) for check in self.checks.values()]
        passing = sum(last is not None and last.verdict is Verdict.PASS for last in lasts)
        worse = sum(self._change(check) is Change.WORSE for check in self.checks.values())
        changed: Line = (piece(f"{worse} worse", Role.FAILED),) if worse else ()
        counts = (piece(f"{passing}/{len(lasts)} pass", Role.MUTED),)
        return joined([changed, counts, (piece(f"by {self.order}", Role.MUTED),)])

    def rows(self, width: int) -> Sequence[Row]:
        """A row for each check that matches."""
        now, order = self.kit.clock(), _ORDER[self.order]
        found = [check for check in self.checks.values() if self._matches(check)]
        found.sort(key=lambda check: order(check, self.last(check), self._change(check)))
        return [(check.id, self._row(check, now, width)) for check in found]

    def _matches(self, check: LibraryCheck) -> bool:
        last, change = self.last(check), self._change(check)
        word = last.verdict.value if last else "never made"
        changed = f"changed {change.value}" if change else ""
        return self.matches(
            check.id,
            check.title,
            check.category,
            check.source.value,
            word,
            changed,
            last.message if last else "",
        )

    def _row(self, check: LibraryCheck, now: datetime, width: int) -> Line:
        last, change = self.last(check), self._change(check)
        making = self.making is not None and check.id in self.making.ids - self.making.done
        verdict = None if last is None else last.verdict
        role = Role.MUTED if verdict is None else VERDICT_ROLE[verdict]
        word = "never made" if verdict is None else verdict.value
        head: list[Piece] = [piece(f"{verdict_glyph(verdict, self.kit.glyphs)} {pad(word, _WORD)}", role)]
        if making:
            head = [piece(f"{self.kit.glyphs.step} {pad('being made', _WORD)}", Role.RUNNING)]
        age = "-" if last is None else age_of(last.at, now)
        head += [piece(pad(age, _AGE), Role.MUTED), piece(f"{pad(clean(check.id), _ID)} ")]
        if width >= ROOM_FOR_CATEGORY:
            head.append(piece(f"{pad(clean(check.category), _CATEGORY)} ", Role.MUTED))
        told = (piece(f" {change.value}", CHANGE_ROLE[change]),) if change else ()
        return spread((*head, piece(check.title)), told, width)

    # the page

    def page_lines(self, width: int) -> list[Line]:
        """One check: the call, what must hold, what was seen, how old that is, what it said before."""
        check = self.chosen
        if check is None:
            return [line(piece("no check is chosen", Role.MUTED))]
        rows = wrapped(f"{check.id} {check.title}", width, Role.STRONG)
        rows += self._said(check, width)
        rows += [line(piece("call", Role.HEADING)), *wrapped(check.step.title, width, Role.PLAIN, 1)]
        rows += wrapped(_params(check.step), width, Role.MUTED, 1)
        expect = getattr(check.step, "expect", None)
        must = expect or "that it answers"
        rows += [line(piece("must hold", Role.HEADING)), *wrapped(must, width, Role.PLAIN, 1)]
        about = f"{check.source.value}, {check.category}, {check.severity.value}"
        return rows + wrapped(f"{about}, of {check.owner}" if check.owner else about, width, Role.MUTED)

    def _said(self, check: LibraryCheck, width: int) -> list[Line]:
        last, change = self.last(check), self._change(check)
        if last is None:
            return wrapped("never made: :make makes it, with reads alone", width, Role.MUTED)
        now = self.kit.clock()
        rows = wrapped(
            f"{last.verdict.value}, {aged(last.at, now)}, event {last.seq}", width, VERDICT_ROLE[last.verdict]
        )
        if change is not None and last.was is not None:
            rows += wrapped(
                f"{change.value}: the time before it said {last.was.value}", width, CHANGE_ROLE[change]
            )
        if last.by:
            rows += wrapped(f"attested by {last.by}", width)
        if last.stands_for:
            rows += wrapped(f"made in place of {last.stands_for}", width, Role.MUTED)
        if last.message:
            rows += [line(piece("seen", Role.HEADING)), *wrapped(last.message, width, Role.PLAIN, 1)]
        return rows


def _params(step: Step) -> str:
    """What a step asks for, as the plan writes it."""
    match step:
        case HttpStep():
            return step.http
        case CommandStep():
            return " ".join(str(part) for part in step.command)
        case ManualStep():
            return step.manual
        case ApiStep():
            return json.dumps(step.params, ensure_ascii=False, default=str)
    return ""


_Order = Callable[[LibraryCheck, LastVerdict | None, Change | None], tuple[object, ...]]
_CHANGES = [*Change, None]
_ORDER: dict[str, _Order] = {
    "verdict": lambda _, last, __: (_WORST.index(last.verdict if last else None),),
    "plan": lambda *_: (),
    "category": lambda check, last, __: (check.category, _WORST.index(last.verdict if last else None)),
    "change": lambda _, __, change: (_CHANGES.index(change),),
    "age": lambda _, last, __: (last is not None, last.at if last else ""),
}
