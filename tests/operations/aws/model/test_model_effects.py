"""What a call does: whether it reads, may be repeated, and which errors tell that it had been done."""

from __future__ import annotations

from typing import Any

import pytest

from operations.aws.model import sql
from operations.aws.model.catalog import ApiCatalog
from operations.aws.model.types import Effect
from operations.aws.model.unknown import UNKNOWN, PartlyKnown

CATALOG = ApiCatalog()


@pytest.mark.parametrize(
    "api",
    [
        "ec2:DescribeVpcs", "s3:HeadBucket", "s3:ListObjectsV2", "events:TestEventPattern", "route53:TestDNSAnswer",
        "secretsmanager:GetRandomPassword", "ecr:GetAuthorizationToken", "ecr:BatchGetImage", "dynamodb:Scan",
        "dynamodb:Query", "cloudtrail:LookupEvents", "logs:FilterLogEvents", "iam:SimulatePrincipalPolicy",
        "sts:GetCallerIdentity", "servicediscovery:DiscoverInstances",
    ],
)  # fmt: skip
def test_reads(api: str) -> None:
    assert CATALOG.knows(api)
    assert CATALOG.effect(api, {}) is Effect.READ
    assert CATALOG.repeatable(api, {})


@pytest.mark.parametrize(
    "api",
    [
        "sqs:ReceiveMessage", "dms:TestConnection", "ec2:CreateVpc", "ecs:RunTask", "lambda:Invoke", "kms:Decrypt",
        "sts:AssumeRole", "sts:GetSessionToken", "cognito-identity:GetId", "stepfunctions:TestState",
        "stepfunctions:GetActivityTask", "dynamodb:BatchWriteItem", "ec2:NoSuchThing", "rds-data:BatchExecuteStatement",
    ],
)  # fmt: skip
def test_changes(api: str) -> None:
    assert CATALOG.effect(api, {}) is Effect.MUTATE


@pytest.mark.parametrize(
    "text",
    [
        "SELECT count(*) FROM core.agents",
        "select 1;",
        "  -- a comment; with a semicolon\n SELECT 1",
        "/* outer /* inner */ ; */ SELECT 'DELETE FROM t; DROP' AS x",
        "SHOW server_version",
        "EXPLAIN ANALYZE SELECT * FROM t",
        "WITH a AS (SELECT 1) SELECT * FROM a WHERE x IN (1, 2) AND NOT EXISTS (SELECT 1)",
        "SELECT $$DELETE; x$$, $tag$ UPDATE $tag$, E'it\\'s; DROP'",
        'SELECT "update" FROM "delete" WHERE "a;b" = 1',
        "SELECT replace(name, 'a', 'b') FROM t",
        "SELECT count(*) FROM core.state WHERE run_tag = :tag",
        "SELECT updated_at, deleted FROM t",
    ],
)
def test_sql_that_only_reads(text: str) -> None:
    assert sql.reads_only(text)
    assert CATALOG.effect("rds-data:ExecuteStatement", {"sql": text}) is Effect.READ


@pytest.mark.parametrize(
    "text",
    [
        "",
        ";",
        "DELETE FROM t",
        "SELECT 1; DROP TABLE t",
        "SELECT 1 /* x */ ; DELETE FROM t",
        "WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d",
        "WITH d AS (INSERT INTO t VALUES (1) RETURNING id) SELECT id FROM d",
        "SELECT * INTO new_table FROM t",
        "SELECT * FROM t FOR UPDATE",
        "SELECT * FROM t FOR NO KEY UPDATE",
        "SELECT * FROM t FOR SHARE",
        "SELECT nextval('s')",
        "SELECT setval('s', 1)",
        "SELECT pg_terminate_backend(1)",
        "SELECT \"nextval\"('s')",
        "SELECT core.touch()",
        "SELECT aws_s3.query_export_to_s3('q', 'b')",
        "EXPLAIN ANALYZE DELETE FROM t",
        "SELECT 'unterminated",
        "SELECT 1 /* unterminated",
        "SELECT $$ unterminated",
        "SET ROLE admin",
        "CALL p()",
    ],
)
def test_sql_that_changes_or_cannot_be_read(text: str) -> None:
    assert not sql.reads_only(text)
    assert CATALOG.effect("rds-data:ExecuteStatement", {"sql": text}) is Effect.MUTATE


