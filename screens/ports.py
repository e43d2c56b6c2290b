"""What the screens need of the rest: a feed of the journal, a desk for requests, previews, metrics.

The composition root passes the adapters in; screens never make one and never know what is behind it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from operations.plan.models import ConfirmLevel, Plan
from operations.plan.proofs import WayBackProof
from screens.known import UNKNOWN, Known
from state.events import Direction
from state.metrics import MetricsSnapshot
from state.projections.detail import OperationDetail
from state.projections.evidence import Evidence
from state.projections.gate import GateHistory
from state.projections.states import PlanStatus
from state.projections.timeline import TimelineEntry
from state.projections.watch import Watch


@dataclass(frozen=True, slots=True)
class Banner:
    """Where the console stands: what the header always shows. `problem` is one line, such as missing credentials."""

    plan: str
    setting: str
    account: str
    alias: str | None
    region: str
    identity: str
    endpoint: str | None = None
    problem: str | None = None
    login_by: datetime | None = None
    """When a person has to log in again, None where that is never or not known."""
    identity_at: datetime | None = None
    """When AWS said who we are, None where nobody asked it."""


def starting(plan: Plan) -> Banner:
    """What the header says before anybody has looked."""
    return Banner(plan.plan, "starting", plan.account, plan.alias, plan.region, "")


@dataclass(frozen=True, slots=True)
class PreviewCall:
    """One call as it would be made: `params` on one line, resolved as far as is known, secrets masked."""

    operation: str
    title: str
    params: str
    stands_for: str | None = None


@dataclass(frozen=True, slots=True)
class ActPreview:
    """Everything that decides an act, for the dialog that asks for it.

    Attributes:
        title: what would happen, such as `Roll back vpc`.
        direction: forward or inverse.
        operations: what it is about, in the order in which it would be done.
        calls: the exact calls.
        depends: what else depends on it, one line.
        way_back: the calls that undo it, or why nothing does; empty for a rollback.
        loses: what going back loses, a line each.
        retains: what is left behind on purpose, a line each.
        takes: how long it takes, with where that figure comes from.
        level: how it must be confirmed.
        phrase: what must be typed at the irreversible level.
        refused: why it cannot be done now, None when it can.
        warnings: what the operator should know, a line each.
        unproven: operations whose way back no rehearsal has proven, or that have none, a line each.
        proven: what rehearsals say of the others, one line.
        approvals: whose approval is needed besides, or was given, a line each.
    """

    title: str
    direction: Direction
    operations: tuple[str, ...]
    calls: tuple[PreviewCall, ...]
    depends: str
    way_back: tuple[str, ...]
    loses: tuple[str, ...]
    retains: tuple[str, ...]
    takes: str
    level: ConfirmLevel
    phrase: str | None = None
    refused: str | None = None
    warnings: tuple[str, ...] = ()
    unproven: tuple[str, ...] = ()
    proven: str | None = None
    approvals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArmPreview:
    """What the credentials say about arming, a line each; `way_back_only` when they are too short to run anything."""

    lines: tuple[str, ...] = ()
    way_back_only: bool = False


@dataclass(frozen=True, slots=True)
class BackOut:
    """Can we go back, how far, how long would it take, what would be lost.

    Attributes:
        possible: whether everything that stands can be undone.
        operations: how many would be undone.
        minutes: of the longest chain, by the plan's estimates and the 95th percentile of rehearsals.
        blocked_by: operations without a way back that stand in it.
        loses: what would be lost, a line each.
        order: the operations, as they would be undone.
        minutes_by: minutes of each.
        guards: how many guards must hold on the way.
        last: the operation that was begun last of those that stand; its window is the one that counts.
    """

    possible: bool
    operations: int
    minutes: float
    blocked_by: tuple[str, ...] = ()
    loses: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    minutes_by: Mapping[str, float] = field(default_factory=dict)
    guards: int = 0
    last: str | None = None


@dataclass(frozen=True, slots=True)
class FeedUpdate:
    """What the journal says now; `entries` are the new lines since the last update.

    `anew`: another moment is shown, and the entries are the last lines before it, in place of all that were shown.
    """

    status: PlanStatus
    entries: tuple[TimelineEntry, ...]
    back_out: BackOut
    runner_alive: bool
    proofs: Mapping[str, WayBackProof] = field(default_factory=dict)
    evidence: Evidence = field(default_factory=Evidence)
    whole: WayBackProof = UNKNOWN
    gates: Mapping[str, GateHistory] = field(default_factory=dict)
    watch: Watch = field(default_factory=Watch)
    anew: bool = False

    @property
    def known(self) -> Known:
        """What rows are made of."""
        return Known(self.status, self.proofs, self.evidence, self.whole)


class DeskError(Exception):
    """A request that was not taken, in one line."""


class CatchingUpError(DeskError):
    """A long journal is still being read; `share` of it is. Until then nobody knows where the plan stands."""

    def __init__(self, share: float) -> None:
        self.share = share
        super().__init__(f"reading the journal, {share:.0%} so far; where the plan stands is not known yet")


class Feed(Protocol):
    """Follows the journal. All methods are quick and may be called from a worker thread."""

    def poll(self) -> FeedUpdate | None:
        """What has changed since the last call, None when nothing has. Raises CatchingUpError while there is more to read."""
        ...

    def detail(self, operation_id: str) -> OperationDetail:
        """One operation in full."""
        ...


class Desk(Protocol):
    """Takes the operator's requests: journals them and sees that a runner is at work. Call from a worker thread."""

    @property
    def shut(self) -> str | None:
        """Why nothing may ever be asked for here, so that no hint offers it; None where arming allows it. Quick."""
        ...

    def calls(self, operation_id: str, section: str) -> tuple[PreviewCall, ...]:
        """The steps of a section (`forward`, `inverse`, `verify`, `watch`, `guard`), resolved as far as is known."""
        ...

    def preview_run(self, operations: Sequence[str]) -> ActPreview:
        """What running these operations would do."""
        ...

    def preview_rollback(self, operations: Sequence[str]) -> ActPreview:
        """What rolling these operations back would do."""
        ...

    def run(self, preview: ActPreview, reason: str) -> None:
        """Ask for a previewed run. Raises DeskError."""
        ...

    def rollback(self, preview: ActPreview, reason: str) -> None:
        """Ask for a previewed rollback. Raises DeskError."""
        ...

    def pause(self) -> None:
        """Start nothing new. Raises DeskError."""
        ...

    def go_on(self) -> None:
        """End a pause, or resume a run whose runner is gone. Raises DeskError."""
        ...

    def cancel(self) -> None:
        """Finish what is in flight and stop; a rollback is never cancelled. Raises DeskError."""
        ...

    def arming(self, phase: str | None) -> ArmPreview:
        """What arming a phase (None: all) would allow, by the life of the credentials."""
        ...

    def arm(self, phase: str | None, typed: str) -> None:
        """Leave read-only for a phase (None: all) after the account's alias was typed. Raises DeskError."""
        ...

    def disarm(self, why: str) -> None:
        """Back to read-only."""
        ...

    def note(self, text: str) -> None:
        """Put a remark into the journal. Raises DeskError."""
        ...


class MetricsFeed(Protocol):
    """The metric poller's last look."""

    def snapshot(self) -> MetricsSnapshot:
        """The last readings; quick, never asks AWS itself."""
        ...

    def banner(self) -> Banner:
        """Where the console stands, as far as is known by now."""
        ...
