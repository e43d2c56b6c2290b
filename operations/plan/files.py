"""The files of a plan: found, read one by one within bounds, and merged into one source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from operations.plan.errors import Place, PlanError
from operations.plan.explaining import fitted, invalid, own_errors
from operations.plan.yaml_source import QUOTED, KeyPath, Source, read_yaml

MAX_FILES = 1_000
"""Files of one plan."""
MAX_PLAN_BYTES = 20_000_000
"""Of all files of a plan; 10,000 operations with a call each way and a check take 5 MB."""
MAX_VALUES = 500_000
"""Values of a plan in all its files; 10,000 operations with a call each way and a check have 230,000."""
UNJUDGED = 50_000
"""Values that are read before it is looked at what they say: in a larger plan the first file that holds what no plan may hold is
the last one that is read."""


def read_plan(origin: Path) -> Source:
    """Read a plan's file, or all files of its folder in name order.

    Raises:
        PlanError: there is none, one is not YAML, they hold more than a plan may hold, or a key stands in two of them.
    """
    return _merge(_sources(origin), origin)


def _sources(origin: Path) -> Iterator[Source]:
    """The plan's files, read one by one, so that a folder of many is refused before it fills the memory."""
    files = _files(origin)
    unjudged: list[Source] = []
    values = 0
    for file in files:
        source = read_yaml(file)
        values += len(source.marks)
        if values > MAX_VALUES:
            raise PlanError(
                f"a plan of more than {MAX_VALUES} values in all its files", Place(file), "make it two plans"
            )
        unjudged.append(source)
        if values > UNJUDGED and len(files) > 1:
            _refuse_misfits(unjudged, origin)
            unjudged.clear()
        yield source


def _refuse_misfits(sources: Iterable[Source], origin: Path) -> None:
    """Refuse files that cannot be part of any plan, whatever the others hold."""
    for source in sources:
        try:
            fitted(source)
        except ValidationError as error:
            problems = [detail for detail in own_errors(error) if not _lies_elsewhere(detail)]
            if problems:
                raise invalid(problems, source, origin) from error


def _lies_elsewhere(detail: ErrorDetails) -> bool:
    """Whether what a file lacks may stand in another one of the plan's files."""
    return len(detail["loc"]) == 1 and detail["type"] in {"missing", "too_short"}


def _files(origin: Path) -> list[Path]:
    if not origin.is_dir():
        return [origin]
    files = sorted(origin.glob("*.yaml"))
    if not files:
        raise PlanError(
            "no *.yaml file in this folder", Place(origin), "a plan folder holds plan.yaml at least"
        )
    if len(files) > MAX_FILES:
        raise PlanError(f"more than {MAX_FILES} *.yaml files", Place(origin), "make it two plans")
    for file in files:
        _refuse_outside(file, origin)
    if sum(file.stat().st_size for file in files) > MAX_PLAN_BYTES:
        raise PlanError(
            f"larger than {MAX_PLAN_BYTES // 1_000_000} MB in all its files",
            Place(origin),
            "make it two plans",
        )
    return files


def _refuse_outside(file: Path, folder: Path) -> None:
    """A plan is what stands in its folder: a link must not pull in a file from elsewhere on this host."""
    try:
        inside = file.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError) as error:
        raise PlanError("a link that leads nowhere", Place(file), "put the file itself there") from error
    if not inside:
        raise PlanError(
            "a link that leads out of the plan's folder", Place(file), "put the file itself there"
        )


def _merge(sources: Iterable[Source], origin: Path) -> Source:
    data: dict[str, Any] = {}
    marks: dict[KeyPath, Place] = {(): Place(origin)}
    for source in sources:
        offsets: dict[str | int, int] = {}
        for key, value in source.data.items():
            if key not in data:
                data[key] = value
            elif isinstance(value, list) and isinstance(data[key], list):
                offsets[key] = len(data[key])
                data[key] += value
            else:
                raise PlanError(
                    f"the key `{key[:QUOTED]}` stands in two files", source.place((key,)), "keep one of them"
                )
        for path, place in source.marks.items():
            marks.setdefault(_shifted(path, offsets), place)
    return Source(data, marks)


def _shifted(path: KeyPath, offsets: dict[str | int, int]) -> KeyPath:
    """The key path of a value whose list goes on where that of an earlier file ended."""
    if len(path) > 1 and path[0] in offsets and isinstance(path[1], int):
        return (path[0], path[1] + offsets[path[0]], *path[2:])
    return path
