"""Requests as lines: what would happen in full, then a word that nobody types by accident."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from console.arming import ALL, Arming
from console.meaning import meant, unfit
from console.plain.talk import Talk
from operations.plan.errors import PlanError
from operations.plan.models import ConfirmLevel, Plan
from screens.ports import ActPreview, Banner, Desk, DeskError
from screens.preview_lines import preview_lines
from state.events import Direction
from state.projections.states import PlanStatus

Seen = TypeVar("Seen")
YES = "yes"
"""What says yes to what can be undone; what cannot wants its own name."""
READ_ONLY = "read-only: arm to act"
WIDTH = 400
"""Columns to which a question is not cut."""
NOTHING_DONE = "nothing was done"


@dataclass(slots=True)
class Asker:
    """Asks before everything that acts; `status` and `banner` answer what is known now."""

    plan: Plan
    desk: Desk
    talk: Talk
    clock: Callable[[], datetime]
    status: Callable[[], PlanStatus]
    banner: Callable[[], Banner]
    arming: Arming = field(default_factory=Arming)
    back_only: frozenset[str] = frozenset()

    @property
    def armed(self) -> frozenset[str]:
        """The armed phases."""
        return self.arming.phases

    def touch(self) -> None:
        """Somebody is there."""
        self.arming = Arming(self.armed, self.clock())

    def arm(self, argument: str) -> None:
        """Ask for the alias, then arm a phase or all."""
        phase = argument.removeprefix("phase ").strip() or None
        if phase is not None and phase not in {each.id for each in self.plan.phases}:
            self.talk.say(f"the plan has no phase {phase}")
            return
        preview = self._try(lambda: self.desk.arming(phase))
        if preview is None:
            return
        what = "all phases" if phase is None else f"phase {phase}"
        expected = self.banner().alias or self.banner().account
        self.talk.say(f"Arm {what}: runs and rollbacks may be asked for then; each asks before it acts.")
        for text in preview.lines:
            self.talk.say(text)
        typed = self.talk.ask(f"Type {expected} to arm, or nothing to stay read-only:")
        if not typed:
            self.talk.say("still read-only")
        elif self._send(lambda: self.desk.arm(phase, typed), f"armed: {what}"):
            place = frozenset({phase or ALL})
            self.back_only = self.back_only | place if preview.way_back_only else self.back_only - place
            self.arming = Arming(self.armed | place, self.clock())

    def disarm(self, why: str) -> None:
        """Back to read-only, and say so in the journal."""
        if not self.armed:
            self.talk.say("it is read-only already")
            return
        self.arming = Arming()
        self._send(lambda: self.desk.disarm(why), f"read-only: {why}")

    def act(self, direction: Direction, argument: str, chosen: tuple[str, ...]) -> bool:
        """Ask to run or roll back; True when the desk took it."""
        if not self.armed:
            self.talk.say(READ_ONLY)
            return False
        try:
            operations = meant(self.plan, self.status(), direction, argument, chosen)
        except PlanError as error:
            self.talk.say(str(error))
            return False
        problem = unfit(self.plan, self.arming, self.back_only, direction, operations)
        if problem is not None:
            self.talk.say(problem)
            return False
        forward = direction is Direction.FORWARD
        look = self.desk.preview_run if forward else self.desk.preview_rollback
        preview = self._try(lambda: look(operations))
        return preview is not None and self._confirmed(preview)

    def _confirmed(self, preview: ActPreview) -> bool:
        self.talk.say(preview.title)
        self.talk.say_lines(preview_lines(preview, self.banner(), WIDTH))
        if preview.refused is not None:
            self.talk.say(NOTHING_DONE)
            return False
        wanted = preview.phrase if preview.level is ConfirmLevel.IRREVERSIBLE and preview.phrase else YES
        verb = "run" if preview.direction is Direction.FORWARD else "roll back"
        if self.talk.ask(f"Type {wanted} to {verb}, anything else does nothing:") != wanted:
            self.talk.say(NOTHING_DONE)
            return False
        reason = self.talk.ask("Reason for the journal, or nothing:")
        if reason is None:
            self.talk.say(NOTHING_DONE)
            return False
        call = self.desk.run if preview.direction is Direction.FORWARD else self.desk.rollback
        return self._send(lambda: call(preview, reason), f"asked for: {preview.title}")

    def plainly(self, what: str, text: str, call: Callable[[], None]) -> bool:
        """Ask for something that needs no preview, such as a pause; True when the desk took it."""
        if not self.armed:
            self.talk.say(READ_ONLY)
            return False
        self.talk.say(text)
        if self.talk.ask(f"Type {YES} to {what}, anything else does nothing:") != YES:
            self.talk.say(NOTHING_DONE)
            return False
        return self._send(call, f"{what} asked for")

    def note(self, text: str) -> None:
        """Put a remark into the journal."""
        said = text or self.talk.ask("What should the note say? Nothing writes none:")
        if said:
            self._send(lambda: self.desk.note(said), "noted")

    def leave(self) -> None:
        """Say in the journal that nobody is armed any more, because the console closes."""
        if self.armed:
            self.arming = Arming()
            self.desk.disarm("the console closed")

    def _send(self, call: Callable[[], None], done: str) -> bool:
        try:
            call()
        except DeskError as error:
            self.talk.say(str(error))
            return False
        self.talk.say(done)
        return True

    def _try(self, look: Callable[[], Seen]) -> Seen | None:
        try:
            return look()
        except DeskError as error:
            self.talk.say(str(error))
            return None
