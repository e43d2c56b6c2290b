"""What people have agreed to, as it was written: approvals of operations, waivers of constraints."""

from __future__ import annotations

from dataclasses import dataclass

from state.events import Event


@dataclass(frozen=True, slots=True)
class Consent:
    """The newest approval of an operation; whether it still counts is judged by `operations.plan.second_person`."""

    seq: int
    at: str
    actor: str
    role: str | None
    digest: str
    reason: str

    @classmethod
    def of(cls, event: Event) -> Consent:
        """The consent that an `approval.granted` gives."""
        data = event.data
        role, digest = data.get("role"), data.get("digest", "")
        return cls(event.seq, event.at, event.actor, role, digest, data.get("reason", ""))


@dataclass(frozen=True, slots=True)
class ConstraintWaiver:
    """One signature under a waiver of a constraint; `digest` is of the constraint as it was then, times as in events."""

    seq: int
    at: str
    actor: str
    constraint: str
    role: str | None
    owner: str
    until: str
    reason: str
    digest: str

    @classmethod
    def of(cls, event: Event) -> ConstraintWaiver:
        """The signature that a `waiver.signed` is."""
        data = event.data
        return cls(
            event.seq,
            event.at,
            event.actor,
            data["constraint"],
            data["role"],
            data["owner"],
            data["until"],
            data["reason"],
            data["digest"],
        )
