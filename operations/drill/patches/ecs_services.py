"""ECS services: a deployment is in progress for a moment, then its tasks run and its targets are registered."""

# ruff: noqa: SLF001 - a patch reaches into the classes that it mends
from __future__ import annotations

from typing import Any

from operations.drill.patches.ecs_tasks import interface_of, remove_interface
from operations.drill.patches.support import Method, refusal, wrap
from operations.drill.world import World

ROLLOUT_SECONDS = 0.5
"""Simulated length of a deployment; a real one takes one to five minutes."""

_EXTRAS = (
    "capacityProviderStrategy",
    "deploymentConfiguration",
    "healthCheckGracePeriodSeconds",
    "enableExecuteCommand",
)


def apply(world: World) -> None:
    """Mend the life of a service."""
    from moto.ecs import models, responses

    backend = models.EC2ContainerServiceBackend
    wrap(backend, "create_service", lambda original: _create(world, original))
    wrap(backend, "update_service", lambda original: _update(world, original))
    wrap(backend, "delete_service", _delete)
    wrap(backend, "describe_services", lambda original: _settled_first(world, original))
    wrap(responses.EC2ContainerServiceResponse, "create_service", _keep_extras)


def _create(world: World, original: Method) -> Method:
    def create_service(self: Any, cluster_str: str, service_name: str, *args: Any, **kwargs: Any) -> Any:
        known = self.services.get(f"{self._get_cluster(cluster_str).name}:{service_name}")
        if known is not None and known.status == "ACTIVE":
            raise refusal("InvalidParameterException", "Creation of service was not idempotent.")
        service = original(self, cluster_str, service_name, *args, **kwargs)
        service.sandbox_tasks = []
        service.sandbox_changed = world.clock()
        service.running_count = 0
        return service

    return create_service


def _update(world: World, original: Method) -> Method:
    def update_service(self: Any, properties: dict[str, Any]) -> Any:
        rolls = bool(properties.get("force_new_deployment")) or "task_definition" in properties
        service = self._get_service(
            properties.get("cluster", "default"), properties["service"].split("/")[-1]
        )
        if service.status != "ACTIVE":
            raise refusal("ServiceNotActiveException", "Service was not ACTIVE.")
        _settle(self, world, service)
        definition = properties.pop("task_definition", None)
        if definition:
            service.task_definition = self.describe_task_definition(definition).arn
        running = service.running_count
        service = original(self, properties)
        service.running_count = running
        service.pending_count = max(0, service.desired_count - running)
        service.sandbox_changed = world.clock()
        _begin_rollout(service, rolls=rolls)
        return service

    return update_service


def _begin_rollout(service: Any, *, rolls: bool) -> None:
    """Put a new deployment in front of the present one, or only change the present one's count."""
    from moto.core.utils import utcnow
    from moto.moto_api._internal import mock_random

    primary = service.deployments[0]
    if rolls:
        old = {**primary, "status": "ACTIVE"}
        name = f"ecs-svc/{mock_random.randint(0, 32**12)}"
        primary = {
            **primary,
            "id": name,
            "createdAt": utcnow(),
            "taskDefinition": service.task_definition,
            "runningCount": 0,
        }
        service.deployments = [primary, old]
    primary.update(
        desiredCount=service.desired_count,
        pendingCount=service.pending_count,
        rolloutState="IN_PROGRESS",
        rolloutStateReason=f"ECS deployment {primary['id']} in progress.",
        updatedAt=utcnow(),
    )


def _delete(original: Method) -> Method:
    def delete_service(self: Any, cluster_name: str, service_name: str, force: bool) -> Any:
        service = original(self, cluster_name, service_name, force)
        _scale(self, service, 0)
        service.desired_count = 0
        service.deployments = []
        return service

    return delete_service


def _settled_first(world: World, original: Method) -> Method:
    def describe_services(self: Any, cluster_str: str, names: list[str]) -> Any:
        services, failures = original(self, cluster_str, names)
        for service in services:
            _settle(self, world, service)
        return services, failures

    return describe_services


