"""Rules about what calls say of each other's resources: nothing refers to itself, and one thing has one name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from operations.plan.audit.context import AuditContext
from operations.plan.audit.counterparts import MAKES, call_of, normal
from operations.plan.audit.finding import Severity
from operations.plan.audit.rule import Defect, rule
from operations.plan.audit.sites import Section, StepSite
from operations.plan.audit.usages import texts_in
from operations.plan.steps import ApiStep
from operations.plan.yaml_source import KeyPath

Params = Mapping[str, Any]


def _same(one: str, other: str) -> Callable[[Params, str], KeyPath | None]:
    def judge(params: Params, own: str) -> KeyPath | None:
        first, second = params.get(one), params.get(other)
        both = isinstance(first, str) and isinstance(second, str)
        return (other,) if both and normal(str(first), own) == normal(str(second), own) else None

    return judge


def _ends_with_own(name: str, inside: str, before: str) -> Callable[[Params, str], KeyPath | None]:
    """Whether a text below `inside` ends with the thing's own name, after a separator as in an ARN."""

    def judge(params: Params, own: str) -> KeyPath | None:
        title = params.get(name)
        if not isinstance(title, str):
            return None
        tail = f"{before}{normal(title, own)}"
        for path, text in texts_in(params.get(inside), (inside,)):
            if text.startswith("arn:") and normal(text, own).endswith(tail):
                return path
        return None

    return judge


def _alias_of_itself(params: Params, own: str) -> KeyPath | None:
    batch = params.get("ChangeBatch")
    changes = batch.get("Changes") if isinstance(batch, dict) else None
    for index, change in enumerate(changes if isinstance(changes, list) else ()):
        record = change.get("ResourceRecordSet") if isinstance(change, dict) else None
        target = record.get("AliasTarget") if isinstance(record, dict) else None
        name = record.get("Name") if isinstance(record, dict) else None
        aimed = target.get("DNSName") if isinstance(target, dict) else None
        if isinstance(name, str) and isinstance(aimed, str):
            told_apart = isinstance(record, dict) and "SetIdentifier" in record
            if not told_apart and normal(name, own).rstrip(".") == normal(aimed, own).rstrip("."):
                return ("ChangeBatch", "Changes", index, "ResourceRecordSet", "AliasTarget", "DNSName")
    return None


SELF: Final[Mapping[str, Callable[[Params, str], KeyPath | None]]] = {
    "ec2:CreateVpcPeeringConnection": _same("VpcId", "PeerVpcId"),
    "ec2:CreateTransitGatewayPeeringAttachment": _same("TransitGatewayId", "PeerTransitGatewayId"),
    "dms:CreateReplicationTask": _same("SourceEndpointArn", "TargetEndpointArn"),
    "rds:CreateDBInstanceReadReplica": _same("DBInstanceIdentifier", "SourceDBInstanceIdentifier"),
    "rds:CopyDBClusterSnapshot": _same(
        "SourceDBClusterSnapshotIdentifier", "TargetDBClusterSnapshotIdentifier"
    ),
    "sqs:CreateQueue": _ends_with_own("QueueName", "Attributes", ":"),
    "iam:CreateRole": _ends_with_own("RoleName", "AssumeRolePolicyDocument", "role/"),
    "events:PutTargets": _ends_with_own("EventBusName", "Targets", "event-bus/"),
    "route53:ChangeResourceRecordSets": _alias_of_itself,
}
"""Calls in which a thing may refer to itself, and how it shows; each is refused by AWS, or runs in a circle."""


@rule(
    "resource/refers-to-itself",
    Severity.ERROR,
    "Nothing that the plan makes refers to itself.",
    "A queue that is its own dead-letter queue, a role that only itself may take, an alias record that points at its own "
    "name, a replication from an endpoint into the same: AWS refuses it, or it goes round in a circle. References are "
    "compared as they stand, with their operation written in.",
    "name the other thing that was meant",
)
def refers_to_itself(context: AuditContext) -> Iterable[Defect]:
    """Calls that can refer to the thing that they make."""
    for site in context.sites:
        judge = SELF.get(site.api.api) if site.api is not None else None
        path = judge(site.api.params, site.operation or "") if judge and site.api is not None else None
        if path is not None and site.api is not None:
            yield Defect((*site.path, "params", *path), f"{site.api.api} refers to the thing itself")


SAME_THING: Final[Mapping[tuple[str, str], str]] = {
    ("ecs", "cluster"): "clustername",
    ("ecs", "service"): "servicename",
    ("synthetics", "name"): "canaryname",
    ("events", "eventbu"): "eventbusname",
    ("lambda", "function"): "functionname",
    ("ecr", "repository"): "repositoryname",
    ("logs", "loggroupidentifier"): "loggroupname",
}
"""Parameters that are called otherwise in other calls of the service."""

