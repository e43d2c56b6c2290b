"""What the audit needs to know about AWS; the room itself imports nothing of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class ApiProblem(Protocol):
    """Something that is surely wrong with a call; `path` says where, as `Tags[0].Key`."""

    @property
    def path(self) -> str:
        """Where in the parameters or in the expression; empty for the whole."""
        ...

    @property
    def message(self) -> str:
        """What is wrong, one line."""
        ...


class ApiKnowledge(Protocol):
    """Answers about AWS that need no account. Calls are `service:Action`, waiters `service:waiter_name`."""

    @property
    def unknown(self) -> object:
        """Stands in parameters for a value of any type that only a run knows."""
        ...

    def partly_known(self, text: str) -> str:
        """Text for certain, of which a part is known only in a run."""
        ...

    def region_problem(self, region: str) -> str | None:
        """One line when there is no such region, None when there is."""
        ...

    def knows(self, api: str) -> bool:
        """Whether there is such a call."""
        ...

    def actions(self, service: str) -> Sequence[str]:
        """The names of all calls of a service; empty when there is no such service."""
        ...

    def nearest(self, api: str) -> str | None:
        """The call that was most likely meant."""
        ...

    def problems(self, api: str, params: Mapping[str, Any]) -> Sequence[ApiProblem]:
        """What is surely wrong with the parameters of a call that exists."""
        ...

    def output_has(self, api: str, expression: str) -> Sequence[ApiProblem]:
        """What is surely wrong with an expression on the answer of a call that exists."""
        ...

    def reads(self, api: str, params: Mapping[str, Any]) -> bool:
        """Whether a call surely changes nothing."""
        ...

    def waiter_exists(self, name: str) -> bool:
        """Whether there is such a waiter."""
        ...

    def nearest_waiter(self, name: str) -> str | None:
        """The waiter that was most likely meant."""
        ...

    def waiter_api(self, name: str) -> str:
        """The read that an existing waiter polls."""
        ...
