"""Explains what of a plan does not fit the models: the place, the key, and the nearest key that is known."""

from __future__ import annotations

import difflib
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from operations.plan.errors import Place, PlanError
from operations.plan.keys import known_keys
from operations.plan.models import Plan
from operations.plan.patience import Patience
from operations.plan.steps import FORM_KEYS
from operations.plan.yaml_source import QUOTED, KeyPath, Source

MAX_REPORTED = 100
"""Problems that are explained; finding the nearest known key takes half a millisecond for each."""
MAX_MISFITS = 500
"""Parts of a plan that do not fit before the rest is not looked at: each wrong step makes its operation, its phase and the plan
wrong too."""


class InvalidPlanError(PlanError):
    """A plan that does not fit the models; `problems` has every one found, each with its place."""

    def __init__(self, problems: list[PlanError]) -> None:
        self.problems = problems
        first = problems[0]
        super().__init__(first.message, first.place, first.fix)


def fitted(source: Source) -> Plan:
    """The plan that a source holds.

    Raises:
        ValidationError: it does not fit the models.
    """
    return Plan.model_validate(source.data, context=Patience(MAX_MISFITS))


def invalid(details: list[ErrorDetails], source: Source, origin: Path) -> InvalidPlanError:
    """The problems that pydantic found in a source, explained; those beyond the first hundred are left out."""
    return InvalidPlanError([_explain(detail, source, origin) for detail in details[:MAX_REPORTED]])


def own_errors(error: ValidationError) -> list[ErrorDetails]:
    """Without the echo of a list that looks empty only because its items failed."""
    details = error.errors(include_url=False, include_context=False)
    return [d for d in details if not (d["type"] == "too_short" and d["input"])] or details


def _explain(detail: ErrorDetails, source: Source, origin: Path) -> PlanError:
    path = _real_path(detail["loc"], source.data)
    place = source.place(path) or Place(origin)
    key = str(detail["loc"][-1])[:QUOTED] if detail["loc"] else ""
    match detail["type"]:
        case "extra_forbidden":
            known = _known_keys(tuple(part for part in path[:-1] if isinstance(part, str)))
            near = difflib.get_close_matches(key, known, n=1)
            fix = f"did you mean `{near[0]}`?" if near else f"known keys: {', '.join(known)}"
            return PlanError(f"unknown key `{key}`", place, fix)
        case "missing":
            return PlanError(f"the key `{key}` is missing", place, f"add `{key}`")
        case "union_tag_not_found":
            return PlanError("a step without a form", place, f"give it one of: {', '.join(FORM_KEYS)}")
        case "value_error":
            return PlanError(detail["msg"].removeprefix("Value error, "), place)
    return PlanError(f"`{key}`: {detail['msg']}", place)


@lru_cache(maxsize=MAX_REPORTED)
def _known_keys(path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(known_keys(path))


def _real_path(loc: tuple[int | str, ...], data: Any) -> KeyPath:
    """Drop from pydantic's location what is not in the data: the tags that tell a step's form."""
    path: list[int | str] = []
    for position, part in enumerate(loc):
        if isinstance(part, int):
            data = data[part] if isinstance(data, list) and part < len(data) else None
        elif isinstance(data, dict) and part in data and not _is_tag(loc, position):
            data = data[part]
        elif not (position == len(loc) - 1 and isinstance(data, dict)):
            continue
        path.append(part)
    return tuple(path)


def _is_tag(loc: tuple[int | str, ...], position: int) -> bool:
    """A form's name between a list index (or `check`) and a further part is the union's tag."""
    before = loc[position - 1] if position else None
    return (
        loc[position] in FORM_KEYS
        and position < len(loc) - 1
        and (isinstance(before, int) or before == "check")
    )
