"""Checks that no AWS read can make: what a setting offers for a URL, a command or a person's look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from operations.plan.steps import CommandStep, HttpStep, ManualStep, Step

OutsideStep = CommandStep | HttpStep | ManualStep


class NotAskedError(Exception):
    """A URL or a command could not be asked, or did not answer; one line."""


class OtherAnswerError(Exception):
    """A URL answered otherwise than it should, or a command ended with another code than 0; one line."""


class Outside(Protocol):
    """What a setting does about checks outside AWS."""

    def instead(self, step: OutsideStep) -> Sequence[Step] | None:
        """The reads that stand in for the step here, empty where nothing does; None: it is made as the plan has it."""
        ...

    async def ask(self, step: HttpStep | CommandStep) -> Any:
        """GET the step's URL or carry its command out, references filled in; the answer as JSON where it is JSON.

        Raises:
            NotAskedError: there was no answer.
            OtherAnswerError: the status is another than the step expects, or the command ended with another than 0.
        """
        ...
