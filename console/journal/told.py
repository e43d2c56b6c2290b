"""What a journal tells of a plan, folded whole: for commands, which read it once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from operations.plan.digest import Digests
from operations.plan.models import Plan
from operations.plan.proofs import WayBackProof, proofs_of, whole_proof
from state.errors import JournalMissingError
from state.events import Event
from state.projections.badges import Badge, fold_badges
from state.projections.evidence import Evidence, fold_evidence
from state.projections.gate import GateHistory, fold_gates
from state.projections.states import PlanStatus
from state.projections.status import fold
from state.projections.watch import Watch, fold_watch
from state.reader import JournalReader


@dataclass(frozen=True, slots=True)
class Told:
    """The journal's word: where the plan stands, badges of rehearsals, verdicts of checks."""

    status: PlanStatus = field(default_factory=PlanStatus)
    badges: Mapping[str, Badge] = field(default_factory=dict)
    evidence: Evidence = field(default_factory=Evidence)
    gates: Mapping[str, GateHistory] = field(default_factory=dict)
    watch: Watch = field(default_factory=Watch)

    def proofs(self, plan: Plan) -> dict[str, WayBackProof]:
        """What is proven of every operation's way back, as the plan has it now."""
        return proofs_of(plan, self.badges, Digests(plan))

    def whole(self, plan: Plan) -> WayBackProof:
        """What is proven of the whole plan going forward and back."""
        return whole_proof(self.badges, Digests(plan))


def read_told(path: Path) -> Told:
    """What a journal says, nothing when there is none yet.

    Raises:
        JournalError: it cannot be read, or is damaged.
    """
    try:
        with JournalReader(path) as reader:
            events = reader.events()
    except JournalMissingError:
        return Told()
    return fold_told(events, Told())


def fold_told(events: Sequence[Event], before: Told) -> Told:
    """What a journal says after these events, which continue those that `before` was made of.

    Raises:
        JournalDamagedError: a row's data is not what its kind says.
    """
    return Told(
        fold(events, before.status),
        fold_badges(events, before.badges),
        fold_evidence(events, before.evidence),
        fold_gates(events, before.gates),
        fold_watch(events, before.watch),
    )
