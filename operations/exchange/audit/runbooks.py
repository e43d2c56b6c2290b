"""Rules about SSM Automation documents: actions exist, steps lead to steps, references to something."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from operations.exchange.audit.rule import Folder, Spot, file_rule
from operations.exchange.documents import Document, Kind
from operations.exchange.trees import KeyPath, texts
from operations.plan.audit.finding import Severity
from operations.plan.audit.words import did_you_mean

ACTIONS: Final = frozenset(
    f"aws:{name}"
    for name in [
        "approve",
        "assertAwsResourceProperty",
        "branch",
        "changeInstanceState",
        "copyImage",
        "createImage",
        "createStack",
        "createTags",
        "deleteImage",
        "deleteStack",
        "executeAutomation",
        "executeAwsApi",
        "executeScript",
        "executeStateMachine",
        "invokeLambdaFunction",
        "invokeWebhook",
        "loop",
        "pause",
        "runCommand",
        "runInstances",
        "sleep",
        "updateVariable",
        "waitForAwsResourceProperty",
    ]
)
"""https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html"""
_REFERENCE: Final = re.compile(
    r"\{\{\s*(?P<quote>[\"']?)(?P<root>[A-Za-z_][\w-]*)(?P<rest>(?:[.:][\w.:/-]+)?)(?P=quote)\s*\}\}"
)
_BUILT_IN: Final = frozenset(
    {"global", "automation", "ssm", "ssm-secure", "variable", "resource", "organization", "loop"}
)


@dataclass(frozen=True, slots=True)
class _Step:
    name: str
    body: Mapping[str, Any]
    path: KeyPath


def _steps(document: Document) -> list[_Step]:
    return [
        _Step(str(each.get("name", "?")), each, ("mainSteps", index))
        for index, each in enumerate(document.tree.data["mainSteps"])
        if isinstance(each, dict)
    ]


def _automations(folder: Folder) -> Iterator[tuple[Document, list[_Step]]]:
    for document in folder.of(Kind.RUNBOOK):
        if str(document.tree.data.get("schemaVersion")) == "0.3":
            yield document, _steps(document)


@file_rule(
    "ssm/unknown-action",
    Severity.ERROR,
    "Every step of an Automation document has an action that Systems Manager knows.",
    "A misspelt action is found when the document is registered, or not before the step's turn when it is generated.",
    "see the reference of Automation actions",
)
def unknown_action(folder: Folder) -> Iterable[Spot]:
    """Actions are looked up."""
    for document, steps in _automations(folder):
        for step in steps:
            action = step.body.get("action")
            if isinstance(action, str) and action not in ACTIONS and "${" not in action:
                line = document.tree.line((*step.path, "action"))
                fix = did_you_mean(action, sorted(ACTIONS), "see the reference of Automation actions")
                yield Spot(document, line, f"Systems Manager has no action `{action}`", fix)


@file_rule(
    "ssm/unknown-step",
    Severity.ERROR,
    "nextStep, onFailure, onCancel and the choices of a branch name steps of the document.",
    "The way on failure is taken rarely, and found to lead nowhere when it is needed.",
    "name a step of this document",
)
def unknown_step(folder: Folder) -> Iterable[Spot]:
    """Targets are looked up."""
    for document, steps in _automations(folder):
        known = [step.name for step in steps]
        for step in steps:
            for path, name in _targets(step):
                if name not in known and "{{" not in name and "${" not in name:
                    fix = did_you_mean(name, known, "name a step of this document")
                    yield Spot(document, document.tree.line(path), f"there is no step `{name}`", fix)


def _targets(step: _Step) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(step.body.get("nextStep"), str):
        yield (*step.path, "nextStep"), step.body["nextStep"]
    for key in ("onFailure", "onCancel"):
        value = step.body.get(key)
        if isinstance(value, str) and value.startswith("step:"):
            yield (*step.path, key), value.removeprefix("step:").strip()
    inputs = step.body.get("inputs")
    if step.body.get("action") == "aws:branch" and isinstance(inputs, dict):
        choices = inputs.get("Choices")
        for index, choice in enumerate(choices if isinstance(choices, list) else ()):
            if isinstance(choice, dict) and isinstance(choice.get("NextStep"), str):
                yield (*step.path, "inputs", "Choices", index, "NextStep"), choice["NextStep"]
        if isinstance(inputs.get("Default"), str):
            yield (*step.path, "inputs", "Default"), inputs["Default"]


@file_rule(
    "ssm/unreachable",
    Severity.WARNING,
    "Every step of an Automation document can be reached.",
    "A step behind `isEnd` or behind a jump that nothing leads to is never carried out, a rollback step too.",
    "lead to it, or remove it",
)
def unreachable(folder: Folder) -> Iterable[Spot]:
    """Steps that no way from the first one reaches."""
    for document, steps in _automations(folder):
        place = {step.name: number for number, step in enumerate(steps)}
        seen: set[int] = set()
        stack = [0] if steps else []
        while stack:
            number = stack.pop()
            if number in seen or number >= len(steps):
                continue
            seen.add(number)
            step = steps[number]
            stack += [place[name] for _, name in _targets(step) if name in place]
            if "nextStep" not in step.body and str(step.body.get("isEnd")).lower() != "true":
                stack.append(number + 1)
        for number, step in enumerate(steps):
            if number not in seen:
                yield Spot(
                    document, document.tree.line(step.path), f"nothing leads to the step `{step.name}`"
                )


@file_rule(
    "ssm/unknown-reference",
    Severity.ERROR,
    "`{{ … }}` names a parameter, a variable or a step of the document.",
    "Systems Manager refuses a document that refers to a parameter that it does not declare; a step that does not exist has no "
    "output.",
    "declare the parameter, or name the step",
)
def unknown_reference(folder: Folder) -> Iterable[Spot]:
    """References in steps, outputs and the role to assume."""
    for document, steps in _automations(folder):
        data = document.tree.data
        declared = {str(name) for key in ("parameters", "variables") for name in _mapping(data.get(key))}
        known = sorted(declared | {step.name for step in steps} | _loop_steps(steps))
        names = set(known)
        for path, text in texts({key: data[key] for key in ("assumeRole", "mainSteps") if key in data}):
            if path[-1] == "Script":
                continue
            for match in _REFERENCE.finditer(text):
                root = match["root"]
                if root not in names and root not in _BUILT_IN and "${" not in text:
                    fix = did_you_mean(root, known, "declare it under `parameters`")
                    yield Spot(document, document.tree.line(path), f"{match[0]} refers to nothing", fix)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _loop_steps(steps: list[_Step]) -> set[str]:
    found = set()
    for step in steps:
        inner = _mapping(step.body.get("inputs")).get("Steps")
        found |= {
            str(each.get("name"))
            for each in (inner if isinstance(inner, list) else ())
            if isinstance(each, dict)
        }
    return found


@file_rule(
    "ssm/unknown-call",
    Severity.ERROR,
    "The AWS calls of an Automation document exist.",
    "aws:executeAwsApi and its like name a service and a call; both are compared with the API models that come with cutover.",
    "see the service's API reference",
)
def unknown_call(folder: Folder) -> Iterable[Spot]:
    """Service and Api of steps that call AWS."""
    for document, steps in _automations(folder):
        for step in steps:
            inputs = _mapping(step.body.get("inputs"))
            service, api = inputs.get("Service"), inputs.get("Api")
            if not isinstance(service, str) or not isinstance(api, str) or "{{" in service + api:
                continue
            actions = folder.knowledge.actions(service.lower())
            flat = {action.lower() for action in actions}
            if actions and api.replace("_", "").lower() not in flat:
                line = document.tree.line((*step.path, "inputs", "Api"))
                fix = did_you_mean(api, actions, "see the service's API reference")
                yield Spot(document, line, f"{service} has no call `{api}`", fix)


RULES = (unknown_action, unknown_step, unreachable, unknown_reference, unknown_call)
