"""Opens plans and journals for commands, with this process's clock, ids and name."""

from __future__ import annotations

import getpass
import os
import socket
from datetime import UTC, datetime
from pathlib import Path

from ulid import ULID

from console.journal import sealing
from operations.aws.regions import region_problem
from operations.plan.errors import PlanError
from operations.plan.graph import PlanGraph
from operations.plan.loader import LoadedPlan, load_plan
from state.errors import JournalUnwritableError
from state.journal import Journal, PlanIdentity
from state.run_events import PlanAmended, PlanLoaded
from state.sealer import SealParts


def now() -> datetime:
    """The clock of the composition root; everything below is given one."""
    return datetime.now(UTC)


def new_id() -> str:
    """A new ULID: ids that sort by the time they were made."""
    return str(ULID())


def actor() -> str:
    """Who writes events from this process: `user@host`."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()}"


def open_plan(name: str) -> LoadedPlan:
    """Load a plan that a run may be made of.

    Raises:
        PlanError: it cannot be read, has a cycle, or names a region that does not exist.
    """
    loaded = load_plan(name)
    PlanGraph.of(loaded.plan)
    problem = region_problem(loaded.plan.region)
    if problem:
        raise PlanError(problem, loaded.place("region"))
    return loaded


_LOOKING: list[str] = []
"""Why this process writes into no journal; empty where it may."""


def only_look(why: str) -> None:
    """From now on no journal is opened for writing in this process, whoever asks: it only shows."""
    _LOOKING.append(why)


def open_journal(path: Path, loaded: LoadedPlan, seal: SealParts | None = None) -> Journal:
    """Open a journal for this plan, saying in it which plan the following events are about.

    Args:
        path: the journal.
        loaded: the plan.
        seal: how it is sealed; by default with this user's key and the local anchor.

    Raises:
        JournalError: it cannot be written, is damaged, or is of another plan.
    """
    if _LOOKING:
        raise JournalUnwritableError(_LOOKING[0])
    identity = PlanIdentity(loaded.plan.plan, loaded.digest)
    journal = Journal(
        path, identity, clock=now, new_id=new_id, actor=actor(), seal=seal or sealing.here(os.environ)
    )
    known = journal.last_plan_digest()
    about = {
        "plan": loaded.plan.plan,
        "digest": loaded.digest,
        "origin": str(loaded.origin),
        "operations": len(loaded.plan.operations),
    }
    if known is None:
        journal.append(PlanLoaded(**about))
    elif known != loaded.digest:
        journal.append(PlanAmended(was=known, **about))
    return journal
