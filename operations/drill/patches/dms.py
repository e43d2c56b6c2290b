"""Database Migration Service: tasks that become ready, load for a while, follow changes, and have figures per table."""

# ruff: noqa: S608 - the tables' names are constants
from __future__ import annotations

import json
from typing import Any

from operations.drill.patches.support import Method, answer, put, refusal, wrap
from operations.drill.world import World

LOAD_SECONDS = 3.0
"""Simulated length of a full load; a real one of 10 to 50 GB takes about an hour."""

TABLES = (("agents", 48), ("tasks", 310), ("discoveries", 125), ("sessions", 64), ("audit_log", 420))
"""Tables of the old database, and their rows: what a full load brings into schema `public` of its target."""


def apply(world: World) -> None:
    """Mend the life of a replication task, and answer DescribeTableStatistics and deletion waiters."""
    from moto.dms import models, responses

    backend = models.DatabaseMigrationServiceBackend
    task = models.FakeReplicationTask
    put(task, "start", _start(world, models))
    put(task, "stop", _stop(models))
    wrap(task, "to_dict", lambda original: lambda self: _described(world, self, original(self)))
    wrap(task, "__init__", _ready_at_once)
    wrap(models.Endpoint, "__init__", _active_at_once)
    for name in ("describe_replication_tasks", "describe_replication_instances", "describe_endpoints"):
        wrap(responses.DatabaseMigrationServiceResponse, name, _fault_when_none(name))
    wrap(backend, "delete_replication_task", _only_when_idle)
    wrap(backend, "delete_replication_instance", _only_without_tasks)
    wrap(backend, "delete_endpoint", _only_when_unused)
    wrap(backend, "test_connection", _known_connection)
    put(responses.DatabaseMigrationServiceResponse, "describe_table_statistics", _table_statistics(world))


