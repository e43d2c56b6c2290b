"""`cutover [PLAN]` and `cutover drill`: the console, live and on the embedded sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

import click

from console.options import (
    journal_option,
    look_options,
    parallel_option,
    sandbox_option,
    speed_option,
)
from console.terminal.curtain import Opening, raised


@click.command("open")
@click.argument("plan", metavar="[PLAN]", default="reference")
@journal_option
@sandbox_option
@speed_option
@parallel_option
@click.option(
    "--review", is_flag=True, help="Only review the journal: no AWS, no credentials, nothing written."
)
@look_options
@click.pass_context
def open_console(
    ctx: click.Context,
    plan: str,
    journal: str | None = None,
    sandbox: str | None = None,
    speed: float | None = None,
    max_parallel: int | None = None,
    looks: Mapping[str, str | bool | None] | None = None,
    *,
    review: bool = False,
) -> int:
    """Open the console on PLAN; it starts read-only, `:arm` to act.

    \b
    Example:  cutover open plan.yaml
              cutover open --journal old.journal --review
    """
    from click.core import ParameterSource

    with _curtain(Opening(plan, "DRILL" if sandbox else "LIVE", journal), looks, wanted=not review):
        from console.opening import ConsoleOptions, open_on

        options = ConsoleOptions(journal, sandbox, speed, max_parallel, looks=looks or {}, review=review)
        given = ctx.get_parameter_source("plan") is not ParameterSource.DEFAULT
        return open_on(plan if given or not review else "", options)


def _curtain(
    opening: Opening, looks: Mapping[str, str | bool | None] | None, *, wanted: bool
) -> AbstractContextManager[None]:
    """What stands on the screen until the console does; nothing where lines are wanted instead."""
    if not wanted or (looks or {}).get("plain"):
        return nullcontext()
    return raised(replace(opening, plain=bool((looks or {}).get("ascii"))))


@click.command()
@click.argument("scenario", required=False)
@click.option("--list", "listed", is_flag=True, help="Name the scenarios.")
@click.option(
    "--seed",
    type=click.IntRange(0, 2**31),
    default=0,
    show_default=True,
    help="The same seed makes the same faults again.",
)
@click.option("--plan", default="reference", show_default=True, help="The plan to drill.")
@journal_option
@speed_option
@parallel_option
@look_options
def drill(
    scenario: str | None,
    listed: bool,
    seed: int,
    plan: str,
    journal: str | None,
    speed: float | None,
    max_parallel: int | None,
    looks: Mapping[str, str | bool | None],
) -> int:
    """Open the console on the embedded sandbox: no account, no credentials, no network.

    \b
    Example:  cutover drill throttled --seed 7
    """
    opening = Opening(plan, "DRILL", journal, new_journal=journal is None)
    with _curtain(opening, looks, wanted=not listed and scenario is None):
        from console.exit_codes import CommandError
        from console.opening import ConsoleOptions, open_drill
        from console.output import show

        if listed or scenario is not None:
            from operations.drill.scenarios import SCENARIOS

            if listed:
                show("\n".join(f"{name:<18} {each.title}" for name, each in SCENARIOS.items()))
                return 0
            if scenario not in SCENARIOS:
                raise CommandError(f"no scenario `{scenario}`; there are: {', '.join(SCENARIOS)}")
        options = ConsoleOptions(
            journal, None, speed, max_parallel, looks=looks, scenario=scenario or "calm", seed=seed
        )
        return open_drill(plan, options)
