"""Options that many commands share."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])
PRIVATE_SANDBOX = "private"
"""The value of `--sandbox` without a URL."""

plan_argument = click.argument("plan", metavar="PLAN")
journal_option = click.option(
    "--journal", metavar="FILE", help="The journal; default: the plan's own in the state folder."
)
yes_option = click.option(
    "--yes", is_flag=True, help="Do not ask; needed when there is no terminal to ask on."
)
sandbox_option = click.option(
    "--sandbox",
    is_flag=False,
    flag_value=PRIVATE_SANDBOX,
    metavar="[URL]",
    help="Act on a sandbox: a private one, or one that `cutover sandbox` serves at URL.",
)
speed_option = click.option(
    "--speed", type=click.FloatRange(min=0.001), help="Plan seconds per second in a sandbox."
)
parallel_option = click.option(
    "--max-parallel", type=click.IntRange(1, 64), help="Operations at once; default: the plan's limit."
)


@dataclass(frozen=True, slots=True)
class ActOptions:
    """The options that `run`, `rollback` and `resume` share."""

    journal: str | None
    sandbox: str | None
    speed: float | None
    max_parallel: int | None
    yes: bool
    form: str
    detach: bool = False
    take_over: int | None = None


def acting_options(command: Callable[..., int]) -> Callable[..., int]:
    """The options of every command that acts, handed to it as one `options`."""

    @functools.wraps(command)
    def with_options(
        journal: str | None,
        yes: bool,
        sandbox: str | None,
        speed: float | None,
        max_parallel: int | None,
        form: str,
        **others: Any,
    ) -> int:
        options = ActOptions(journal, sandbox, speed, max_parallel, yes, form)
        return command(options=options, **others)

    decorated: Callable[..., int] = with_options
    for option in (
        format_option("text", "json"),
        parallel_option,
        speed_option,
        sandbox_option,
        yes_option,
        journal_option,
    ):
        decorated = option(decorated)
    return decorated


def format_option(*formats: str) -> Callable[[Command], Command]:
    """`--format`, text by default on a terminal and everywhere else too."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(formats),
        default="text",
        show_default=True,
        help="How to print the answer.",
    )


def on_terminal() -> bool:
    """Whether there is a person to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()
