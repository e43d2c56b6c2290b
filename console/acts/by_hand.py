"""Answers by hand for the operations of one journal: looked at, then journaled; adapter of `screens.by_hand_port.HandDesk`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from console import openers
from console.acts.approving import approve, look_at_approval
from console.acts.doubt_preview import look_at_doubt
from console.acts.doubts import find_doubt
from console.acts.hand_words import depending, meaning, title
from console.acts.settling import settle
from console.exit_codes import CommandError
from console.journal.journals import read_status
from operations.plan.errors import PlanError
from operations.plan.graph import PlanGraph
from operations.plan.loader import LoadedPlan
from operations.plan.models import Operation
from operations.plan.selection import named
from screens.by_hand_port import Bar, HandAct, HandPreview, Refusal
from screens.ports import DeskError
from state.errors import JournalError
from state.events import Direction
from state.lease import is_held
from state.projections.progress import fold_progress
from state.projections.states import OperationStatus, PlanStatus, RunState
from state.reader import JournalReader
from state.request_events import RequestMarkDone, RequestOrphan, RequestSkip

if TYPE_CHECKING:
    from console.compose import Setting

_ASKS: Mapping[HandAct, type[RequestSkip]] = {
    HandAct.SKIP: RequestSkip,
    HandAct.MARK_DONE: RequestMarkDone,
    HandAct.ORPHAN: RequestOrphan,
}


@dataclass(slots=True)
class HandClerk:
    """Looks at and journals answers by hand.

    Attributes:
        loaded: the plan.
        path: its journal.
        setting: gives the setting in which the account is looked at, once somebody answers there.
        go_on: how a person has the run go on.
        read_only: whether answers are refused.
        plan_argument: the plan as a command would name it.
        saved: what an operation that is marked done would have saved, as far as the person says.
    """

    loaded: LoadedPlan
    path: Path
    setting: Callable[[], Setting]
    go_on: str = "`cutover resume`"
    read_only: bool = False
    plan_argument: str = "PLAN"
    saved: Mapping[str, str] = field(default_factory=dict)

    def look(self, act: HandAct, operation: str) -> HandPreview:
        """What the answer would mean; the account is read where the answer is to be compared with it.

        Raises:
            DeskError: there is no such operation, or the account cannot be read.
        """
        try:
            named(self.loaded.plan, [operation])
            match act:
                case HandAct.RESOLVE:
                    return look_at_doubt(
                        self.loaded, self.path, operation, self.setting, self.go_on, self.plan_argument
                    )
                case HandAct.APPROVE:
                    return look_at_approval(self.loaded, self.path, operation)
            return self._request(act, operation)
        except (PlanError, CommandError, JournalError) as error:
            raise DeskError(str(error)) from error

    def _request(self, act: HandAct, operation: str) -> HandPreview:
        status = read_status(self.path)
        direction = direction_for(status, operation)
        graph = PlanGraph.of(self.loaded.plan)
        back = direction is Direction.INVERSE
        others = graph.ancestors([operation]) if back else graph.descendants([operation])
        preview = HandPreview(
            act=act,
            operation=operation,
            title=title(act, operation, direction),
            means=meaning(act, direction),
            depends=depending("it stands on" if back else "later needed by", others),
        )
        refused = self._refused(act, status.of(operation), direction)
        if refused is not None or act is not HandAct.MARK_DONE:
            return replace(preview, refused=refused)
        return self._compared(preview, direction)

    def _refused(self, act: HandAct, status: OperationStatus, direction: Direction) -> Refusal | None:
        from operations.engine.by_hand import refusal

        if act is not HandAct.ORPHAN and in_doubt(self.path, status.id):
            return Refusal(Bar.DOUBT, "a step of it is in doubt: settle that with `cutover resolve` first")
        why_not = refusal(_ASKS[act].kind, direction, status, in_doubt=False) or _pointless(status, direction)
        if act is HandAct.ORPHAN and direction is Direction.FORWARD:
            why_not = "orphan gives a way back up, and no rollback of it was begun: `cutover rollback` first"
        return None if why_not is None else Refusal(Bar.STATE, why_not)

    def _compared(self, preview: HandPreview, direction: Direction) -> HandPreview:
        """The operation's own verification, made now: a person's word is not taken against it."""
        from console.acts.verifying import verify_now
        from operations.aws.outcome import GatewayError
        from operations.drill.errors import SandboxError

        operation = self.loaded.plan.operations[preview.operation]
        known = saves_of(operation)
        unknown = sorted(self.saved.keys() - known)
        if unknown:
            return replace(
                preview, refused=Refusal(Bar.STATE, f"`{operation.id}` does not save {', '.join(unknown)}")
            )
        if not operation.verify:
            return replace(preview, seen=("it has no verification: nothing but your word stands for it",))
        try:
            setting = self.setting()
            looked = verify_now(self.loaded, self.path, operation, setting, direction, self.saved)
        except (GatewayError, SandboxError) as error:
            raise DeskError(f"the account cannot be looked at: {error}") from error
        seen = tuple(_verdict_line(check.check, check.verdict, check.message) for check in looked.checks)
        missing = known - self.saved.keys() - read_status(self.path).of(operation.id).saved.keys()
        if missing and direction is Direction.FORWARD:
            values = " ".join(f"--save {name}=…" for name in sorted(missing))
            seen = (
                *seen,
                f"others may need what it saves: cutover mark-done {self.plan_argument} {operation.id} {values}",
            )
        refused = Refusal(Bar.EVIDENCE, looked.against) if looked.against is not None else None
        return replace(preview, seen=seen, checks=looked.checks, refused=refused)

    def answer(self, preview: HandPreview, reason: str, choice: str | None = None) -> str:
        """Journal the answer; how it goes on, in one line.

        Raises:
            DeskError: it is refused, without a reason, or the journal cannot be written.
        """
        if self.read_only:
            raise DeskError("read-only: --read-only, CUTOVER_READ_ONLY or the settings say so")
        if preview.refused is not None:
            raise DeskError(preview.refused.why)
        if not reason.strip():
            raise DeskError("an answer by hand needs a reason; it stands in the journal")
        try:
            return self._journal(preview, reason.strip(), choice)
        except (CommandError, JournalError) as error:
            raise DeskError(str(error)) from error

    def _journal(self, preview: HandPreview, reason: str, choice: str | None) -> str:
        operation = preview.operation
        if preview.act is HandAct.RESOLVE:
            doubt = find_doubt(self.path, operation)
            seq = settle(self.loaded, self.path, doubt, str(choice), reason, {}).seq
            return f"settled step {doubt.step} of {operation} in event {seq}; go on with {self.go_on}"
        if preview.act is HandAct.APPROVE:
            seq = approve(self.loaded, self.path, preview, reason).seq
            return f"approved {operation} in event {seq}; {self._next(operation)}"
        with openers.open_journal(self.path, self.loaded) as journal:
            for check in preview.checks:
                journal.append(check, operation=operation)
            asked = _ASKS[preview.act](reason=reason)
            if isinstance(asked, RequestMarkDone):
                asked = RequestMarkDone(reason=reason, saved=dict(self.saved))
            seq = journal.append(asked, operation=operation).seq
        return f"asked to {preview.act} {operation} in event {seq}; {self._next(operation)}"

    def _next(self, operation: str) -> str:
        """Who takes the request up."""
        run = read_status(self.path).run
        if run is None or operation not in run.operations:
            return "the next run of it takes that up"
        return "the runner takes that up" if is_held(self.path) else f"go on with {self.go_on}"


def direction_for(status: PlanStatus, operation: str) -> Direction:
    """Which way the run goes that an answer about an operation is for."""
    run = status.run
    over = run is None or run.state is RunState.SUCCEEDED or operation not in run.operations
    return Direction.FORWARD if run is None or over else run.direction


def saves_of(operation: Operation) -> frozenset[str]:
    """Names of what an operation saves on its way forward and journals: all but secrets."""
    steps = (*operation.checkpoint, *operation.forward)
    secret = {name for step in steps for name in getattr(step, "sensitive", ())}
    forward = {name for step in operation.forward for name in getattr(step, "save", {})}
    return frozenset(forward - secret)


def _pointless(status: OperationStatus, direction: Direction) -> str | None:
    if direction is Direction.FORWARD and status.state.satisfied:
        return f"`{status.id}` is {status.state.value.replace('_', ' ')} already"
    if direction is Direction.INVERSE and not status.state.stands:
        return f"nothing of `{status.id}` stands"
    return None


def _verdict_line(check: str, verdict: str, message: str) -> str:
    return f"{check}: {verdict}" + (f": {message}" if message else "")


def in_doubt(path: Path, operation: str) -> bool:
    """Whether a step of the operation is in doubt."""
    if not path.exists():
        return False
    with JournalReader(path) as reader:
        return any(step.in_doubt for step in fold_progress(reader.events()).get(operation, {}).values())
