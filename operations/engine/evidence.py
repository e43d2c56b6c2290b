"""What a person is shown about a step in doubt: what its operation's own reads say, and the answer that this suggests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from operations.aws.outcome import GatewayError
from operations.aws.probes.probe import ProbeVerdict
from operations.aws.redaction import jsonable
from operations.checks.evaluate import evaluate
from operations.engine.context import RunContext
from operations.engine.filling import fill_step
from operations.engine.lookups import Sighting
from operations.engine.outside import HandsOutside
from operations.engine.reads import read
from operations.plan.errors import ReferenceProblem
from operations.plan.expressions import ExpressionError, search
from operations.plan.models import Operation
from operations.plan.steps import ApiStep
from state.events import Direction, Verdict

AGREEING_READS = 3
"""A verification counts when so many tries in a row agree."""
PAUSE = 10.0
"""Plan seconds between these tries."""


class Proposal(StrEnum):
    """What a person is advised to answer; `partial` is finished by hand and then `done`, or undone and `not-done`."""

    DONE = "done"
    NOT_DONE = "not-done"
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read; `checkpoint` says of every saved value whether it is still what it was before.

    `alone`: no other step of the forward changes anything, so what has changed is this one's doing. `last`: no later
    one does, so what is missing is not theirs.
    """

    verify: tuple[tuple[str, Verdict], ...] = ()
    checkpoint: Mapping[str, bool] = field(default_factory=dict)
    alone: bool = False
    last: bool = False

    def as_dict(self) -> dict[str, Any]:
        """For the journal, as sentences: names beside values would be taken for names of secrets."""
        parts = {
            "verify": [f"{name}: {verdict.value}" for name, verdict in self.verify],
            "checkpoint": [
                f"{name}: {'as before' if same else 'changed'}" for name, same in self.checkpoint.items()
            ],
        }
        return {name: part for name, part in parts.items() if part}


async def gather(
    context: RunContext, operation: Operation, before: Mapping[str, Any], direction: Direction, rounds: int
) -> Seen:
    """Make the operation's verification and its checkpoint's reads, all of which change nothing.

    Args:
        context: The run.
        operation: Whose step is in doubt.
        before: What the checkpoint had found, from the journal.
        direction: A verification says nothing about the way back.
        rounds: How often each verification must agree.
    """
    verify: list[tuple[str, Verdict]] = []
    if direction is Direction.FORWARD:
        verify = [(step.title, await _agreed(context, operation, step, rounds)) for step in operation.verify]
    same: dict[str, bool] = {}
    for step in operation.checkpoint:
        if isinstance(step, ApiStep):
            same |= await _compared(context, operation, step, before)
    return Seen(tuple(verify), same)


async def _agreed(context: RunContext, operation: Operation, step: Any, rounds: int) -> Verdict:
    seen: set[Verdict] = set()
    for number in range(rounds):
        if number:
            await context.pace.sleep(PAUSE)
        outcome = await evaluate(
            step,
            context.values.scope(operation.id),
            lambda api, params: read(context, api, params),
            HandsOutside(context.hands),
            mask=context.gateway.redactor.redact_value,
        )
        seen.add(outcome.verdict)
    return seen.pop() if len(seen) == 1 else Verdict.INCONCLUSIVE


async def _compared(
    context: RunContext, operation: Operation, step: ApiStep, before: Mapping[str, Any]
) -> dict[str, bool]:
    try:
        filled = fill_step(step, context, operation.id)
        assert isinstance(filled, ApiStep)  # noqa: S101 - fill_step keeps the form
        answer = jsonable((await read(context, filled.api, filled.params)).response)
        redact = context.gateway.redactor.redact_value
        found = {name: jsonable(redact(search(path, answer))) for name, path in step.save.items()}
    except (GatewayError, ReferenceProblem, ExpressionError):
        return {}
    return {name: value == before[name] for name, value in found.items() if name in before}


def propose(
    seen: Seen, sighting: Sighting | None, precondition: str | None, *, partly: bool
) -> Proposal | None:
    """The answer that the evidence suggests, None where it suggests none.

    A verification is about a whole operation: that it holds says nothing of a step whose operation has changed nothing
    that is seen or has changed it by other steps; that it fails says nothing while later steps are still to come.
    """
    if partly:
        return Proposal.PARTIAL
    if sighting is not None and precondition != "present":
        if sighting.verdict is ProbeVerdict.APPLIED and precondition == "absent":
            return Proposal.DONE
        if sighting.verdict is ProbeVerdict.NOT_APPLIED and sighting.reads >= AGREEING_READS:
            return Proposal.NOT_DONE
    verdicts = {verdict for _, verdict in seen.verify}
    if verdicts == {Verdict.PASS} and seen.alone and not all(seen.checkpoint.values()):
        return Proposal.DONE
    if Verdict.FAIL in verdicts and seen.last and all(seen.checkpoint.values()):
        return Proposal.NOT_DONE
    return None