def _ready_at_once(original: Method) -> Method:
    def initialise(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.status = "ready"
        self.sandbox_started = None
        self.sandbox_loaded = False

    return initialise


def _active_at_once(original: Method) -> Method:
    def initialise(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.status = "active"

    return initialise


def _start(world: World, models: Any) -> Method:
    def start(self: Any) -> Any:
        if self.status not in ("ready", "stopped", "failed"):
            raise models.InvalidResourceStateFault(f"Replication task is {self.status}")
        if self.sandbox_started is None:
            self.sandbox_started = world.clock()
        self.start_date = models.utcnow()
        self.stop_date = None
        self.status = "running"
        return self

    return start


def _stop(models: Any) -> Method:
    def stop(self: Any) -> Any:
        if self.status != "running":
            raise models.InvalidResourceStateFault("Replication task is not running")
        self.status = "stopped"
        self.stop_date = models.utcnow()
        return self

    return stop


def _progress(world: World, task: Any) -> int:
    """Percent of the full load that is done; at 100 the rows are in the target."""
    if task.sandbox_started is None:
        return 0
    percent = min(100, int(100 * world.since(task.sandbox_started) / LOAD_SECONDS))
    if percent == 100 and not task.sandbox_loaded:
        task.sandbox_loaded = True
        _copy_rows(world, task)
    return percent


def _copy_rows(world: World, task: Any) -> None:
    """Make the source's tables in the cluster that the task's target endpoint names, if the sandbox has it."""
    from moto.dms.models import dms_backends
    from moto.rds.models import rds_backends

    account, region = task.arn.split(":")[4], task.region
    endpoints = dms_backends[account][region].endpoints.values()
    target = next((end for end in endpoints if end.endpoint_arn == task.target_endpoint_arn), None)
    for cluster in rds_backends[account][region].clusters.values():
        if target is not None and cluster.endpoint == target.server_name:
            name, user = cluster.database_name or "postgres", cluster.master_username or "postgres"
            database = world.databases.of(cluster.db_cluster_resource_id, name, user)
            database.run("CREATE SCHEMA IF NOT EXISTS public")
            for table, rows in TABLES:
                database.run(
                    f"CREATE TABLE IF NOT EXISTS public.{table} (id integer PRIMARY KEY, body jsonb)"
                )
                numbers = ", ".join(f"({number}, '{{}}')" for number in range(1, rows + 1))
                database.run(f"DELETE FROM public.{table}")
                database.run(f"INSERT INTO public.{table} (id, body) VALUES {numbers}")


def _described(world: World, task: Any, wire: dict[str, Any]) -> dict[str, Any]:
    percent = _progress(world, task)
    loaded = len(TABLES) * percent // 100
    started = task.sandbox_started is not None
    wire["ReplicationTaskStats"].update(
        FullLoadProgressPercent=percent,
        ElapsedTimeMillis=int(1000 * world.since(task.sandbox_started)) if started else 0,
        TablesLoaded=loaded,
        TablesLoading=1 if started and percent < 100 else 0,
        TablesQueued=max(0, len(TABLES) - loaded - 1) if percent < 100 else 0,
        TablesErrored=0,
    )
    return wire


def _table_statistics(world: World) -> Method:
    def describe_table_statistics(self: Any) -> Any:
        arn = self._get_param("ReplicationTaskArn")
        task = self.dms_backend.replication_tasks.get(arn)
        if task is None:
            raise refusal("ResourceNotFoundFault", "Replication task could not be found.")
        percent = _progress(world, task)
        rows = (
            [_statistics(name, count, percent) for name, count in TABLES]
            if task.sandbox_started is not None
            else []
        )
        return answer({"ReplicationTaskArn": arn, "TableStatistics": rows})

    return describe_table_statistics


def _statistics(name: str, rows: int, percent: int) -> dict[str, Any]:
    done = rows * percent // 100
    return {
        "SchemaName": "public",
        "TableName": name,
        "Inserts": 0,
        "Updates": 0,
        "Deletes": 0,
        "Ddls": 0,
        "FullLoadRows": done,
        "FullLoadErrorRows": 0,
        "TableState": "Table completed" if percent == 100 else "Full load",
        "ValidationState": "Validated" if percent == 100 else "Pending records",
        "ValidationPendingRecords": 0 if percent == 100 else rows - done,
        "ValidationFailedRecords": 0,
        "ValidationSuspendedRecords": 0,
    }


def _fault_when_none(name: str) -> Any:
    """A description that finds nothing is a fault in this service, and the deletion waiters wait for it."""

    def around(original: Method) -> Method:
        def describe(self: Any) -> Any:
            answered = original(self)
            if self._get_param("Filters") and not any(json.loads(answered).values()):
                raise refusal(
                    "ResourceNotFoundFault", f"{name.removeprefix('describe_')} could not be found."
                )
            return answered

        return describe

    return around


def _only_when_idle(original: Method) -> Method:
    def delete(self: Any, replication_task_arn: str) -> Any:
        task = self.replication_tasks.get(replication_task_arn)
        if task is not None and task.status == "running":
            raise refusal("InvalidResourceStateFault", "Replication task is running; stop it first.")
        return original(self, replication_task_arn)

    return delete


def _only_without_tasks(original: Method) -> Method:
    def delete(self: Any, replication_instance_arn: str) -> Any:
        if any(
            task.replication_instance_arn == replication_instance_arn
            for task in self.replication_tasks.values()
        ):
            raise refusal("InvalidResourceStateFault", "Replication instance still has replication tasks.")
        return original(self, replication_instance_arn)

    return delete


def _only_when_unused(original: Method) -> Method:
    def delete(self: Any, endpoint_arn: str) -> Any:
        tasks = self.replication_tasks.values()
        if any(endpoint_arn in (task.source_endpoint_arn, task.target_endpoint_arn) for task in tasks):
            raise refusal("InvalidResourceStateFault", "Endpoint is used by a replication task.")
        return original(self, endpoint_arn)

    return delete


def _known_connection(original: Method) -> Method:
    """A second test of a connection that is known answers with it, where moto fails."""

    def test_connection(self: Any, replication_instance_arn: str, endpoint_arn: str) -> Any:
        for known in self.connections:
            if (known.replication_instance_arn, known.endpoint_arn) == (
                replication_instance_arn,
                endpoint_arn,
            ):
                return known
        return original(self, replication_instance_arn, endpoint_arn)

    return test_connection
