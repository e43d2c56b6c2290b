"""The plan that a journal is reviewed with: the one at hand that it was written for, else what the journal says itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from operations.plan.errors import PlanError
from operations.plan.loader import LoadedPlan, load_plan
from operations.plan.models import Operation, Phase, Plan, SubPhase
from state.events import Event
from state.kinds import Kind
from state.pages import JournalPages

NOWHERE = "000000000000"
"""The account of a plan of which the journal does not even say that."""
UNTOLD = "the journal does not say"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A plan, and in a line where it is from; empty when it is the very one."""

    plan: Plan
    note: str = ""


def plan_for(pages: JournalPages, named: str | None) -> Reviewed:
    """The plan of a journal.

    Args:
        pages: the journal.
        named: the plan that somebody has given; it is taken even when it has changed since.

    Raises:
        PlanError: the plan that was given cannot be read.
        JournalError: the journal cannot.
    """
    loaded = next(iter(pages.newest(1, kind="plan")), None)
    digest = loaded.data.get("digest") if loaded is not None else pages.meta.get("digest")
    if named is not None:
        given = load_plan(named)
        changed = "" if given.digest == digest else "the plan has changed since the journal was written"
        return Reviewed(given.plan, changed)
    places = [loaded.data.get("origin") if loaded is not None else None, pages.meta.get("plan")]
    for place in places:
        found = _same(place, digest)
        if found is not None:
            return Reviewed(found.plan)
    return Reviewed(from_journal(pages), "the plan is not at hand: operations come from the journal alone")


def _same(place: object, digest: object) -> LoadedPlan | None:
    if not isinstance(place, str) or not place:
        return None
    try:
        found = load_plan(Path(place) if "/" in place else place)
    except (PlanError, OSError, ValueError):
        return None
    return found if found.digest == digest else None


def from_journal(pages: JournalPages) -> Plan:
    """A plan of what a journal says: its operations in the order in which they came up, without dependencies."""
    started: dict[str, Mapping[str, Any]] = {}
    runs: list[Event] = []
    for event in pages.of_kinds((Kind.OPERATION_STARTED.value, Kind.RUN_STARTED.value)):
        if event.kind == Kind.RUN_STARTED:
            runs.append(event)
        elif event.operation is not None:
            started[event.operation] = event.data
    data = runs[-1].data if runs else {}
    asked = [key for run in runs for key in _texts(run.data.get("operations"))]
    keys = dict.fromkeys([*asked, *pages.operations()])
    operations = tuple(made for key in keys if (made := _operation(key, started.get(key, {}))) is not None)
    sub = SubPhase(id="1", title="From the journal alone", operations=operations)
    facts = {
        "plan": pages.meta.get("plan", "unknown"),
        "title": "From the journal alone",
        "account": data.get("account") or NOWHERE,
        "region": data.get("region") or "us-east-1",
        "phases": (Phase(id="1", title="Operations", subphases=(sub,)),),
    }
    try:
        return Plan.model_validate(facts)
    except ValidationError:
        return Plan.model_validate({**facts, "plan": "unknown", "account": NOWHERE, "region": "us-east-1"})


def _operation(key: str, told: Mapping[str, Any]) -> Operation | None:
    """One operation, its steps by their titles; None for an id that no plan could have."""
    estimate = told.get("estimate_minutes")
    back = _steps(told.get("way_back"))
    try:
        return Operation.model_validate(
            {
                "id": key,
                "title": key,
                "kind": "configuration",
                "estimate": estimate if isinstance(estimate, (int, float)) and estimate >= 0 else 0,
                "forward": _steps(told.get("steps")) or [{"manual": UNTOLD}],
                "inverse": back,
                "irreversible": None if back else str(told.get("irreversible") or UNTOLD),
            }
        )
    except ValidationError:
        return None


def _steps(titles: object) -> list[dict[str, str]]:
    return [{"manual": title} for title in _texts(titles)]


def _texts(found: object) -> Sequence[str]:
    items: Iterable[object] = found if isinstance(found, (list, tuple)) else ()
    return [item for item in items if isinstance(item, str) and item]
