"""What `${…}` stands for while a plan runs: inputs, built-ins, and what operations have saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from operations.aws.secret_words import REDACTED
from operations.plan.errors import ReferenceProblem
from operations.plan.models import Input, Plan
from operations.plan.references import Lookup, Reference, as_text, time_text
from state.projections.states import PlanStatus

SecretSource = Callable[[str, Input], str]
"""Gives the value of a secret input; raises ReferenceProblem when there is none."""


@dataclass(slots=True)
class Values:
    """The values of one run. Secrets that operations save live here only, never in the journal."""

    plan: Plan
    run_id: str
    account: str
    region: str
    clock: Callable[[], datetime]
    secret_input: SecretSource
    saved: dict[str, Any] = field(default_factory=dict)
    runs: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, Any] = field(default_factory=dict)

    def learn(self, status: PlanStatus) -> None:
        """Take over what the journal says operations have saved, and in which run each went forward."""
        self.saved = status.saved
        self.runs = {key: op.forward_run for key, op in status.operations.items() if op.forward_run}

    def save(self, operation_id: str, values: Mapping[str, Any]) -> None:
        """Keep what a step of this run saved."""
        self.saved.update({f"{operation_id}.{name}": value for name, value in values.items()})

    def keep_secret(self, operation_id: str, name: str, value: object) -> None:
        """Keep a secret for the operation's later steps."""
        self.secrets[f"{operation_id}.{name}"] = value

    def scope(self, operation_id: str) -> Lookup:
        """The lookup for the steps of one operation."""
        return lambda reference: self._find(operation_id, reference)

    def _find(self, operation_id: str, reference: Reference) -> Any:
        owner = reference.operation or operation_id
        if reference.name == "run_id":
            return self.runs.get(owner, self.run_id).lower()
        key = f"{owner}.{reference.name}"
        for store in (self.secrets, self.saved):
            if store.get(key) is not None:
                return _known(reference, store[key])
        if reference.operation is None:
            return self._global(operation_id, reference)
        raise ReferenceProblem(
            f"{reference}: `{owner}` has not saved `{reference.name}`", None, f"run `{owner}` first"
        )

    def _global(self, operation_id: str, reference: Reference) -> Any:
        match reference.name:
            case "account_id":
                return self.account
            case "region":
                return self.region
            case "now":
                return time_text(self.clock().astimezone(UTC), reference)
        declared = self.plan.inputs.get(reference.name)
        if declared is None and self._was_secret(operation_id, reference.name):
            raise ReferenceProblem(
                f"{reference}: a secret that only the runner knew which got it",
                None,
                f"roll `{operation_id}` back and run it again",
            )
        if declared is None:
            raise ReferenceProblem(f"{reference}: neither an input nor saved by `{operation_id}` so far")
        if declared.secret:
            return self.secret_input(reference.name, declared)
        if declared.value is None:
            raise ReferenceProblem(
                f"{reference}: the input has no value", None, "give it one in the plan's `inputs`"
            )
        return declared.value

    def _was_secret(self, operation_id: str, name: str) -> bool:
        operation = self.plan.operations.get(operation_id)
        return operation is not None and any(
            name in getattr(step, "sensitive", ())
            for steps in operation.sections().values()
            for step in steps
        )


def _known(reference: Reference, value: Any) -> Any:
    """The value, unless it is what the journal keeps in place of a secret: a mask must never be sent to AWS."""
    if REDACTED in as_text(value):
        raise ReferenceProblem(
            f"{reference}: it is a secret, so the journal does not hold it",
            None,
            "name it in the step's `sensitive`, so that it is read again",
        )
    return value
