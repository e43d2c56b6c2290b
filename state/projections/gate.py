"""What was decided at each gate: verdicts, waivers and sign-offs, folded from events alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from state.errors import MALFORMED, unreadable
from state.events import Event
from state.gate_events import GateDecision
from state.kinds import Kind


@dataclass(frozen=True, slots=True)
class TakenVerdict:
    """A verdict as it was journaled; `data` is the whole of it, `state.gate_events.GateVerdict` as JSON."""

    seq: int
    at: str
    actor: str
    gate: str
    decision: GateDecision
    digest: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WaiverSignature:
    """One signature under a waiver; times as in events."""

    seq: int
    at: str
    actor: str
    criterion: str
    role: str | None
    owner: str
    until: str
    reason: str
    digest: str


@dataclass(frozen=True, slots=True)
class SignOff:
    """One approver's signature under a verdict; `void_by` is the event of a worse verdict that came after."""

    seq: int
    at: str
    actor: str
    role: str | None
    decision: GateDecision
    verdict_seq: int
    digest: str
    reason: str
    void_by: int | None = None


@dataclass(frozen=True, slots=True)
class GateHistory:
    """Everything that was written about one gate, oldest first."""

    verdicts: tuple[TakenVerdict, ...] = ()
    waivers: tuple[WaiverSignature, ...] = ()
    sign_offs: tuple[SignOff, ...] = ()

    @property
    def last(self) -> TakenVerdict | None:
        """The newest verdict."""
        return self.verdicts[-1] if self.verdicts else None


def fold_gates(
    events: Iterable[Event], start: Mapping[str, GateHistory] | None = None
) -> dict[str, GateHistory]:
    """The history of every gate after these events, which continue those that `start` was made of.

    Raises:
        JournalDamagedError: a row's data is not what its kind says.
    """
    gates = dict(start or {})
    for event in events:
        take = _TAKES.get(event.kind)
        if take is None or "gate" not in event.data:
            continue
        try:
            gate = event.data["gate"]
            gates[gate] = take(gates.get(gate, GateHistory()), event)
        except MALFORMED as error:
            raise unreadable(event.seq) from error
    return gates


def _verdict(history: GateHistory, event: Event) -> GateHistory:
    data = event.data
    decision = GateDecision(data["decision"])
    taken = TakenVerdict(event.seq, event.at, event.actor, data["gate"], decision, data["digest"], data)
    signed = tuple(
        replace(each, void_by=event.seq)
        if each.void_by is None and each.decision.rank > decision.rank
        else each
        for each in history.sign_offs
    )
    return replace(history, verdicts=(*history.verdicts, taken), sign_offs=signed)


def _waiver(history: GateHistory, event: Event) -> GateHistory:
    data = event.data
    signature = WaiverSignature(
        event.seq,
        event.at,
        event.actor,
        data["criterion"],
        data["role"],
        data["owner"],
        data["until"],
        data["reason"],
        data["digest"],
    )
    return replace(history, waivers=(*history.waivers, signature))


def _sign_off(history: GateHistory, event: Event) -> GateHistory:
    data = event.data
    signed = SignOff(
        event.seq,
        event.at,
        event.actor,
        data["role"],
        GateDecision(data["decision"]),
        data["verdict_seq"],
        data["digest"],
        data["reason"],
    )
    return replace(history, sign_offs=(*history.sign_offs, signed))


_TAKES: Mapping[str, Callable[[GateHistory, Event], GateHistory]] = {
    Kind.GATE_VERDICT: _verdict,
    Kind.WAIVER_SIGNED: _waiver,
    Kind.APPROVAL_GRANTED: _sign_off,
}
