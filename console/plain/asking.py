"""Requests as lines: what would happen in full, then a word that nobody types by accident."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from console.acts.arming import ALL, Arming
from console.acts.meaning import meant, unfit
from console.plain.questions import NOTHING_DONE, READ_ONLY, WIDTH, YES, Questions
from console.plain.talk import Talk
from operations.plan.errors import PlanError
from operations.plan.models import ConfirmLevel, Plan
from screens.ports import ActPreview, Desk, DeskError
from screens.preview_lines import preview_lines
from state.events import Direction
from state.projections.states import PlanStatus


@dataclass(slots=True)
class Asker:
    """Asks before everything that acts; `status` answers what is known now."""

    plan: Plan
    desk: Desk
    questions: Questions
    clock: Callable[[], datetime]
    status: Callable[[], PlanStatus]
    arming: Arming = field(default_factory=Arming)
    back_only: frozenset[str] = frozenset()

    @property
    def talk(self) -> Talk:
        """Whom it talks to."""
        return self.questions.talk

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
        preview = self.questions.tried(lambda: self.desk.arming(phase))
        if preview is None:
            return
        what = "all phases" if phase is None else f"phase {phase}"
        banner = self.questions.banner()
        self.talk.say(f"Arm {what}: runs and rollbacks may be asked for then; each asks before it acts.")
        for text in preview.lines:
            self.talk.say(text)
        typed = self.talk.ask(f"Type {banner.alias or banner.account} to arm, or nothing to stay read-only:")
        if not typed:
            self.talk.say("still read-only")
        elif self.questions.sent(lambda: self.desk.arm(phase, typed), f"armed: {what}"):
            place = frozenset({phase or ALL})
            self.back_only = self.back_only | place if preview.way_back_only else self.back_only - place
            self.arming = Arming(self.armed | place, self.clock())

    def disarm(self, why: str) -> None:
        """Back to read-only, and say so in the journal."""
        if not self.armed:
            self.talk.say("it is read-only already")
            return
        self.arming = Arming()
        self.questions.sent(lambda: self.desk.disarm(why), f"read-only: {why}")

    def act(self, direction: Direction, argument: str, chosen: tuple[str, ...]) -> bool:
        """Ask to run or roll back; True when the desk took it."""
        if not self.armed:
            self.talk.say(self.desk.shut or READ_ONLY)
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
        preview = self.questions.tried(lambda: look(operations))
        return preview is not None and self._confirmed(preview)

    def _confirmed(self, preview: ActPreview) -> bool:
        self.talk.say(preview.title)
        self.talk.say_lines(preview_lines(preview, self.questions.banner(), WIDTH))
        if preview.refused is not None:
            self.talk.say(NOTHING_DONE)
            return False
        wanted = preview.phrase if preview.level is ConfirmLevel.IRREVERSIBLE and preview.phrase else YES
        if not self.questions.yes("run" if preview.direction is Direction.FORWARD else "roll back", wanted):
            return False
        reason = self.talk.ask("Reason for the journal, or nothing:")
        if reason is None:
            self.talk.say(NOTHING_DONE)
            return False
        call = self.desk.run if preview.direction is Direction.FORWARD else self.desk.rollback
        return self.questions.sent(lambda: call(preview, reason), f"asked for: {preview.title}")

    def plainly(self, what: str, texts: Sequence[str], call: Callable[[], None]) -> bool:
        """Ask for something that needs no preview, such as a pause; True when the desk took it."""
        if not self.armed:
            self.talk.say(self.desk.shut or READ_ONLY)
            return False
        for text in texts:
            self.talk.say(text)
        return self.questions.yes(what) and self.questions.sent(call, f"{what} asked for")

    def note(self, text: str) -> None:
        """Put a remark into the journal."""
        said = text or self.talk.ask("What should the note say? Nothing writes none:")
        if said:
            self.questions.sent(lambda: self.desk.note(said), "noted")

    def leave(self) -> None:
        """Say in the journal that nobody is armed any more, because the console closes."""
        if self.armed:
            self.arming = Arming()
            with suppress(DeskError):
                self.desk.disarm("the console closed")
