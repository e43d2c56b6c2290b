"""Fills in what a plan says itself, and marks in parameters what only a run will know."""

from __future__ import annotations

from typing import Any

from operations.plan.audit.knowledge import ApiKnowledge
from operations.plan.errors import ReferenceProblem
from operations.plan.models import Plan
from operations.plan.references import JSON_WRAPPER, Lookup, Reference, fill, references_in

TEXTS = ("run_id", "now")
"""Built-ins that a run knows first, and that are text for certain."""


class _OnlyInARunError(ReferenceProblem):
    """The value of a reference is not in the plan."""


def known_values(plan: Plan, hidden: frozenset[str]) -> Lookup:
    """A lookup of what the plan itself says: account, region and inputs.

    Args:
        plan: the plan.
        hidden: names that the operation saves itself; they hide inputs of the same name.
    """
    values: dict[str, Any] = {
        name: declared.value
        for name, declared in plan.inputs.items()
        if declared.value is not None and not declared.secret
    }
    values |= {"account_id": plan.account, "region": plan.region}

    def find(reference: Reference) -> Any:
        name = reference.name
        if reference.operation is not None or name in hidden or name not in values:
            raise _OnlyInARunError(f"{reference} is known in a run only")
        return values[name]

    return find


def mark(value: Any, plan: Plan, hidden: frozenset[str], knowledge: ApiKnowledge) -> Any:
    """The value as a call would have it, as far as the plan knows it.

    A whole string that refers to something unknown becomes `knowledge.unknown`, a longer one partly known text.
    """
    return _mark(value, known_values(plan, hidden), knowledge)


def _mark(value: Any, lookup: Lookup, knowledge: ApiKnowledge) -> Any:
    if isinstance(value, str) or (isinstance(value, dict) and set(value) == {JSON_WRAPPER}):
        try:
            return fill(value, lookup)
        except ReferenceProblem:
            return _unknown(value, knowledge)
    if isinstance(value, dict):
        return {_mark_key(key, lookup): _mark(item, lookup, knowledge) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_mark(item, lookup, knowledge) for item in value]
    return value


def _mark_key(key: str, lookup: Lookup) -> Any:
    try:
        return fill(key, lookup)
    except ReferenceProblem:
        return key


def _unknown(value: Any, knowledge: ApiKnowledge) -> object:
    if not isinstance(value, str):
        return knowledge.partly_known("{}")
    try:
        references = list(references_in(value))
    except ReferenceProblem:
        return knowledge.partly_known(value)
    whole = len(references) == 1 and str(references[0]) == value
    if whole and references[0].name not in TEXTS and references[0].after is None:
        return knowledge.unknown
    return knowledge.partly_known(value)
