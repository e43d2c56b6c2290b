"""What is decided at a gate, as payloads of events: verdicts with their samples, attestations, waivers, sign-offs."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from state.events import Payload, Verdict
from state.kinds import Kind
from state.operation_events import CheckResult


class GateDecision(StrEnum):
    """The answer of a gate, worst first; the values are the contract's."""

    NO_GO = "NO-GO"
    CONDITIONAL = "CONDITIONAL-GO"
    GO = "GO"

    @property
    def rank(self) -> int:
        """The greater, the better."""
        return list(GateDecision).index(self)


class _Record(BaseModel):
    """A part of a verdict's event: frozen, and nothing that is not named."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SampleRecord(_Record):
    """One criterion as the verdict saw it; `verdict` is None where it was never made, `seq` the event it was read from.

    `problem` says why it does not count although it was made, `waived` that somebody answers for it.
    """

    id: str
    category: str
    weight: float
    verdict: Verdict | None
    at: str | None = None
    seq: int | None = None
    message: str = ""
    stands_for: str | None = None
    by: str | None = None
    problem: str | None = None
    waived: bool = False


class CategoryRecord(_Record):
    """The score of one category, or of all, in percent rounded down; `waived_score` counts what was waived."""

    id: str
    score: float
    waived_score: float
    threshold: float | None
    decision: GateDecision


class RuleRecord(_Record):
    """The rule that was applied, so that the verdict can be worked out again from the event alone."""

    thresholds: dict[str, float]
    conditional: dict[str, Any] | None = None


class GateVerdict(Payload):
    """A go/no-go verdict with every sample that it rests on, and the rule."""

    kind = Kind.GATE_VERDICT
    gate: str
    decision: GateDecision
    digest: str
    rule: RuleRecord
    categories: tuple[CategoryRecord, ...]
    overall: CategoryRecord | None
    samples: tuple[SampleRecord, ...]
    open: bool = False
    blockers: tuple[str, ...] = ()


class Attestation(CheckResult):
    """A person's word for a check that is made by hand; `message` is the evidence."""

    role: str | None = None


class WaiverSigned(Payload):
    """Somebody answers until a date for a criterion that does not pass; `digest` is of the criterion as it was then.

    `owner` sees to it, `until` is UTC in RFC 3339. It counts once every approver of the gate has signed it.
    """

    kind = Kind.WAIVER_SIGNED
    gate: str
    criterion: str
    role: str | None
    owner: str
    until: str
    reason: str
    digest: str


class GateSignOff(Payload):
    """An approver's signature under a verdict: `verdict_seq` is its event, `digest` the plan's."""

    kind = Kind.APPROVAL_GRANTED
    gate: str
    role: str | None
    decision: GateDecision
    verdict_seq: int = Field(ge=1)
    digest: str
    reason: str
