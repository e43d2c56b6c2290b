"""What the sandbox's own resources publish: each balancer, service, database and replication task that exists just now."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import TYPE_CHECKING, Any

from operations.drill.world import ACCOUNT, REGION

if TYPE_CHECKING:
    from operations.drill.traffic import TrafficMetric

OWN = frozenset({"AWS/DMS"})
"""Namespaces that only the sandbox publishes: replication latency follows its task, and ends when the task stops."""

Dimensions = tuple[tuple[str, str], ...]


def metrics() -> list[TrafficMetric]:
    """Metrics of the resources that exist; services of moto that nothing has used yet are not loaded for it."""
    sources = (_balancers, _services, _clusters, _databases, _instances, _queues, _canaries, _replication)
    return [metric for source in sources for metric in _unless_changing(source)]


def _unless_changing(source: Callable[[], Iterator[TrafficMetric]]) -> list[TrafficMetric]:
    """What a source gives, or nothing when a call changes its resources at this very moment; the next tick asks again."""
    try:
        return list(source())
    except (AttributeError, KeyError, RuntimeError):
        return []


def fill(dimensions: Dimensions) -> Iterator[Dimensions]:
    """The dimensions as they are; with `${` in a value, once for each resource that the value may stand for, which may be none."""
    choices = [_values(name) if "${" in value else [value] for name, value in dimensions]
    names = [name for name, _ in dimensions]
    for values in product(*choices):
        yield tuple(zip(names, values, strict=True))


def _values(name: str) -> list[str]:
    source = _LIVE.get(name)
    return source() if source is not None else []


def _backend(service: str, attribute: str) -> Any:
    module = sys.modules.get(f"moto.{service}.models")
    backends = getattr(module, attribute, None)  # a module that is just being imported has none yet
    return backends[ACCOUNT][REGION] if backends is not None else None


def _each(service: str, attribute: str, kept: str) -> list[Any]:
    backend = _backend(service, attribute)
    return list(getattr(backend, kept).values()) if backend is not None else []


def _balancer_names() -> list[str]:
    return [
        balancer.arn.split("loadbalancer/")[1]
        for balancer in _each("elbv2", "elbv2_backends", "load_balancers")
    ]


def _group_names() -> list[str]:
    groups = _each("elbv2", "elbv2_backends", "target_groups")
    return ["targetgroup/" + group.arn.split(":targetgroup/")[1] for group in groups]


def _task_names() -> list[str]:
    return [task.arn.split(":task:")[1] for task in _each("dms", "dms_backends", "replication_tasks")]


_LIVE: dict[str, Callable[[], list[str]]] = {
    "LoadBalancer": _balancer_names,
    "TargetGroup": _group_names,
    "ReplicationTaskIdentifier": _task_names,
}


def _make(
    namespace: str, dimensions: Dimensions, rows: Iterable[tuple[str, str, float, float | None]]
) -> list[TrafficMetric]:
    from operations.drill.traffic import TrafficMetric

    return [
        TrafficMetric(namespace, name, dimensions, unit, normal, added) for name, unit, normal, added in rows
    ]


def _balancers() -> Iterator[TrafficMetric]:
    for balancer in _balancer_names():
        place = (("LoadBalancer", balancer),)
        traffic = (("RequestCount", "Count", 900.0, 60.0), ("HTTPCode_Target_5XX_Count", "Count", 2.0, 60.0))
        yield from _make(
            "AWS/ApplicationELB", place, (*traffic, ("TargetResponseTime", "Seconds", 0.21, None))
        )
        for group in _each("elbv2", "elbv2_backends", "target_groups"):
            name = "targetgroup/" + group.arn.split(":targetgroup/")[1]
            hosts = (
                ("HealthyHostCount", "Count", float(len(group.targets)), None),
                ("UnHealthyHostCount", "Count", 0.0, None),
            )
            yield from _make("AWS/ApplicationELB", (*place, ("TargetGroup", name)), hosts)


def _services() -> Iterator[TrafficMetric]:
    for service in _each("ecs", "ecs_backends", "services"):
        if service.status == "ACTIVE" and service.running_count:
            place = (("ClusterName", service.cluster_name), ("ServiceName", service.name))
            load = (("CPUUtilization", "Percent", 38.0, None), ("MemoryUtilization", "Percent", 54.0, None))
            yield from _make("AWS/ECS", place, load)


def _clusters() -> Iterator[TrafficMetric]:
    for cluster in _each("ecs", "ecs_backends", "clusters"):
        if cluster.status == "ACTIVE":
            count = sum(service.running_count for service in _each("ecs", "ecs_backends", "services"))
            whole: Dimensions = (("ClusterName", cluster.name),)
            yield from _make("AWS/ECS", whole, (("CPUUtilization", "Percent", 36.0, None),))
            yield from _make("ECS/ContainerInsights", whole, (("TaskCount", "Count", float(count), None),))


def _databases() -> Iterator[TrafficMetric]:
    for cluster in _each("rds", "rds_backends", "clusters"):
        rows = (
            ("DatabaseConnections", "Count", 24.0, None),
            ("ServerlessDatabaseCapacity", "None", 4.5, None),
        )
        more = (("CPUUtilization", "Percent", 31.0, None), ("AuroraReplicaLag", "Milliseconds", 18.0, None))
        yield from _make("AWS/RDS", (("DBClusterIdentifier", cluster.db_cluster_identifier),), (*rows, *more))


def _instances() -> Iterator[TrafficMetric]:
    for instance in _each("rds", "rds_backends", "databases"):
        load = (("CPUUtilization", "Percent", 29.0, None), ("DBLoad", "None", 1.1, None))
        speed = (("ReadLatency", "Seconds", 0.002, None), ("WriteLatency", "Seconds", 0.004, None))
        lag = (("AuroraReplicaLag", "Milliseconds", 18.0, None),)
        yield from _make(
            "AWS/RDS", (("DBInstanceIdentifier", instance.db_instance_identifier),), (*load, *speed, *lag)
        )


def _canaries() -> Iterator[TrafficMetric]:
    for canary in _each("synthetics", "synthetics_backends", "canaries"):
        if canary.state == "RUNNING":
            yield from _make(
                "CloudWatchSynthetics",
                (("CanaryName", canary.name),),
                (("SuccessPercent", "Percent", 100.0, None),),
            )


def _queues() -> Iterator[TrafficMetric]:
    for queue in _each("sqs", "sqs_backends", "queues"):
        waiting = float(len(queue.messages))
        rows = (
            ("ApproximateNumberOfMessagesVisible", "Count", waiting, None),
            ("ApproximateAgeOfOldestMessage", "Seconds", 0.0, None),
        )
        yield from _make("AWS/SQS", (("QueueName", queue.name),), rows)


def _replication() -> Iterator[TrafficMetric]:
    for task in _each("dms", "dms_backends", "replication_tasks"):
        if task.status == "running":
            instance = task.replication_instance_arn.split(":rep:")[-1]
            place = (
                ("ReplicationInstanceIdentifier", instance),
                ("ReplicationTaskIdentifier", task.arn.split(":task:")[1]),
            )
            yield from _make(
                "AWS/DMS",
                place,
                (("CDCLatencySource", "Seconds", 0.3, None), ("CDCLatencyTarget", "Seconds", 0.5, None)),
            )
