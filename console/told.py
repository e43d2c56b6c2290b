"""What a journal tells of a plan, folded whole: for commands, which read it once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from operations.plan.digest import Digests
from operations.plan.models import Plan
from operations.plan.proofs import WayBackProof, proofs_of
from state.errors import JournalMissingError
from state.projections.badges import Badge, fold_badges
from state.projections.evidence import Evidence, fold_evidence
from state.projections.states import PlanStatus
from state.projections.status import fold
from state.reader import JournalReader


@dataclass(frozen=True, slots=True)
class Told:
    """The journal's word: where the plan stands, badges of rehearsals, verdicts of checks."""

    status: PlanStatus = field(default_factory=PlanStatus)
    badges: Mapping[str, Badge] = field(default_factory=dict)
    evidence: Evidence = field(default_factory=Evidence)

    def proofs(self, plan: Plan) -> dict[str, WayBackProof]:
        """What is proven of every operation's way back, as the plan has it now."""
        return proofs_of(plan, self.badges, Digests(plan))


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
    return Told(fold(events), fold_badges(events), fold_evidence(events))