def test_sql_that_is_not_known_yet_counts_as_a_change() -> None:
    assert CATALOG.effect("rds-data:ExecuteStatement", {"sql": UNKNOWN}) is Effect.MUTATE
    part = PartlyKnown("SELECT count(*) FROM t WHERE run = '${run_id}'")
    assert CATALOG.effect("rds-data:ExecuteStatement", {"sql": part}) is Effect.READ


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CREATE TABLE IF NOT EXISTS core.agents (id int)", True),
        ("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)", True),
        ("CREATE OR REPLACE FUNCTION core.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'", True),
        ("DROP SCHEMA IF EXISTS core CASCADE", True),
        ("ALTER TABLE core.agents ADD COLUMN IF NOT EXISTS run_tag varchar(64)", True),
        ("SELECT 1", True),
        ("CREATE TABLE t (id int)", False),
        ("INSERT INTO t VALUES (1)", False),
        ("UPDATE t SET n = n + 1", False),
        ("DELETE FROM t WHERE old", False),
        ("TRUNCATE t", False),
        ("DROP TABLE IF EXISTS a; INSERT INTO b VALUES (1)", False),
    ],
)  # fmt: skip
def test_sql_that_may_be_repeated(text: str, expected: bool) -> None:
    assert CATALOG.repeatable("rds-data:ExecuteStatement", {"sql": text}) is expected


@pytest.mark.parametrize(
    ("api", "params", "expected"),
    [
        ("iam:AttachRolePolicy", {}, True),
        ("ec2:DeleteVpc", {}, True),
        ("elbv2:ModifyLoadBalancerAttributes", {}, True),
        ("sns:CreateTopic", {}, True),
        ("ec2:CreateVpc", {}, False),
        ("sqs:SendMessage", {}, False),
        ("sns:Publish", {}, False),
        ("ecs:RunTask", {}, False),
        ("events:PutEvents", {}, False),
        ("cloudwatch:PutMetricData", {}, False),
        ("secretsmanager:PutSecretValue", {}, False),
        ("ssm:PutParameter", {"Overwrite": True}, True),
        ("ssm:PutParameter", {}, False),
        ("ecs:UpdateService", {"desiredCount": 2}, True),
        ("ecs:UpdateService", {"forceNewDeployment": True}, False),
        ("ecs:UpdateService", {"forceNewDeployment": UNKNOWN}, False),
        ("rds:ModifyDBCluster", {"DeletionProtection": False}, True),
        ("rds:ModifyDBCluster", {"NewDBClusterIdentifier": "other"}, False),
        ("dynamodb:PutItem", {}, True),
        ("dynamodb:PutItem", {"ConditionExpression": "attribute_not_exists(id)"}, False),
        ("dynamodb:UpdateItem", {}, False),
        ("ec2:NoSuchThing", {}, False),
    ],
)
def test_what_may_be_repeated(api: str, params: dict[str, Any], expected: bool) -> None:
    assert CATALOG.repeatable(api, params) is expected


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        (["UPSERT"], True),
        (["UPSERT", "UPSERT"], True),
        (["CREATE"], False),
        (["UPSERT", "DELETE"], False),
        ([], False),
    ],
)
def test_record_changes_may_be_repeated_when_all_are_upserts(actions: list[str], expected: bool) -> None:
    params = {"HostedZoneId": "Z", "ChangeBatch": {"Changes": [{"Action": action} for action in actions]}}
    assert CATALOG.repeatable("route53:ChangeResourceRecordSets", params) is expected


