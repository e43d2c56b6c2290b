"""ECS tasks that run once: they stop after a moment, with what they did done and an exit code that says whether it worked."""

# ruff: noqa: SLF001 - a patch reaches into the classes that it mends
from __future__ import annotations

from typing import Any

from operations.drill import chores
from operations.drill.patches.support import Method, wrap
from operations.drill.world import World

TASK_SECONDS = 0.4
"""Simulated length of a task that runs once."""


def apply(world: World) -> None:
    """Mend RunTask, DescribeTasks and ListTasks."""
    from moto.ecs import models

    backend = models.EC2ContainerServiceBackend
    wrap(backend, "run_task", lambda original: _run(world, original))
    wrap(backend, "describe_tasks", lambda original: _stopped_first(world, original))
    wrap(backend, "list_tasks", lambda original: _list(world, original))


def interface_of(task: Any) -> dict[str, str] | None:
    """The details of a task's network interface; None without one."""
    for attachment in task.attachments:
        if attachment["type"] == "ElasticNetworkInterface":
            return {detail["name"]: detail["value"] for detail in attachment["details"]}
    return None


def remove_interface(task: Any) -> None:
    """Give a stopped task's interface back, so that its subnet and groups can be deleted."""
    from moto.ec2.models import ec2_backends

    interface = interface_of(task)
    if interface is not None:
        network = ec2_backends[task._account_id][task.region_name]
        network.enis.pop(interface["networkInterfaceId"], None)
        task.attachments = []


def _run(world: World, original: Method) -> Method:
    def run_task(self: Any, *args: Any, **kwargs: Any) -> Any:
        tasks = original(self, *args, **kwargs)
        for task in tasks:
            task._transitions = []
            task.sandbox_started = world.clock()
            task.sandbox_exit = chores.carry_out(world, self, task)
            for container in task.containers:
                container.last_status = "RUNNING"
                container.exitCode = None
        return tasks

    return run_task


def _stop_when_done(backend: Any, world: World) -> None:
    for tasks in backend.tasks.values():
        for task in tasks.values():
            started = getattr(task, "sandbox_started", None)
            if started is None or task.desired_status == "STOPPED" or world.since(started) < TASK_SECONDS:
                continue
            task.last_status = task.desired_status = "STOPPED"
            task.stop_code = "EssentialContainerExited"
            task.stopped_reason = task.sandbox_exit.reason or "Essential container in task exited"
            for container in task.containers:
                container.last_status, container.exitCode = "STOPPED", task.sandbox_exit.code
            remove_interface(task)


def _stopped_first(world: World, original: Method) -> Method:
    def describe_tasks(self: Any, cluster_str: str, tasks: list[str]) -> Any:
        _stop_when_done(self, world)
        return original(self, cluster_str, tasks)

    return describe_tasks


def _list(world: World, original: Method) -> Method:
    def list_tasks(self: Any, *args: Any, **kwargs: Any) -> Any:
        _stop_when_done(self, world)
        names = ("cluster_str", "container_instance", "family", "started_by", "service_name", "desiredStatus")
        wanted = {**dict(zip(names, args, strict=False)), **kwargs}
        wanted["desiredStatus"] = wanted.get("desiredStatus") or "RUNNING"
        service = wanted.get("service_name")
        tasks = original(self, **wanted)
        return [task for task in tasks if not service or task.group == f"service:{service.split('/')[-1]}"]

    return list_tasks
