"""Rules about the tasks of Step Functions definitions: what they call, how they wait, what becomes of their input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from operations.exchange.audit.rule import Folder, Spot, file_rule
from operations.exchange.audit.state_machines import each_machine
from operations.exchange.integrations import (
    ALWAYS,
    ANSWERS,
    NO_SYNC,
    NO_TOKEN,
    OPTIMISED,
    SDK_NAMES,
    Integration,
    integration,
)
from operations.exchange.machines import Machine, State, reads
from operations.exchange.trees import texts
from operations.plan.audit.finding import Severity
from operations.plan.audit.knowledge import ApiKnowledge
from operations.plan.audit.words import did_you_mean, listed

CALLBACK: Final = "waitForTaskToken"
LIMITS: Final = ("TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath")


def _tasks(machine: Machine) -> Iterator[tuple[State, str]]:
    for state in machine.states.values():
        resource = state.body.get("Resource")
        if state.type == "Task" and isinstance(resource, str):
            yield state, resource


@file_rule(
    "asl/wrong-integration",
    Severity.ERROR,
    "A task calls something that Step Functions can call, in a way in which it can.",
    "`arn:aws:states:::service:action` names an optimised integration, with `aws-sdk:` any call of AWS. `.sync` waits for a job, "
    "of which a message has none; with `.waitForTaskToken` the token has to be handed on, or the task never ends.",
    "see the service's page in the Step Functions guide",
)
def wrong_integration(folder: Folder) -> Iterable[Spot]:
    """Resources of tasks."""
    for document, machine in each_machine(folder):
        for state in machine.states.values():
            line = document.tree.line((*state.path, "Resource"))
            if state.type == "Task" and "Resource" not in state.body:
                yield Spot(document, line, f"`{state.name}` has no Resource")
        for state, resource in _tasks(machine):
            found = integration(resource)
            problem = _problem(found, state, folder.knowledge) if found else None
            if problem is not None:
                line = document.tree.line((*state.path, "Resource"))
                yield Spot(document, line, f"`{state.name}`: {problem[0]}", problem[1])


def _problem(found: Integration, state: State, knowledge: ApiKnowledge) -> tuple[str, str | None] | None:
    unknown = _unknown_sdk(found, knowledge) if found.sdk else _unknown_optimised(found)
    if unknown is not None:
        return unknown
    if found.pattern.startswith("sync") and (found.sdk or found.service in NO_SYNC):
        return f"{found.name} has no job to wait for, so there is no .{found.pattern}", "remove the suffix"
    if found.pattern == CALLBACK and not found.sdk and found.service in NO_TOKEN:
        return f"{found.name} cannot hand a task token on", "call it without the suffix"
    if found.pattern == CALLBACK and not _hands_token(state):
        return "it waits for a task token that it hands to nobody", "pass $$.Task.Token in its parameters"
    if found.pattern and found.pattern not in {"sync", "sync:2", CALLBACK}:
        return f"there is no pattern .{found.pattern}", f"one of .sync, .sync:2, .{CALLBACK}"
    return None


def _unknown_optimised(found: Integration) -> tuple[str, str | None] | None:
    actions = OPTIMISED.get(found.service)
    if actions is None:
        fix = did_you_mean(found.service, sorted(OPTIMISED), f"write arn:aws:states:::aws-sdk:{found.name}")
        return f"Step Functions has no integration with `{found.service}` of its own", fix
    if found.action not in actions:
        fix = did_you_mean(found.action, sorted(actions), f"write arn:aws:states:::aws-sdk:{found.name}")
        return f"the integration with {found.service} has no `{found.action}`", fix
    return None


def _unknown_sdk(found: Integration, knowledge: ApiKnowledge) -> tuple[str, str | None] | None:
    actions = knowledge.actions(SDK_NAMES.get(found.service, found.service))
    names = {action.lower(): action for action in actions}
    if not actions or found.action.lower() in names:
        return None
    camel = sorted(action[0].lower() + action[1:] for action in actions)
    return f"{found.service} has no call `{found.action}`", did_you_mean(
        found.action, camel, "see the service's API"
    )


def _hands_token(state: State) -> bool:
    inputs = {key: state.body.get(key) for key in ("Parameters", "Arguments", "InputPath")}
    return any("$$.Task.Token" in text or "states.context.Task.Token" in text for _, text in texts(inputs))


@file_rule(
    "asl/no-timeout",
    Severity.WARNING,
    "A task that waits for somebody else has a time-out.",
    "A task token that nobody returns, an activity that no worker takes, a job that hangs: without TimeoutSeconds or "
    "HeartbeatSeconds, of the task or around it, the execution waits for up to a year. Calls that answer by themselves are "
    "not judged.",
    "add TimeoutSeconds, and HeartbeatSeconds where the other side can report",
)
def no_timeout(folder: Folder) -> Iterable[Spot]:
    """Tasks that wait, without a bound on it."""
    for document, machine in each_machine(folder):
        for state, resource in _tasks(machine):
            found = integration(resource)
            waits = ":activity:" in resource or (found is not None and bool(found.pattern))
            if waits and not machine.bounded and not any(key in state.body for key in LIMITS):
                line = document.tree.line(state.path)
                yield Spot(document, line, f"`{state.name}` waits for {_for_what(found)} without a time-out")


def _for_what(found: Integration | None) -> str:
    if found is None:
        return "an activity's worker"
    return "a task token" if found.pattern == CALLBACK else f"the end of {found.name}"


@file_rule(
    "asl/lost-input",
    Severity.ERROR,
    "What a state reads of its input was not thrown away by the state before.",
    "Without a ResultPath the answer of a state takes the place of its input: after a Parallel there is a list, after "
    "lambda:invoke a Payload, and `$.orderId` of before is gone. The execution fails with States.Runtime. Only states whose "
    "answer is known are judged.",
    "keep the input with ResultPath, or read the field where it is now",
)
def lost_input(folder: Folder) -> Iterable[Spot]:
    """Fields that are read right behind a state of which they cannot come."""
    for document, machine in each_machine(folder):
        told: set[tuple[object, ...]] = set()
        for state in machine.states.values():
            has = _output(state)
            if has is None:
                continue
            for reader in _next_readers(machine, state):
                for path, field in reads(reader):
                    if field not in has and path not in told:
                        told.add(path)
                        what = f"has {listed(sorted(has - ALWAYS))}" if has - ALWAYS else "is a list"
                        message = f"`{reader.name}` reads $.{field}; the output of `{state.name}` {what}"
                        yield Spot(document, document.tree.line(path), message)


def _output(state: State) -> frozenset[str] | None:
    """The fields of a state's output when it replaces the input and is known; empty for a list."""
    body = state.body
    if state.jsonata or body.get("ResultPath", "$") != "$" or body.get("OutputPath", "$") != "$":
        return None
    selector = body.get("ResultSelector")
    if isinstance(selector, dict):
        return frozenset(str(key).removesuffix(".$") for key in selector)
    if state.type in {"Parallel", "Map"}:
        return None if "ResultWriter" in body else frozenset()
    if state.type == "Pass" and isinstance(body.get("Result"), dict):
        return frozenset(map(str, body["Result"]))
    resource = body.get("Resource")
    found = integration(resource) if state.type == "Task" and isinstance(resource, str) else None
    if found is None or found.sdk or found.pattern:
        return None
    answer = ANSWERS.get(found.name)
    return answer | ALWAYS if answer else None


def _next_readers(machine: Machine, state: State) -> Iterator[State]:
    """The states that get its output: those right behind, and those behind states that hand it on as it is."""
    seen: set[str] = set()
    names = [_plain_next(state)]
    while names:
        reader = machine.states.get(names.pop() or "")
        if reader is None or reader.name in seen:
            continue
        seen.add(reader.name)
        yield reader
        if _hands_on(reader):
            names += [target for _, target in reader.targets()]


def _hands_on(state: State) -> bool:
    """Whether a state's output is its input."""
    changes = {"InputPath", "OutputPath", "Assign"} & state.body.keys()
    return state.type in {"Wait", "Choice"} and not state.jsonata and not changes


def _plain_next(state: State) -> Any:
    found = state.body.get("Next")
    return found if isinstance(found, str) else None


RULES = (wrong_integration, no_timeout, lost_input)
