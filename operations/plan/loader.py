"""Loads a plan from a file, a folder or the bundled plans, with errors that name file and line."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rfc8785
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from operations.plan.errors import Place, PlanError
from operations.plan.keys import known_keys
from operations.plan.models import Plan
from operations.plan.steps import FORM_KEYS
from operations.plan.yaml_source import MAX_VALUES, KeyPath, Source, read_yaml

BUNDLED = Path(__file__).parent.parent / "plans"
MAX_REPORTED = 100
"""Problems that are explained; finding the nearest known key takes milliseconds for each."""
LONGEST_KEY = 80
"""Characters of a key that a message quotes."""


@dataclass(frozen=True, slots=True)
class LoadedPlan:
    """A plan with where it came from: `digest` is the SHA-256 of its canonical content, lower-case hex."""

    plan: Plan
    source: Source
    origin: Path
    digest: str

    def place(self, *path: str | int) -> Place:
        """Where the value at a key path stands; the plan's own file when it has no mark."""
        return self.source.place(path) or Place(self.origin)


class InvalidPlanError(PlanError):
    """A plan that does not fit the models; `problems` has every one found, each with its place."""

    def __init__(self, problems: list[PlanError]) -> None:
        self.problems = problems
        first = problems[0]
        super().__init__(first.message, first.place, first.fix)


def load_plan(name: str | Path) -> LoadedPlan:
    """Load a plan by path, or a bundled plan by name.

    Raises:
        PlanError: no such plan, unreadable YAML, or (as InvalidPlanError) a plan that does not fit the models.
    """
    origin = find_plan(name)
    source = _merge(_sources(origin), origin)
    try:
        plan = Plan.model_validate(source.data)
    except ValidationError as error:
        problems = _own_errors(error)[:MAX_REPORTED]
        raise InvalidPlanError([_explain(detail, source, origin) for detail in problems]) from error
    _refuse_duplicates(plan, source, origin)
    digest = hashlib.sha256(rfc8785.dumps(source.data)).hexdigest()
    return LoadedPlan(plan, source, origin, digest)


def find_plan(name: str | Path) -> Path:
    """The file or folder of a plan.

    Raises:
        PlanError: there is no such file and no bundled plan of that name.
    """
    path = Path(name)
    bundled = BUNDLED / str(name)
    try:
        if path.exists():
            return path
        if path.parent == Path() and (bundled / "plan.yaml").is_file():
            return bundled
    except (OSError, ValueError) as error:  # a name that no file can have
        raise PlanError(f"no plan `{str(name)[:80]}`", None, "give a file or folder") from error
    names = sorted(folder.name for folder in BUNDLED.iterdir() if (folder / "plan.yaml").is_file())
    raise PlanError(
        f"no plan `{name}`", None, f"give a file or folder, or a bundled plan: {', '.join(names)}"
    )


def _sources(origin: Path) -> list[Source]:
    """The plan's files, read one by one, so that a folder of many is refused before it fills the memory."""
    sources: list[Source] = []
    parts = 0
    for file in _files(origin):
        source = read_yaml(file)
        parts += len(source.marks)
        if parts > MAX_VALUES:
            raise PlanError(
                f"a plan of more than {MAX_VALUES} values in all its files", Place(file), "make it two plans"
            )
        sources.append(source)
    return sources


def _files(origin: Path) -> list[Path]:
    if not origin.is_dir():
        return [origin]
    files = sorted(origin.glob("*.yaml"))
    for file in files:
        _refuse_outside(file, origin)
    if not files:
        raise PlanError(
            "no *.yaml file in this folder", Place(origin), "a plan folder holds plan.yaml at least"
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


def _merge(sources: list[Source], origin: Path) -> Source:
    data: dict[str, Any] = {}
    marks: dict[KeyPath, Place] = {(): Place(origin)}
    for source in sources:
        for key, value in source.data.items():
            offset = 0
            if key not in data:
                data[key] = value
            elif isinstance(value, list) and isinstance(data[key], list):
                offset = len(data[key])
                data[key] = data[key] + value
            else:
                raise PlanError(
                    f"the key `{key}` stands in two files", source.place((key,)), "keep one of them"
                )
            _shift_marks(source, key, offset, marks)
    return Source(data, marks)


def _shift_marks(source: Source, key: str, offset: int, marks: dict[KeyPath, Place]) -> None:
    for path, place in source.marks.items():
        if path[:1] != (key,):
            continue
        if len(path) > 1 and isinstance(path[1], int):
            path = (key, path[1] + offset, *path[2:])
        marks.setdefault(path, place)


def _refuse_duplicates(plan: Plan, source: Source, origin: Path) -> None:
    seen: dict[str, Place] = {}
    problems = []
    for path, operation_id in _operation_paths(plan):
        place = source.place(path) or Place(origin)
        if operation_id in seen:
            message = f"the operation `{operation_id}` is already at {seen[operation_id]}"
            problems.append(PlanError(message, place, "give it another id"))
        seen.setdefault(operation_id, place)
    if problems:
        raise InvalidPlanError(problems)


def _operation_paths(plan: Plan) -> Iterator[tuple[KeyPath, str]]:
    for i, phase in enumerate(plan.phases):
        for j, sub in enumerate(phase.subphases):
            for k, operation in enumerate(sub.operations):
                yield ("phases", i, "subphases", j, "operations", k), operation.id


def operation_paths(plan: Plan) -> dict[str, KeyPath]:
    """The key path of every operation by id, for findings that name a line."""
    return {operation_id: path for path, operation_id in _operation_paths(plan)}


def _own_errors(error: ValidationError) -> list[ErrorDetails]:
    """Without the echo of a list that looks empty only because its items failed."""
    details = error.errors()
    return [d for d in details if not (d["type"] == "too_short" and d["input"])] or details


def _explain(detail: ErrorDetails, source: Source, origin: Path) -> PlanError:
    path = _real_path(detail["loc"], source.data)
    place = source.place(path) or Place(origin)
    key = str(detail["loc"][-1])[:LONGEST_KEY] if detail["loc"] else ""
    match detail["type"]:
        case "extra_forbidden":
            near = difflib.get_close_matches(key, known_keys(path[:-1]), n=1)
            fix = f"did you mean `{near[0]}`?" if near else f"known keys: {', '.join(known_keys(path[:-1]))}"
            return PlanError(f"unknown key `{key}`", place, fix)
        case "missing":
            return PlanError(f"the key `{key}` is missing", place, f"add `{key}`")
        case "union_tag_not_found":
            return PlanError("a step without a form", place, f"give it one of: {', '.join(FORM_KEYS)}")
        case "value_error":
            return PlanError(detail["msg"].removeprefix("Value error, "), place)
    return PlanError(f"`{key}`: {detail['msg']}", place)


def _real_path(loc: tuple[int | str, ...], data: Any) -> KeyPath:
    """Drop from pydantic's location what is not in the data: the tags that tell a step's form."""
    path: list[int | str] = []
    for position, part in enumerate(loc):
        if isinstance(part, int):
            data = data[part] if isinstance(data, list) and part < len(data) else None
        elif isinstance(data, dict) and part in data and not _is_tag(loc, position):
            data = data[part]
        elif not (position == len(loc) - 1 and isinstance(data, dict)):
            continue
        path.append(part)
    return tuple(path)


def _is_tag(loc: tuple[int | str, ...], position: int) -> bool:
    """A form's name between a list index (or `check`) and a further part is the union's tag."""
    before = loc[position - 1] if position else None
    return (
        loc[position] in FORM_KEYS
        and position < len(loc) - 1
        and (isinstance(before, int) or before == "check")
    )
