"""The bundled `local-fallback`: without AWS, with evidence, a way back and a stand-in for every step."""

from __future__ import annotations

from datetime import date

import pytest

from console.compose import Setting, asks_aws, gateway_for, live_setting
from console.soundness import CatalogKnowledge
from operations.aws.gateway import Access
from operations.aws.outcome import RefusedError
from operations.plan.audit.audit import audit
from operations.plan.loader import LoadedPlan, load_plan
from operations.plan.models import Plan
from operations.plan.steps import ApiStep, CommandStep, HttpStep, ManualStep, WaitStep


@pytest.fixture(scope="module")
def loaded() -> LoadedPlan:
    return load_plan("local-fallback")


@pytest.fixture
def plan(loaded: LoadedPlan) -> Plan:
    return loaded.plan


def test_the_audit_has_nothing_against_it(loaded: LoadedPlan) -> None:
    assert list(audit(loaded, CatalogKnowledge(), date(2026, 11, 23))) == []


def test_every_step_has_a_stand_in_and_what_is_done_leaves_evidence(plan: Plan) -> None:
    for key, operation in plan.operations.items():
        assert operation.reversible, key
        assert operation.verify, key
        for section, steps in operation.sections().items():
            for step in steps:
                assert isinstance(step, (CommandStep, HttpStep, ManualStep)), (key, section)
                assert step.stand_in is not None, (key, section, step.title)
                assert section == "verify" or getattr(step, "evidence", None), (key, section, step.title)
                assert section != "verify" or step.stand_in, f"{key}: nothing in a sandbox would verify it"


def test_the_order_mends_the_defects_of_the_old_script(plan: Plan) -> None:
    order = list(plan.operations)
    assert order.index("copies") < order.index("isolation"), "blocking first would cut the copies off"
    assert order.index("database") < order.index("names")
    assert not any("/8" in step.title for each in plan.operations.values() for step in each.forward)


async def test_live_it_neither_asks_who_it_is_nor_lets_a_call_out(plan: Plan) -> None:
    setting: Setting = live_setting(plan, {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"})
    assert not asks_aws(plan)
    async with gateway_for(setting, plan, Access.ARMED) as gateway:
        assert gateway.identity.account == plan.account
        with pytest.raises(RefusedError):
            await gateway.read("sts:GetCallerIdentity", {})


def test_a_plan_with_one_call_asks_aws() -> None:
    assert asks_aws(load_plan("reference").plan)


def test_a_stand_in_alone_is_no_call_that_is_made_live(plan: Plan) -> None:
    stand_ins = [
        call
        for operation in plan.operations.values()
        for steps in operation.sections().values()
        for step in steps
        for call in getattr(step, "stand_in", ())
    ]
    assert any(isinstance(call, (ApiStep, WaitStep)) for call in stand_ins)
