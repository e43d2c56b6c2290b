"""What the rules look at: the plan, where everything stands, who saves what, and what AWS knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from operations.plan.audit.knowledge import ApiKnowledge
from operations.plan.audit.marking import mark
from operations.plan.audit.sites import Moment, Section, StepSite, Turn, World, step_sites
from operations.plan.audit.troubles import Trouble, troubles
from operations.plan.audit.usages import Unreadable, Usage, usages
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
        self._ancestors: dict[str, frozenset[str]] = {}

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

    def saved(self, operation_id: str, world: World) -> Mapping[str, tuple[Saved, ...]]:
        """What the steps of an operation keep in a world, by name, in the order of their turns."""
        return self._saved[world].get(operation_id, {})

    @cached_property
    def _saved(self) -> Mapping[World, Mapping[str, Mapping[str, tuple[Saved, ...]]]]:
        return {world: {key: self._saved_by(key, world) for key in self.plan.operations} for world in World}

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

    def ancestors(self, operation_id: str) -> frozenset[str]:
        """What an operation depends on, directly or not; works on plans with cycles too."""
        if operation_id not in self._ancestors:
            seen: set[str] = set()
            stack = [operation_id]
            while stack:
                operation = self.plan.operations.get(stack.pop())
                new = set(operation.depends_on if operation else ()) - seen
                seen |= new
                stack.extend(new)
            self._ancestors[operation_id] = frozenset(seen)
        return self._ancestors[operation_id]

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
