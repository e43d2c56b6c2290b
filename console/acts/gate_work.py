"""The gate's work for the console; adapter of `screens.gate_port.GateWork`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from console import openers
from operations.plan.loader import LoadedPlan
from screens.ports import DeskError
from state.events import Verdict

if TYPE_CHECKING:
    from console.acts.gating import GateDesk


class GateClerk:
    """Makes criteria on the console's ground and writes what people sign."""

    def __init__(self, loaded: LoadedPlan, path: Path, sandbox: str | None, *, read_only: bool) -> None:
        """Work for one plan and journal; `sandbox` is the address of the ground where it is one."""
        self._loaded = loaded
        self._path = path
        self._sandbox = sandbox
        self._read_only = read_only

    @property
    def actor(self) -> str:
        """Who signs here."""
        return openers.actor()

    @property
    def digest(self) -> str:
        """The plan's digest."""
        return self._loaded.digest

    def take(self, gate: str) -> str:
        """Make every criterion now; samples and verdict stand in the journal after.

        Raises:
            GatewayError: the account cannot be reached, or must not be.
        """
        from console.acts.gating import take

        taken = take(self._loaded, gate, self._sandbox, str(self._path), self._path)
        kept = f"event {taken.event.seq}" if taken.event else f"not kept: {taken.unrecorded}"
        return f"gate {gate}: {taken.standing.decision.value} ({kept})"

    def sign(self, gate: str, role: str, reason: str) -> object:
        """Sign the newest verdict."""
        return self._desk().sign(gate, role, reason)

    def waive(
        self, gate: str, criterion: str, role: str | None, owner: str, until: datetime, reason: str
    ) -> object:
        """Answer for a criterion until a moment."""
        return self._desk().waive(gate, criterion, role, owner, until, reason)

    def attest(self, criterion: str, verdict: Verdict, evidence: str, role: str | None) -> object:
        """Say what a criterion came to."""
        return self._desk().attest(criterion, verdict, evidence, role)

    def _desk(self) -> GateDesk:
        from console.acts.gating import GateDesk

        if self._read_only:
            raise DeskError(
                "read-only: --read-only, CUTOVER_READ_ONLY or the settings say so; this console signs nothing"
            )
        return GateDesk(self._loaded, self._path)
