"""A world full of hostile text: a plan, a journal with every kind of event, the variables and names around a command."""

from __future__ import annotations

import json
import random
import re
import types
import typing
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_origin

import yaml

from operations.plan.loader import load_plan
from state import drill_events, operation_events, request_events, run_events
from state.events import Payload
from state.journal import Journal, PlanIdentity
from state.run_events import RunStarted
from tests.hostile.texts import hostile

SMALL = Path(__file__).parents[1] / "e2e" / "plans" / "small.yaml"
FREE_TEXT = frozenset(
    {"title", "note", "evidence", "owner", "impact", "irreversible", "loses", "notes", "retains", "mitigation", "by",
     "deliverables", "description", "sandbox_gap", "alias", "manual", "group", "role"}
)  # fmt: skip
"""Keys of a plan whose text is a person's own words."""
WELL_FORMED = frozenset({"at", "expires_at", "until", "expires", "opened_at", "finished_at"})
"""Fields that hold a time."""
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Texts:
    """Hostile texts from a seed, a fresh one each time."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self._count = 0

    def __call__(self) -> str:
        self._count += 1
        return hostile(self.chance)

    def counted(self) -> int:
        """How many were made since the last time."""
        count, self._count = self._count, 0
        return count

    def storable(self) -> str:
        """One that may stand in a file: without lone surrogates."""
        return self().encode("utf-8", "ignore").decode()

    def named(self) -> str:
        """One that may be an argument, a variable or a file's name, and is not an option by chance."""
        return "x" + re.sub(r"[\0/]", "", self.storable())[:60]


def with_hostile_words(data: Any, text: Texts) -> Any:
    """A plan's data with hostile text wherever a plan has free text."""

    def walk(value: object, key: str = "") -> object:
        if isinstance(value, dict):
            return {name: walk(item, name) for name, item in value.items()}
        if isinstance(value, list):
            return [walk(item, key) for item in value]
        return "x" + text.storable() if isinstance(value, str) and key in FREE_TEXT else value

    return walk(data)


def write_plan(file: Path, text: Texts) -> None:
    """A small plan with hostile words, written with escapes as an attacker would: YAML refuses the characters themselves."""
    data = with_hostile_words(yaml.safe_load(SMALL.read_text()), text)
    written = json.dumps(data, ensure_ascii=False)
    file.write_text(re.sub(r"[^\x20-\x7e]", lambda found: f"\\U{ord(found[0]):08x}", written))


def payload_kinds() -> list[type[Payload]]:
    """Every payload that there is."""
    modules = (drill_events, operation_events, request_events, run_events)
    kinds = {
        each
        for module in modules
        for each in vars(module).values()
        if isinstance(each, type)
        and issubclass(each, Payload)
        and each is not Payload
        and hasattr(each, "kind")
    }
    return sorted(kinds, key=lambda each: each.__name__)


def a_payload(kind: type[Payload], text: Texts) -> Payload:
    """A payload with hostile text in every field that holds text."""
    hints = typing.get_type_hints(kind)
    fields: dict[str, Any] = {
        name: NOW.isoformat() if name in WELL_FORMED else _a_value(hints[name], text)
        for name in kind.model_fields
    }
    return kind.model_construct(**fields)


def _a_value(hint: Any, text: Texts) -> Any:
    chance, parts = text.chance, get_args(hint)
    match get_origin(hint) or hint:
        case typing.Union | types.UnionType:
            return _a_value(parts[0], text)
        case typing.Annotated:
            return _a_value(parts[0], text)
        case origin if origin in (tuple, list):
            return tuple(_a_value(parts[0], text) for _ in range(2))
        case origin if isinstance(origin, type) and issubclass(origin, dict):
            return {text(): _a_value(parts[1], text)}
        case kind if isinstance(kind, type) and issubclass(kind, Enum):
            return chance.choice(list(kind))
        case kind if kind is bool:
            return chance.random() < 0.5
        case kind if kind in (int, float):
            return kind(chance.randint(1, 9))
        case kind if isinstance(kind, type) and hasattr(kind, "model_fields"):
            return a_payload(kind, text)
    return text()


def write_journal(path: Path, plan: Path, text: Texts, endpoint: str | None = None) -> None:
    """A journal of a plan with every kind of event, twice, about its operations and about ones that it does not have.

    Args:
        path: where to.
        plan: the plan.
        text: makes the text.
        endpoint: the sandbox that it is of; where there is none, of a setting that does not exist.
    """
    loaded = load_plan(plan)
    numbers = iter(range(10_000))
    journal = Journal(
        path,
        PlanIdentity(loaded.plan.plan, loaded.digest),
        clock=lambda: NOW,
        new_id=lambda: f"01J{next(numbers):023d}",
        actor=text(),
    )
    with journal:
        for kind in (*payload_kinds(), *payload_kinds()):
            known = text.chance.choice([*loaded.plan.operations, None])
            operation = known or text.storable()
            payload = a_payload(kind, text)
            if endpoint is not None and kind is RunStarted:
                payload = payload.model_copy(update={"setting": "DRILL", "endpoint": endpoint})
            journal.append(payload, run=text.storable(), operation=operation, identity=text.storable())
