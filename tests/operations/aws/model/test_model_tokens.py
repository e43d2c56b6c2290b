"""Idempotency tokens: the same after every restart, and of a form that AWS takes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from operations.aws.model.catalog import ApiCatalog
from operations.aws.model.types import ApiModelError, Direction

CATALOG = ApiCatalog()
TAKERS = {
    "acm:RequestCertificate": "IdempotencyToken",
    "backup:StartBackupJob": "IdempotencyToken",
    "cloudformation:CreateStack": "ClientRequestToken",
    "ec2:CreateNatGateway": "ClientToken",
    "ec2:CreateVpcEndpoint": "ClientToken",
    "ec2:RunInstances": "ClientToken",
    "ecs:CreateService": "clientToken",
    "ecs:RunTask": "clientToken",
    "efs:CreateFileSystem": "CreationToken",
    "eks:CreateCluster": "clientRequestToken",
    "route53:CreateHostedZone": "CallerReference",
    "secretsmanager:CreateSecret": "ClientRequestToken",
    "servicediscovery:CreateService": "CreatorRequestId",
}


@pytest.mark.parametrize(("api", "member"), TAKERS.items())
def test_the_member_that_carries_the_token(api: str, member: str) -> None:
    assert CATALOG.token_member(api) == member


@pytest.mark.parametrize("api", ["ec2:CreateVpc", "rds:CreateDBCluster", "iam:CreateRole", "ec2:NoSuchThing"])
def test_a_call_without_a_token_member_gets_none(api: str) -> None:
    assert CATALOG.token_member(api) is None
    assert CATALOG.with_token(api, {"a": 1}, "seed") == {"a": 1}
    with pytest.raises(ApiModelError, match="takes no idempotency token"):
        CATALOG.token_for(api, "seed")


@given(api=st.sampled_from(sorted(TAKERS)), seed=st.text(max_size=80))
@settings(max_examples=80, deadline=None)
def test_a_token_is_deterministic_ascii_and_fits_its_shape(api: str, seed: str) -> None:
    token = CATALOG.token_for(api, seed)
    assert token == CATALOG.token_for(api, seed)
    assert token.isascii()
    assert len(token) <= 64
    assert CATALOG.problems(api, {TAKERS[api]: token}) == CATALOG.problems(api, {TAKERS[api]: "x" * 32})


def test_the_certificate_token_keeps_to_word_characters() -> None:
    assert re.fullmatch(r"\w{1,32}", CATALOG.token_for("acm:RequestCertificate", "run/op/1/forward"))


@given(first=st.text(max_size=40), second=st.text(max_size=40))
@settings(max_examples=50, deadline=None)
def test_different_seeds_give_different_tokens(first: str, second: str) -> None:
    tokens = {CATALOG.token_for("ec2:RunInstances", seed) for seed in (first, second)}
    assert len(tokens) == len({first, second})


def test_the_token_of_a_known_seed_never_changes() -> None:
    """A changed derivation would make a second resource of every call that was in doubt across an upgrade."""
    assert CATALOG.token_for("ec2:CreateNatGateway", "s") == "702e9adf-2576-41a6-95cf-80bbfab3f573"


def test_a_token_that_the_plan_sets_itself_stays() -> None:
    params = {"Name": "example.com", "CallerReference": "mine"}
    assert CATALOG.with_token("route53:CreateHostedZone", params, "seed") == params


def test_sensitive_members_are_named_by_their_paths() -> None:
    paths = CATALOG.sensitive_paths("secretsmanager:CreateSecret", Direction.INPUT)
    assert {("SecretString",), ("SecretBinary",)} <= paths
    assert ("Parameters", "*", "Value") in CATALOG.sensitive_paths("ssm:GetParameters", Direction.OUTPUT)
    assert CATALOG.sensitive_paths("ec2:DescribeVpcs", Direction.OUTPUT) == frozenset()
