"""Loads a plan from a file, a folder or the bundled plans, with errors that name file and line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from operations.plan.errors import Place, PlanError
from operations.plan.explaining import InvalidPlanError, fitted, invalid, own_errors
from operations.plan.files import read_plan
from operations.plan.models import Plan
from operations.plan.yaml_source import KeyPath, Source
from state.canonical import canonical

__all__ = ["BUNDLED", "InvalidPlanError", "LoadedPlan", "find_plan", "load_plan", "operation_paths"]

BUNDLED = Path(__file__).parent.parent / "plans"


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


def load_plan(name: str | Path) -> LoadedPlan:
    """Load a plan by path, or a bundled plan by name.

    Raises:
        PlanError: no such plan, unreadable YAML, or (as InvalidPlanError) a plan that does not fit the models.
    """
    origin = find_plan(name)
    source = read_plan(origin)
    try:
        plan = fitted(source)
    except ValidationError as error:
        raise invalid(own_errors(error), source, origin) from error
    _refuse_duplicates(plan, source, origin)
    digest = hashlib.sha256(canonical(source.data).encode()).hexdigest()
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
