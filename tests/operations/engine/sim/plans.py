"""Plans for simulated worlds: operations of every shape, and what each must leave in the account."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rfc8785

from operations.plan.loader import LoadedPlan
from operations.plan.models import Plan
from operations.plan.yaml_source import Source
from tests.operations.engine.fake_aws import ACCOUNT
from tests.operations.engine.sim.services import Services, State

Data = dict[str, Any]
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:t"


@dataclass(frozen=True, slots=True)
class Shape:
    """A form of operation. `there` and `count` judge the account for an operation of an id."""

    make: Callable[[str], Data]
    count: Callable[[Services, State, str], int]
    """How many of the things that the operation makes exist."""
    makes: int = 1
    leaves: int = 0
    """How many of them the way back leaves on purpose."""


def _api(api: str, params: Data, **more: Any) -> Data:
    return {"api": api, "params": params, **more}


def _parameter(key: str, name: str | None = None, **more: Any) -> Data:
    return _api("ssm:PutParameter", {"Name": f"/{name or key}", "Value": "1", "Type": "String", **more})


def _gone_parameter(name: str) -> Data:
    return _api("ssm:DeleteParameter", {"Name": f"/{name}"})


def _has_parameter(name: str) -> Data:
    return _api("ssm:GetParameter", {"Name": f"/{name}"}, expect="Parameter.Value == '1'")


def parameter(key: str) -> Data:
    return {
        "forward": [_parameter(key)],
        "verify": [_has_parameter(key)],
        "inverse": [_gone_parameter(key)],
    }


def setting(key: str) -> Data:
    return {**parameter(key), "forward": [_parameter(key, Overwrite=True)]}


def _tags(kind: str, name: str) -> list[Data]:
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]


def network(key: str) -> Data:
    return {
        "checkpoint": [_api("ec2:DescribeVpcs", {}, save={"before": "Vpcs[].VpcId"})],
        "forward": [
            _api(
                "ec2:CreateVpc",
                {"CidrBlock": "10.0.0.0/16", "TagSpecifications": _tags("vpc", f"{key}-${{run_id}}")},
                save={"vpc_id": "Vpc.VpcId"},
            )
        ],
        "verify": [_api("ec2:DescribeVpcs", {"VpcIds": ["${vpc_id}"]}, expect="length(Vpcs) == `1`")],
        "inverse": [_api("ec2:DeleteVpc", {"VpcId": "${vpc_id}"})],
    }


def disk(key: str) -> Data:
    return {
        "forward": [
            _api(
                "ec2:CreateVolume",
                {"AvailabilityZone": "us-east-1a", "Size": 8, "TagSpecifications": _tags("volume", key)},
                save={"volume": "VolumeId"},
            )
        ],
        "verify": [
            _api("ec2:DescribeVolumes", {"VolumeIds": ["${volume}"]}, expect="length(Volumes) == `1`")
        ],
        "inverse": [_api("ec2:DeleteVolume", {"VolumeId": "${volume}"})],
    }


def _status(key: str, wanted: str) -> Data:
    return _api(
        "rds:DescribeDBInstances",
        {"DBInstanceIdentifier": key},
        until=f"DBInstances[0].DBInstanceStatus == '{wanted}'",
        every_seconds=15,
        timeout_seconds=600,
    )


def database(key: str) -> Data:
    create = {"DBInstanceIdentifier": key, "DBInstanceClass": "db.t3.micro", "Engine": "mysql"}
    gone = _api(
        "rds:DescribeDBInstances",
        {"DBInstanceIdentifier": key},
        until_error="DBInstanceNotFound",
        until="`false`",
        every_seconds=15,
        timeout_seconds=600,
    )
    return {
        "forward": [_api("rds:CreateDBInstance", create), _status(key, "available")],
        "inverse": [
            _api("rds:DeleteDBInstance", {"DBInstanceIdentifier": key, "SkipFinalSnapshot": True}),
            gone,
        ],
    }


def stopped(key: str) -> Data:
    """Makes a database, stops it; the way back starts it again before it goes."""
    made = database(key)
    return {
        "forward": [
            *made["forward"],
            _api("rds:StopDBInstance", {"DBInstanceIdentifier": key}),
            _status(key, "stopped"),
        ],
        "inverse": [
            _api(
                "rds:StartDBInstance",
                {"DBInstanceIdentifier": key},
                done_if_error=["InvalidDBInstanceState", "DBInstanceNotFound"],
            ),
            _status(key, "available"),
            *made["inverse"],
        ],
    }


def _items(key: str) -> list[str]:
    return [f"{key}-{letter}" for letter in "abc"]


def batch(key: str) -> Data:
    put = [{"PutRequest": {"Item": {"id": {"S": name}}}} for name in _items(key)]
    delete = [{"DeleteRequest": {"Key": {"id": {"S": name}}}} for name in _items(key)]
    whole = "length(keys(UnprocessedItems)) == `0`"
    look = [
        _api("dynamodb:GetItem", {"TableName": "t", "Key": {"id": {"S": name}}}, expect="Item.id.S != ''")
        for name in _items(key)
    ]
    return {
        "forward": [_api("dynamodb:BatchWriteItem", {"RequestItems": {"t": put}}, expect=whole)],
        "verify": look,
        "inverse": [_api("dynamodb:BatchWriteItem", {"RequestItems": {"t": delete}}, expect=whole)],
    }


def notice(key: str) -> Data:
    return {
        "forward": [_api("sns:Publish", {"TopicArn": TOPIC, "Message": key})],
        "inverse": [_api("sns:Publish", {"TopicArn": TOPIC, "Message": f"{key}-undone"})],
    }


def farewell(key: str) -> Data:
    return {
        "forward": [_api("sns:Publish", {"TopicArn": TOPIC, "Message": key})],
        "irreversible": "nobody forgets what was said",
        "point_of_no_return": True,
        "confirm": "irreversible",
    }


def pair(key: str) -> Data:
    """Several steps, undone in the other order."""
    first, second = f"{key}-1", f"{key}-2"
    made = disk(key)
    return {
        "forward": [_parameter(key, first), *made["forward"], _parameter(key, second)],
        "verify": [_has_parameter(second)],
        "inverse": [_gone_parameter(second), *made["inverse"], _gone_parameter(first)],
    }


def keeper(key: str) -> Data:
    """Leaves one of its two parameters behind on purpose."""
    kept = f"{key}-kept"
    return {
        "forward": [_parameter(key), _parameter(key, kept, Overwrite=True)],
        "inverse": [_gone_parameter(key)],
        "retains": ["the second parameter"],
    }


def tool(key: str) -> Data:
    return {
        "forward": [{"command": ["tool", "make", key]}],
        "inverse": [{"command": ["tool", "unmake", key]}],
    }


def by_hand(key: str) -> Data:
    made = parameter(key)
    return {**made, "forward": [*made["forward"], {"manual": "look at the lights", "role": "on_call"}]}


def _parameters(state: State, key: str) -> int:
    return sum(name in (f"/{key}", f"/{key}-1", f"/{key}-2", f"/{key}-kept") for name in state.parameters)


def _tagged(things: dict[str, str], key: str) -> int:
    return sum(name == key or name.startswith(f"{key}-") for name in things.values())


SHAPES: dict[str, Shape] = {
    "parameter": Shape(parameter, lambda services, state, key: _parameters(state, key)),
    "setting": Shape(setting, lambda services, state, key: _parameters(state, key)),
    "network": Shape(network, lambda services, state, key: _tagged(state.networks, key)),
    "disk": Shape(disk, lambda services, state, key: _tagged(state.disks, key)),
    "database": Shape(
        database, lambda services, state, key: int(services.database(key) in ("available", "creating"))
    ),
    "stopped": Shape(
        stopped,
        lambda services, state, key: {"available": 1, "stopping": 2, "stopped": 2}.get(
            services.database(key) or "", 0
        ),
        makes=2,
    ),
    "batch": Shape(
        batch, lambda services, state, key: sum(name in state.items for name in _items(key)), makes=3
    ),
    "notice": Shape(
        notice,
        lambda services, state, key: state.messages.get(key, 0) - state.messages.get(f"{key}-undone", 0),
    ),
    "farewell": Shape(farewell, lambda services, state, key: state.messages.get(key, 0), leaves=1),
    "pair": Shape(
        pair,
        lambda services, state, key: _parameters(state, key) + _tagged(state.disks, key),
        makes=3,
    ),
    "keeper": Shape(keeper, lambda services, state, key: _parameters(state, key), makes=2, leaves=1),
    "tool": Shape(tool, lambda services, state, key: state.made_by_tools.get(key, 0)),
    "by-hand": Shape(by_hand, lambda services, state, key: _parameters(state, key)),
}
EVERYDAY = tuple(name for name in SHAPES if name != "farewell")


def operation(key: str, shape: str, needs: tuple[str, ...] = (), **more: Any) -> Data:
    """An operation of a shape."""
    title = f"{shape} {key}"
    made = {
        "id": key,
        "title": title,
        "kind": "infrastructure",
        "depends_on": list(needs),
        **SHAPES[shape].make(key),
    }
    return {**made, **more}


def plan_of(operations: list[Data], **registers: list[Data]) -> LoadedPlan:
    """A loaded plan without a file; its registers by their keys."""
    data = {
        "plan": "sim",
        "title": "A simulated plan",
        "account": ACCOUNT,
        "region": "us-east-1",
        "phases": [
            {"id": "1", "title": "P", "subphases": [{"id": "1.1", "title": "S", "operations": operations}]}
        ],
        **registers,
    }
    digest = hashlib.sha256(rfc8785.dumps(data)).hexdigest()
    return LoadedPlan(Plan.model_validate(data), Source(data, {}), Path("sim.yaml"), digest)


def random_plan(chance: random.Random, most: int = 8) -> LoadedPlan:
    """A plan of up to `most` operations; an id tells the operation's shape."""
    operations: list[Data] = []
    keys: list[str] = []
    for number in range(chance.randint(2, most)):
        last = number > 0 and chance.random() < 0.04
        shape = "farewell" if last else chance.choice(EVERYDAY)
        key = f"{shape}-{number}"
        needs = tuple(other for other in keys if chance.random() < 0.3)
        operations.append(operation(key, shape, needs, **_trimmings(chance, key, shape)))
        keys.append(key)
    return plan_of(operations)


