"""The verification library as lines: what each check said last, how old that is, what has changed, one in full."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from operations.checks.changes import Change, change_between
from operations.checks.library import LibraryCheck
from operations.plan.steps import ApiStep, CommandStep, HttpStep, ManualStep, Step
from screens.gate_lines import VERDICT_ROLE, verdict_glyph
from screens.glyphs import Glyphs
from screens.lines import Line, Piece, Role, joined, line, piece, spread, wrapped
from screens.text import clean, pad
from screens.times import age_of, aged
from state.events import Verdict
from state.projections.evidence import Evidence, LastVerdict

_WORD, _AGE, _ID, _CATEGORY = 13, 7, 20, 15
ROOM_FOR_CATEGORY = 96
"""Columns from which a row has room for the category."""
_WORST: list[Verdict | None] = [Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE, None, Verdict.PASS]
CHANGE_ROLE = {
    Change.WORSE: Role.FAILED,
    Change.BETTER: Role.SUCCEEDED,
    Change.OTHER: Role.ATTENTION,
    Change.NEW: Role.MUTED,
    Change.GONE: Role.MUTED,
}
ORDERS = ("verdict", "plan", "category", "change", "age")
"""What checks can be sorted by."""


@dataclass(frozen=True, slots=True)
class CheckView:
    """What is known of checks at one moment."""

    evidence: Evidence
    glyphs: Glyphs
    now: datetime

    def counts(self, checks: Iterable[LibraryCheck]) -> Line:
        """How many are worse than before, and how many pass."""
        every = tuple(checks)
        lasts = [self.last(check) for check in every]
        passing = sum(last is not None and last.verdict is Verdict.PASS for last in lasts)
        worse = sum(self.change(check) is Change.WORSE for check in every)
        changed: Line = (piece(f"{worse} worse", Role.FAILED),) if worse else ()
        return joined([changed, (piece(f"{passing}/{len(lasts)} pass", Role.MUTED),)])

    def sorted_by(self, order: str, checks: Iterable[LibraryCheck]) -> list[LibraryCheck]:
        """Checks in an order of `ORDERS`."""
        key = _ORDER[order]
        return sorted(checks, key=lambda check: key(check, self.last(check), self.change(check)))

    def last(self, check: LibraryCheck) -> LastVerdict | None:
        """What a check said last, in a making of the library or in its operation's own verification."""
        evidence = self.evidence
        found = evidence.checks.get(check.id)
        own = evidence.operations.get(check.owner, ())
        number = check.id.removeprefix(f"{check.owner}.")
        if number.isdigit() and 0 < int(number) <= len(own):
            mine = own[int(number) - 1]
            if found is None or mine.seq > found.seq:
                return mine
        return found

    def change(self, check: LibraryCheck) -> Change | None:
        """How its last verdict differs from the one before, None when it does not."""
        last = self.evidence.checks.get(check.id)
        return None if last is None or last.was is None else change_between(last.was, last.verdict)

    def texts(self, check: LibraryCheck) -> tuple[str, ...]:
        """What a filter looks through."""
        last, change = self.last(check), self.change(check)
        word = last.verdict.value if last else "never made"
        changed = f"changed {change.value}" if change else ""
        said = last.message if last else ""
        return (check.id, check.title, check.category, check.source.value, word, changed, said)

    def row(self, check: LibraryCheck, width: int, *, making: bool = False) -> Line:
        """One check in a list."""
        last, change = self.last(check), self.change(check)
        verdict = None if last is None else last.verdict
        role = Role.MUTED if verdict is None else VERDICT_ROLE[verdict]
        word = "never made" if verdict is None else verdict.value
        head: list[Piece] = [piece(f"{verdict_glyph(verdict, self.glyphs)} {pad(word, _WORD)}", role)]
        if making:
            head = [piece(f"{self.glyphs.step} {pad('being made', _WORD)}", Role.RUNNING)]
        age = "-" if last is None else age_of(last.at, self.now)
        head += [piece(pad(age, _AGE), Role.MUTED), piece(f"{pad(clean(check.id), _ID)} ")]
        if width >= ROOM_FOR_CATEGORY:
            head.append(piece(f"{pad(clean(check.category), _CATEGORY)} ", Role.MUTED))
        told = (piece(f" {change.value}", CHANGE_ROLE[change]),) if change else ()
        return spread((*head, piece(check.title)), told, width)

    def page(self, check: LibraryCheck, width: int) -> list[Line]:
        """One check: the call, what must hold, what was seen, how old that is, what it said before."""
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
        last, change = self.last(check), self.change(check)
        if last is None:
            return wrapped("never made: :make makes it, with reads alone", width, Role.MUTED)
        rows = wrapped(
            f"{last.verdict.value}, {aged(last.at, self.now)}, event {last.seq}",
            width,
            VERDICT_ROLE[last.verdict],
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


def named_checks(checks: Iterable[LibraryCheck], words: str) -> tuple[LibraryCheck, ...]:
    """Those that ids and categories name, or all of them."""
    if words == "all":
        return tuple(checks)
    named = words.replace(",", " ").split()
    return tuple(check for check in checks if check.id in named or check.category in named)
