"""What is wrong with a reference: each has at most one trouble, and the rules share them out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from operations.plan.audit.sites import Section, World, skipped_in_sandbox
from operations.plan.audit.usages import Usage
from operations.plan.audit.words import did_you_mean, listed
from operations.plan.references import BUILT_INS
from operations.plan.yaml_source import KeyPath

if TYPE_CHECKING:
    from operations.plan.audit.context import AuditContext, Saved

LATER = frozenset({Section.GUARD, Section.INVERSE})
"""Sections that may run days after forward, in another process: what was not journaled is gone by then."""


class Kind(Enum):
    """What is wrong with a reference."""

    UNKNOWN = "refers to nothing"
    NO_VALUE = "an input without a value"
    NOT_DEPENDED_ON = "of an operation that this one does not depend on"
    NEVER_SAVED = "of a name that the operation never saves"
    TOO_EARLY = "of a name that a later step saves"
    SECRET = "of a secret that is not there any more"  # noqa: S105 - a kind of trouble
    ONLY_LIVE = "of a name that no stand-in saves"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One reference with what is wrong with it."""

    kind: Kind
    path: KeyPath
    message: str
    fix: str


def troubles(context: AuditContext) -> Iterator[Trouble]:
    """The trouble of every reference that has one; the live run's before the sandbox's."""
    for usage in context.usages:
        worlds = [world for world in World if world in usage.worlds]
        for world in worlds:
            trouble = _Look(context, usage, world).trouble()
            if trouble is None:
                continue
            if world is World.SANDBOX and World.LIVE in usage.worlds:
                trouble = _only_live(context, usage, trouble)
            if trouble is not None:
                yield trouble
            break


def _only_live(context: AuditContext, usage: Usage, trouble: Trouble) -> Trouble | None:
    """A reference that holds live and not in a sandbox, unless the sandbox leaves one side of it out."""
    owner = usage.reference.operation or usage.operation
    for key in {owner, usage.operation} - {None}:
        operation = context.plan.operations.get(str(key))
        if operation is not None and skipped_in_sandbox(operation):
            return None
    message = f"{usage.reference}: live a command saves it; in a sandbox no stand-in does"
    fix = f"let a `stand_in` step of `{owner}` save `{usage.reference.name}`"
    return Trouble(Kind.ONLY_LIVE, trouble.path, message, fix)


class _Look:
    """One look at one reference in one world."""

    def __init__(self, context: AuditContext, usage: Usage, world: World) -> None:
        self._context = context
        self._usage = usage
        self._world = world
        self._reference = usage.reference

    def trouble(self) -> Trouble | None:
        """What is wrong, None when nothing is."""
        operation = self._reference.operation
        if operation is not None and operation not in self._context.plan.operations:
            fix = did_you_mean(operation, self._context.plan.operations, "name an operation of the plan")
            return self._is(Kind.UNKNOWN, f"there is no operation `{operation}`", fix)
        if operation is None or operation == self._usage.operation:
            return self._own()
        return self._of_another(operation)

    def _is(self, kind: Kind, message: str, fix: str) -> Trouble:
        return Trouble(kind, self._usage.path, f"{self._reference}: {message}", fix)

    def _own(self) -> Trouble | None:
        name, operation = self._reference.name, self._usage.operation
        saves = self._context.saved(operation, self._world).get(name, ()) if operation else ()
        there = [save for save in saves if save.turn < self._usage.turn]
        if there:
            return self._out_of_reach(there)
        if self._reference.operation is None and name in BUILT_INS:
            return None
        if name == "run_id":
            return None
        if self._reference.operation is None and name in self._context.plan.inputs:
            return self._input(name)
        if saves:
            fix = "move the step that saves it before this one"
            return self._is(Kind.TOO_EARLY, f"a later step of `{operation}` saves it", fix)
        return self._unsaved()

    def _out_of_reach(self, there: list[Saved]) -> Trouble | None:
        if self._usage.section not in LATER:
            return None
        if any(not save.sensitive or save.section is Section.INVERSE for save in there):
            return None
        message = "it is sensitive, so it is never journaled and gone when the way back is needed"
        return self._is(Kind.SECRET, message, "read it again here, or do without it")

    def _input(self, name: str) -> Trouble | None:
        declared = self._context.plan.inputs[name]
        if declared.secret or declared.value is not None:
            return None
        return self._is(Kind.NO_VALUE, "the input has no value", f"give `inputs.{name}` a value")

    def _unsaved(self) -> Trouble:
        name, operation = self._reference.name, self._usage.operation
        plan = self._context.plan
        if operation is None:
            fix = did_you_mean(name, [*BUILT_INS, *plan.inputs], "write ${operation.name} or name an input")
            return self._is(Kind.UNKNOWN, "there is no such input", self._owner_hint() or fix)
        own = self._context.saved(operation, self._world)
        fix = did_you_mean(name, [*BUILT_INS, *plan.inputs, *own], "save it in an earlier step")
        message = f"neither an input nor saved by `{operation}`{self._stand_in_only(operation)}"
        kind = Kind.UNKNOWN if self._reference.operation is None else Kind.NEVER_SAVED
        return self._is(kind, message, self._owner_hint() or fix)

    def _owner_hint(self) -> str | None:
        name = self._reference.name
        operation = self._usage.operation
        owners = [
            key
            for key in self._context.savers(name, self._world)
            if operation is None or self._context.depends(operation, key)
        ]
        return f"write ${{{owners[0]}.{name}}}" if len(owners) == 1 else None

    def _of_another(self, operation: str) -> Trouble | None:
        name, user = self._reference.name, self._usage.operation
        if user is not None and not self._context.depends(user, operation):
            fix = f"add `{operation}` to the `depends_on` of `{user}`"
            return self._is(Kind.NOT_DEPENDED_ON, f"`{user}` does not depend on `{operation}`", fix)
        if name == "run_id":
            return None
        kept = _kept(self._context.saved(operation, self._world))
        if name not in kept:
            advice = f"it saves: {listed(kept)}" if kept else "add a `save` to one of its steps"
            message = f"`{operation}` never saves `{name}`{self._stand_in_only(operation)}"
            return self._is(Kind.NEVER_SAVED, message, did_you_mean(name, kept, advice))
        if all(save.sensitive for save in kept[name]):
            message = f"`{operation}` saves it as sensitive, so it is never journaled and other operations cannot have it"
            return self._is(Kind.SECRET, message, "read it again here, or put it where both can read it")
        return None

    def _stand_in_only(self, operation: str) -> str:
        if self._world is World.SANDBOX:
            return ""
        in_sandbox = _kept(self._context.saved(operation, World.SANDBOX))
        return (
            "; only a stand-in does, which a live run leaves out"
            if self._reference.name in in_sandbox
            else ""
        )


def _kept(saved: Mapping[str, tuple[Saved, ...]]) -> dict[str, list[Saved]]:
    """Without what the inverse saves: that is there only when the operation is undone."""
    found = {name: [s for s in saves if s.section is not Section.INVERSE] for name, saves in saved.items()}
    return {name: saves for name, saves in found.items() if saves}
