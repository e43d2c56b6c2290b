"""Which operations a request means."""

from __future__ import annotations

from pathlib import Path

import pytest

from operations.plan.errors import UnknownOperationError
from operations.plan.loader import load_plan
from operations.plan.models import Plan
from operations.plan.selection import everything, named, of_phase
from tests.operations.plan.samples import operation, plan_text, write

LAST = "- {id: last, title: last, kind: cutover, forward: [{manual: do}], irreversible: 'it is gone'}\n"


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    documents = '  - {id: "2", title: Papers, subphases: [{id: "2.1", title: Plans}]}\n'
    text = plan_text(operation("one") + operation("two", "one") + LAST) + documents
    return load_plan(write(tmp_path, text)).plan


def test_named_operations_are_taken_as_they_are(plan: Plan) -> None:
    assert named(plan, ["last", "one"]) == ("last", "one")
    assert named(plan, []) == ()


def test_a_slip_in_a_name_offers_the_nearest(plan: Plan) -> None:
    with pytest.raises(UnknownOperationError) as caught:
        named(plan, ["one", "twoo"])
    assert str(caught.value) == "the plan has no operation `twoo`; did you mean `two`?"


def test_a_name_that_is_like_none_says_where_they_are(plan: Plan) -> None:
    with pytest.raises(UnknownOperationError, match="see `cutover schedule`"):
        named(plan, ["zzzzzz"])


@pytest.mark.parametrize("phase", ["1", "1.1"])
def test_a_phase_means_what_can_be_undone(plan: Plan, phase: str) -> None:
    assert of_phase(plan, phase) == ("one", "two")


@pytest.mark.parametrize("phase", ["2", "2.1", "9"])
def test_a_phase_without_operations_names_those_that_have_some(plan: Plan, phase: str) -> None:
    with pytest.raises(UnknownOperationError) as caught:
        of_phase(plan, phase)
    assert str(caught.value) == f"no operations in a phase `{phase}`; phases: 1, 1.1"


def test_everything_leaves_out_what_has_no_way_back(plan: Plan) -> None:
    assert everything(plan) == ("one", "two")
    assert "last" in plan.operations