def _settle(backend: Any, world: World, service: Any) -> None:
    """Bring a service to where its deployment has got by now."""
    if service.status != "ACTIVE" or service.sandbox_changed is None:
        return
    if world.since(service.sandbox_changed) < ROLLOUT_SECONDS:
        return
    service.sandbox_changed = None
    renewed = len(service.deployments) > 1
    if renewed:
        _scale(backend, service, 0)
    _scale(backend, service, service.desired_count)
    if service.deployments:
        primary = service.deployments[0]
        primary.update(
            runningCount=service.running_count,
            pendingCount=0,
            rolloutState="COMPLETED",
            rolloutStateReason=f"ECS deployment {primary['id']} completed.",
        )
        service.deployments = [primary]
    from moto.core.utils import utcnow
    from moto.moto_api._internal import mock_random

    note = f"(service {service.name}) has reached a steady state."
    service.events.insert(0, {"id": str(mock_random.uuid4()), "createdAt": utcnow(), "message": note})


def _scale(backend: Any, service: Any, wanted: int) -> None:
    """Run as many tasks as wanted, each with its interface and its target."""
    while len(service.sandbox_tasks) > wanted:
        _stop_task(service, service.sandbox_tasks.pop())
    while len(service.sandbox_tasks) < wanted:
        service.sandbox_tasks.append(_run_task(backend, service))
    service.running_count = len(service.sandbox_tasks)
    service.pending_count = 0


def _run_task(backend: Any, service: Any) -> Any:
    from moto.ecs import models

    make: Any = models.Task
    cluster = backend._get_cluster(service.cluster_name)
    task = make(
        cluster=cluster,
        task_definition=backend.describe_task_definition(service.task_definition),
        container_instance_arn=None,
        resource_requirements={},
        backend=backend,
        group=f"service:{service.name}",
        launch_type=service.launch_type or "FARGATE",
        started_by=service.deployments[0]["id"] if service.deployments else "",
        networking_configuration=service.network_configuration or None,
    )
    task._transitions = []  # a service's task runs until its service stops it
    for container in task.containers:
        container.last_status = "RUNNING"
        container.exitCode = None
    backend.tasks.setdefault(cluster.name, {})[task.task_arn] = task
    _targets(service, task, register=True)
    return task


def _stop_task(service: Any, task: Any) -> None:
    task.last_status = task.desired_status = "STOPPED"
    task.stopped_reason = "Scaling activity initiated by deployment"
    for container in task.containers:
        container.last_status, container.exitCode = "STOPPED", 0
    _targets(service, task, register=False)
    remove_interface(task)
    service._backend.tasks[service.cluster_name].pop(task.task_arn, None)  # AWS forgets it after an hour


def _targets(service: Any, task: Any, *, register: bool) -> None:
    from moto.elbv2.models import elbv2_backends

    interface = interface_of(task)
    if interface is None:
        return
    address = interface["privateIPv4Address"]
    for balancer in service.load_balancers:
        groups = elbv2_backends[service._account_id][service.region_name].target_groups
        group = groups.get(balancer.get("targetGroupArn"))
        if group is None:
            continue
        if register:
            group.targets[address] = {"Id": address, "Port": balancer["containerPort"]}
        else:
            group.targets.pop(address, None)
    for registry in service.service_registries:
        _instance(service, registry["registryArn"].split("/")[-1], task, address, register=register)


def _instance(service: Any, registry: str, task: Any, address: str, *, register: bool) -> None:
    """The task's entry in Cloud Map."""
    from moto.servicediscovery.models import servicediscovery_backends

    discovery = servicediscovery_backends[service._account_id][service.region_name]
    if registry not in discovery.services:
        return
    if register:
        discovery.register_instance(registry, task.id, task.id, {"AWS_INSTANCE_IPV4": address})
    else:
        discovery.deregister_instance(registry, task.id)


def _keep_extras(original: Method) -> Method:
    """Parameters that moto drops are kept, so that a description shows what was asked for."""

    def create_service(self: Any) -> Any:
        from moto.core.utils import camelcase_to_underscores

        created = original(self)
        service = created.result["service"]
        for name in _EXTRAS:
            value = self._get_param(name)
            if value is not None:
                setattr(service, camelcase_to_underscores(name), value)
        if self._get_param("capacityProviderStrategy"):
            service.launch_type = None  # the strategy decides it
            for deployment in service.deployments:
                deployment["launchType"] = None
        return created

    return create_service
