"""The verification room: every check of the library, what it said last, how old that is, what has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from operations.checks.library import LibraryCheck, library
from screens.action import Action
from screens.check_view import ORDERS, CheckView
from screens.kit import Kit
from screens.lines import Line, Role, joined, line, piece
from screens.list_room import ListRoom
from screens.progress import Counted, bar
from screens.room import Seen
from screens.widgets.lists import Row
from screens.widgets.stage import PaneStage, Stacked

_BAR = 12


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
    ORDERS = ORDERS
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

    @property
    def _view(self) -> CheckView:
        return CheckView(self.seen.known.evidence, self.kit.glyphs, self.kit.clock())

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
        counts = self._view.counts(self.checks.values())
        return joined([counts, (piece(f"by {self.order}", Role.MUTED),)])

    def rows(self, width: int) -> Sequence[Row]:
        """A row for each check that matches."""
        view, making = self._view, self.making
        left = making.ids - making.done if making is not None else frozenset()
        found = view.sorted_by(self.order, (each for each in self.checks.values() if self._matches(each)))
        return [(check.id, view.row(check, width, making=check.id in left)) for check in found]

    def _matches(self, check: LibraryCheck) -> bool:
        return self.matches(*self._view.texts(check))

    def page_lines(self, width: int) -> list[Line]:
        """The chosen check in full."""
        if self.chosen is None:
            return [line(piece("no check is chosen", Role.MUTED))]
        return self._view.page(self.chosen, width)
