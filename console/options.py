"""Options that many commands share."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

Command = TypeVar("Command", bound=Callable[..., Any])
PRIVATE_SANDBOX = "private"
"""The value of `--sandbox` without a URL."""


def complete_plan(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """The bundled plans that begin like this, else files."""
    from operations.plan.loader import BUNDLED

    del context, parameter
    names = sorted(each.name for each in BUNDLED.iterdir() if (each / "plan.yaml").is_file())
    found = [CompletionItem(name) for name in names if typed and name.startswith(typed)]
    return found or [CompletionItem(typed, type="file")]


def complete_file(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """Files, as the shell completes them."""
    del context, parameter
    return [CompletionItem(typed, type="file")]


plan_argument = click.argument("plan", metavar="PLAN", shell_complete=complete_plan)
journal_option = click.option(
    "--journal",
    metavar="FILE",
    help="The journal; default: the plan's own in the state folder.",
    shell_complete=complete_file,
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


def look_options(command: Callable[..., int]) -> Callable[..., int]:
    """What a console looks like this once, handed to its command as one `looks`; None where nothing was said."""

    @functools.wraps(command)
    def with_looks(
        link: str | None,
        color: str | None,
        mouse: bool | None,
        ascii_only: bool,
        plain: bool,
        read_only: bool,
        **others: Any,
    ) -> int:
        looks = {
            "link": link,
            "color": color,
            "mouse": None if mouse is None else "on" if mouse else "off",
            "ascii": ascii_only or None,
            "plain": plain or None,
            "read_only": read_only or None,
        }
        return command(looks=looks, **others)

    decorated: Callable[..., int] = with_looks
    for option in (
        click.option("--read-only", is_flag=True, help="Refuse everything that changes something."),
        click.option("--plain", is_flag=True, help="Plain lines instead of screens: for screen readers."),
        click.option("--ascii", "ascii_only", is_flag=True, help="Draw with ASCII characters only."),
        click.option(
            "--mouse/--no-mouse", default=None, help="Use the mouse; default: not over a slow link."
        ),
        click.option(
            "--color", type=click.Choice(["auto", "truecolor", "256", "16", "none"]), help="Colours to send."
        ),
        click.option(
            "--link",
            type=click.Choice(["auto", "fast", "slow"]),
            help="`slow` spares bytes; default: over SSH.",
        ),
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
