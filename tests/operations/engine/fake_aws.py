"""A small AWS in memory behind the gateway's own door: parameters and networks, with faults on demand."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

ACCOUNT = "123456789012"


class CrashError(BaseException):
    """The runner's process dies here: nothing of it runs any more."""


class FakeAws:
    """The service side: state, a log of what reached the wire, and faults by action."""

    def __init__(self) -> None:
        self.parameters: dict[str, str] = {}
        self.networks: dict[str, str] = {}
        self.wire: list[tuple[str, dict[str, Any]]] = []
        self.faults: dict[str, list[str]] = {}
        self.inflight = 0
        self.most_inflight = 0
        self.on_call: Callable[[str, dict[str, Any]], None] = lambda action, params: None

    def count(self, action: str) -> int:
        """How often an action reached the wire."""
        return Counter(name for name, _ in self.wire)[action]

    async def handle(self, action: str, params: dict[str, Any]) -> dict[str, Any]:
        """One call: the fault first, or after the effect for a lost reply."""
        self.on_call(action, params)
        self.wire.append((action, params))
        fault = self.faults.get(action, []).pop(0) if self.faults.get(action) else None
        self.inflight += 1
        self.most_inflight = max(self.most_inflight, self.inflight)
        await asyncio.sleep(0)
        self.inflight -= 1
        match fault:
            case "throttled":
                raise _error(action, "ThrottlingException", 400)
            case "denied":
                raise _error(action, "AccessDeniedException", 403)
            case "server error":
                raise _error(action, "InternalError", 500)
            case "request lost":
                raise ConnectionClosedError(endpoint_url="http://fake")
            case "crash before":
                raise CrashError
        answer = getattr(self, action)(**params)
        if fault == "reply lost":
            raise ReadTimeoutError(endpoint_url="http://fake")
        if fault == "crash after":
            raise CrashError
        return {**answer, "ResponseMetadata": {"RequestId": f"r{len(self.wire)}", "HTTPStatusCode": 200}}

    def get_caller_identity(self) -> dict[str, Any]:
        return {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/kim", "UserId": "kim"}

    def put_parameter(
        self, Name: str, Value: str, Type: str = "String", Overwrite: bool = False
    ) -> dict[str, Any]:
        if Name in self.parameters and not Overwrite:
            raise _error("PutParameter", "ParameterAlreadyExists", 400)
        self.parameters[Name] = Value
        return {"Version": 1}

    def get_parameter(self, Name: str) -> dict[str, Any]:
        if Name not in self.parameters:
            raise _error("GetParameter", "ParameterNotFound", 400)
        return {"Parameter": {"Name": Name, "Value": self.parameters[Name], "Version": 1}}

    def get_parameters(self, Names: list[str]) -> dict[str, Any]:
        found = [{"Name": name, "Value": self.parameters[name]} for name in Names if name in self.parameters]
        return {
            "Parameters": found,
            "InvalidParameters": [name for name in Names if name not in self.parameters],
        }

    def delete_parameter(self, Name: str) -> dict[str, Any]:
        if self.parameters.pop(Name, None) is None:
            raise _error("DeleteParameter", "ParameterNotFound", 400)
        return {}

    def create_vpc(self, CidrBlock: str, TagSpecifications: list[dict[str, Any]]) -> dict[str, Any]:
        vpc = f"vpc-{len(self.networks) + 1:08x}"
        self.networks[vpc] = TagSpecifications[0]["Tags"][0]["Value"]
        return {"Vpc": {"VpcId": vpc, "CidrBlock": CidrBlock, "State": "available"}}

    def describe_vpcs(
        self, VpcIds: list[str] | None = None, Filters: list[dict[str, Any]] | None = None
    ) -> dict[str, Any]:
        names = next((f["Values"] for f in Filters or [] if f["Name"] == "tag:Name"), None)
        found = [
            {
                "VpcId": vpc,
                "State": "available",
                "CidrBlock": "10.0.0.0/16",
                "Tags": [{"Key": "Name", "Value": name}],
            }
            for vpc, name in self.networks.items()
            if (VpcIds is None or vpc in VpcIds) and (names is None or name in names)
        ]
        return {"Vpcs": found}

    def delete_vpc(self, VpcId: str) -> dict[str, Any]:
        if self.networks.pop(VpcId, None) is None:
            raise _error("DeleteVpc", "InvalidVpcID.NotFound", 400)
        return {}

    def publish(self, TopicArn: str, Message: str) -> dict[str, Any]:
        return {"MessageId": "m-1"}


def _error(action: str, code: str, status: int) -> ClientError:
    return ClientError(
        {
            "Error": {"Code": code, "Message": f"{action} says {code}"},
            "ResponseMetadata": {"HTTPStatusCode": status},
        },
        action,
    )


class FakeSessions:
    """Sessions whose clients are the fake."""

    name = "LIVE"
    endpoint = None
    account = ACCOUNT
    region = "us-east-1"

    def __init__(self, aws: FakeAws) -> None:
        self._aws = aws

    @asynccontextmanager
    async def client(self, service: str) -> AsyncIterator[Any]:
        yield _Client(self._aws)


class _Client:
    def __init__(self, aws: FakeAws) -> None:
        self._aws = aws

    def __getattr__(self, action: str) -> Any:
        async def call(**params: Any) -> dict[str, Any]:
            return await self._aws.handle(action, params)

        return call
