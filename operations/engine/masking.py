"""Takes secrets out of an event's payload: the last thing that happens to it before it is journaled."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final, TypeVar

from operations.aws.jsonable import jsonable
from operations.aws.redaction import Redactor
from operations.engine.values import Values
from operations.plan.errors import ReferenceProblem
from operations.plan.models import Plan
from state.events import Payload

AnyPayload = TypeVar("AnyPayload", bound=Payload)

PLAIN: Final = frozenset(
    {"api", "by", "counts", "digest", "endpoint", "host", "in_doubt", "journal_id", "left", "operations", "params_digest",
     "phase", "plan", "region", "account", "request_id", "setting", "signal", "token", "was"}
)  # fmt: skip
"""Fields that this program fills itself with ids, digests and names out of the plan: masking would break what reads them.

A client token is a digest that AWS writes into its own logs; it is no credential.
"""


def redacted(payload: AnyPayload, redactor: Redactor) -> AnyPayload:
    """The payload without secrets in any text, list or mapping but the fields of `PLAIN`."""
    masked = {
        name: _masked(getattr(payload, name), redactor)
        for name in type(payload).model_fields
        if name not in PLAIN
    }
    return payload.model_copy(update=masked)


def _masked(value: object, redactor: Redactor) -> object:
    if value is None or isinstance(value, Enum | bool | int | float):
        return value
    if isinstance(value, str):
        return redactor.redact_text(value)
    clean = redactor.redact_value(value)
    if isinstance(value, tuple) and isinstance(clean, list):
        return tuple(clean)
    return jsonable(clean) if isinstance(value, Mapping) else clean


def learn_inputs(plan: Plan, values: Values, redactor: Redactor) -> None:
    """Make the plan's secret inputs known to the redactor before anything is journaled, in a resumed run too.

    A secret that is not set is left alone: the step that needs it says so.
    """
    for name, declared in plan.inputs.items():
        if not declared.secret:
            redactor.redact_value({name: declared.value})
            continue
        try:
            redactor.learn(values.secret_input(name, declared))
        except ReferenceProblem:
            continue
