"""Steps made ready: references filled in, the client token added, their name and parameters for the journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from operations.aws.model.catalog import ApiCatalog
from operations.engine.context import RunContext
from operations.plan.references import fill, fill_arguments
from operations.plan.steps import ApiStep, CommandStep, HttpStep, ManualStep, Step, WaitStep


def fill_step(step: Step, context: RunContext, operation: str) -> Step:
    """The step with its references filled in, but for those in `expect` and `until` of what it answers."""
    lookup = context.values.scope(operation)
    match step:
        case ApiStep():
            until = fill(step.until, lookup) if step.until else None
            return step.model_copy(update={"params": fill(step.params, lookup), "until": until})
        case WaitStep():
            return step.model_copy(update={"params": fill(step.params, lookup)})
        case CommandStep():
            return step.model_copy(update={"command": fill_arguments(step.command, lookup)})
        case HttpStep():
            return step.model_copy(update={"http": fill(step.http, lookup)})
        case ManualStep():
            return step.model_copy(update={"manual": str(fill(step.manual, lookup))})


def with_token(catalog: ApiCatalog, api: str, params: Mapping[str, Any], token: str | None) -> dict[str, Any]:
    """The parameters as sent: with the intent's client token, unless the plan set one itself."""
    member = catalog.token_member(api)
    sent = dict(params)
    if member is not None and token is not None:
        sent.setdefault(member, token)
    return sent


def step_name(step: Step) -> str:
    """What the journal calls the step's `api`: `service:Action`, or the form of a step outside AWS."""
    match step:
        case ApiStep():
            return step.api
        case WaitStep():
            return f"wait {step.wait}"
        case CommandStep():
            return f"command {step.command[0]}"
        case HttpStep():
            return "http GET"
    return "manual"


def step_params(step: Step) -> Mapping[str, Any]:
    """What the journal keeps of a step as its parameters, before redaction."""
    match step:
        case ApiStep() | WaitStep():
            return step.params
        case CommandStep():
            return {"command": list(step.command)}
        case HttpStep():
            return {"url": step.http}
    return {"manual": step.manual}
