"""`cutover schedule`: waves, critical path, planned duration, slack."""

from __future__ import annotations

import click

from console.options import format_option, plan_argument


@click.command()
@plan_argument
@format_option("text", "json")
def schedule(plan: str, form: str) -> int:
    """Say in which waves PLAN could run, what its critical path is, and what has slack.

    \b
    Example:  cutover schedule reference
    """
    from console import openers
    from console.output import show, show_json
    from operations.plan.graph import PlanGraph

    loaded = openers.open_plan(plan)
    worked_out = PlanGraph.of(loaded.plan).schedule()
    if form == "json":
        show_json(
            {
                "waves": [list(wave) for wave in worked_out.waves],
                "critical_path": list(worked_out.critical_path),
                "minutes": {"sequential": worked_out.sequential, "critical_path": worked_out.total},
                "slack": dict(worked_out.slack),
            }
        )
        return 0
    for number, wave in enumerate(worked_out.waves, start=1):
        show(f"wave {number:<3} {', '.join(wave)}")
    show(f"critical path  {' → '.join(worked_out.critical_path)}")
    show(
        f"planned  {worked_out.total:g} min on the critical path, {worked_out.sequential:g} min one after the other"
    )
    return 0