def _trimmings(chance: random.Random, key: str, shape: str) -> Data:
    more: Data = {}
    if chance.random() < 0.4:
        more["on_failure"] = chance.choice(["retry", "continue"] + ["roll_back"] * (shape != "farewell"))
    if shape in ("parameter", "setting") and chance.random() < 0.3:
        more["bake"] = {"minutes": 0.1, "every_seconds": 2}
        more["watch"] = [_has_parameter(key)]
    if shape in ("parameter", "setting") and chance.random() < 0.2:
        more["guard"] = [_has_parameter(key)]
    if chance.random() < 0.08:
        more["approval"] = {"roles": ["lead"]}
    return more


def forget(state: State, key: str) -> None:
    """Somebody removes by hand everything that an operation has made."""
    for name in [name for name in state.parameters if name in (f"/{key}", f"/{key}-1", f"/{key}-2")]:
        del state.parameters[name]
    for things in (state.networks, state.disks):
        for thing in [thing for thing, name in things.items() if name == key or name.startswith(f"{key}-")]:
            del things[thing]
    state.databases.pop(key, None)
    state.made_by_tools.pop(key, None)
    for name in _items(key):
        state.items.pop(name, None)


def shape_of(key: str) -> Shape:
    """The shape of an operation of a generated plan."""
    return SHAPES[key.rsplit("-", 1)[0]]
