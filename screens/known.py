"""What is known of a plan at one moment: where it stands, what is proven, what evidence there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from operations.plan.models import Operation
from operations.plan.proofs import Standing, WayBackProof, proof_in
from state.projections.evidence import Evidence
from state.projections.states import PlanStatus

UNKNOWN = WayBackProof(Standing.UNPROVEN)
"""What is proven where nothing was rehearsed."""


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that the journal says and rows are made of."""

    status: PlanStatus = field(default_factory=PlanStatus)
    proofs: Mapping[str, WayBackProof] = field(default_factory=dict)
    evidence: Evidence = field(default_factory=Evidence)
    whole: WayBackProof = UNKNOWN
    """Of the whole plan going forward and back."""

    def proof(self, operation: Operation) -> WayBackProof:
        """What is proven of an operation's way back."""
        return proof_in(self.proofs, operation)