NAMED: Final = frozenset(
    {
        ("rds", "dbclusteridentifier"),
        ("rds", "dbinstanceidentifier"),
        ("rds", "dbsubnetgroupname"),
        ("rds", "dbproxyname"),
        ("ecs", "clustername"),
        ("ecs", "servicename"),
        ("ecr", "repositoryname"),
        ("sqs", "queuename"),
        ("iam", "rolename"),
        ("iam", "policyname"),
        ("s3", "bucket"),
        ("dynamodb", "tablename"),
        ("lambda", "functionname"),
        ("logs", "loggroupname"),
        ("synthetics", "canaryname"),
        ("events", "eventbusname"),
        ("cloudwatch", "alarmname"),
        ("cloudwatch", "dashboardname"),
    }
)
"""Parameters by which a thing is named when it is made and when it is asked for."""

DIMENSIONS: Final[Mapping[str, tuple[str, str]]] = {
    "QueueName": ("sqs", "queuename"),
    "ClusterName": ("ecs", "clustername"),
    "ServiceName": ("ecs", "servicename"),
    "FunctionName": ("lambda", "functionname"),
    "TableName": ("dynamodb", "tablename"),
    "DBClusterIdentifier": ("rds", "dbclusteridentifier"),
    "DBInstanceIdentifier": ("rds", "dbinstanceidentifier"),
    "CanaryName": ("synthetics", "canaryname"),
}
"""Dimensions of metrics that name such a thing (the pages named in cloudwatch/published.py)."""

_SPLIT: Final = re.compile(r"[^A-Za-z0-9$]+|(?<=[a-z])(?=[A-Z])")


@rule(
    "resource/two-names",
    Severity.WARNING,
    "What the plan makes has one name wherever it is spoken of.",
    "A check that asks for `app-queue` finds nothing when the queue is called `app_queue`, and an alarm on it never has data. "
    "Names are compared where the plan makes a thing of that kind: what differs in case, in separators, in the order of its "
    "words or by one letter is taken for a slip.",
    "write the name as it is given where the thing is made",
)
def two_names(context: AuditContext) -> Iterable[Defect]:
    """Names in reads, inverses and metrics against those of what is made."""
    made: dict[tuple[str, str], set[str]] = {}
    spoken: list[tuple[tuple[str, str], str, KeyPath]] = []
    for site in context.sites:
        makes = _makes(site)
        for kind, name, path in _names(context, site):
            if makes:
                made.setdefault(kind, set()).add(name)
            else:
                spoken.append((kind, name, path))
    spoken += _in_metrics(context)
    near = {kind: _index(names) for kind, names in made.items()}
    for kind, name, path in spoken:
        if name not in made.get(kind, ()):
            for shape in _shapes(name):
                meant = near.get(kind, {}).get(shape)
                if meant is not None and not _numbered(name, meant):
                    yield Defect(path, f"`{name}` is called `{meant}` where it is made", f"write `{meant}`")
                    break


def _makes(site: StepSite) -> bool:
    if site.section is not Section.FORWARD:
        return False
    call = call_of(site)
    return call is not None and (call.verb in MAKES or call.verb == "Put")


def _names(context: AuditContext, site: StepSite) -> Iterator[tuple[tuple[str, str], str, KeyPath]]:
    if not isinstance(site.step, ApiStep):
        return
    service = site.step.api.partition(":")[0]
    for key, value in context.marked(site).items():
        word = key.lower().removesuffix("s") if key != "Bucket" else "bucket"
        kind = (service, SAME_THING.get((service, word), word))
        if kind in NAMED:
            each = value if isinstance(value, list) else [value]
            for index, name in enumerate(each):
                at = (
                    (*site.path, "params", key, index)
                    if isinstance(value, list)
                    else (*site.path, "params", key)
                )
                if isinstance(name, str) and "${" not in name and ":" not in name:
                    yield kind, name, at


def _in_metrics(context: AuditContext) -> Iterator[tuple[tuple[str, str], str, KeyPath]]:
    for number, metric in enumerate(context.plan.metrics):
        for key, name in metric.dimensions.items():
            if key in DIMENSIONS and "${" not in name:
                yield DIMENSIONS[key], name, ("metrics", number, "dimensions", key)


def _shapes(name: str) -> Iterator[str]:
    """Forms in which names that differ by a slip are the same: words in any order, or one letter left out."""
    flat = name.casefold()
    yield "=" + " ".join(sorted(word for word in _SPLIT.split(name) if word)).casefold()
    yield flat
    yield from (flat[:place] + flat[place + 1 :] for place in range(len(flat)))


def _index(names: Iterable[str]) -> dict[str, str]:
    return {shape: name for name in sorted(names) for shape in _shapes(name)}


def _numbered(name: str, meant: str) -> bool:
    """Whether two names are told apart on purpose: by a number, or by a last part of one letter."""
    digits = re.sub(r"\d+", "", name) == re.sub(r"\d+", "", meant)
    parts = [re.split(r"[-_/.]", each) for each in (name, meant)]
    return digits or (parts[0][:-1] == parts[1][:-1] and all(len(each[-1]) <= 1 for each in parts))


RULES = (refers_to_itself, two_names)
