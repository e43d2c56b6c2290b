"""What the simulated services keep and do: one shape of behaviour each, strongly consistent for writes."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError

from tests.operations.engine.sim.clock import EPOCH

Thing = dict[str, Any]
TOKEN_VALID = 8 * 3600.0
"""Seconds for which a service remembers a client token."""
SETTLE = 40.0
"""Seconds that a database takes from one state to the next."""


def refusal(action: str, code: str, status: int = 400, message: str = "") -> ClientError:
    """An error answer as botocore raises it."""
    return ClientError(
        {
            "Error": {"Code": code, "Message": message or f"{action} says {code}"},
            "ResponseMetadata": {"HTTPStatusCode": status},
        },
        action,
    )


@dataclass(slots=True)
class State:
    """Everything that exists in the account, by kind and id."""

    parameters: dict[str, str] = field(default_factory=dict)
    networks: dict[str, str] = field(default_factory=dict)
    disks: dict[str, str] = field(default_factory=dict)
    databases: dict[str, Thing] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    messages: dict[str, int] = field(default_factory=dict)
    made_by_tools: dict[str, int] = field(default_factory=dict)

    def copy(self) -> State:
        return copy.deepcopy(self)


@dataclass(slots=True)
class Services:
    """The services' handlers. `effect` is called with kind and thing for every change that was really made."""

    state: State
    now: Callable[[], float]
    effect: Callable[[str, str], None]
    tokens: dict[str, tuple[float, str, str]] = field(default_factory=dict)
    made: int = 0
    seen_at: float = 0.0
    """The time that the read at hand answers from."""
    partial: int = 0
    """How many items the next batch leaves unprocessed."""
    metric: Callable[[float], float | None] = lambda at: 0.0
    """What the only metric there is was in the minute that began so many seconds after the world; None is no data."""

    def act(self, action: str, params: dict[str, Any], seen: State) -> dict[str, Any]:
        """One call; reads answer from `seen`, which may be older than the state."""
        handler = getattr(self, action)
        if action.startswith(("get_", "describe_")):
            return handler(seen, **params)  # type: ignore[no-any-return]
        return handler(**params)  # type: ignore[no-any-return]

    # measured: cloudwatch

    def get_metric_data(self, seen: State, **query: Any) -> dict[str, Any]:
        del seen, query
        newest = int(self.now() // 60)
        minutes = [60 * number for number in range(newest - 10, newest + 1)]
        points = [(at, value) for at in minutes if (value := self.metric(at)) is not None]
        times = [EPOCH + timedelta(seconds=at) for at, _ in points]
        return {"MetricDataResults": [{"Id": "m0", "Timestamps": times, "Values": [v for _, v in points]}]}

    # made by name, without a token: ssm

    def put_parameter(
        self, Name: str, Value: str, Type: str = "String", Overwrite: bool = False
    ) -> dict[str, Any]:
        if Name in self.state.parameters and not Overwrite:
            raise refusal("PutParameter", "ParameterAlreadyExists")
        self.state.parameters[Name] = Value
        self.effect("made", Name)
        return {"Version": 1, "Tier": "Standard"}

    def get_parameter(self, seen: State, Name: str) -> dict[str, Any]:
        if Name not in seen.parameters:
            raise refusal("GetParameter", "ParameterNotFound")
        return {"Parameter": {"Name": Name, "Value": seen.parameters[Name], "Version": 1}}

    def delete_parameter(self, Name: str) -> dict[str, Any]:
        if self.state.parameters.pop(Name, None) is None:
            raise refusal("DeleteParameter", "ParameterNotFound")
        self.effect("removed", Name)
        return {}

    # made with an id of the service's, without a token: VPCs

    def create_vpc(self, CidrBlock: str, TagSpecifications: list[dict[str, Any]]) -> dict[str, Any]:
        self.made += 1
        vpc = f"vpc-{self.made:08x}"
        self.state.networks[vpc] = TagSpecifications[0]["Tags"][0]["Value"]
        self.effect("made", vpc)
        return {"Vpc": {"VpcId": vpc, "CidrBlock": CidrBlock, "State": "available"}}

    def describe_vpcs(
        self, seen: State, VpcIds: list[str] | None = None, Filters: list[dict[str, Any]] | None = None
    ) -> dict[str, Any]:
        names = next((f["Values"] for f in Filters or [] if f["Name"] == "tag:Name"), None)
        found = [
            {
                "VpcId": vpc,
                "State": "available",
                "CidrBlock": "10.0.0.0/16",
                "Tags": [{"Key": "Name", "Value": name}],
            }
            for vpc, name in seen.networks.items()
            if (VpcIds is None or vpc in VpcIds) and (names is None or name in names)
        ]
        if VpcIds and not found:
            raise refusal("DescribeVpcs", "InvalidVpcID.NotFound")
        return {"Vpcs": found}

    def delete_vpc(self, VpcId: str) -> dict[str, Any]:
        if self.state.networks.pop(VpcId, None) is None:
            raise refusal("DeleteVpc", "InvalidVpcID.NotFound")
        self.effect("removed", VpcId)
        return {}

    # made with a client token: volumes

    def create_volume(
        self, AvailabilityZone: str, Size: int, TagSpecifications: list[dict[str, Any]], ClientToken: str
    ) -> dict[str, Any]:
        asked = repr((AvailabilityZone, Size, TagSpecifications))
        known = self.tokens.get(ClientToken)
        if known is not None and self.now() - known[0] <= TOKEN_VALID:
            if known[1] != asked:
                raise refusal("CreateVolume", "IdempotentParameterMismatch")
            return {"VolumeId": known[2], "Size": Size, "State": "available"}
        self.made += 1
        disk = f"vol-{self.made:08x}"
        self.tokens[ClientToken] = (self.now(), asked, disk)
        self.state.disks[disk] = TagSpecifications[0]["Tags"][0]["Value"]
        self.effect("made", disk)
        return {"VolumeId": disk, "Size": Size, "State": "creating"}

    def describe_volumes(
        self, seen: State, VolumeIds: list[str] | None = None, Filters: list[dict[str, Any]] | None = None
    ) -> dict[str, Any]:
        names = next((f["Values"] for f in Filters or [] if f["Name"] == "tag:Name"), None)
        found = [
            {"VolumeId": disk, "State": "available", "Size": 8, "Tags": [{"Key": "Name", "Value": name}]}
            for disk, name in seen.disks.items()
            if (VolumeIds is None or disk in VolumeIds) and (names is None or name in names)
        ]
        if VolumeIds and not found:
            raise refusal("DescribeVolumes", "InvalidVolume.NotFound")
        return {"Volumes": found}

    def delete_volume(self, VolumeId: str) -> dict[str, Any]:
        if self.state.disks.pop(VolumeId, None) is None:
            raise refusal("DeleteVolume", "InvalidVolume.NotFound")
        self.effect("removed", VolumeId)
        return {}

    # states that come eventually: databases

    def _settled(self, databases: dict[str, Thing], at: float) -> dict[str, Thing]:
        settled = {}
        for name, thing in databases.items():
            over = at >= thing["until"]
            status = thing["then"] if over else thing["status"]
            if status != "gone":
                settled[name] = {**thing, "status": status}
        return settled

    def database(self, name: str) -> str | None:
        """A database's status now, None when there is none."""
        thing = self._settled(self.state.databases, self.now()).get(name)
        return thing["status"] if thing else None

    def _move(self, action: str, name: str, needs: str | None, through: str, to: str) -> None:
        status = self.database(name)
        if status is None:
            raise refusal(action, "DBInstanceNotFound", 404)
        if status == through or (needs is not None and status != needs):
            raise refusal(action, "InvalidDBInstanceState", 400, f"{name} is {status}")
        self.state.databases[name] = {"status": through, "then": to, "until": self.now() + SETTLE}
        self.effect(through, name)

    def create_db_instance(self, DBInstanceIdentifier: str, **rest: Any) -> dict[str, Any]:
        if self.database(DBInstanceIdentifier) is not None:
            raise refusal("CreateDBInstance", "DBInstanceAlreadyExists")
        self.state.databases[DBInstanceIdentifier] = {
            "status": "creating",
            "then": "available",
            "until": self.now() + SETTLE,
        }
        self.effect("made", DBInstanceIdentifier)
        return {"DBInstance": {"DBInstanceIdentifier": DBInstanceIdentifier, "DBInstanceStatus": "creating"}}

    def describe_db_instances(self, seen: State, DBInstanceIdentifier: str) -> dict[str, Any]:
        thing = self._settled(seen.databases, self.seen_at).get(DBInstanceIdentifier)
        if thing is None:
            raise refusal("DescribeDBInstances", "DBInstanceNotFound", 404)
        found = {"DBInstanceIdentifier": DBInstanceIdentifier, "DBInstanceStatus": thing["status"]}
        return {"DBInstances": [found]}

    def delete_db_instance(self, DBInstanceIdentifier: str, **rest: Any) -> dict[str, Any]:
        self._move("DeleteDBInstance", DBInstanceIdentifier, None, "deleting", "gone")
        return {}

    def stop_db_instance(self, DBInstanceIdentifier: str) -> dict[str, Any]:
        self._move("StopDBInstance", DBInstanceIdentifier, "available", "stopping", "stopped")
        return {}

    def start_db_instance(self, DBInstanceIdentifier: str) -> dict[str, Any]:
        self._move("StartDBInstance", DBInstanceIdentifier, "stopped", "starting", "available")
        return {}

    # batches that may be done in part: items of a table

    def batch_write_item(self, RequestItems: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
        ((table, requests),) = RequestItems.items()
        done = len(requests) - min(self.partial, len(requests) - 1)
        self.partial = 0
        for request in requests[:done]:
            for verb, body in request.items():
                key = next(iter((body.get("Item") or body.get("Key"))["id"].values()))
                if verb == "PutRequest":
                    self.state.items[key] = table
                else:
                    self.state.items.pop(key, None)
                self.effect("made" if verb == "PutRequest" else "removed", key)
        left = requests[done:]
        return {"UnprocessedItems": {table: left} if left else {}}

    def get_item(self, seen: State, TableName: str, Key: dict[str, Any]) -> dict[str, Any]:
        key = next(iter(Key["id"].values()))
        return {"Item": {"id": {"S": key}}} if key in seen.items else {}

    # neither token nor name nor probe: messages

    def publish(self, TopicArn: str, Message: str) -> dict[str, Any]:
        self.state.messages[Message] = self.state.messages.get(Message, 0) + 1
        self.effect("sent", Message)
        return {"MessageId": f"m-{Message}"}
