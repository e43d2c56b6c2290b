"""The JSON Schema of a plan file, for editors and for programs that write plans."""

from __future__ import annotations

from typing import Any

from operations.plan.models import Plan

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """The schema of a whole plan as one file; API parameters are free-form in it.

    `cutover check` knows more: what a schema cannot say about calls, references and dependencies.
    """
    schema = Plan.model_json_schema(by_alias=True)
    _demand_a_way_back(schema["$defs"]["Operation"])
    head = {"$schema": DIALECT, "title": "cutover plan", "description": schema.pop("description", "")}
    return {**head, **{key: value for key, value in schema.items() if key != "title"}}


def _demand_a_way_back(operation: dict[str, Any]) -> None:
    """Say in the schema what the model checks by code: an inverse, or the reason why there is none."""
    operation["anyOf"] = [
        {"required": ["inverse"], "properties": {"inverse": {"minItems": 1}}},
        {"required": ["irreversible"], "properties": {"irreversible": {"type": "string", "minLength": 1}}},
    ]
