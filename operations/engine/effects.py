"""Which steps may change something."""

from __future__ import annotations

from operations.aws.model.catalog import ApiCatalog
from operations.aws.model.types import Effect
from operations.plan.steps import ApiStep, HttpStep, Step, WaitStep


def is_change(catalog: ApiCatalog, step: Step) -> bool:
    """Whether a step is a call that changes something."""
    return isinstance(step, ApiStep) and catalog.effect(step.api, step.params) is Effect.MUTATE


def changes_something(catalog: ApiCatalog, step: Step) -> bool:
    """Whether a step may change something: not a read, a wait or a look at an address."""
    return (
        is_change(catalog, step) if isinstance(step, ApiStep) else not isinstance(step, (WaitStep, HttpStep))
    )
