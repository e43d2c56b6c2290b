"""What containers of the plan would do, done by the sandbox: state and streams imported, streams purged.

A task definition's image is never run here. A container override whose command is known is carried out on the sandbox's own
stores, so that a later verification finds what the container would have left; any other command does nothing and ends well.
"""

# ruff: noqa: S608 - the table's name is a constant
from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from operations.drill.databases import StatementError
from operations.drill.world import World

STATE_TABLE = "core.coordination_state"
"""Table that `import-state` writes to."""

STREAMS = (("AGENT_EVENTS", 24), ("SYSTEM_EVENTS", 12))
"""Streams of the old system, and how many messages of each `import-streams` finds."""


@dataclass(frozen=True)
class Exit:
    """How a container ended.

    Attributes:
        code: Its exit code.
        reason: Why, one line; empty when it ended well.
    """

    code: int = 0
    reason: str = ""


class ChoreError(RuntimeError):
    """A command that cannot be carried out; the container exits with 1 and this message."""


def carry_out(world: World, ecs: Any, task: Any) -> Exit:
    """Do what the commands of a task's container overrides say.

    Args:
        world: The sandbox.
        ecs: The ECS backend that runs the task; it tells account and region.
        task: The task, with its overrides.
    """
    try:
        for override in task.overrides.get("containerOverrides", []):
            command = override.get("command") or []
            chore = _CHORES.get(command[0]) if command else None
            if chore is not None:
                chore(world, ecs, _options(command[1:]))
    except ChoreError as error:
        return Exit(1, str(error))
    return Exit()


def _options(arguments: list[str]) -> dict[str, str]:
    return {name.lstrip("-"): value for name, value in zip(arguments[::2], arguments[1::2], strict=False)}


def _import_state(world: World, ecs: Any, options: dict[str, str]) -> None:
    text = _read(ecs, options.get("from", ""))
    database = world.databases.holding(STATE_TABLE)
    if database is None:
        raise ChoreError(f"no database has the table {STATE_TABLE}")
    try:
        for number, row in enumerate(_rows(text)):
            group = str(row.get("group", f"group-{number}"))
            values = {
                "group": group,
                "state": json.dumps(row.get("state", row)),
                "tag": options.get("tag", ""),
            }
            database.run(
                f"INSERT INTO {STATE_TABLE} (group_id, state, run_tag) VALUES (:group, :state, :tag)", values
            )
    except StatementError as error:
        raise ChoreError(f"import of {options.get('from')}: {error}") from error


def _rows(text: str) -> list[dict[str, Any]]:
    try:
        rows = json.loads(text)
    except ValueError:
        rows = [{"state": text}]
    return [
        row if isinstance(row, dict) else {"state": row}
        for row in (rows if isinstance(rows, list) else [rows])
    ]


def _import_streams(_world: World, ecs: Any, options: dict[str, str]) -> None:
    _read(ecs, options.get("from", ""))
    table = _table(ecs, options)
    for stream, count in STREAMS:
        for number in range(1, count + 1):
            item = {
                "StreamName": {"S": stream},
                "SequenceNumber": {"N": str(number)},
                "Payload": {"S": "{}"},
                "RunTag": {"S": options.get("tag", "")},
            }
            _dynamodb(ecs).put_item(table, item)


def _purge_streams(_world: World, ecs: Any, options: dict[str, str]) -> None:
    table = _dynamodb(ecs).get_table(_table(ecs, options))
    for partition in table.items.values():
        rows = partition if isinstance(partition, dict) else {}
        for key in [key for key, item in rows.items() if _tag(item) == options.get("tag", "")]:
            del rows[key]


def _tag(item: Any) -> str:
    value = item.attrs.get("RunTag")
    return "" if value is None else str(value.value)


def _table(ecs: Any, options: dict[str, str]) -> str:
    name = options.get("table", "")
    if name not in _dynamodb(ecs).tables:
        raise ChoreError(f"no table {name or '(none named)'}")
    return name


def _dynamodb(ecs: Any) -> Any:
    from moto.dynamodb.models import dynamodb_backends

    return dynamodb_backends[ecs.account_id][ecs.region_name]


def _read(ecs: Any, url: str) -> str:
    """The text of an object, by its `s3://` address."""
    from moto.core.exceptions import ServiceException
    from moto.s3.exceptions import S3ClientError
    from moto.s3.models import s3_backends

    place = urlsplit(url)
    try:
        found = s3_backends[ecs.account_id]["aws"].get_object(place.netloc, place.path.lstrip("/"))
    except (ServiceException, S3ClientError) as error:
        raise ChoreError(f"{url} cannot be read: {error}") from error
    if found is None:
        raise ChoreError(f"{url} does not exist")
    body: bytes = found.value
    return body.decode(errors="replace")


_CHORES: dict[str, Callable[[World, Any, dict[str, str]], None]] = {
    "import-state": _import_state,
    "import-streams": _import_streams,
    "purge-streams": _purge_streams,
}
