"""What every part of a run shares: plan, journal, gateway, values, hands, pace, clock."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from operations.aws.gateway import Gateway
from operations.aws.probes.table import ProbeTable
from operations.engine.anchor_outbox import Outbox
from operations.engine.hands import Hands
from operations.engine.masking import learn_inputs, redacted
from operations.engine.pace import Pace
from operations.engine.parking import Parking
from operations.engine.site import Site
from operations.engine.values import Values
from operations.plan.graph import PlanGraph
from operations.plan.loader import LoadedPlan
from state.errors import JournalUnwritableError, LeaseLostError
from state.events import Event, Payload
from state.journal import Journal


@dataclass(frozen=True, slots=True)
class RunContext:
    """The parts of one run, made once in the composition root."""

    loaded: LoadedPlan
    graph: PlanGraph
    journal: Journal
    gateway: Gateway
    probes: ProbeTable
    hands: Hands
    values: Values
    pace: Pace
    clock: Callable[[], datetime]
    monotonic: Callable[[], float]
    chance: random.Random
    run: str
    parking: Parking = field(default_factory=Parking)
    outbox: Outbox | None = None

    def __post_init__(self) -> None:
        """The secrets that the plan names are known before the first event is written."""
        learn_inputs(self.loaded.plan, self.values, self.gateway.redactor)

    def record(self, payload: Payload, operation: str | None = None) -> Event:
        """Journal an event of this run without secrets; when this returns, it is durable.

        Raises:
            JournalUnwritableError: it could not be written; the whole run has been asked to stop.
            LeaseLostError: another runner has taken the journal over; the same.
        """
        try:
            return self.journal.append(
                redacted(payload, self.gateway.redactor),
                run=self.run,
                operation=operation,
                identity=self.gateway.identity.arn,
            )
        except JournalUnwritableError as error:
            self.journal.close_down(str(error))
            self.pace.stop.set()
            raise
        except LeaseLostError:
            self.pace.stop.set()
            raise

    def token_seed(self, site: Site, digest: str) -> str:
        """What a client token is derived from: the same for every attempt at a step in one turn of its operation.

        An operation that is undone and run again has another turn, in the same run too: what AWS remembers of the
        first is gone.
        """
        where = f"{site.operation}/{site.turn}/{site.direction}/{site.step}"
        return f"{self.journal.journal_id}/{self.run}/{where}/{digest}"
