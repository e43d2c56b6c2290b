"""The layer in front of the sandbox: tokens that hold, faults on demand, a log that knows what was sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, HTTPClientError, ReadTimeoutError
from sandbox_clients import Aws

from operations.drill.embedded import Sandbox
from operations.drill.faults.log import Entry
from operations.drill.faults.remote import RemoteFaults
from operations.drill.faults.script import FaultKind, Rule


@pytest.fixture
def faults(sandbox: Sandbox) -> Iterator[RemoteFaults]:
    """The layer without rules, before and after."""
    remote = RemoteFaults(sandbox.endpoint)
    remote.clear()
    yield remote
    remote.clear()


def _last(faults: RemoteFaults, api: str) -> Entry:
    return [entry for entry in faults.wire() if entry.api == api][-1]


def test_the_same_token_gives_the_first_answer_again(aws: Aws, network: dict[str, str]) -> None:
    ec2 = aws("ec2")
    made = [
        ec2.create_route_table(VpcId=network["vpc"], ClientToken="one")["RouteTable"]["RouteTableId"]
        for _ in (1, 2)
    ]
    assert made[0] == made[1]
    ec2.create_nat_gateway(SubnetId=network["first"], ConnectivityType="private", ClientToken="two")
    with pytest.raises(ClientError) as caught:
        ec2.create_nat_gateway(SubnetId=network["second"], ConnectivityType="private", ClientToken="two")
    assert caught.value.response["Error"]["Code"] == "IdempotentParameterMismatch"


def test_a_token_is_forgotten_after_eight_hours_of_the_sandbox(
    aws: Aws, network: dict[str, str], faults: RemoteFaults
) -> None:
    def make() -> Any:
        return aws("ec2").create_route_table(VpcId=network["vpc"], ClientToken="old")["RouteTable"][
            "RouteTableId"
        ]

    first = make()
    faults.advance(7 * 3600)
    assert make() == first
    faults.advance(2 * 3600)
    assert make() != first


@pytest.mark.parametrize(
    ("service", "call", "params", "other", "code"),
    [
        (
            "route53",
            "create_hosted_zone",
            {"Name": "a.test", "CallerReference": "z"},
            {},
            "HostedZoneAlreadyExists",
        ),
        (
            "secretsmanager",
            "create_secret",
            {"Name": "tokened", "SecretString": "x", "ClientRequestToken": "t" * 32},
            {"SecretString": "y"},
            "ResourceExistsException",
        ),
        (
            "backup",
            "create_backup_plan",
            {"BackupPlan": {"BackupPlanName": "p", "Rules": []}, "CreatorRequestId": "c"},
            {"BackupPlan": {"BackupPlanName": "q", "Rules": []}},
            "AlreadyExistsException",
        ),
    ],
)
def test_each_protocol_says_no_to_other_parameters_in_its_own_words(
    aws: Aws, service: str, call: str, params: dict[str, Any], other: dict[str, Any], code: str
) -> None:
    send = getattr(aws(service), call)
    send(**params)
    with pytest.raises(ClientError) as caught:
        send(**{**params, **other})
    assert caught.value.response["Error"]["Code"] == code


@pytest.mark.parametrize(
    ("rule", "error", "made"),
    [
        (Rule(FaultKind.REPLY_LOST), ConnectionClosedError, True),
        (Rule(FaultKind.REQUEST_LOST), ConnectionClosedError, False),
        (Rule(FaultKind.RESET_AFTER), HTTPClientError, True),
        (Rule(FaultKind.RESET_BEFORE), HTTPClientError, False),
        (Rule(FaultKind.ERROR_AFTER, status=500), ClientError, True),
        (Rule(FaultKind.ERROR_BEFORE, status=503), ClientError, False),
        (Rule(FaultKind.THROTTLED), ClientError, False),
        (Rule(FaultKind.EXPIRED), ClientError, False),
        (Rule(FaultKind.HANG_AFTER, seconds=0.01), ConnectionClosedError, True),
        (Rule(FaultKind.HANG_BEFORE, seconds=0.01), ConnectionClosedError, False),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Rule) else "",
)
def test_a_fault_is_met_before_or_after_the_effect(
    aws: Aws, faults: RemoteFaults, rule: Rule, error: type[Exception], made: bool
) -> None:
    name = f"/faults/{rule.kind.value}"
    faults.script(rule)
    with pytest.raises((error, ReadTimeoutError)):
        aws("ssm").put_parameter(Name=name, Value="1", Type="String")
    there = aws("ssm").get_parameters(Names=[name])["Parameters"]
    assert bool(there) is made
    assert _last(faults, "ssm:PutParameter").fault == rule.kind.value
    aws("ssm").put_parameter(Name=name, Value="2", Type="String", Overwrite=True)


def test_a_rule_counts_each_request_by_itself(aws: Aws, faults: RemoteFaults) -> None:
    faults.script(Rule(FaultKind.THROTTLED, api="ssm:*", each=True))
    ssm = aws("ssm")
    for name in ("/each/a", "/each/b"):
        with pytest.raises(ClientError):
            ssm.put_parameter(Name=name, Value="1", Type="String")
        ssm.put_parameter(Name=name, Value="1", Type="String")
    assert faults.seen()[0]["seen"] == 4


def test_reads_lag_behind_a_change_and_then_show_it(aws: Aws, faults: RemoteFaults, eventually: Any) -> None:
    faults.script(Rule(FaultKind.LAG, api="sqs:CreateQueue", seconds=7.5))  # 1.5 s at this sandbox's speed
    sqs = aws("sqs")
    sqs.create_queue(QueueName="late")

    def names() -> list[str]:
        return [url for url in sqs.list_queues().get("QueueUrls", []) if url.endswith("/late")]

    assert names() == []
    assert aws("ssm").get_parameters(Names=["/nothing"])["Parameters"] == []
    assert eventually(names)


def test_a_batch_fails_in_part(aws: Aws, faults: RemoteFaults) -> None:
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName="batch")["QueueUrl"]
    faults.script(Rule(FaultKind.PARTIAL))
    entries = [{"Id": str(n), "MessageBody": str(n)} for n in (1, 2)]
    answer = sqs.send_message_batch(QueueUrl=url, Entries=entries)
    assert [each["Id"] for each in answer["Successful"]] == ["1"]
    assert [each["Id"] for each in answer["Failed"]] == ["2"]
    faults.script(Rule(FaultKind.PARTIAL))
    events = aws("events").put_events(Entries=[{"Source": "a", "DetailType": "b", "Detail": "{}"}] * 2)
    assert events["FailedEntryCount"] == 1
    assert [("ErrorCode" in each) for each in events["Entries"]] == [False, True]


@pytest.mark.parametrize(
    ("service", "call", "params", "api"),
    [
        ("route53", "list_hosted_zones", {}, "route53:ListHostedZones"),
        ("s3", "list_buckets", {}, "s3:ListBuckets"),
        ("lambda", "list_functions", {}, "lambda:ListFunctions"),
        ("cloudwatch", "describe_alarms", {}, "cloudwatch:DescribeAlarms"),
        ("elbv2", "describe_load_balancers", {}, "elbv2:DescribeLoadBalancers"),
        ("backup", "list_backup_plans", {}, "backup:ListBackupPlans"),
        ("synthetics", "describe_canaries", {}, "synthetics:DescribeCanaries"),
        ("dynamodb", "list_tables", {}, "dynamodb:ListTables"),
    ],
)
def test_the_log_knows_calls_of_every_protocol(
    aws: Aws, faults: RemoteFaults, service: str, call: str, params: dict[str, Any], api: str
) -> None:
    getattr(aws(service), call)(**params)
    entry = faults.wire()[-1]
    assert entry.api == api
    assert not entry.mutates
    assert "Botocore" in entry.user_agent


def test_a_rule_that_is_none_is_refused(faults: RemoteFaults) -> None:
    with pytest.raises(HTTPError) as caught:
        faults._send("POST", "faults", {"rules": [{"kind": "meteor"}]})
    assert b"no kind of fault" in caught.value.read()
