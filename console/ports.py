"""What rooms need beyond the feed, the desk and the metrics; the composition root puts the adapters in."""

from __future__ import annotations

from dataclasses import dataclass, field

from console.terminal.outside_world import OutsideWorld
from screens.by_hand_port import HandDesk
from screens.doctor_port import Doctor
from screens.drill_port import DrillDesk
from screens.gate_port import GateWork
from screens.journal_port import JournalBook
from screens.metrics_port import MetricsControl
from screens.review_port import Past
from screens.signatory_port import Signatory
from screens.verify_port import CheckMaker
from screens.watch_port import WatchDesk


@dataclass(frozen=True, slots=True)
class Ports:
    """Adapters by what they are for; each has a default that says it is not there, for consoles over fakes."""

    outside: OutsideWorld = field(default_factory=OutsideWorld)
    doctor: Doctor | None = None
    signatory: Signatory | None = None
    gate: GateWork | None = None
    checks: CheckMaker | None = None
    watch: WatchDesk | None = None
    hands: HandDesk | None = None
    journal: JournalBook | None = None
    past: Past | None = None
    metrics: MetricsControl | None = None
    drill: DrillDesk | None = None
    greeting: str = ""
    """A line that is said when the console opens; empty for none."""
