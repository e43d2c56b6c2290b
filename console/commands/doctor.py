"""`cutover doctor`: what this terminal, host and account can do."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from console.options import format_option, journal_option

if TYPE_CHECKING:
    from console.doctor.account import Met
    from screens.doctor_port import Finding


@click.command()
@click.option(
    "--online", is_flag=True, help="Also ask AWS who we are, how long for, and what time it is there."
)
@click.option(
    "--plan", default="reference", show_default=True, help="The plan whose journal and account are meant."
)
@journal_option
@format_option("text", "json")
def doctor(online: bool, plan: str, journal: str | None, form: str) -> int:
    """Look at this terminal, host, journal and account, and say what to do about what is not well.

    Nothing is changed, and AWS is asked only with --online. Ends with 1 when something will not work.

    \b
    Example:  cutover doctor --online --plan plan.yaml
    """
    from console.doctor.account import look_at_aws
    from console.doctor.asking import ask_terminal
    from console.doctor.examine import Doctoring
    from console.journal.journals import journal_path
    from console.openers import now, open_plan
    from console.output import show_json
    from screens.doctor_port import Verdict, worst

    loaded = open_plan(plan)
    path = journal_path(journal, loaded.plan.plan, os.environ)
    findings = list(Doctoring(os.environ, path, now, ask_terminal).examine())
    if online:
        findings += look_at_aws(lambda: _meet(plan, journal), now)
    if form == "json":
        show_json(_as_json(findings))
    else:
        _show(findings)
    return 1 if worst(findings) is Verdict.FAIL else 0


def _meet(plan: str, journal: str | None) -> Met:
    from console.doctor.account import Met
    from console.openers import open_plan
    from console.reading import Reading, read_aws

    async def work(reading: Reading) -> Met:
        gateway = reading.gateway
        answer = await gateway.read("sts:GetCallerIdentity", {})
        life = await gateway.life()
        until = None if life.renewable else life.expires_at
        identity, region = gateway.identity, gateway.sessions.region
        return Met(identity.arn, identity.account, region, life.source, until, answer.date, answer.seconds)

    return read_aws(open_plan(plan), None, journal, work)


def _as_json(findings: Sequence[Finding]) -> dict[str, object]:
    from screens.doctor_port import Verdict

    return {
        "checks": [
            {
                "id": each.id,
                "area": each.area.value,
                "verdict": each.verdict.value,
                "message": each.message,
                "fix": each.fix,
            }
            for each in findings
        ],
        "counts": {verdict.value: sum(each.verdict is verdict for each in findings) for verdict in Verdict},
    }


def _show(findings: Sequence[Finding]) -> None:
    from console.output import show
    from screens.doctor_port import Area

    for area in Area:
        chosen = [each for each in findings if each.area is area]
        if chosen:
            show("\n".join((area.value, *_lines(chosen))))
        if area is Area.TERMINAL:
            _show_swatches()


def _lines(findings: Iterable[Finding]) -> Iterable[str]:
    for each in findings:
        yield f"  {each.verdict.value:<4}  {each.id:<19} {each.message}"
        if each.fix:
            yield f"{'':<28}do: {each.fix}"


def _show_swatches() -> None:
    """Only where somebody looks, and at colours only where they are wanted; nobody else's text is in them."""
    from console.doctor.swatches import swatches

    if sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM", "dumb") != "dumb":
        click.echo("\n".join(swatches()))
