"""The reference plan is complete, and its registers say what its operations do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from console.soundness import CatalogKnowledge
from operations.plan.audit.audit import audit
from operations.plan.audit.finding import Severity
from operations.plan.loader import LoadedPlan, load_plan
from operations.plan.models import Plan
from operations.plan.registers import Comparison
from operations.plan.routing import follow
from operations.plan.steps import ApiStep

FACTS = Path(__file__).parents[4] / "shared" / "mistersmith"
CATEGORIES = ("infrastructure", "services", "configuration", "performance", "security")
PREFIXES = {
    "inf": "infrastructure",
    "svc": "services",
    "route": "services",
    "cfg": "configuration",
    "perf": "performance",
    "sec": "security",
}
COMPARISONS = {
    "GreaterThanThreshold": Comparison.ABOVE,
    "GreaterThanOrEqualToThreshold": Comparison.AT_LEAST,
    "LessThanThreshold": Comparison.BELOW,
    "LessThanOrEqualToThreshold": Comparison.AT_MOST,
}


@cache
def loaded() -> LoadedPlan:
    return load_plan("reference")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return loaded().plan


def calls(plan: Plan, api: str, operation: str | None = None) -> Iterator[dict[str, Any]]:
    for key, each in plan.operations.items():
        for step in each.forward:
            if isinstance(step, ApiStep) and step.api == api and operation in (None, key):
                yield step.params


def facts(name: str) -> Any:
    path = FACTS / f"{name}.yaml"
    if not path.is_file():
        pytest.skip("the facts that the plan was made from are not beside this repository")
    return yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def test_the_verification_library_covers_five_categories(plan: Plan) -> None:
    found = Counter(check.category for check in plan.checks)
    assert set(found) == set(CATEGORIES)
    assert min(found.values()) >= 15
    assert found.total() >= 100


def test_every_check_can_be_made_by_itself_and_says_what_must_hold(plan: Plan) -> None:
    for check in plan.checks:
        assert isinstance(check.check, ApiStep), check.id
        assert check.check.expect, check.id
        assert PREFIXES[check.id.partition("-")[0]] == check.category


def test_the_audit_has_nothing_against_checks_and_registers() -> None:
    findings = audit(loaded(), CatalogKnowledge(), date(2026, 6, 1))
    groups = ("register", "route", "raci", "gate", "api", "alarm")
    found = [each for each in findings if each.rule.partition("/")[0] in groups]
    assert [each.message for each in found] == [
        "`full-scale` is said to cost 5,000 USD at least; its parts come to 4,700",
        "`full-scale-parts` is said to cost 8,500 USD at most; its parts come to 9,012",
    ]
    assert [str(each) for each in findings if each.severity is Severity.ERROR] == []


def test_sixty_operations_and_twenty_five_criteria(plan: Plan) -> None:
    assert len(plan.operations) == 60
    assert Counter(criterion.category for criterion in plan.criteria) == dict.fromkeys(
        ("infrastructure", "application", "performance", "data_integrity", "operations"), 5
    )


def test_both_registers_of_constraints_are_joined_without_loss(plan: Plan) -> None:
    sources = [source for constraint in plan.constraints for source in constraint.sources]
    assert len(plan.constraints) == 36
    assert len(set(sources)) == len(sources) == 18 + 25
    assert sum(source.startswith("tracker ") for source in sources) == 18
    assert sum(len(constraint.sources) == 2 for constraint in plan.constraints) == 7


def test_every_constraint_has_weeks_of_the_twelve(plan: Plan) -> None:
    weeks = [week for stage in plan.resolution for week in stage.weeks]
    assert weeks == list(range(1, 13))
    for constraint in plan.constraints:
        assert constraint.weeks, constraint.id
        assert set(constraint.weeks) <= set(weeks), constraint.id
    critical = [each for each in plan.constraints if each.severity.value == "critical"]
    assert len(critical) == 6
    assert all(each.blocks for each in critical)


def test_each_operation_stands_in_one_row_of_the_raci_with_its_role(plan: Plan) -> None:
    rows = {name: row for row in plan.raci for name in row.operations}
    assert len(plan.raci) == 21
    assert sorted(name for row in plan.raci for name in row.operations) == sorted(plan.operations)
    for key, operation in plan.operations.items():
        assert operation.role in (*rows[key].responsible, rows[key].accountable), key


def test_alarms_that_an_operation_makes_are_as_it_makes_them(plan: Plan) -> None:
    made = {params["AlarmName"]: params for params in calls(plan, "cloudwatch:PutMetricAlarm")}
    metrics = {metric.id: metric for metric in plan.metrics}
    assert len(plan.alarms) == 27
    assert {alarm.id for alarm in plan.alarms if alarm.operation} == set(made)
    for alarm in plan.alarms:
        if alarm.operation is None:
            continue
        params = made[alarm.id]
        first = next((each["MetricStat"] for each in params.get("Metrics", ()) if "MetricStat" in each), None)
        measured = first["Metric"] if first else params
        metric = metrics[alarm.metric]
        assert (measured["Namespace"], measured["MetricName"]) == (metric.namespace, metric.name), alarm.id
        assert COMPARISONS[params["ComparisonOperator"]] is alarm.rings.op
        assert params["Threshold"] == alarm.rings.value
        assert (first or params)["Period"] == alarm.period
        assert params["EvaluationPeriods"] == alarm.periods
        assert params["TreatMissingData"] == alarm.missing.value


def test_the_dashboard_that_is_made_shows_the_metrics_that_it_names(plan: Plan) -> None:
    made = {params["DashboardName"]: params for params in calls(plan, "cloudwatch:PutDashboard")}
    metrics = {metric.id: metric for metric in plan.metrics}
    drawn = {board.id: board for board in plan.dashboards}
    assert {key for key, board in drawn.items() if board.operation} == set(made)
    assert sum(board.operation is None for board in drawn.values()) == 9
    for key, params in made.items():
        widgets = params["DashboardBody"]["$json"]["widgets"]
        shown = [tuple(row[:2]) for widget in widgets for row in widget["properties"]["metrics"]]
        named = [(metrics[name].namespace, metrics[name].name) for name in drawn[key].metrics]
        assert named == shown


def test_five_layers_leave_no_check_out(plan: Plan) -> None:
    patterns = [pattern for layer in plan.layers for pattern in layer.checks]
    ids = [check.id for check in plan.checks] + [criterion.id for criterion in plan.criteria]
    assert len(plan.layers) == 5
    left = [name for name in ids if not any(fnmatchcase(name, pattern) for pattern in patterns)]
    assert left == []


def test_every_sample_of_a_route_arrives(plan: Plan) -> None:
    samples = [(route.id, sample) for route in plan.routes for sample in route.samples]
    assert len(samples) >= 20
    for route, sample in samples:
        routed = follow(plan.routes, sample.subject)
        assert routed is not None, sample.subject
        assert (routed.route, routed.name, routed.detail_type) == (route, sample.name, sample.detail_type)


def test_parameters_are_what_the_operation_writes_and_the_cut_over_leaves(plan: Plan) -> None:
    prefix = "/mistersmith/production/"

    def written(*operations: str) -> dict[str, str]:
        return {
            params["Name"].removeprefix(prefix): params["Value"]
            for operation in operations
            for params in calls(plan, "ssm:PutParameter", operation)
        }

    named = {each.name: each for each in plan.parameters}
    assert len(named) == len(plan.parameters) == 28
    assert {key: each.values["production"] for key, each in named.items() if each.operation} == written(
        "parameters"
    )
    assert {key: each.after for key, each in named.items() if each.after} == written(
        "go-no-go", "switch-connections"
    )


def test_secrets_are_those_that_the_operation_makes(plan: Plan) -> None:
    made = {params["Name"] for params in calls(plan, "secretsmanager:CreateSecret", "secrets")}
    assert {secret.name for secret in plan.secrets if secret.operation} == made
    assert all(secret.rotation_days for secret in plan.secrets if secret.operation)


def test_costs_show_where_the_parts_exceed_the_claim(plan: Plan) -> None:
    scenarios = {each.id: each for each in plan.costs}
    assert scenarios["full-scale-parts"].total == (7962.0, 9012.0)
    exceeded = [key for key, each in scenarios.items() if each.claimed and each.total[1] > each.claimed[1]]
    assert exceeded == ["full-scale-parts"]


def test_service_limits_warn_below_the_limit(plan: Plan) -> None:
    assert len(plan.service_limits) == 19
    assert all(limit.warn < limit.value for limit in plan.service_limits if limit.warn)


def test_twenty_five_triggers_and_each_way_back_is_one_of_the_plan(plan: Plan) -> None:
    assert len(plan.triggers) == 25
    reversible = {key for key, operation in plan.operations.items() if operation.reversible}
    named = {name for trigger in plan.triggers for name in trigger.rolls_back} & set(plan.operations)
    assert named
    assert named <= reversible


def test_every_metric_of_the_facts_is_in_the_plan(plan: Plan) -> None:
    known = {(metric.namespace, metric.name) for metric in plan.metrics}
    asked = {(metric["namespace"], metric["name"]) for metric in facts("monitoring")["metrics"]}
    assert len(asked) >= 50
    assert asked - known == set()


def test_titles_are_the_plans_own_words(plan: Plan) -> None:
    theirs = {check["title"].casefold() for check in facts("verification")["checks"]}
    theirs |= {each["title"].casefold() for each in facts("constraints")["constraints"]}
    titles = [check.title for check in plan.checks] + [each.title for each in plan.constraints]
    ours = {title.casefold() for title in titles}
    assert sorted(ours & theirs) == []
