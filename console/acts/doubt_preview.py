"""What a person is shown before they settle a step in doubt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from console.acts.doubts import Doubt, find_doubt, look_in
from console.acts.hand_words import depending, evidence_lines, title
from console.acts.settling import values_needed
from operations.plan.graph import PlanGraph
from operations.plan.loader import LoadedPlan
from screens.by_hand_port import Bar, HandAct, HandPreview, Refusal
from state.answers import ANSWERS
from state.events import Direction
from state.lease import held_by, is_held

if TYPE_CHECKING:
    from console.compose import Setting


def look_at_doubt(
    loaded: LoadedPlan,
    path: Path,
    operation: str,
    setting: Callable[[], Setting],
    go_on: str,
    plan_argument: str,
) -> HandPreview:
    """What is known of an operation in doubt, looked at now where the account can be, and the answers there are.

    Raises:
        CommandError: nothing of it is in doubt.
    """
    doubt = find_doubt(path, operation)
    seen = _seen(loaded, path, doubt, setting, go_on)
    needed = values_needed(loaded, path, doubt)
    if needed:
        values = " ".join(f"--save {name}=…" for name in needed)
        seen.append(
            f"done needs what it answered: cutover resolve {plan_argument} {operation} --as done {values}"
        )
    way = "the way back of " if doubt.direction is Direction.INVERSE else ""
    return HandPreview(
        act=HandAct.RESOLVE,
        operation=operation,
        title=title(HandAct.RESOLVE, operation, doubt.direction),
        means=(
            f"Your signed word settles whether step {doubt.step} of {way}{operation}, {doubt.progress.api}, was carried out.",
            "done: it was, and is not repeated. not-done: it was not, and is carried out again.",
        ),
        depends=depending("later needed by", PlanGraph.of(loaded.plan).descendants([operation])),
        seen=tuple(seen),
        choices=tuple(each for each in ANSWERS if not needed or each != "done"),
        refused=Refusal(Bar.STATE, held_by(path)) if is_held(path) else None,
    )


def _seen(
    loaded: LoadedPlan, path: Path, doubt: Doubt, setting: Callable[[], Setting], go_on: str
) -> list[str]:
    from operations.aws.outcome import GatewayError
    from operations.drill.errors import SandboxError

    lines = [f"why: {doubt.why}"]
    evidence, proposal = doubt.evidence, doubt.proposal
    try:
        examined = look_in(loaded, path, doubt, setting())
    except (GatewayError, SandboxError) as error:
        lines.append(f"the account cannot be looked at ({error}); this is what the journal holds")
    else:
        evidence, proposal = examined.evidence, examined.proposal.value if examined.proposal else None
        if examined.way is not None:
            lines.append(f"it settles itself: {go_on} goes on by {examined.by}")
    return [*lines, *evidence_lines(evidence), f"proposal: {proposal or 'none; the reads do not tell'}"]
