"""Forked worlds: what is done in a copy is gone with it, and the original goes on as it was."""

from __future__ import annotations

import time
import urllib.error
from collections.abc import Iterator
from http.client import HTTPException
from typing import Any

import boto3
import pytest

from operations.drill.embedded import Sandbox
from operations.drill.worlds import WorldDoor


@pytest.fixture
def sandbox() -> Iterator[str]:
    with Sandbox.start(None, speed=600) as started:
        yield started.endpoint


def client(url: str, service: str) -> Any:
    return boto3.client(
        service, endpoint_url=url, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
    )


def test_a_copy_is_gone_with_all_that_was_done_in_it(sandbox: str) -> None:
    ec2, door = client(sandbox, "ec2"), WorldDoor(sandbox)
    kept = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]

    def networks() -> set[str]:
        return {each["VpcId"] for each in ec2.describe_vpcs()["Vpcs"]}

    before = networks()
    for _ in range(10):
        door.begin()
        assert door.depth() == 1
        ec2.delete_vpc(VpcId=kept)
        made = ec2.create_vpc(CidrBlock="10.2.0.0/16")["Vpc"]["VpcId"]
        assert networks() == before - {kept} | {made}
        door.end()
        assert networks() == before


def test_worlds_may_be_nested(sandbox: str) -> None:
    ssm = client(sandbox, "ssm")

    def names() -> set[str]:
        return {each["Name"] for each in ssm.describe_parameters()["Parameters"]}

    before = names()
    for name in ("/one", "/two"):
        WorldDoor(sandbox).begin()
        ssm.put_parameter(Name=name, Value="v", Type="String")
    assert names() - before == {"/one", "/two"}
    WorldDoor(sandbox).end()
    assert names() - before == {"/one"}
    WorldDoor(sandbox).end()
    assert names() == before


def test_the_first_world_cannot_be_ended(sandbox: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        WorldDoor(sandbox).end()
    assert refused.value.code == 409
    assert client(sandbox, "sts").get_caller_identity()["Account"] == "123456789012"


def test_a_copy_ends_with_the_sandbox() -> None:
    sandbox = Sandbox.start(None)
    url = sandbox.endpoint
    WorldDoor(url).begin()
    sandbox.stop()
    assert not sandbox.alive()
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            WorldDoor(url).depth()
        except (OSError, HTTPException):
            return
    raise AssertionError("the copy still answers")


def test_a_deleted_listener_lets_go_of_target_group_and_certificate(sandbox: str) -> None:
    ec2, elb, acm = (client(sandbox, name) for name in ("ec2", "elbv2", "acm"))
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.1.{n}.0/24", AvailabilityZone=f"us-east-1{z}")["Subnet"][
            "SubnetId"
        ]
        for n, z in enumerate("ab")
    ]
    balancer = elb.create_load_balancer(Name="b", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    group = elb.create_target_group(Name="g", Protocol="HTTP", Port=80, VpcId=vpc)["TargetGroups"][0][
        "TargetGroupArn"
    ]
    certificate = acm.request_certificate(DomainName="example.com", ValidationMethod="DNS")["CertificateArn"]

    def users() -> tuple[list[str], list[str]]:
        groups = elb.describe_target_groups(TargetGroupArns=[group])["TargetGroups"]
        return groups[0]["LoadBalancerArns"], acm.describe_certificate(CertificateArn=certificate)[
            "Certificate"
        ]["InUseBy"]

    listeners = [
        elb.create_listener(
            LoadBalancerArn=balancer,
            Protocol="HTTPS",
            Port=port,
            Certificates=[{"CertificateArn": certificate}],
            DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
        )["Listeners"][0]["ListenerArn"]
        for port in (443, 444)
    ]
    elb.delete_listener(ListenerArn=listeners[0])
    assert users()[0] == [balancer]
    assert len(users()[1]) == 1
    elb.delete_listener(ListenerArn=listeners[1])
    assert users() == ([], [])
