"""The published JSON Schema: it admits the plans that load, and refuses slips as the loader does."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from operations.plan.loader import load_plan
from operations.plan.schema import DIALECT, json_schema
from tests.operations.plan.samples import load

jsonschema = pytest.importorskip("jsonschema", reason="comes with the `drill` extra")


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_it_says_what_it_is() -> None:
    schema = json_schema()
    assert schema["$schema"] == DIALECT
    assert schema["title"] == "cutover plan"
    assert schema["additionalProperties"] is False
    assert {"plan", "title", "account", "region", "phases"} <= set(schema["required"])
    assert "from" in schema["$defs"]["Conditional"]["properties"]


def test_the_bundled_plan_fits(validator: Any) -> None:
    data = load_plan("reference").source.data
    assert [error.json_path for error in validator.iter_errors(data)] == []


def test_a_sound_plan_fits(validator: Any, tmp_path: Path) -> None:
    assert list(validator.iter_errors(load(tmp_path).source.data)) == []


@pytest.mark.parametrize(
    ("at", "was", "now"),
    [
        (("phases", 0, "subphases", 0, "operations", 0), "inverse", "invrese"),
        (("phases", 0, "subphases", 0, "operations", 0, "forward", 0), "api", "apii"),
        (("phases", 0, "subphases", 0, "operations", 0, "forward", 0), "params", "parms"),
        ((), "region", "regoin"),
        (("roles", 0), "title", "titel"),
    ],
)
def test_a_slip_does_not_fit(validator: Any, tmp_path: Path, at: tuple[Any, ...], was: str, now: str) -> None:
    data = deepcopy(load(tmp_path).source.data)
    spot: Any = data
    for part in at:
        spot = spot[part]
    spot[now] = spot.pop(was)
    assert list(validator.iter_errors(data))


def test_an_operation_needs_its_way_back(validator: Any, tmp_path: Path) -> None:
    data = deepcopy(load(tmp_path).source.data)
    operation = data["phases"][0]["subphases"][0]["operations"][0]
    operation.pop("inverse")
    assert list(validator.iter_errors(data))
    operation["irreversible"] = "it is gone"
    assert list(validator.iter_errors(data)) == []


def test_parameters_are_free(validator: Any, tmp_path: Path) -> None:
    data = deepcopy(load(tmp_path).source.data)
    operation = data["phases"][0]["subphases"][0]["operations"][0]
    operation["forward"][0]["params"] = {"Policy": {"$json": {"Statement": [1, None, "${x}"]}}, "N": "${n}"}
    assert list(validator.iter_errors(data)) == []
