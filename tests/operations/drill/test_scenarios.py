"""Scenarios: the same seed makes the same faults, and every one can be put on a wire."""

from __future__ import annotations

import pytest

from operations.drill.errors import SandboxError
from operations.drill.faults.script import FaultScript, Rule
from operations.drill.scenarios import SCENARIOS, scenario


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_seed_makes_the_same_faults_again(name: str) -> None:
    found = scenario(name)
    assert found.rules(7) == found.rules(7)
    assert name == "calm" or len({found.rules(seed) for seed in range(20)}) > 1
    assert name == "calm" or all(found.rules(seed) for seed in range(20))
    script = FaultScript()
    script.set([Rule.of({"kind": rule.kind.value, "api": rule.api}) for rule in found.rules(7)], 7)
    assert len(script.shown()) == len(found.rules(7))


def test_a_scenario_that_there_is_not() -> None:
    with pytest.raises(SandboxError, match="lost-replies"):
        scenario("lost")
