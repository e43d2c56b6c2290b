"""`cutover [PLAN]` and `cutover drill`: the console, live and on the embedded sandbox."""

from __future__ import annotations

import click

from console.options import journal_option, parallel_option, sandbox_option, speed_option


@click.command("open")
@click.argument("plan", metavar="[PLAN]", default="reference")
@journal_option
@sandbox_option
@speed_option
@parallel_option
def open_console(
    plan: str,
    journal: str | None = None,
    sandbox: str | None = None,
    speed: float | None = None,
    max_parallel: int | None = None,
) -> int:
    """Open the console on PLAN; it starts read-only, `:arm` to act.

    \b
    Example:  cutover open plan.yaml
    """
    from console.opening import ConsoleOptions, open_on

    return open_on(plan, ConsoleOptions(journal, sandbox, speed, max_parallel))


@click.command()
@click.argument("scenario", required=False)
@click.option("--list", "listed", is_flag=True, help="Name the scenarios.")
@click.option("--plan", default="reference", show_default=True, help="The plan to drill.")
@journal_option
@speed_option
@parallel_option
def drill(
    scenario: str | None,
    listed: bool,
    plan: str,
    journal: str | None,
    speed: float | None,
    max_parallel: int | None,
) -> int:
    """Open the console on the embedded sandbox: no account, no credentials, no network.

    \b
    Example:  cutover drill
    """
    from console.exit_codes import CommandError
    from console.opening import SCENARIOS, ConsoleOptions, open_drill
    from console.output import show

    if listed:
        show("\n".join(f"{name:<10} {what}" for name, what in SCENARIOS.items()))
        return 0
    if scenario is not None and scenario not in SCENARIOS:
        raise CommandError(f"no scenario `{scenario}`; there are: {', '.join(SCENARIOS)}")
    return open_drill(plan, ConsoleOptions(journal, None, speed, max_parallel))
