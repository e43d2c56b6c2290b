"""What the life of credentials means for an act: a refusal, a warning, or one more line."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from console.compose import Setting
from console.openers import now
from operations.aws.credentials import CredentialLife
from operations.aws.sessions import login_hint
from operations.engine.runway import Runway, Work, least_work, runway, work_ahead
from operations.plan.graph import PlanGraph
from operations.plan.models import Plan
from screens.ports import ActPreview, ArmPreview
from state.events import Direction
from state.projections.states import PlanStatus


@dataclass(frozen=True, slots=True)
class Runways:
    """Compares credentials with work for one plan and setting."""

    plan: Plan
    setting: Setting
    max_parallel: int
    clock: Callable[[], datetime] = now

    def on(self, preview: ActPreview, status: PlanStatus, life: CredentialLife | None) -> ActPreview:
        """A preview that says whether the credentials last: too short refuses a run, and warns of a rollback."""
        if life is None:
            return preview
        work = work_ahead(
            self.plan,
            PlanGraph.of(self.plan),
            status,
            preview.operations,
            preview.direction,
            self.max_parallel,
        )
        found = runway(life, self.clock(), work)
        if not found.short:
            text = found.text()
            return replace(preview, takes=f"{preview.takes}; {text}") if text else preview
        if preview.direction is Direction.INVERSE:
            warning = f"{found.text()}: the rollback will wait for a new login; {self._login()} before that"
            return replace(preview, warnings=(warning, *preview.warnings))
        return replace(preview, refused=preview.refused or self._refusal(found))

    def arming(
        self, operations: Sequence[str], status: PlanStatus, life: CredentialLife | None
    ) -> ArmPreview:
        """What arming these operations allows: the way back always, the way forward while credentials last."""
        if life is None:
            return ArmPreview(("how long the credentials live is not known yet",))
        graph = PlanGraph.of(self.plan)
        whole = work_ahead(self.plan, graph, status, operations, Direction.FORWARD, self.max_parallel)
        least = runway(life, self.clock(), least_work(self.plan, graph, status, operations))
        lines = tuple(line for line in (runway(life, self.clock(), whole).text(),) if line)
        if not least.short:
            return ArmPreview(lines)
        return ArmPreview(
            (*lines, f"armed for the way back only: {self._login()} to run"), way_back_only=True
        )

    def _refusal(self, found: Runway) -> str:
        work: Work = found.work
        return (
            f"the credentials live {math.floor(found.left or 0)} min more, the work takes {math.ceil(work.ahead)} min"
            f" and the way back {math.ceil(work.back)} min: {self._login()}, or run fewer operations"
        )

    def _login(self) -> str:
        return login_hint(self.setting.sessions)
