"""ECS: services that roll out and run tasks, targets that they register, and tasks that run to their end."""

from __future__ import annotations

from typing import Any

from operations.drill.patches import ecs_services, ecs_tasks
from operations.drill.patches.support import Method, put, refusal, wrap
from operations.drill.world import World


def apply(world: World) -> None:
    """Mend services, run-to-completion tasks, and what a cluster refuses while it is in use."""
    from moto.ecs import models

    backend = models.EC2ContainerServiceBackend
    ecs_services.apply(world)
    ecs_tasks.apply(world)
    put(backend, "_calculate_task_resource_requirements", staticmethod(_requirements))
    wrap(backend, "delete_cluster", _only_when_empty)
    wrap(backend, "list_clusters", _active_alone)
    wrap(backend, "describe_clusters", _counted_first)


def _requirements(definition: Any) -> dict[str, Any]:
    """What a task needs, where memory may be said for the whole task only, as Fargate has it."""
    containers = definition.container_definitions
    ports = [
        port["hostPort"]
        for container in containers
        for port in container.get("portMappings", [])
        if "hostPort" in port
    ]
    return {
        "CPU": sum(container.get("cpu") or 0 for container in containers),
        "MEMORY": sum(
            container.get("memory") or container.get("memoryReservation") or 0 for container in containers
        ),
        "PORTS": ports,
        "PORTS_UDP": [],
    }


def _active_alone(original: Method) -> Method:
    def list_clusters(self: Any) -> list[str]:
        return [arn for arn in original(self) if self._get_cluster(arn).status != "INACTIVE"]

    return list_clusters


def _only_when_empty(original: Method) -> Method:
    def delete_cluster(self: Any, cluster_str: str) -> Any:
        cluster = self._get_cluster(cluster_str)
        if any(
            service.cluster_name == cluster.name and service.status == "ACTIVE"
            for service in self.services.values()
        ):
            raise refusal(
                "ClusterContainsServicesException", "The Cluster cannot be deleted while Services are active."
            )
        tasks = self.tasks.get(cluster.name, {}).values()
        if any(task.desired_status == "RUNNING" for task in tasks):
            raise refusal(
                "ClusterContainsTasksException", "The Cluster cannot be deleted while Tasks are active."
            )
        return original(self, cluster_str)

    return delete_cluster


def _counted_first(original: Method) -> Method:
    def describe_clusters(self: Any, *args: Any, **kwargs: Any) -> Any:
        for cluster in self.clusters.values():
            services = [service for service in self.services.values() if service.cluster_name == cluster.name]
            active = [service for service in services if service.status == "ACTIVE"]
            tasks = self.tasks.get(cluster.name, {}).values()
            cluster.running_tasks_count = sum(task.desired_status == "RUNNING" for task in tasks)
            cluster.pending_tasks_count = sum(service.pending_count for service in active)
            cluster.active_services_count = len(active)
        return original(self, *args, **kwargs)

    return describe_clusters
