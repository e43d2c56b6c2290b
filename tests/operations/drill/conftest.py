"""A sandbox process for the whole session, and clients for it."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sandbox_clients import Aws, clients_of

from operations.drill.embedded import Sandbox


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """One real server process; tests use names of their own in it."""
    with Sandbox.start(None, speed=5.0) as running:
        yield running


@pytest.fixture(scope="session")
def aws(sandbox: Sandbox) -> Aws:
    """Clients of the sandbox by service, one try each."""
    return clients_of(sandbox.endpoint)


@pytest.fixture(scope="session")
def eventually() -> Callable[..., Any]:
    """Ask until the answer is true, for at most ten seconds."""

    def ask(question: Callable[[], Any], seconds: float = 10.0) -> Any:
        pause = threading.Event()
        end = time.monotonic() + seconds
        while not (answer := question()):
            assert time.monotonic() < end, "it never came true"
            pause.wait(0.03)
        return answer

    return ask


@pytest.fixture(scope="session")
def network(aws: Aws) -> dict[str, str]:
    """A VPC with two subnets and a security group."""
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    first, second = (
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{n}.0/24", AvailabilityZone=f"us-east-1{zone}")[
            "Subnet"
        ]["SubnetId"]
        for n, zone in ((1, "a"), (2, "b"))
    )
    group = ec2.create_security_group(GroupName="tests", Description="tests", VpcId=vpc)["GroupId"]
    return {"vpc": vpc, "first": first, "second": second, "group": group}


@pytest.fixture(scope="session")
def cluster_arn(aws: Aws) -> str:
    """A database cluster that the Data API reaches."""
    made = aws("rds").create_db_cluster(
        DBClusterIdentifier="test-cluster",
        Engine="aurora-postgresql",
        DatabaseName="mistersmith",
        MasterUsername="owner",
        MasterUserPassword="not-a-secret",
    )
    return str(made["DBCluster"]["DBClusterArn"])
