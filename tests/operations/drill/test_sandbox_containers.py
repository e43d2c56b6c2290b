"""ECS in the sandbox: services roll out, register targets and let go of them; tasks run to their end and leave their mark."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from sandbox_clients import Aws


@pytest.fixture(scope="module")
def estate(aws: Aws, network: dict[str, str]) -> Any:
    """A cluster, a definition and a target group."""
    aws("ecs").create_cluster(clusterName="tests")
    role = "arn:aws:iam::123456789012:role/any"
    definition = aws("ecs").register_task_definition(
        family="worker",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        executionRoleArn=role,
        containerDefinitions=[
            {"name": "app", "image": "repository/app:1", "portMappings": [{"containerPort": 3000}]}
        ],
    )["taskDefinition"]["taskDefinitionArn"]
    group = aws("elbv2").create_target_group(
        Name="tests", Protocol="HTTP", Port=3000, VpcId=network["vpc"], TargetType="ip"
    )
    net = {"awsvpcConfiguration": {"subnets": [network["first"]], "securityGroups": [network["group"]]}}
    return {"definition": definition, "group": group["TargetGroups"][0]["TargetGroupArn"], "network": net}


def _service(aws: Aws, name: str) -> Any:
    return aws("ecs").describe_services(cluster="tests", services=[name])["services"][0]


def _healthy(aws: Aws, estate: dict[str, Any]) -> Any:
    health = aws("elbv2").describe_target_health(TargetGroupArn=estate["group"])["TargetHealthDescriptions"]
    return [item for item in health if item["TargetHealth"]["State"] == "healthy"]


def _stable(aws: Aws, name: str) -> None:
    waiter = aws("ecs").get_waiter("services_stable")
    waiter.wait(cluster="tests", services=[name], WaiterConfig={"Delay": 0.05, "MaxAttempts": 100})


def test_a_service_lives_from_creation_to_deletion(aws: Aws, estate: dict[str, Any]) -> None:
    ecs = aws("ecs")
    balancers = [{"targetGroupArn": estate["group"], "containerName": "app", "containerPort": 3000}]
    asked = {
        "cluster": "tests",
        "serviceName": "api",
        "taskDefinition": estate["definition"],
        "desiredCount": 2,
        "launchType": "FARGATE",
        "networkConfiguration": estate["network"],
        "loadBalancers": balancers,
        "healthCheckGracePeriodSeconds": 60,
    }
    created = ecs.create_service(**asked)["service"]
    assert (created["runningCount"], created["deployments"][0]["rolloutState"]) == (0, "IN_PROGRESS")
    with pytest.raises(ClientError, match="not idempotent"):
        ecs.create_service(**asked)
    _stable(aws, "api")
    service = _service(aws, "api")
    assert (service["runningCount"], service["deployments"][0]["rolloutState"]) == (2, "COMPLETED")
    assert service["healthCheckGracePeriodSeconds"] == 60
    assert "steady state" in service["events"][0]["message"]
    assert len(_healthy(aws, estate)) == 2
    before = set(ecs.list_tasks(cluster="tests", serviceName="api")["taskArns"])
    assert len(before) == 2

    rolling = ecs.update_service(cluster="tests", service="api", forceNewDeployment=True)["service"]
    assert [item["status"] for item in rolling["deployments"]] == ["PRIMARY", "ACTIVE"]
    _stable(aws, "api")
    after = set(ecs.list_tasks(cluster="tests", serviceName="api")["taskArns"])
    assert len(after) == 2
    assert not before & after
    assert len(_healthy(aws, estate)) == 2

    with pytest.raises(ClientError, match="ClusterContainsServices"):
        ecs.delete_cluster(cluster="tests")
    ecs.update_service(cluster="tests", service="api", desiredCount=0)
    _stable(aws, "api")
    assert _healthy(aws, estate) == []
    ecs.delete_service(cluster="tests", service="api", force=True)
    ecs.get_waiter("services_inactive").wait(cluster="tests", services=["api"])


def test_stopped_tasks_give_their_interfaces_back(
    aws: Aws, estate: dict[str, Any], eventually: Callable[..., Any]
) -> None:
    started = _run(aws, estate, ["nothing", "known"])
    task, details = started["taskArn"], started["attachments"][0]["details"]
    own = next(detail["value"] for detail in details if detail["name"] == "networkInterfaceId")
    wanted = [{"Name": "network-interface-id", "Values": [own]}]

    def interfaces() -> Any:
        return aws("ec2").describe_network_interfaces(Filters=wanted)["NetworkInterfaces"]

    assert interfaces()
    assert eventually(lambda: _task(aws, task)["lastStatus"] == "STOPPED")
    assert _task(aws, task)["containers"][0]["exitCode"] == 0
    assert interfaces() == []


def _run(aws: Aws, estate: dict[str, Any], command: list[str]) -> Any:
    overrides = {"containerOverrides": [{"name": "app", "command": command}]}
    started = aws("ecs").run_task(
        cluster="tests",
        taskDefinition=estate["definition"],
        launchType="FARGATE",
        networkConfiguration=estate["network"],
        overrides=overrides,
    )
    return started["tasks"][0]


def _task(aws: Aws, arn: Any) -> Any:
    return aws("ecs").describe_tasks(cluster="tests", tasks=[arn])["tasks"][0]


def _end(aws: Aws, estate: dict[str, Any], command: list[str]) -> Any:
    task = _run(aws, estate, command)["taskArn"]
    waiter = aws("ecs").get_waiter("tasks_stopped")
    waiter.wait(cluster="tests", tasks=[task], WaiterConfig={"Delay": 0.05, "MaxAttempts": 100})
    return _task(aws, task)


def test_an_import_task_writes_rows_with_its_tag(aws: Aws, estate: dict[str, Any], cluster_arn: str) -> None:
    def sql(text: str) -> Any:
        answer = aws("rds-data").execute_statement(resourceArn=cluster_arn, secretArn="x" * 20, sql=text)
        return answer.get("records")

    aws("s3").create_bucket(Bucket="chores")
    aws("s3").put_object(
        Bucket="chores",
        Key="state.json",
        Body=json.dumps([{"group": "a", "state": {}}, {"group": "b", "state": {}}]),
    )
    command = ["import-state", "--from", "s3://chores/state.json", "--tag", "run-1"]
    failed = _end(aws, estate, command)
    assert failed["containers"][0]["exitCode"] == 1
    assert "core.coordination_state" in failed["stoppedReason"]
    sql("CREATE SCHEMA core")
    sql(
        "CREATE TABLE core.coordination_state (run_tag varchar(64), state jsonb NOT NULL, group_id varchar(255) NOT NULL)"
    )
    assert _end(aws, estate, command)["containers"][0]["exitCode"] == 0
    assert sql("SELECT count(*) FROM core.coordination_state WHERE run_tag = 'run-1'") == [[{"longValue": 2}]]
    missing = _end(aws, estate, ["import-state", "--from", "s3://chores/none.json", "--tag", "run-1"])
    assert missing["containers"][0]["exitCode"] == 1


def test_streams_are_imported_and_purged_by_tag(aws: Aws, estate: dict[str, Any]) -> None:
    keys = [("StreamName", "S", "HASH"), ("SequenceNumber", "N", "RANGE")]
    aws("dynamodb").create_table(
        TableName="Streams",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind, _ in keys],
        KeySchema=[{"AttributeName": name, "KeyType": use} for name, _, use in keys],
        BillingMode="PAY_PER_REQUEST",
    )
    aws("s3").create_bucket(Bucket="streams")
    aws("s3").put_object(Bucket="streams", Key="s.tar.gz", Body=b"x")
    imported = ["import-streams", "--from", "s3://streams/s.tar.gz", "--table", "Streams", "--tag", "run-1"]
    assert _end(aws, estate, imported)["containers"][0]["exitCode"] == 0

    def count() -> Any:
        return aws("dynamodb").scan(TableName="Streams", Select="COUNT")["Count"]

    assert count() == 36
    _end(aws, estate, ["purge-streams", "--table", "Streams", "--tag", "another"])
    assert count() == 36
    _end(aws, estate, ["purge-streams", "--table", "Streams", "--tag", "run-1"])
    assert count() == 0
    assert (
        _end(aws, estate, ["purge-streams", "--table", "None", "--tag", "run-1"])["containers"][0]["exitCode"]
        == 1
    )
