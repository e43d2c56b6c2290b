"""Secrets of a run that is taken up again: reads are made anew, and what changes something is not repeated for one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from state.events import RunResult
from tests.operations.engine.conftest import Bench
from tests.operations.engine.fake_aws import CrashError
from tests.operations.engine.plans import parameter

READ = '{api: "ssm:GetParameter", params: {Name: /key}, save: {key: Parameter.Value}, sensitive: [key]}'
MADE = '{api: "ssm:PutParameter", params: {Name: /key, Value: k}, save: {key: to_string(Version)}, sensitive: [key]}'
USED = '{api: "ssm:PutParameter", params: {Name: /b, Value: "${key}"}}'


def _cut_short(bench: Callable[[str], Bench], secret: str) -> Bench:
    """A run that died behind a step with a secret, before the step that needs it."""
    steps = f"    - {secret}\n    - {USED}\n  verify:"
    on = bench(parameter("a").replace("  verify:", steps, 1))
    on.aws.parameters["/key"] = "k"
    if secret is MADE:
        del on.aws.parameters["/key"]
    before = ["ok", "ok"] if secret is MADE else ["ok"]
    on.aws.faults["put_parameter"] = [*before, "crash before"]
    with pytest.raises(CrashError):
        on.run()
    return on


def test_a_read_is_made_again_for_its_secret(bench: Callable[[str], Bench]) -> None:
    on = _cut_short(bench, READ)
    assert on.resume() is RunResult.SUCCEEDED
    assert on.aws.parameters["/b"] == "k"


def test_a_change_is_not_repeated_for_its_secret(bench: Callable[[str], Bench]) -> None:
    on = _cut_short(bench, MADE)
    assert on.resume() is RunResult.IN_DOUBT
    puts = [params["Name"] for action, params in on.aws.wire if action == "put_parameter"]
    assert puts.count("/key") == 1
