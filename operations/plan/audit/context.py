"""What the rules look at: the plan, where everything stands, who saves what, and what AWS knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from operations.plan.audit.counterparts import Call, call_of
from operations.plan.audit.knots import Reach
from operations.plan.audit.knowledge import ApiKnowledge
from operations.plan.audit.marking import mark
from operations.plan.audit.sites import Moment, Section, StepSite, Turn, World, step_sites
from operations.plan.audit.troubles import Trouble, troubles
from operations.plan.audit.usages import Unreadable, Usage, usages
from operations.plan.audit.words import nearest
from operations.plan.loader import LoadedPlan, operation_paths
from operations.plan.models import Plan
from operations.plan.steps import ApiStep, CommandStep, WaitStep
from operations.plan.yaml_source import KeyPath


@dataclass(frozen=True, slots=True)
class Saved:
    """A name that a step keeps for later."""

    name: str
    section: Section
    turn: Turn
    sensitive: bool


class AuditContext:
    """One audit of one plan; what several rules need is worked out once."""

    def __init__(self, loaded: LoadedPlan, knowledge: ApiKnowledge) -> None:
        self.loaded = loaded
        self.knowledge = knowledge
        self._marked: dict[KeyPath, dict[str, Any]] = {}

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.loaded.plan

    @cached_property
    def paths(self) -> Mapping[str, KeyPath]:
        """The key path of every operation."""
        return operation_paths(self.plan)

    @cached_property
    def sites(self) -> tuple[StepSite, ...]:
        """Every step, those of stand-ins and criteria too."""
        return tuple(step_sites(self.plan))

    @cached_property
    def usages(self) -> tuple[Usage, ...]:
        """Every reference that can be read."""
        return tuple(found for found in self._usages if isinstance(found, Usage))

    @cached_property
    def unreadable(self) -> tuple[Unreadable, ...]:
        """Every `${` that is no reference."""
        return tuple(found for found in self._usages if isinstance(found, Unreadable))

    @cached_property
    def _usages(self) -> tuple[Usage | Unreadable, ...]:
        return tuple(usages(self.plan, self.sites))

    @cached_property
    def troubles(self) -> tuple[Trouble, ...]:
        """What is wrong with references."""
        return tuple(troubles(self))

    def of_operation(self, operation_id: str) -> Iterator[StepSite]:
        """The steps of one operation."""
        return iter(self._by_operation.get(operation_id, ()))

    @cached_property
    def _by_operation(self) -> Mapping[str, list[StepSite]]:
        found: dict[str, list[StepSite]] = {}
        for site in self.sites:
            if site.operation is not None:
                found.setdefault(site.operation, []).append(site)
        return found

    def calls(self, operation_id: str, section: Section) -> list[Call]:
        """The API calls of one list of an operation in a live run, in order."""
        return self._calls.get((operation_id, section), [])

    @cached_property
    def _calls(self) -> Mapping[tuple[str, Section], list[Call]]:
        found: dict[tuple[str, Section], list[Call]] = {}
        for site in self.sites:
            call = call_of(site) if site.operation is not None and not site.stand_in else None
            if call is not None:
                found.setdefault((str(site.operation), site.section), []).append(call)
        return found

    def undone_before(self, operation_id: str, other: str) -> bool:
        """Whether an operation is undone before another one, as it depends on it."""
        return operation_id != other and self.depends(operation_id, other)

    def saved(self, operation_id: str, world: World) -> Mapping[str, tuple[Saved, ...]]:
        """What the steps of an operation keep in a world, by name, in the order of their turns."""
        return self._saved[world].get(operation_id, {})

    @cached_property
    def _saved(self) -> Mapping[World, Mapping[str, Mapping[str, tuple[Saved, ...]]]]:
        return {world: {key: self._saved_by(key, world) for key in self.plan.operations} for world in World}

    def savers(self, name: str, world: World) -> tuple[str, ...]:
        """The operations that keep a value of that name, in file order."""
        return tuple(self._savers[world].get(name, ()))

    @cached_property
    def _savers(self) -> Mapping[World, Mapping[str, list[str]]]:
        found: dict[World, dict[str, list[str]]] = {world: {} for world in World}
        for world in World:
            for key, names in self._saved[world].items():
                for name in names:
                    found[world].setdefault(name, []).append(key)
        return found

    def _saved_by(self, operation_id: str, world: World) -> Mapping[str, tuple[Saved, ...]]:
        found: dict[str, tuple[Saved, ...]] = {}
        for site in self.of_operation(operation_id):
            if world not in site.worlds or not site.section.saves or _does_nothing(site, world):
                continue
            turn = site.turn(Moment.CALL)
            for name in site.saves:
                saved = Saved(name, site.section, turn, name in site.sensitive)
                found[name] = (*found.get(name, ()), saved)
        return found

    @cached_property
    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """Dependencies that exist, by operation; without those on oneself."""
        operations = self.plan.operations
        return {
            key: tuple(need for need in operation.depends_on if need in operations and need != key)
            for key, operation in operations.items()
        }

    @cached_property
    def _reach(self) -> Reach:
        """Over what was meant: of a misspelt dependency it is enough to hear once."""
        operations = self.plan.operations
        meant = {
            key: (
                *needs,
                *(nearest(name, operations) for name in operations[key].depends_on if name not in operations),
            )
            for key, needs in self.needs.items()
        }
        return Reach({key: tuple(name for name in names if name is not None) for key, names in meant.items()})

    def depends(self, operation_id: str, on: str) -> bool:
        """Whether an operation depends on another, directly or not; works on plans with cycles too."""
        return self._reach.reaches(operation_id, on)

    def marked(self, site: StepSite) -> dict[str, Any]:
        """The parameters of a call, with stand-ins for what only a run knows."""
        if site.path not in self._marked:
            params = site.step.params if isinstance(site.step, (ApiStep, WaitStep)) else {}
            own = frozenset(self.saved(site.operation, World.LIVE) if site.operation else ())
            marked = {key: mark(value, self.plan, own, self.knowledge) for key, value in params.items()}
            self._marked[site.path] = marked
        return self._marked[site.path]


def _does_nothing(site: StepSite, world: World) -> bool:
    """In a sandbox a command with an empty stand-in is not run, and so has no answer to save from."""
    return world is World.SANDBOX and isinstance(site.step, CommandStep)
