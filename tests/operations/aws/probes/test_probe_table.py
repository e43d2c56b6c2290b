"""The table of probes: every row asks a read that exists, with parameters that AWS would take."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jmespath
import pytest
import yaml

from operations.aws.model.catalog import ApiCatalog
from operations.aws.model.types import Effect
from operations.aws.probes.probe import ProbeUnsureError, ProbeVerdict
from operations.aws.probes.table import ProbeTable

TABLE = ProbeTable()
CATALOG = ApiCatalog()
OPERATIONS = Path(__file__).parents[5] / "shared" / "mistersmith" / "operations.yaml"

WITHOUT_KEY = {
    "backup:StartBackupJob",
    "ecs:RunTask",
    "ecs:UpdateService",
    "kms:CreateKey",
    "rds-data:ExecuteStatement",
    "route53:ChangeResourceRecordSets",
    "servicediscovery:CreatePrivateDnsNamespace",
    "sns:Publish",
}
"""Calls of the reference plan that nothing identifies afterwards: a token repeats them, or a person decides."""


def sample(shape: Any, name: str = "", inside: tuple[str, ...] = ()) -> Any:
    """Returns a plausible value with every member set, so that every branch of a row's expressions is used."""
    if shape.type_name == "structure":
        return {
            key: sample(member, key, (*inside, shape.name))
            for key, member in shape.members.items()
            if member.name not in inside and key not in {"Overwrite", "Qualifier", "DryRun"}
        }
    if shape.type_name == "list":
        return [sample(shape.member, name, (*inside, shape.name))] if shape.member.name not in inside else []
    if shape.type_name == "map":
        return {}
    kinds = {"integer": 1, "long": 1, "double": 1.0, "float": 1.0, "boolean": True, "blob": b"x"}
    if shape.type_name in kinds:
        return kinds[shape.type_name]
    if shape.type_name == "timestamp":
        return "2030-01-01T00:00:00Z"
    return "Name" if name == "Key" else (shape.enum or ["abcdef-0123456789"])[0]


@pytest.mark.parametrize("api", TABLE.apis())
def test_a_row_is_about_a_call_that_changes_something_and_asks_one_that_reads(api: str) -> None:
    probe = TABLE.probe_for(api)
    assert probe is not None
    assert CATALOG.effect(api, {}) is Effect.MUTATE
    assert CATALOG.effect(probe.read, {}) is Effect.READ


@pytest.mark.parametrize("api", TABLE.apis())
def test_a_rows_read_has_parameters_that_the_model_takes(api: str) -> None:
    probe = TABLE.probe_for(api)
    assert probe is not None
    request = sample(CATALOG.input_shape(api))
    assert probe.usable(request), "every `needs` must be about members that the call has"
    read, params = probe.read_call(request)
    allowed = {"length", "pattern", "range"}  # the sample's values, not the row, decide about these
    problems = [p for p in CATALOG.problems(read, params) if p.rule.value not in allowed]
    assert problems == []


@pytest.mark.parametrize("api", TABLE.apis())
def test_a_rows_expressions_look_at_members_that_exist(api: str) -> None:
    probe = TABLE.probe_for(api)
    assert probe is not None
    if probe.select is not None:
        assert CATALOG.output_has(probe.read, probe.select) == []
        for item, _ in probe.where:
            assert CATALOG.output_has(probe.read, f"{probe.select} | [0].{item}") == [] or "(" in item
    for expression in (probe.params, probe.answer, *probe.needs, *(wanted for _, wanted in probe.where)):
        jmespath.compile(expression)


@pytest.mark.parametrize("api", TABLE.apis())
def test_the_answer_has_the_members_of_the_calls_own_answer(api: str) -> None:
    probe = TABLE.probe_for(api)
    assert probe is not None
    output = CATALOG.output_shape(api)
    parsed = jmespath.compile(probe.answer).parsed
    while parsed["type"] == "and_expression":
        parsed = parsed["children"][1]
    if parsed["type"] == "multi_select_dict":
        keys = {child["value"] for child in parsed["children"]}
        assert keys <= set(output.members if output is not None else ())
    else:
        assert parsed["type"] in {"literal", "field"}


def test_every_call_of_the_reference_plan_that_may_not_be_repeated_has_a_probe_or_says_why() -> None:
    if not OPERATIONS.exists():
        pytest.skip("the reference plan's facts are not beside this checkout")
    plan = yaml.load(OPERATIONS.read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    steps = [
        step
        for operation in plan["operations"]
        for direction in ("forward", "inverse")
        for step in operation.get(direction) or ()
        if "api" in step
    ]
    unprobed = {
        step["api"]
        for step in steps
        if not CATALOG.repeatable(step["api"], step.get("params", {}))
        and TABLE.probe_for(step["api"]) is None
    }
    assert unprobed <= WITHOUT_KEY


def test_a_request_without_a_natural_key_has_no_probe() -> None:
    assert TABLE.probe_for("ec2:CreateVpc", {"CidrBlock": "10.0.0.0/16"}) is None
    assert TABLE.probe_for("ssm:PutParameter", {"Name": "/a", "Value": "b", "Overwrite": True}) is None
    probe = TABLE.probe_for("ec2:CreateVpc")
    assert probe is not None
    with pytest.raises(ProbeUnsureError, match="nothing to look it up by"):
        probe.read_call({"CidrBlock": "10.0.0.0/16"})


def test_a_call_that_is_not_in_the_table_has_no_probe() -> None:
    assert TABLE.probe_for("kms:CreateKey", {}) is None


def test_a_cut_page_without_a_match_settles_nothing() -> None:
    probe = TABLE.probe_for("kms:CreateAlias")
    assert probe is not None
    request = {"AliasName": "alias/a", "TargetKeyId": "k"}
    other = {"AliasName": "alias/b"}
    cut = probe.finding(request, {"Aliases": [other], "Truncated": True, "NextMarker": "m"})
    assert cut.verdict is ProbeVerdict.UNSURE
    assert probe.finding(request, {"Aliases": [other]}).verdict is ProbeVerdict.NOT_APPLIED


def test_an_error_that_does_not_mean_absent_settles_nothing() -> None:
    probe = TABLE.probe_for("iam:CreateRole")
    assert probe is not None
    request = {"RoleName": "r", "AssumeRolePolicyDocument": "{}"}
    assert probe.finding(request, error="Throttling").verdict is ProbeVerdict.UNSURE
    assert probe.finding(request, error="NoSuchEntity").verdict is ProbeVerdict.NOT_APPLIED


def test_absence_means_that_a_deletion_was_applied() -> None:
    probe = TABLE.probe_for("rds:DeleteDBCluster")
    assert probe is not None
    request = {"DBClusterIdentifier": "c"}
    assert probe.finding(request, error="DBClusterNotFoundFault").verdict is ProbeVerdict.APPLIED
    assert probe.finding(request, {"DBClusters": []}).verdict is ProbeVerdict.APPLIED
    there = {"DBClusters": [{"Status": "available"}]}
    assert probe.finding(request, there).verdict is ProbeVerdict.NOT_APPLIED


def test_an_answer_that_does_not_fit_the_row_settles_nothing() -> None:
    probe = TABLE.probe_for("lambda:AddPermission")
    assert probe is not None
    request = {"FunctionName": "f", "StatementId": "s"}
    assert probe.finding(request, {}).verdict is ProbeVerdict.UNSURE
    flow_logs = TABLE.probe_for("ec2:CreateFlowLogs")
    assert flow_logs is not None
    assert not flow_logs.usable({"LogGroupName": "g"})
