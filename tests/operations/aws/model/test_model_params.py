"""Parameters against the models: what is surely wrong is found, what is not yet known is let through."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from operations.aws.model.catalog import ApiCatalog
from operations.aws.model.params import problems
from operations.aws.model.patterns import breaks
from operations.aws.model.types import Rule, UnknownApiError
from operations.aws.model.unknown import UNKNOWN, PartlyKnown

CATALOG = ApiCatalog()
FACTS = Path(__file__).parents[5] / "shared" / "mistersmith" / "operations.yaml"


def rules(api: str, params: dict[str, Any]) -> list[tuple[str, Rule]]:
    return [(problem.path, problem.rule) for problem in CATALOG.problems(api, params)]


@pytest.mark.parametrize(
    ("api", "params", "path", "rule"),
    [
        ("ec2:CreateSubnet", {"CidrBlock": "10.0.0.0/24"}, "VpcId", Rule.MISSING),
        ("ec2:CreateVpc", {"CidrBlok": "10.0.0.0/16"}, "CidrBlok", Rule.UNKNOWN_MEMBER),
        ("ec2:DescribeVpcs", {"VpcIds": "vpc-1"}, "VpcIds", Rule.TYPE),
        ("ecs:UpdateService", {"service": "s", "desiredCount": "2"}, "desiredCount", Rule.TYPE),
        ("ecs:UpdateService", {"service": "s", "desiredCount": True}, "desiredCount", Rule.TYPE),
        ("ecs:UpdateService", {"service": "s", "forceNewDeployment": "yes"}, "forceNewDeployment", Rule.TYPE),
        ("kms:ScheduleKeyDeletion", {"KeyId": "k", "PendingWindowInDays": 366}, "PendingWindowInDays", Rule.RANGE),
        ("iam:CreateRole", {"RoleName": "r" * 65, "AssumeRolePolicyDocument": "{}"}, "RoleName", Rule.LENGTH),
        ("iam:CreateRole", {"RoleName": "my role!", "AssumeRolePolicyDocument": "{}"}, "RoleName", Rule.PATTERN),
        ("ec2:CreateVpc", {"InstanceTenancy": "dedicate"}, "InstanceTenancy", Rule.ENUM),
        ("ec2:CreateTags", {"Resources": ["r"], "Tags": [{"Ky": "a"}]}, "Tags[0].Ky", Rule.UNKNOWN_MEMBER),
        ("ecs:DescribeServices", {"services": ["a"], "include": ["TAGZ"]}, "include[0]", Rule.ENUM),
        ("sqs:SetQueueAttributes", {"QueueUrl": "q", "Attributes": {"Bogus": "1"}}, "Attributes.Bogus", Rule.ENUM),
        ("sqs:SetQueueAttributes", {"QueueUrl": "q", "Attributes": {"Policy": 1}}, "Attributes.Policy", Rule.TYPE),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_found_where_it_stands(
    api: str, params: dict[str, Any], path: str, rule: Rule
) -> None:
    assert rules(api, params) == [(path, rule)]


def test_the_message_names_what_was_meant() -> None:
    (unknown,) = CATALOG.problems("ec2:CreateVpc", {"CidrBlok": "10.0.0.0/16"})
    assert "did you mean CidrBlock?" in str(unknown)
    (enum,) = CATALOG.problems("ec2:CreateVpc", {"InstanceTenancy": "dedicate"})
    assert "did you mean dedicated?" in str(enum)


def test_a_sensitive_value_is_not_repeated_in_the_message() -> None:
    (problem,) = CATALOG.problems(
        "servicecatalog:ProvisionProduct", {"ProvisionedProductName": "bad name!", "ProvisionToken": "t"}
    )
    assert problem.rule is Rule.PATTERN
    params = {"UserPoolId": "us-east-1_a", "Username": "u", "Password": "has space"}
    for problem in CATALOG.problems("cognito-idp:AdminSetUserPassword", params):
        assert "has space" not in str(problem)


def test_an_unresolved_reference_may_stand_for_anything() -> None:
    assert (
        rules("ec2:CreateSubnet", {"VpcId": UNKNOWN, "CidrBlock": UNKNOWN, "TagSpecifications": UNKNOWN})
        == []
    )
    assert rules("ec2:DescribeVpcs", {"VpcIds": [UNKNOWN, "vpc-1"], "MaxResults": UNKNOWN}) == []
    assert rules("sqs:SetQueueAttributes", {"QueueUrl": UNKNOWN, "Attributes": {"Policy": UNKNOWN}}) == []
    assert rules("dynamodb:DeleteItem", {"TableName": "t", "Key": {"id": {"S": UNKNOWN}}}) == []


def test_partly_known_text_is_text_and_nothing_more_is_known() -> None:
    part = PartlyKnown("${name}!")
    assert rules("iam:CreateRole", {"RoleName": part, "AssumeRolePolicyDocument": part}) == []
    assert rules("ec2:CreateVpc", {"InstanceTenancy": part}) == []
    assert rules("ecs:UpdateService", {"service": "s", "desiredCount": part}) == [("desiredCount", Rule.TYPE)]


def test_an_unknown_call_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnknownApiError, match="did you mean ec2:CreateVpc"):
        CATALOG.problems("ec2:CreateVcp", {})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ec2:create_vpc", "ec2:CreateVpc"),
        ("ecs:updateService", "ecs:UpdateService"),
        ("elasticloadbalancing:CreateListener", "elbv2:CreateListener"),
        ("eventbridge:PutRule", "events:PutRule"),
        ("dynamo:CreateTable", "dynamodb:CreateTable"),
        ("nothing:LikeThis", None),
    ],
)
def test_the_nearest_name(written: str, meant: str | None) -> None:
    assert CATALOG.nearest(written) == meant
    assert not CATALOG.knows(written)


@pytest.mark.parametrize(
    ("pattern", "text", "broken"),
    [
        (r"\w+", "abc", False),
        (r"\w+", "a c", True),  # no anchors: the whole text must match
        ("^arn:", "arn:aws:x", False),  # anchored on one side: a prefix
        ("^arn:", "x-arn:", True),
        (r"[\p{L}]+", "anything at all", False),  # Python cannot read it: not checked
        ("[a-z&&[^b]]+", "b", False),
    ],
)
def test_patterns(pattern: str, text: str, broken: bool) -> None:
    assert breaks(pattern, text) is broken


JSON_LIKE = st.recursive(
    st.none() | st.integers(-5, 5) | st.text(max_size=3) | st.floats(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["Name", "Values", "Key", "VpcId", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)
ORACLE_RULES = {Rule.UNKNOWN_MEMBER, Rule.MISSING, Rule.TYPE, Rule.UNION}


@pytest.mark.parametrize(
    "api", ["ec2:DescribeVpcs", "ec2:CreateVpc", "dynamodb:PutItem", "elbv2:CreateListener"]
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_types_and_members_are_judged_as_botocore_judges_them(api: str, data: st.DataObject) -> None:
    from botocore.validate import ParamValidator

    shape: Any = CATALOG.input_shape(api)
    names = st.sampled_from([*shape.members, "Bogus"])
    params = data.draw(st.dictionaries(names, JSON_LIKE, max_size=4))
    theirs = ParamValidator().validate(params, shape)
    ours = [p for p in problems(shape, params) if p.rule in ORACLE_RULES]
    reasons = {reason for reason, _, _ in theirs._errors} - {"invalid length", "invalid range"}
    assert bool(ours) == bool(reasons)


def _prepared(value: Any) -> Any:
    """Does what the audit does: unresolved references become stand-ins, `$json` becomes text."""
    if isinstance(value, dict):
        if set(value) == {"$json"}:
            text = json.dumps(value["$json"])
            return PartlyKnown(text) if "${" in text else text
        return {key: _prepared(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_prepared(item) for item in value]
    if isinstance(value, str) and "${" in value:
        return UNKNOWN if re.fullmatch(r"\$\{[^}]+\}", value) else PartlyKnown(value)
    return value


def _facts() -> list[dict[str, Any]]:
    if not FACTS.exists():
        pytest.skip("the reference plan's facts are not beside this checkout")
    loaded = yaml.load(FACTS.read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    sections = ("checkpoint", "forward", "inverse", "guard", "verify", "watch")
    return [
        {**step, "section": section}
        for operation in loaded["operations"]
        for section in sections
        for step in operation.get(section) or ()
        if isinstance(step, dict)
    ]


def test_every_call_of_the_reference_plan_passes() -> None:
    calls = [step for step in _facts() if "api" in step]
    wrong = {
        step["api"]: [str(p) for p in CATALOG.problems(step["api"], _prepared(step.get("params", {})))]
        for step in calls
    }
    assert len(calls) > 500
    assert {api: found for api, found in wrong.items() if found} == {}


def test_every_expression_of_the_reference_plan_fits_the_answer_it_looks_at() -> None:
    wrong = []
    for step in _facts():
        if "api" in step:
            expressions = [step[key] for key in ("expect", "until") if key in step]
            for expression in [*expressions, *step.get("saves", {}).values()]:
                wrong += [(step["api"], str(p)) for p in CATALOG.output_has(step["api"], expression)]
    assert wrong == []


def test_every_wait_of_the_reference_plan_is_a_waiter_with_fitting_parameters() -> None:
    waits = [step for step in _facts() if "wait" in step]
    assert waits
    for step in waits:
        spec = CATALOG.waiter_operation(step["wait"])
        assert CATALOG.problems(spec.api, _prepared(step["params"])) == []


def test_every_verification_of_the_reference_plan_only_reads() -> None:
    from operations.aws.model.types import Effect

    changes = [
        step["api"]
        for step in _facts()
        if "api" in step
        and step["section"] in {"checkpoint", "guard", "verify", "watch"}
        and CATALOG.effect(step["api"], step.get("params", {})) is not Effect.READ
    ]
    assert changes == []
