"""A moto server with the things that the creates under test stand on, made when first needed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import pytest

from operations.aws.model.names import split

_TRUST = json.dumps({
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
})  # fmt: skip
_ALLOW = json.dumps({
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}],
})  # fmt: skip


class World:
    trust = _TRUST
    allow = _ALLOW

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        if service not in self._clients:
            import boto3
            from botocore.config import Config

            self._clients[service] = boto3.Session().client(
                service,
                endpoint_url=self._endpoint,
                region_name="us-east-1",
                aws_access_key_id="test",
                aws_secret_access_key="test",
                config=Config(inject_host_prefix=False, retries={"total_max_attempts": 1}),
            )
        return self._clients[service]

    def call(self, api: str, **params: Any) -> Any:
        from botocore import xform_name

        service, action = split(api)
        answer = getattr(self.client(service), xform_name(action))(**params)
        answer.pop("ResponseMetadata", None)
        return answer

    @cached_property
    def vpc(self) -> str:
        return str(self.call("ec2:CreateVpc", CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"])

    def subnet(self, third: int, zone: str = "us-east-1a") -> str:
        made = self.call(
            "ec2:CreateSubnet", VpcId=self.vpc, CidrBlock=f"10.9.{third}.0/24", AvailabilityZone=zone
        )
        return str(made["Subnet"]["SubnetId"])

    @cached_property
    def subnets(self) -> list[str]:
        return [self.subnet(100), self.subnet(101, "us-east-1b")]

    @cached_property
    def gateway(self) -> str:
        return str(self.call("ec2:CreateInternetGateway")["InternetGateway"]["InternetGatewayId"])

    @cached_property
    def attached_gateway(self) -> str:
        made = str(self.call("ec2:CreateInternetGateway")["InternetGateway"]["InternetGatewayId"])
        self.call("ec2:AttachInternetGateway", InternetGatewayId=made, VpcId=self.vpc)
        return made

    @cached_property
    def route_table(self) -> str:
        return str(self.call("ec2:CreateRouteTable", VpcId=self.vpc)["RouteTable"]["RouteTableId"])

    @cached_property
    def role(self) -> str:
        made = self.call("iam:CreateRole", RoleName="base", AssumeRolePolicyDocument=self.trust)
        return str(made["Role"]["Arn"])

    @cached_property
    def balancer(self) -> str:
        made = self.call("elbv2:CreateLoadBalancer", Name="base", Subnets=self.subnets)
        return str(made["LoadBalancers"][0]["LoadBalancerArn"])

    @cached_property
    def target_group(self) -> str:
        made = self.call("elbv2:CreateTargetGroup", Name="base", Protocol="HTTP", Port=80, VpcId=self.vpc)
        return str(made["TargetGroups"][0]["TargetGroupArn"])

    @cached_property
    def cluster(self) -> str:
        return str(self.call("ecs:CreateCluster", clusterName="base")["cluster"]["clusterName"])

    @cached_property
    def task_definition(self) -> str:
        made = self.call("ecs:RegisterTaskDefinition", **self.task("base"))
        return str(made["taskDefinition"]["taskDefinitionArn"])

    @cached_property
    def base_table(self) -> str:
        return str(self.call("dynamodb:CreateTable", **self.table("base"))["TableDescription"]["TableName"])

    @cached_property
    def key(self) -> str:
        return str(self.call("kms:CreateKey")["KeyMetadata"]["KeyId"])

    @cached_property
    def base_function(self) -> str:
        return str(self.call("lambda:CreateFunction", **self.function("base", self.role))["FunctionName"])

    @cached_property
    def base_db(self) -> str:
        return str(
            self.call("rds:CreateDBCluster", **self.db_cluster("base"))["DBCluster"]["DBClusterIdentifier"]
        )

    @cached_property
    def namespace(self) -> str:
        self.call("servicediscovery:CreatePrivateDnsNamespace", Name="base.local", Vpc=self.vpc)
        return str(self.call("servicediscovery:ListNamespaces")["Namespaces"][0]["Id"])

    @cached_property
    def base_backup_plan(self) -> str:
        return str(self.call("backup:CreateBackupPlan", **self.backup_plan("base"))["BackupPlanId"])

    @staticmethod
    def named(kind: str, name: str) -> list[dict[str, Any]]:
        return [
            {"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}, {"Key": "Project", "Value": "x"}]}
        ]

    @staticmethod
    def task(family: str, image: str = "app:1") -> dict[str, Any]:
        container = {
            "name": "app",
            "image": image,
            "memory": 128,
            "environment": [{"name": "B", "value": "2"}, {"name": "A", "value": "1"}],
        }
        return {"family": family, "containerDefinitions": [container], "cpu": "256", "memory": "512"}

    @staticmethod
    def table(name: str) -> dict[str, Any]:
        return {
            "TableName": name,
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        }

    @staticmethod
    def function(name: str, role: str) -> dict[str, Any]:
        import io
        import zipfile

        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as bundle:
            bundle.writestr("main.py", "def handler(event, context): ...")
        return {
            "FunctionName": name,
            "Role": role,
            "Runtime": "python3.12",
            "Handler": "main.handler",
            "Code": {"ZipFile": archive.getvalue()},
        }

    @staticmethod
    def db_cluster(name: str) -> dict[str, Any]:
        return {
            "DBClusterIdentifier": name,
            "Engine": "aurora-postgresql",
            "MasterUsername": "someone",
            "MasterUserPassword": "long-enough-1",
        }

    @staticmethod
    def backup_plan(name: str) -> dict[str, Any]:
        return {
            "BackupPlan": {
                "BackupPlanName": name,
                "Rules": [{"RuleName": "daily", "TargetBackupVaultName": "Default"}],
            }
        }


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    server_module = pytest.importorskip("moto.server", reason="the sandbox's packages are not installed")
    server = server_module.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield World(f"http://{host}:{port}")
    finally:
        server.stop()
