"""What the commands of the line mode share: what stands behind it, whom it talks to, what was listed and chosen last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from console.parts import ConsoleParts
from console.plain.answering import Answers
from console.plain.asking import Asker
from console.plain.questions import Questions
from console.plain.talk import Talk
from console.plain.telling import Teller
from operations.plan.models import Plan
from screens.glyphs import WORDS
from screens.kit import Kit, Link
from screens.known import Known
from screens.ports import Banner, FeedUpdate
from screens.times import Zone
from state.projections.states import PlanStatus

Handler = Callable[[str], None]
"""Carries out a command, given what followed its word."""


@dataclass(frozen=True, slots=True)
class Sorting:
    """What `sort` sorts: what the last list can be sorted by, by what it is, and how to say it in another order."""

    orders: tuple[str, ...]
    order: str
    again: Callable[[str], None]


@dataclass(slots=True)
class Here:
    """One line console, as its commands see it.

    Attributes:
        parts: what stands behind.
        real_clock: the time in UTC.
        talk: says and hears.
        teller: follows the journal.
        chosen: the operations that commands mean which are given none.
        moment: the row that is shown and its time, None while it is now.
        numbered: what the numbers of the last list stand for, as commands.
        sorting: the last list that can be sorted.
        answer: what was said in answer to the last command, for `copy`.
    """

    parts: ConsoleParts
    real_clock: Callable[[], datetime]
    talk: Talk
    teller: Teller
    chosen: tuple[str, ...] = ()
    moment: tuple[int, datetime | None] | None = None
    numbered: Sequence[str] = ()
    sorting: Sorting | None = None
    answer: tuple[str, ...] = ()
    questions: Questions = field(init=False)
    asker: Asker = field(init=False)
    answers: Answers = field(init=False)
    _orders: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Those who ask."""
        plan, desk = self.parts.plan, self.parts.desk
        self.questions = Questions(self.talk, self.parts.metrics.banner)
        self.asker = Asker(plan, desk, self.questions, self.real_clock, lambda: self.teller.status)
        self.answers = Answers(plan, self.questions, lambda: self.asker.arming)

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.parts.plan

    @property
    def banner(self) -> Banner:
        """Where the console stands."""
        return self.parts.metrics.banner()

    @property
    def update(self) -> FeedUpdate | None:
        """What the journal said last, or at the moment that is shown."""
        return self.teller.update

    @property
    def status(self) -> PlanStatus:
        """Where the plan stands by that."""
        return self.teller.status

    @property
    def known(self) -> Known:
        """What rows are made of."""
        return Known() if self.update is None else self.update.known

    @property
    def kit(self) -> Kit:
        """What pages are made with: words in place of glyphs."""
        return Kit(self.plan, self.clock, WORDS, Link.FAST)

    def clock(self) -> datetime:
        """What time it is, or was at the moment that is shown."""
        at = self.moment[1] if self.moment is not None else None
        return self.real_clock() if at is None else at

    @property
    def zone(self) -> tzinfo:
        """The zone of times that are typed without one: that of the times that are said."""
        local = self.real_clock().astimezone().tzinfo
        return UTC if self.teller.zone is Zone.UTC or local is None else local

    def number(self, rows: Iterable[tuple[str, str]]) -> int:
        """Say rows with a number each, which stands for a command from then on; answers how many there are."""
        commands = []
        for number, (command, text) in enumerate(rows, start=1):
            commands.append(command)
            self.talk.say(f"{number}. {text}")
        self.numbered = tuple(commands)
        return len(commands)

    def ordered(self, name: str, orders: Iterable[str], again: Callable[[], None]) -> str:
        """The order of a list, which `sort` changes from then on; `again` says the list anew."""
        every = tuple(orders)
        order = self._orders.get(name, every[0])

        def change(wanted: str) -> None:
            self._orders[name] = wanted
            again()

        self.sorting = Sorting(every, order, change)
        return order