@pytest.mark.parametrize(
    ("api", "codes"),
    [
        ("ec2:DeleteVpc", {"InvalidVpcID.NotFound"}),
        ("iam:DeleteRole", {"NoSuchEntity"}),
        ("rds:DeleteDBCluster", {"DBClusterNotFoundFault"}),
        ("rds:DeleteDBInstance", {"DBInstanceNotFound"}),
        ("dynamodb:DeleteTable", {"ResourceNotFoundException"}),
        ("s3:DeleteBucket", {"NoSuchBucket"}),
        ("cloudwatch:DeleteAlarms", set()),  # one wrong name and none is deleted
        ("ec2:CreateVpc", set()),
        ("ecs:UpdateService", set()),
    ],
)
def test_errors_that_mean_gone_already(api: str, codes: set[str]) -> None:
    assert CATALOG.gone_errors(api) == codes


@pytest.mark.parametrize(
    ("api", "codes"),
    [
        ("iam:CreateRole", {"EntityAlreadyExists"}),
        ("logs:CreateLogGroup", {"ResourceAlreadyExistsException"}),
        ("s3:CreateBucket", {"BucketAlreadyOwnedByYou"}),  # not BucketAlreadyExists: somebody else's
        ("ec2:AuthorizeSecurityGroupIngress", {"InvalidPermission.Duplicate"}),
        ("rds:CreateDBCluster", {"DBClusterAlreadyExistsFault"}),
        ("elbv2:CreateLoadBalancer", {"DuplicateLoadBalancerName"}),
        ("ec2:DeleteVpc", set()),
    ],
)
def test_errors_that_mean_there_already(api: str, codes: set[str]) -> None:
    assert CATALOG.exists_errors(api) == codes


ROUTE53 = "route53:ChangeResourceRecordSets"
GONE = "[Tried to delete resource record set [name='a.', type='A'] but it was not found]"
DIFFERS = "[Tried to delete resource record set [name='a.', type='A'] but the values provided do not match]"


def test_a_message_tells_where_the_code_does_not() -> None:
    assert CATALOG.tells_done(ROUTE53, {}, "InvalidChangeBatch", GONE)
    assert not CATALOG.tells_done(ROUTE53, {}, "InvalidChangeBatch", DIFFERS)
    assert not CATALOG.tells_done(ROUTE53, {}, "InvalidChangeBatch", GONE + DIFFERS)
    assert not CATALOG.tells_done(ROUTE53, {}, "InvalidChangeBatch", "")
    one, two = {"DashboardNames": ["a"]}, {"DashboardNames": ["a", "b"]}
    assert CATALOG.tells_done("cloudwatch:DeleteDashboards", one, "ResourceNotFound")
    assert not CATALOG.tells_done("cloudwatch:DeleteDashboards", two, "ResourceNotFound")
    deleted = "You tried to perform the operation on a secret that's currently marked deleted."
    assert CATALOG.tells_done("secretsmanager:DeleteSecret", {}, "InvalidRequestException", deleted)
    assert not CATALOG.tells_done("secretsmanager:DeleteSecret", {}, "InvalidRequestException", "replicated")
    assert CATALOG.tells_done("iam:CreateRole", {"RoleName": "r"}, "EntityAlreadyExists")
    assert not CATALOG.tells_done("iam:CreateRole", {"RoleName": "r"}, "AccessDenied")


@pytest.mark.parametrize(
    ("api", "action"),
    [
        ("elbv2:CreateListener", "elasticloadbalancing:CreateListener"),
        ("cloudwatch:PutMetricAlarm", "cloudwatch:PutMetricAlarm"),
        ("events:PutRule", "events:PutRule"),
        ("stepfunctions:StartExecution", "states:StartExecution"),
        ("s3:ListObjectVersions", "s3:ListBucketVersions"),
        ("s3:PutBucketEncryption", "s3:PutEncryptionConfiguration"),
        ("s3:GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock"),
        ("lambda:Invoke", "lambda:InvokeFunction"),
    ],
)
def test_the_iam_action_of_a_call(api: str, action: str) -> None:
    assert CATALOG.iam_action(api) == action
