"""The inventory sees what was made, changed and left behind, and nothing else."""

from typing import Any

import pytest
from sandbox_clients import clients_of

from operations.drill.embedded import Sandbox
from operations.drill.inventory import Change, Difference, describe, difference, inventory


@pytest.fixture(scope="module")
def own() -> Any:
    """A sandbox of its own, so that no other test changes what is compared."""
    with Sandbox.start(None) as sandbox:
        yield sandbox


def test_two_inventories_of_an_untouched_account_are_the_same(own: Sandbox) -> None:
    first = inventory(own.endpoint)
    assert "dynamodb/table/payments-settlements" in first
    assert "s3/bucket/payments-ledger-123456789012" in first
    assert "backup/vault/Default" in first
    assert difference(first, inventory(own.endpoint)) == []


def test_what_was_added_changed_and_removed_is_told(own: Sandbox) -> None:
    aws = clients_of(own.endpoint)
    before = inventory(own.endpoint)
    aws("sqs").create_queue(QueueName="left-behind")
    aws("ssm").put_parameter(Name="/payments/production/ledger/endpoint", Value="elsewhere", Overwrite=True)
    aws("logs").delete_log_group(logGroupName="/payments/ledger")
    key = aws("kms").create_key()["KeyMetadata"]["KeyId"]
    aws("kms").schedule_key_deletion(KeyId=key, PendingWindowInDays=30)
    found = {item.resource: item for item in difference(before, inventory(own.endpoint))}
    assert {name: item.change for name, item in found.items()} == {
        "sqs/queue/left-behind": Change.ADDED,
        "ssm/parameter//payments/production/ledger/endpoint": Change.CHANGED,
        "logs/group//payments/ledger": Change.REMOVED,
        f"kms/key/{key}": Change.ADDED,
    }
    assert found[f"kms/key/{key}"].after.startswith("PendingDeletion")


def test_an_operation_undone_leaves_no_difference(own: Sandbox) -> None:
    aws = clients_of(own.endpoint)
    before = inventory(own.endpoint)
    table = {
        "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
    }
    aws("dynamodb").create_table(TableName="t", BillingMode="PAY_PER_REQUEST", **table)
    topic = aws("sns").create_topic(Name="t")["TopicArn"]
    vpc = aws("ec2").create_vpc(CidrBlock="10.3.0.0/16")["Vpc"]["VpcId"]
    during = difference(before, inventory(own.endpoint))
    assert {item.change for item in during} == {Change.ADDED}
    assert f"ec2/vpc/{vpc}" in {item.resource for item in during}
    aws("ec2").delete_vpc(VpcId=vpc)
    aws("sns").delete_topic(TopicArn=topic)
    aws("dynamodb").delete_table(TableName="t")
    assert difference(before, inventory(own.endpoint)) == []


def test_a_description_leaves_out_what_changes_by_itself() -> None:
    row = {"Name": "a", "CreationTime": 1, "Nested": [{"lastModifiedDate": 2, "Size": 3}]}
    assert describe(row, "ok") == describe({"Name": "a", "CreationTime": 9, "Nested": [{"Size": 3}]}, "ok")
    assert describe(row) != describe({**row, "Name": "b"})


def test_differences_are_told_by_resource() -> None:
    got = difference({"a": "1", "b": "2"}, {"b": "3", "c": "4"})
    assert got == [
        Difference("a", Change.REMOVED, before="1"),
        Difference("b", Change.CHANGED, "2", "3"),
        Difference("c", Change.ADDED, after="4"),
    ]
