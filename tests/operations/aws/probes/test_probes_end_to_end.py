"""Each probe against a moto server: not there before the create; after it, the same ids as the create answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jmespath
import pytest

from operations.aws.probes.probe import Finding, Probe, ProbeVerdict
from operations.aws.probes.table import ProbeTable

Request = Callable[[Any], dict[str, Any]]

CREATES: dict[str, tuple[Request, str]] = {
    "ec2:CreateVpc": (
        lambda w: {"CidrBlock": "10.1.0.0/16", "TagSpecifications": w.named("vpc", "probe-vpc")},
        "Vpc.VpcId",
    ),
    "ec2:CreateSubnet": (lambda w: {"VpcId": w.vpc, "CidrBlock": "10.9.1.0/24"}, "Subnet.SubnetId"),
    "ec2:CreateInternetGateway": (
        lambda w: {"TagSpecifications": w.named("internet-gateway", "probe-igw")},
        "InternetGateway.InternetGatewayId",
    ),
    "ec2:AttachInternetGateway": (lambda w: {"InternetGatewayId": w.gateway, "VpcId": w.vpc}, "'attached'"),
    "ec2:AllocateAddress": (
        lambda w: {"Domain": "vpc", "TagSpecifications": w.named("elastic-ip", "probe-eip")},
        "[AllocationId, PublicIp]",
    ),
    "ec2:CreateNatGateway": (
        lambda w: {
            "SubnetId": w.subnet(2),
            "ConnectivityType": "private",
            "TagSpecifications": w.named("natgateway", "probe-nat"),
        },
        "NatGateway.NatGatewayId",
    ),
    "ec2:CreateRouteTable": (
        lambda w: {"VpcId": w.vpc, "TagSpecifications": w.named("route-table", "probe-rt")},
        "RouteTable.RouteTableId",
    ),
    "ec2:CreateRoute": (
        lambda w: {
            "RouteTableId": w.route_table,
            "DestinationCidrBlock": "0.0.0.0/0",
            "GatewayId": w.attached_gateway,
        },
        "Return",
    ),
    "ec2:AssociateRouteTable": (
        lambda w: {"RouteTableId": w.route_table, "SubnetId": w.subnet(3)},
        "AssociationId",
    ),
    "ec2:CreateSecurityGroup": (
        lambda w: {"GroupName": "probe-sg", "Description": "probe", "VpcId": w.vpc},
        "GroupId",
    ),
    "ec2:CreateVpcEndpoint": (
        lambda w: {
            "VpcEndpointType": "Gateway",
            "VpcId": w.vpc,
            "ServiceName": "com.amazonaws.us-east-1.s3",
            "RouteTableIds": [w.route_table],
        },
        "VpcEndpoint.VpcEndpointId",
    ),
    "ec2:CreateFlowLogs": (
        lambda w: {
            "ResourceIds": [w.vpc],
            "ResourceType": "VPC",
            "TrafficType": "ALL",
            "LogDestinationType": "cloud-watch-logs",
            "LogGroupName": "/probe/flow",
            "DeliverLogsPermissionArn": w.role,
        },
        "FlowLogIds",
    ),
    "iam:CreateRole": (
        lambda w: {"RoleName": "probe-role", "AssumeRolePolicyDocument": w.trust},
        "Role.[Arn, RoleId]",
    ),
    "iam:CreatePolicy": (
        lambda w: {
            "PolicyName": "probe-policy",
            "PolicyDocument": w.allow,
        },
        "Policy.Arn",
    ),
    "elbv2:CreateLoadBalancer": (
        lambda w: {"Name": "probe-lb", "Subnets": w.subnets},
        "LoadBalancers[0].[LoadBalancerArn, DNSName, CanonicalHostedZoneId]",
    ),
    "elbv2:CreateTargetGroup": (
        lambda w: {"Name": "probe-tg", "Protocol": "HTTP", "Port": 8080, "VpcId": w.vpc},
        "TargetGroups[0].TargetGroupArn",
    ),
    "elbv2:CreateListener": (
        lambda w: {
            "LoadBalancerArn": w.balancer,
            "Port": 80,
            "Protocol": "HTTP",
            "DefaultActions": [{"Type": "forward", "TargetGroupArn": w.target_group}],
        },
        "Listeners[0].ListenerArn",
    ),
    "ecs:CreateCluster": (lambda w: {"clusterName": "probe-cluster"}, "cluster.clusterArn"),
    "ecs:CreateService": (
        lambda w: {
            "cluster": w.cluster,
            "serviceName": "probe-service",
            "taskDefinition": w.task_definition,
            "desiredCount": 1,
        },
        "service.serviceArn",
    ),
    "ecs:RegisterTaskDefinition": (lambda w: w.task("probe-family"), "taskDefinition.taskDefinitionArn"),
    "ecr:CreateRepository": (
        lambda w: {"repositoryName": "probe/repo"},
        "repository.[repositoryArn, repositoryUri]",
    ),
    "dynamodb:CreateTable": (lambda w: w.table("probe-table"), "TableDescription.TableArn"),
    "dynamodb:CreateBackup": (
        lambda w: {"TableName": w.base_table, "BackupName": "probe-backup"},
        "BackupDetails.BackupArn",
    ),
    "sqs:CreateQueue": (lambda w: {"QueueName": "probe-queue"}, "QueueUrl"),
    "s3:CreateBucket": (lambda w: {"Bucket": "probe-bucket"}, "Location"),
    "logs:CreateLogGroup": (lambda w: {"logGroupName": "/probe/group"}, "'made'"),
    "events:CreateEventBus": (lambda w: {"Name": "probe-bus"}, "EventBusArn"),
    "kms:CreateAlias": (lambda w: {"AliasName": "alias/probe", "TargetKeyId": w.key}, "'made'"),
    "kms:ScheduleKeyDeletion": (lambda w: {"KeyId": w.key, "PendingWindowInDays": 30}, "'done'"),
    "lambda:CreateFunction": (
        lambda w: w.function("probe-function", w.role),
        "[FunctionArn, FunctionName]",
    ),
    "lambda:AddPermission": (
        lambda w: {
            "FunctionName": w.base_function,
            "StatementId": "probe",
            "Action": "lambda:InvokeFunction",
            "Principal": "sns.amazonaws.com",
        },
        "'made'",
    ),
    "rds:CreateDBSubnetGroup": (
        lambda w: {
            "DBSubnetGroupName": "probe-subnets",
            "DBSubnetGroupDescription": "probe",
            "SubnetIds": w.subnets,
        },
        "DBSubnetGroup.DBSubnetGroupName",
    ),
    "rds:CreateDBCluster": (lambda w: w.db_cluster("probe-db"), "DBCluster.[DBClusterArn, Endpoint]"),
    "rds:CreateDBInstance": (
        lambda w: {
            "DBInstanceIdentifier": "probe-instance",
            "DBClusterIdentifier": w.base_db,
            "DBInstanceClass": "db.serverless",
            "Engine": "aurora-postgresql",
        },
        "DBInstance.DBInstanceArn",
    ),
    "rds:CreateDBClusterSnapshot": (
        lambda w: {"DBClusterSnapshotIdentifier": "probe-snapshot", "DBClusterIdentifier": w.base_db},
        "DBClusterSnapshot.DBClusterSnapshotArn",
    ),
    "rds:CreateDBProxy": (
        lambda w: {
            "DBProxyName": "probe-proxy",
            "EngineFamily": "POSTGRESQL",
            "RoleArn": w.role,
            "VpcSubnetIds": w.subnets,
            "Auth": [
                {
                    "AuthScheme": "SECRETS",
                    "SecretArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:x",
                }
            ],
        },
        "DBProxy.DBProxyArn",
    ),
    "route53:CreateHostedZone": (
        lambda w: {"Name": "probe.example.", "CallerReference": "probe-1"},
        "HostedZone.Id",
    ),
    "secretsmanager:CreateSecret": (
        lambda w: {
            "Name": "probe/secret",
            "SecretString": "hush-hush",
            "ClientRequestToken": "7d7e9a39-0000-4000-8000-000000000001",
        },
        "[ARN, VersionId]",
    ),
    "servicediscovery:CreateService": (
        lambda w: {
            "Name": "probe",
            "NamespaceId": w.namespace,
            "DnsConfig": {"DnsRecords": [{"Type": "A", "TTL": 10}]},
        },
        "Service.[Id, Arn]",
    ),
    "ssm:PutParameter": (lambda w: {"Name": "/probe/p", "Value": "v", "Type": "String"}, "Version"),
    "backup:CreateBackupPlan": (lambda w: w.backup_plan("probe-plan"), "[BackupPlanId, BackupPlanArn]"),
    "dms:CreateReplicationSubnetGroup": (
        lambda w: {
            "ReplicationSubnetGroupIdentifier": "probe-dms",
            "ReplicationSubnetGroupDescription": "probe",
            "SubnetIds": w.subnets,
        },
        "ReplicationSubnetGroup.ReplicationSubnetGroupIdentifier",
    ),
    "dms:CreateEndpoint": (
        lambda w: {
            "EndpointIdentifier": "probe-source",
            "EndpointType": "source",
            "EngineName": "postgres",
            "ServerName": "db.example",
            "Port": 5432,
        },
        "Endpoint.EndpointArn",
    ),
    "dms:CreateReplicationInstance": (
        lambda w: {
            "ReplicationInstanceIdentifier": "probe-replicator",
            "ReplicationInstanceClass": "dms.t3.medium",
        },
        "ReplicationInstance.ReplicationInstanceArn",
    ),
    "synthetics:CreateCanary": (
        lambda w: {
            "Name": "probe-canary",
            "Code": {"Handler": "index.handler", "S3Bucket": "b", "S3Key": "k"},
            "ArtifactS3Location": "s3://b/c",
            "ExecutionRoleArn": w.role,
            "Schedule": {"Expression": "rate(1 minute)"},
            "RuntimeVersion": "syn-nodejs-puppeteer-9.1",
        },
        "Canary.Id",
    ),
}

DELETES: dict[str, tuple[Request, Request]] = {
    "dynamodb:DeleteTable": (
        lambda w: w.call("dynamodb:CreateTable", **w.table("doomed")),
        lambda w: {"TableName": "doomed"},
    ),
    "ecs:DeleteService": (
        lambda w: w.call(
            "ecs:CreateService",
            cluster=w.cluster,
            serviceName="doomed",
            taskDefinition=w.task_definition,
            desiredCount=0,
        ),
        lambda w: {"cluster": w.cluster, "service": "doomed"},
    ),
    "rds:DeleteDBCluster": (
        lambda w: w.call("rds:CreateDBCluster", **w.db_cluster("doomed")),
        lambda w: {"DBClusterIdentifier": "doomed", "SkipFinalSnapshot": True},
    ),
    "secretsmanager:DeleteSecret": (
        lambda w: w.call("secretsmanager:CreateSecret", Name="doomed", SecretString="hush-hush"),
        lambda w: {"SecretId": "doomed", "RecoveryWindowInDays": 7},
    ),
}


def look(world: Any, probe: Probe, request: dict[str, Any]) -> Finding:
    from botocore.exceptions import ClientError

    api, params = probe.read_call(request)
    try:
        return probe.finding(request, world.call(api, **params))
    except ClientError as error:
        return probe.finding(request, error=error.response["Error"]["Code"])


@pytest.mark.parametrize("api", CREATES)
def test_a_create_is_found_after_it_was_applied_and_not_before(world: Any, api: str) -> None:
    make_request, ids = CREATES[api]
    request = make_request(world)
    probe = ProbeTable().probe_for(api, request)
    assert probe is not None
    before = look(world, probe, request)
    assert before.verdict is ProbeVerdict.NOT_APPLIED, before.reason

    answered = world.call(api, **request)

    after = look(world, probe, request)
    assert after.verdict is ProbeVerdict.APPLIED, after.reason
    expected = jmespath.search(ids, answered)
    assert expected is not None
    assert jmespath.search(ids, after.response) == expected


@pytest.mark.parametrize("api", DELETES)
def test_a_deletion_is_found_after_it_was_applied_and_not_before(world: Any, api: str) -> None:
    prepare, make_request = DELETES[api]
    prepare(world)
    request = make_request(world)
    probe = ProbeTable().probe_for(api, request)
    assert probe is not None
    assert look(world, probe, request).verdict is ProbeVerdict.NOT_APPLIED
    world.call(api, **request)
    assert look(world, probe, request).verdict is ProbeVerdict.APPLIED


def test_two_things_that_fit_leave_the_question_open(world: Any) -> None:
    request = {"CidrBlock": "10.2.0.0/16", "TagSpecifications": world.named("vpc", "twin")}
    probe = ProbeTable().probe_for("ec2:CreateVpc", request)
    assert probe is not None
    world.call("ec2:CreateVpc", **request)
    world.call("ec2:CreateVpc", **request)
    assert look(world, probe, request).verdict is ProbeVerdict.UNSURE


def test_a_revision_that_says_something_else_is_not_ours(world: Any) -> None:
    world.call("ecs:RegisterTaskDefinition", **world.task("two-images", "app:1"))
    request = world.task("two-images", "app:2")
    probe = ProbeTable().probe_for("ecs:RegisterTaskDefinition", request)
    assert probe is not None
    assert look(world, probe, request).verdict is ProbeVerdict.NOT_APPLIED


def test_a_new_version_of_a_secret_is_known_by_its_token(world: Any) -> None:
    world.call("secretsmanager:CreateSecret", Name="versioned", SecretString="first-value")
    request = {
        "SecretId": "versioned",
        "SecretString": "second-value",
        "ClientRequestToken": "7d7e9a39-0000-4000-8000-000000000002",
    }
    probe = ProbeTable().probe_for("secretsmanager:PutSecretValue", request)
    assert probe is not None
    assert look(world, probe, request).verdict is ProbeVerdict.NOT_APPLIED
    answered = world.call("secretsmanager:PutSecretValue", **request)
    found = look(world, probe, request)
    assert found.response is not None
    assert found.response["VersionId"] == answered["VersionId"]
