"""No secret survives: by the models' marks, by name, by taint; and the evidence around it does."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from operations.aws.model.catalog import ApiCatalog
from operations.aws.redaction import REDACTED, Redactor, jsonable

CATALOG = ApiCatalog()
PASSWORD = "Tr0ub4dor&3"


@pytest.fixture
def redactor() -> Redactor:
    return Redactor(CATALOG)


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from texts(key)
            yield from texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value


SECRETS = st.lists(
    st.text(min_size=6, max_size=20).filter(lambda s: s not in REDACTED), min_size=1, max_size=3
)


def woven(secrets: list[str]) -> st.SearchStrategy[Any]:
    """Data that has the secrets in it: plain, inside longer text, in JSON in a string, in keys, encoded."""
    leaf = st.sampled_from(secrets).flatmap(
        lambda secret: st.sampled_from([
            secret,
            f"before {secret} after",
            secret + secret,
            json.dumps({"user": "u", "pw": secret}),
            json.dumps({"pw": secret}, ensure_ascii=False),
            json.dumps(json.dumps([secret])),
            "".join(secrets),
        ])
    )  # fmt: skip
    plain = st.none() | st.integers() | st.text(max_size=5) | leaf
    return st.recursive(
        plain,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.text(max_size=4) | st.sampled_from(secrets), inner, max_size=3)
        ),
        max_leaves=10,
    )


def test_a_type_that_is_no_text_is_no_reason_to_fail() -> None:
    value = {"Type": [], "Value": "1"}
    assert Redactor(CATALOG).redact_value(value) == value


@settings(max_examples=150, deadline=None)
@given(data=st.data(), secrets=SECRETS)
def test_no_learnt_secret_survives_anywhere(data: st.DataObject, secrets: list[str]) -> None:
    redactor = Redactor(CATALOG)
    value = data.draw(woven(secrets))
    for secret in secrets:
        redactor.learn(secret)
    clean = redactor.redact_value(value)
    for text in texts(clean):
        assert not any(secret in text for secret in secrets)
    written = json.dumps(jsonable(clean), ensure_ascii=False)
    assert not any(json.dumps(s, ensure_ascii=False)[1:-1] in written for s in secrets if s.isalnum())


@settings(max_examples=40, deadline=None)
@given(
    secret=st.text(min_size=6, max_size=30).filter(lambda s: s not in REDACTED), around=st.text(max_size=10)
)
def test_an_encoded_secret_is_a_secret(secret: str, around: str) -> None:
    redactor = Redactor(CATALOG)
    redactor.learn(secret)
    raw = secret.encode("utf-8", "surrogatepass")
    for form in (base64.b64encode(raw).decode(), quote(raw, safe="")):
        assert form not in redactor.redact_text(f"{around} {form}")


@settings(max_examples=40, deadline=None)
@given(value=st.recursive(st.none() | st.booleans() | st.integers() | st.from_regex(r"[a-z ]{0,12}", fullmatch=True),
                          lambda inner: st.lists(inner) | st.dictionaries(st.from_regex(r"[a-m]{1,5}", fullmatch=True), inner)))  # fmt: skip
def test_what_holds_no_secret_stays_as_it_is(value: Any) -> None:
    assert Redactor(CATALOG).redact_value(value) == value


def test_marked_members_are_masked_and_the_rest_is_kept(redactor: Redactor) -> None:
    clean = redactor.redact_params(
        "secretsmanager:CreateSecret",
        {"Name": "app/db", "SecretString": PASSWORD, "Tags": [{"Key": "a", "Value": "b"}]},
    )
    assert clean == {"Name": "app/db", "SecretString": REDACTED, "Tags": [{"Key": "a", "Value": "b"}]}


def test_a_secret_seen_once_is_masked_wherever_it_turns_up_later(redactor: Redactor) -> None:
    redactor.redact_params(
        "rds:CreateDBCluster", {"DBClusterIdentifier": "c", "MasterUserPassword": PASSWORD}
    )
    assert redactor.redact_text(f"cannot log in with {PASSWORD}") == f"cannot log in with {REDACTED}"
    task = {"containerDefinitions": [{"command": ["run", f"--pw={PASSWORD}"]}]}
    assert PASSWORD not in json.dumps(redactor.redact_params("ecs:RegisterTaskDefinition", task))


def test_a_secret_in_an_earlier_member_than_the_marked_one_is_masked_too(redactor: Redactor) -> None:
    clean = redactor.redact_params(
        "secretsmanager:CreateSecret", {"Description": f"holds {PASSWORD}", "SecretString": PASSWORD}
    )
    assert clean["Description"] == f"holds {REDACTED}"


def test_the_parts_of_a_secret_document_are_secrets_except_for_the_harmless(redactor: Redactor) -> None:
    document = json.dumps(
        {"username": "mistersmith_admin", "password": PASSWORD, "host": "db.internal.example", "n": 1}
    )
    redactor.redact_response("secretsmanager:GetSecretValue", {"Name": "x", "SecretString": document})
    assert redactor.redact_text(f"{PASSWORD}@db.internal.example") == f"{REDACTED}@db.internal.example"
    assert redactor.redact_text("user mistersmith_admin") == "user mistersmith_admin"


@pytest.mark.parametrize(
    ("api", "response", "hidden"),
    [
        # the members that the models leave unmarked
        ("sts:AssumeRole", {"Credentials": {"AccessKeyId": "AKIA1", "SecretAccessKey": "k" * 40, "SessionToken": "t" * 40}}, ["k" * 40, "t" * 40]),
        ("ecr:GetAuthorizationToken", {"authorizationData": [{"authorizationToken": "QVdTOmFiYw==", "proxyEndpoint": "https://e"}]}, ["QVdTOmFiYw=="]),
        ("secretsmanager:GetRandomPassword", {"RandomPassword": PASSWORD}, [PASSWORD]),
        ("kms:GenerateDataKey", {"Plaintext": b"0123456789abcdef", "KeyId": "k"}, ["0123456789abcdef"]),
        ("ssm:GetParameters", {"Parameters": [{"Name": "/a", "Type": "SecureString", "Value": PASSWORD}]}, [PASSWORD]),
    ],
)  # fmt: skip
def test_secrets_in_answers(
    redactor: Redactor, api: str, response: dict[str, Any], hidden: list[str]
) -> None:
    written = json.dumps(jsonable(redactor.redact_response(api, response)))
    assert not any(secret in written for secret in hidden)


def test_public_parameters_are_masked_in_place_but_not_everywhere(redactor: Redactor) -> None:
    params = {"Name": "/app/region", "Type": "String", "Value": "us-east-1"}
    assert redactor.redact_params("ssm:PutParameter", params)["Value"] == REDACTED
    assert (
        redactor.redact_text("arn:aws:sns:us-east-1:123456789012:t") == "arn:aws:sns:us-east-1:123456789012:t"
    )


def test_an_environment_is_masked_whole_and_only_its_secrets_are_learnt(redactor: Redactor) -> None:
    environment = [{"name": "DB_PASSWORD", "value": PASSWORD}, {"name": "CLUSTER", "value": "main-cluster"}]
    clean: Any = redactor.redact_params(
        "ecs:RegisterTaskDefinition",
        {"family": "main-cluster", "containerDefinitions": [{"name": "c", "environment": environment}]},
    )
    shown = clean["containerDefinitions"][0]["environment"]
    assert [pair["value"] for pair in shown] == [REDACTED, REDACTED]
    assert clean["family"] == "main-cluster"
    assert redactor.redact_text(f"main-cluster {PASSWORD}") == f"main-cluster {REDACTED}"


def test_a_named_pair_outside_a_marked_member_is_masked_by_its_name(redactor: Redactor) -> None:
    pairs = [
        {"ParameterKey": "DbPassword", "ParameterValue": PASSWORD},
        {"ParameterKey": "Size", "ParameterValue": "big"},
    ]
    clean: Any = redactor.redact_params("cloudformation:CreateStack", {"StackName": "s", "Parameters": pairs})
    assert [pair["ParameterValue"] for pair in clean["Parameters"]] == [REDACTED, "big"]


def test_a_key_id_that_the_model_marks_is_not_masked_everywhere(redactor: Redactor) -> None:
    key = "1234abcd-12ab-34cd-56ef-1234567890ab"
    redactor.redact_params("s3:PutObject", {"Bucket": "b", "Key": "k", "SSEKMSKeyId": key})
    assert redactor.redact_text(key) == key


@pytest.mark.parametrize(
    "name",
    [
        "NextToken",
        "ClientToken",
        "ClientRequestToken",
        "SecretId",
        "SecretArn",
        "SecretName",
        "KeyId",
        "PasswordLength",
    ],
)
def test_evidence_is_not_taken_for_a_secret(redactor: Redactor, name: str) -> None:
    assert redactor.redact_value({name: "something-long"}) == {name: "something-long"}


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://app:hunter22@db:5432/x",
        "password=hunter22 host=db",
        'body: {"apiKey": "hunter22", "a": 1}',
        '{\\"password\\": \\"hunter22\\"}',
        "aws_secret_access_key = hunter22",
        "Authorization: Bearer hunter22hunter22hunter22",
        "-----BEGIN RSA PRIVATE KEY-----\nhunter22\n-----END RSA PRIVATE KEY-----",
    ],
)
def test_secrets_that_a_text_calls_by_name(redactor: Redactor, text: str) -> None:
    assert "hunter22" not in redactor.redact_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:mistersmith/database/credentials-AbC",
        "https://sqs.us-east-1.amazonaws.com/123456789012/queue",
        '{"Action": ["secretsmanager:GetSecretValue"], "Resource": "*"}',
    ],
)
def test_addresses_and_policies_are_left_alone(redactor: Redactor, text: str) -> None:
    assert redactor.redact_text(text) == text


def test_http_headers_are_dropped_and_the_request_id_is_kept(redactor: Redactor) -> None:
    metadata = {"RequestId": "r-1", "HTTPStatusCode": 200, "HTTPHeaders": {"set-cookie": "x"}}
    clean = redactor.redact_response("ec2:DescribeVpcs", {"Vpcs": [], "ResponseMetadata": metadata})
    assert clean["ResponseMetadata"] == {"RequestId": "r-1", "HTTPStatusCode": 200}


def test_short_values_are_not_learnt(redactor: Redactor) -> None:
    redactor.learn("prod")
    assert redactor.redact_text("prod") == "prod"


def test_a_mask_for_a_digest_does_not_depend_on_what_was_met_before() -> None:
    params = {"Name": "app", "Description": PASSWORD, "SecretString": PASSWORD}
    fresh, experienced = Redactor(CATALOG), Redactor(CATALOG)
    experienced.learn(PASSWORD)
    api = "secretsmanager:CreateSecret"
    assert fresh.masked(api, params) == experienced.masked(api, params)
    assert fresh.masked(api, params)["SecretString"] == REDACTED


def test_a_canary_in_every_sensitive_member_of_every_call_of_some_services() -> None:
    """Walks the marks themselves: each marked member, however deep, gets a canary that must not come out."""
    from operations.aws.model.types import Direction

    checked = 0
    for service in ("secretsmanager", "ssm", "rds", "lambda", "iam", "dms", "cognito-idp", "kms"):
        model = CATALOG._library.service(service)
        assert model is not None
        for action in model.operation_names:
            api = f"{service}:{action}"
            for path in CATALOG.sensitive_paths(api, Direction.INPUT):
                value: Any = f"canary-{checked}"
                for step in reversed(path):
                    value = [value] if step == "*" else {step: value}
                shaped = _fitted(CATALOG.input_shape(api), value)
                written = json.dumps(jsonable(Redactor(CATALOG).redact_params(api, shaped)))
                assert f"canary-{checked}" not in written, f"{api} {path}"
                checked += 1
    assert checked > 150


def _fitted(shape: Any, value: Any) -> Any:
    """Turns the one-item lists that stand for `*` into the maps that the shape wants."""
    if shape.type_name == "map" and isinstance(value, list):
        return {"PASSWORD": _fitted(shape.value, value[0])}
    if shape.type_name == "list" and isinstance(value, list):
        return [_fitted(shape.member, value[0])]
    if shape.type_name == "structure" and isinstance(value, dict):
        return {key: _fitted(shape.members[key], item) for key, item in value.items()}
    return value


@pytest.mark.parametrize(
    "unit", ["a.b-", "password", '\\"', "x://", "://a:", 'password":"', "-----BEGIN PRIVATE KEY-----"]
)
def test_a_long_hostile_text_does_not_stall(redactor: Redactor, unit: str) -> None:
    import time

    started = time.process_time()
    redactor.redact_text(unit * 20_000)
    assert time.process_time() - started < 20  # one that reads it again from every character needs minutes
