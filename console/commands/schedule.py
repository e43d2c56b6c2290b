"""`cutover schedule`: waves, critical path, planned duration, slack, and what slots, groups and limits make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from console.options import format_option, plan_argument

if TYPE_CHECKING:
    from operations.plan.graph import Schedule
    from operations.plan.models import Plan
    from operations.plan.simulation import Simulated


@click.command()
@plan_argument
@click.option("--max-parallel", type=click.IntRange(1, 64), help="Slots, instead of the plan's.")
@format_option("text", "json")
def schedule(plan: str, max_parallel: int | None, form: str) -> int:
    """Say in which waves PLAN could run, how long it takes with its slots, its critical path and what has slack.

    \b
    Example:  cutover schedule reference
              cutover schedule reference --max-parallel 8
    """
    from console import openers
    from console.output import show_json
    from operations.plan.graph import PlanGraph
    from operations.plan.simulation import simulate

    loaded = openers.open_plan(plan)
    graph = PlanGraph.of(loaded.plan)
    worked_out = graph.schedule()
    slots = max_parallel or loaded.plan.limits.max_parallel
    now, more = (simulate(loaded.plan, graph, count) for count in (slots, slots + 1))
    if form == "json":
        show_json(as_object(loaded.plan, worked_out, now, more))
    else:
        _show(loaded.plan, worked_out, now, more)
    return 0


def as_object(plan: Plan, worked_out: Schedule, now: Simulated, more: Simulated) -> dict[str, object]:
    """The JSON shape of `schedule`; times in minutes."""
    from dataclasses import asdict

    from operations.plan.simulation import group_figures, service_loads

    return {
        "waves": [list(wave) for wave in worked_out.waves],
        "critical_path": list(worked_out.critical_path),
        "minutes": {
            "sequential": worked_out.sequential,
            "critical_path": worked_out.total,
            "planned": round(now.total, 2),
        },
        "slack": dict(worked_out.slack),
        "slots": {
            "count": now.slots,
            "minutes": round(now.total, 2),
            "one_more": round(more.total, 2),
            "held_by_group": list(now.held_by_group),
        },
        "starts": {key: round(at, 2) for key, at in now.start.items()},
        "groups": [asdict(figures) for figures in group_figures(plan)],
        "services": [asdict(load) for load in service_loads(plan)],
    }


def _show(plan: Plan, worked_out: Schedule, now: Simulated, more: Simulated) -> None:
    from console.output import show, table
    from operations.plan.audit.words import plural
    from operations.plan.simulation import group_figures, service_loads

    for number, wave in enumerate(worked_out.waves, start=1):
        show(f"wave {number:<3} {', '.join(wave)}")
    show(f"critical path  {' → '.join(worked_out.critical_path)}")
    show(
        f"planned  {now.total:g} min with {plural(now.slots, 'slot')}; {worked_out.total:g} min on the critical path, "
        f"{worked_out.sequential:g} min one after the other"
    )
    gain = now.total - more.total
    show(f"one more slot  {f'{gain:g} min sooner' if gain > 0 else 'brings nothing'}")
    if now.held_by_group:
        show(f"waits for its group's cap  {', '.join(now.held_by_group)}")
    rows = [
        (each.id, each.title, len(each.operations), _minutes(each.planned), f"{each.worked:g}",
         _minutes(each.sequential), f"{each.summed:g}")
        for each in group_figures(plan)
    ]  # fmt: skip
    if rows:
        show(
            table(rows, ("group", "", "operations", "claimed", "its chain", "claimed one by one", "its sum"))
        )
    loads = [
        (load.service, load.calls, f"{load.per_second:g}", f"{load.minutes:.1f}")
        for load in service_loads(plan)
    ]
    if loads:
        show(table(loads[:5], ("service", "calls", "per second", "minutes at least")))


def _minutes(figure: float | None) -> str:
    return "-" if figure is None else f"{figure:g}"
