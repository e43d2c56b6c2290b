"""Every step of a plan with its place, its turn, and the worlds in which it is carried out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any

from operations.plan.loader import operation_paths
from operations.plan.models import Operation, Plan
from operations.plan.steps import ApiStep, CommandStep, HttpStep, ManualStep, Saves, Step, WaitStep
from operations.plan.yaml_source import KeyPath


class World(Enum):
    """Where a plan is carried out: live, or in a sandbox with stand-ins for what is outside AWS."""

    LIVE = "live"
    SANDBOX = "sandbox"


class Section(StrEnum):
    """The list that a step stands in, in the order in which they run; the value is the key in YAML."""

    CHECKPOINT = "checkpoint"
    FORWARD = "forward"
    VERIFY = "verify"
    WATCH = "watch"
    GUARD = "guard"
    INVERSE = "inverse"
    CRITERION = "check"

    @property
    def rank(self) -> int:
        """Its turn in an operation's life, from 0."""
        return _RANKS[self]

    @property
    def only_reads(self) -> bool:
        """Whether it only looks, and so may change nothing."""
        return self not in {Section.FORWARD, Section.INVERSE}

    @property
    def saves(self) -> bool:
        """Whether what its steps save is kept for later steps."""
        return self in {Section.CHECKPOINT, Section.FORWARD, Section.INVERSE}


_RANKS = {section: rank for rank, section in enumerate(Section)}


class Moment(Enum):
    """When the parts of a step are filled in: before its call, or with its answer at hand."""

    CALL = 0
    ANSWER = 1


Turn = tuple[int, int, int, int]
"""Section, step, stand-in (0 is the step itself), moment: what is smaller comes first within one world."""

BOTH = frozenset(World)
LIVE = frozenset({World.LIVE})
SANDBOX = frozenset({World.SANDBOX})


@dataclass(frozen=True, slots=True)
class StepSite:
    """One step: `operation` is None for the check of a criterion or of the library, `stand_in` is 0 for a step of its own right."""

    step: Step
    path: KeyPath
    section: Section
    operation: str | None
    number: int
    stand_in: int
    worlds: frozenset[World]

    def turn(self, moment: Moment) -> Turn:
        """When in the operation's life a part of this step has its turn."""
        return (self.section.rank, self.number, self.stand_in, moment.value)

    @property
    def api(self) -> ApiStep | None:
        """The step when it is an API call."""
        return self.step if isinstance(self.step, ApiStep) else None

    @property
    def saves(self) -> Saves:
        """What the step keeps of its answer: JMESPath by name."""
        return self.step.save if isinstance(self.step, (ApiStep, CommandStep)) else {}

    @property
    def sensitive(self) -> tuple[str, ...]:
        """Which of these names are secret."""
        return self.step.sensitive if isinstance(self.step, (ApiStep, CommandStep)) else ()

    @property
    def answer_expressions(self) -> Iterator[tuple[str, str]]:
        """The conditions on the answer with their keys; references in them are filled in first."""
        for key in ("expect", "until"):
            text = getattr(self.step, key, None)
            if text is not None:
                yield key, text

    def filled(self) -> Iterator[tuple[str, Any, Moment]]:
        """What has its references filled in: key, value, and when."""
        match self.step:
            case ApiStep() | WaitStep():
                yield "params", self.step.params, Moment.CALL
            case CommandStep():
                yield "command", self.step.command, Moment.CALL
            case HttpStep():
                yield "http", self.step.http, Moment.CALL
            case ManualStep():
                yield "manual", self.step.manual, Moment.CALL
        for key, text in self.answer_expressions:
            yield key, text, Moment.ANSWER if key == "expect" else Moment.CALL


def step_sites(plan: Plan) -> Iterator[StepSite]:
    """Every step of operations, criteria and checks, stand-ins after the step that they stand for."""
    paths = operation_paths(plan)
    for key, operation in plan.operations.items():
        for name, steps in operation.sections().items():
            for number, step in enumerate(steps):
                at = (*paths[key], name, number)
                yield from _with_stand_ins(step, at, Section(name), key, number)
    for register in ("criteria", "checks"):
        for number, judged in enumerate(getattr(plan, register)):
            at = (register, number, "check")
            yield from _with_stand_ins(judged.check, at, Section.CRITERION, None, 0)


def _with_stand_ins(
    step: Step, path: KeyPath, section: Section, operation: str | None, number: int
) -> Iterator[StepSite]:
    stand_in = getattr(step, "stand_in", None)
    worlds = LIVE if stand_in else BOTH
    yield StepSite(step, path, section, operation, number, 0, worlds)
    for index, call in enumerate(stand_in or ()):
        inner = (*path, "stand_in", index)
        yield StepSite(call, inner, section, operation, number, index + 1, SANDBOX)


def skipped_in_sandbox(operation: Operation) -> bool:
    """Whether a sandbox leaves the operation out: by the plan's word, or for want of a stand-in."""
    if operation.sandbox_gap:
        return True
    return any(
        isinstance(step, (CommandStep, HttpStep, ManualStep)) and step.stand_in is None
        for steps in operation.sections().values()
        for step in steps
    )
