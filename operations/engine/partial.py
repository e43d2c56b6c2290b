"""What a forward that was cut short has touched: an inverse must not undo what somebody else made.

When a create fails because the thing is there already, it is not this operation's to delete.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from operations.engine.filling import step_params
from operations.plan.steps import Step

LEAST = 2
"""Characters that a text must have to tell one thing from another."""


@dataclass(frozen=True, slots=True)
class Touched:
    """The texts that name what the carried-out steps of a forward were about, as the plan writes them."""

    texts: tuple[str, ...]

    @classmethod
    def by(cls, carried_out: Sequence[Step]) -> Touched:
        """What these steps have touched: their parameters' texts, and what they saved, as references to it."""
        texts: list[str] = []
        for step in carried_out:
            texts += _texts(step_params(step))
            texts += ["${" + name + "}" for name in getattr(step, "save", {})]
        return cls(tuple(texts))

    def saves(self, name: str) -> bool:
        """Whether a carried-out step saves a value of this name."""
        return "${" + name + "}" in self.texts

    def covers(self, step: Step) -> bool:
        """Whether a step of the inverse is about something that was touched; one that names nothing is."""
        named = [text for text in _texts(step_params(step)) if len(text) >= LEAST]
        return not named or any(text in touched for text in named for touched in self.texts)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)
