"""Rules about Step Functions definitions: every way leads on, ends, and can be waited for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from operations.exchange.audit.rule import Folder, Spot, file_rule
from operations.exchange.documents import Document, Kind
from operations.exchange.machines import TYPES, Machine, State, machines
from operations.plan.audit.finding import Severity
from operations.plan.audit.knots import knots
from operations.plan.audit.words import did_you_mean, listed

_MOVE_ON: Final = frozenset({"Task", "Pass", "Wait", "Parallel", "Map"})


def each_machine(folder: Folder) -> Iterator[tuple[Document, Machine]]:
    """Every machine of every definition, those within states too."""
    for document in folder.of(Kind.STATE_MACHINE):
        for machine in machines(document.tree):
            yield document, machine


@file_rule(
    "asl/unknown-state",
    Severity.ERROR,
    "StartAt, Next, Default and Catch name states of the same machine.",
    "Step Functions refuses such a definition; a state within a Map or Parallel cannot be reached from outside, nor lead there.",
    "name a state of this machine",
)
def unknown_state(folder: Folder) -> Iterable[Spot]:
    """Targets are looked up."""
    for document, machine in each_machine(folder):
        start = machine.body.get("StartAt")
        named = [((*machine.path, "StartAt"), start)] if isinstance(start, str) else []
        named += [target for state in machine.states.values() for target in state.targets()]
        for path, name in named:
            if name not in machine.states:
                fix = did_you_mean(name, machine.states, "name a state of this machine")
                yield Spot(document, document.tree.line(path), f"there is no state `{name}`", fix)


@file_rule(
    "asl/unreachable",
    Severity.WARNING,
    "Every state can be reached.",
    "A state that nothing leads to was forgotten when the way past it was drawn, or its name is misspelt where it was meant. "
    "A compensation that is never reached is none.",
    "lead to it, or remove it",
)
def unreachable(folder: Folder) -> Iterable[Spot]:
    """States that no way from StartAt reaches."""
    for document, machine in each_machine(folder):
        start = machine.body.get("StartAt")
        if not isinstance(start, str) or start not in machine.states:
            continue
        seen = {start}
        stack = [start]
        while stack:
            for _, name in machine.states[stack.pop()].targets():
                if name in machine.states and name not in seen:
                    seen.add(name)
                    stack.append(name)
        for name, state in machine.states.items():
            if name not in seen:
                yield Spot(document, document.tree.line(state.path), f"nothing leads to the state `{name}`")


@file_rule(
    "asl/dead-end",
    Severity.ERROR,
    "Every state says what comes next, or that it is the end.",
    "Without `Next` or `End` the definition is refused; a Choice without choices never leads anywhere.",
    "add `Next`, or `End: true`",
)
def dead_end(folder: Folder) -> Iterable[Spot]:
    """States without a way on."""
    for document, machine in each_machine(folder):
        for state in machine.states.values():
            line = document.tree.line(state.path)
            if state.type not in TYPES:
                what = (
                    f"`{state.body.get('Type')}`, which there is not" if "Type" in state.body else "missing"
                )
                yield Spot(
                    document, line, f"the type of `{state.name}` is {what}", f"one of {listed(sorted(TYPES))}"
                )
            elif state.type in _MOVE_ON and "Next" not in state.body and state.body.get("End") is not True:
                yield Spot(document, line, f"`{state.name}` has neither Next nor End")
            elif state.type == "Choice" and not state.body.get("Choices"):
                yield Spot(
                    document, line, f"`{state.name}` has no Choices", "add a choice, or make it a Pass"
                )


@file_rule(
    "asl/no-way-out",
    Severity.ERROR,
    "A loop of states has a way out.",
    "States that lead to each other and nowhere else run until the execution's 25,000 events are used up, or its year is over.",
    "add a Choice that leaves the loop",
)
def no_way_out(folder: Folder) -> Iterable[Spot]:
    """Knots of states that only lead to each other."""
    for document, machine in each_machine(folder):
        graph = {
            name: tuple({target for _, target in state.targets() if target in machine.states})
            for name, state in machine.states.items()
        }
        loops = [set(knot) for knot in knots(graph)] + [
            {name} for name, nexts in graph.items() if nexts == (name,)
        ]
        for loop in loops:
            if not any(machine.states[name].ends or set(graph[name]) - loop for name in loop):
                first = next(name for name in machine.states if name in loop)
                line = document.tree.line(machine.states[first].path)
                yield Spot(
                    document,
                    line,
                    f"no way leads out of {listed(name for name in machine.states if name in loop)}",
                )


@file_rule(
    "asl/no-default",
    Severity.WARNING,
    "A Choice has a Default.",
    "When no rule matches, the execution fails with States.NoChoiceMatched. Choices that ask for both values of one boolean "
    "are not judged.",
    "add `Default`",
)
def no_default(folder: Folder) -> Iterable[Spot]:
    """Choices that may match nothing."""
    for document, machine in each_machine(folder):
        for state in machine.states.values():
            choices = state.body.get("Choices")
            judged = state.type == "Choice" and "Default" not in state.body and isinstance(choices, list)
            if judged and choices and not _complete(choices):
                yield Spot(document, document.tree.line(state.path), f"`{state.name}` has no Default")


def _complete(choices: list[Any]) -> bool:
    """Whether two rules ask for both values of a boolean, or for a thing and its opposite."""
    seen: set[tuple[str, str, bool]] = set()
    for each in choices:
        if not isinstance(each, dict):
            return True
        for key, value in each.items():
            if isinstance(value, bool):
                seen.add((str(each.get("Variable")), key, value))
        if "Not" in each and any(
            each["Not"].items() <= other.items() for other in choices if isinstance(each["Not"], dict)
        ):
            return True
    if any((variable, key, not value) in seen for variable, key, value in seen):
        return True
    pairs = [{k: v for k, v in each.items() if k not in {"Next", "Variable"}} for each in choices]
    operators = {key for pair in pairs for key in pair}
    return any(
        {one, other} <= operators
        for one, other in (
            ("NumericLessThan", "NumericGreaterThanEquals"),
            ("NumericGreaterThan", "NumericLessThanEquals"),
            ("StringLessThan", "StringGreaterThanEquals"),
        )
    )


@file_rule(
    "asl/catch-all-not-last",
    Severity.ERROR,
    "States.ALL stands alone, in the last Retry or Catch of a state.",
    "Step Functions refuses it elsewhere, as nothing behind it would ever be looked at.",
    "move it to the end",
)
def catch_all(folder: Folder) -> Iterable[Spot]:
    """Retriers and catchers of every state."""
    for document, machine in each_machine(folder):
        for state in machine.states.values():
            for key in ("Retry", "Catch"):
                each = state.body.get(key)
                rules = each if isinstance(each, list) else []
                for index, one in enumerate(rules):
                    errors = one.get("ErrorEquals") if isinstance(one, dict) else None
                    if not isinstance(errors, list) or "States.ALL" not in errors:
                        continue
                    if len(errors) > 1 or index < len(rules) - 1:
                        where = "not alone" if len(errors) > 1 else "not in the last one"
                        line = document.tree.line((*state.path, key, index, "ErrorEquals"))
                        yield Spot(document, line, f"States.ALL stands {where} of {key} in `{state.name}`")


@file_rule(
    "asl/no-catch",
    Severity.WARNING,
    "What a task does is caught when it fails: by a Catch of its own, or around it.",
    "Without one the execution ends where it stood, and nothing that was done before is undone. One finding names all such tasks "
    "of a definition.",
    "add a Catch that leads to what undoes it, or says loudly that it stopped",
)
def no_catch(folder: Folder) -> Iterable[Spot]:
    """Tasks without a Catch, by definition."""
    for document in folder.of(Kind.STATE_MACHINE):
        bare: list[State] = []
        number = 0
        for machine in machines(document.tree):
            tasks = [state for state in machine.states.values() if state.type == "Task"]
            number += len(tasks)
            bare += [task for task in tasks if not task.body.get("Catch") and not machine.caught]
        if bare:
            names = listed((f"`{task.name}`" for task in bare), 5)
            line = document.tree.line(bare[0].path)
            yield Spot(document, line, f"{len(bare)} of {number} tasks have no Catch: {names}")


@file_rule(
    "asl/mixed-languages",
    Severity.ERROR,
    "A state has the fields of its query language only.",
    "JSONPath states have InputPath, Parameters, ResultSelector, ResultPath and OutputPath; JSONata states have Arguments and "
    "Output. Step Functions refuses one with the other's.",
    "write it in the state's language, or set its QueryLanguage",
)
def mixed_languages(folder: Folder) -> Iterable[Spot]:
    """Fields of the other language."""
    for document, machine in each_machine(folder):
        for state in machine.states.values():
            foreign = _JSONPATH if state.jsonata else _JSONATA
            for key in sorted(foreign & state.body.keys()):
                language = "JSONata" if state.jsonata else "JSONPath"
                line = document.tree.line((*state.path, key))
                yield Spot(document, line, f"`{state.name}` is a {language} state and has {key}")


_JSONPATH: Final = frozenset(
    {"InputPath", "Parameters", "ResultSelector", "ResultPath", "OutputPath", "ItemsPath"}
)
_JSONATA: Final = frozenset({"Arguments", "Output"})

RULES = (unknown_state, unreachable, dead_end, no_way_out, no_default, catch_all, no_catch, mixed_languages)
