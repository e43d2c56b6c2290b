"""Options that many commands share."""

from __future__ import annotations

import sys
from collections.abc import Callable
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
