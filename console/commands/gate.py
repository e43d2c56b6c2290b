"""`cutover gate`: go or no-go, with every sample that the verdict rests on; sign-offs, waivers, attestations."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from console.options import format_option, journal_option, plan_argument, sandbox_option

if TYPE_CHECKING:
    from datetime import datetime

    from console.acts.gating import GateDesk, Taken
    from operations.checks.gate_standing import GateStanding
    from operations.plan.loader import LoadedPlan
    from state.events import Event


@dataclass(frozen=True, slots=True)
class _Words:
    """What somebody says at the gate."""

    sign: bool
    waive: str | None
    attest: str | None
    answer: str | None
    role: str | None
    owner: str | None
    until: str | None
    reason: str | None
    evidence: str | None

    @property
    def asked(self) -> int:
        """How many of the three things that can be written are asked for."""
        return sum((self.sign, self.waive is not None, self.attest is not None))


@dataclass(frozen=True, slots=True)
class _Options:
    journal: str | None
    sandbox: str | None
    offline: bool
    no_record: bool
    parallel: int
    form: str


@click.command()
@plan_argument
@click.argument("gate", required=False)
@click.option("--recorded", "offline", is_flag=True, help="By the journal alone; nothing is asked.")
@click.option("--no-record", is_flag=True, help="Do not keep the verdict in the journal.")
@click.option("--sign", is_flag=True, help="Sign the newest verdict; needs --role and --reason.")
@click.option(
    "--waive",
    metavar="CRITERION",
    help="Answer for a criterion that does not pass; needs --role, --owner, --until, --reason.",
)
@click.option(
    "--attest", metavar="CRITERION", help="Say what a check by hand came to; needs --as and --evidence."
)
@click.option("--as", "answer", type=click.Choice(["pass", "fail"]), help="What you have seen.")
@click.option("--role", metavar="ID", help="In which role you sign.")
@click.option("--owner", metavar="NAME", help="Who sees to what is waived.")
@click.option("--until", metavar="TIME", help="When a waiver ends: 2026-12-01 or 2026-12-01T18:00Z, UTC.")
@click.option("--reason", metavar="TEXT", help="Why; it stands in the journal.")
@click.option("--evidence", metavar="TEXT", help="What you have seen; it stands in the journal.")
@click.option("--max-parallel", "parallel", type=click.IntRange(1, 64), default=10, help="Checks at once.")
@journal_option
@sandbox_option
@format_option("text", "json", "markdown")
def gate(
    plan: str,
    gate: str | None,
    journal: str | None,
    sandbox: str | None,
    offline: bool,
    no_record: bool,
    parallel: int,
    form: str,
    **words: object,
) -> int:
    """Decide GATE of PLAN, its only one when none is named: makes every criterion, scores, and journals the verdict.

    Only GO ends with 0. No data is not a pass, and a waiver never makes a GO.

    \b
    Example:  cutover gate reference
              cutover gate reference --attest T3.1 --as pass --evidence "p95 431 ms, report 18"
              cutover gate reference --sign --role tech_lead --reason "all samples read"
    """
    from console import openers
    from console.acts.gating import choose_gate
    from console.exit_codes import CommandError

    said = _Words(**words)  # type: ignore[arg-type]
    options = _Options(journal, sandbox, offline, no_record, parallel, form)
    if said.asked > 1:
        raise CommandError("one at a time: --sign, --waive or --attest")
    loaded = openers.open_plan(plan)
    chosen = choose_gate(loaded, gate)
    return _say(loaded, chosen, said, journal) if said.asked else _decide(loaded, chosen, options)


def _decide(loaded: LoadedPlan, gate: str, options: _Options) -> int:
    from console.acts.gating import Taken, recorded, take
    from console.journal.journals import journal_path
    from console.output import say

    path = journal_path(options.journal, loaded.plan.plan, os.environ)
    if options.offline:
        taken = Taken(recorded(loaded, gate, path), None)
    else:
        taken = take(
            loaded,
            gate,
            options.sandbox,
            options.journal,
            path,
            parallel=options.parallel,
            record=not options.no_record,
            create=options.sandbox is None or options.journal is not None,
        )
    if taken.unrecorded and not options.no_record:
        say(f"note: the verdict is not kept: {taken.unrecorded}")
    _print(loaded, taken, options.form)
    return 0 if taken.standing.decision == "GO" else 1


def _say(loaded: LoadedPlan, gate: str, said: _Words, journal: str | None) -> int:
    """Write what somebody signs or attests."""
    from console.acts.gating import GateDesk
    from console.journal.journals import journal_path
    from console.output import show

    desk = GateDesk(loaded, journal_path(journal, loaded.plan.plan, os.environ))
    event = _written(desk, gate, said)
    show(f"written in event {event.seq}; see `cutover gate {loaded.plan.plan} --recorded`")
    return 0


def _written(desk: GateDesk, gate: str, said: _Words) -> Event:
    from state.events import Verdict

    if said.waive is not None:
        owner, until, reason = (_given(said, name) for name in ("owner", "until", "reason"))
        return desk.waive(gate, said.waive, said.role, owner, _moment(until), reason)
    if said.attest is not None:
        verdict = Verdict(_given(said, "answer", "--as"))
        return desk.attest(said.attest, verdict, _given(said, "evidence"), said.role)
    return desk.sign(gate, _given(said, "role"), _given(said, "reason"))


def _given(said: _Words, name: str, option: str | None = None) -> str:
    from console.exit_codes import CommandError

    value: str | None = getattr(said, name)
    if not value or not value.strip():
        raise CommandError(f"{option or '--' + name} is missing; see `cutover gate --help`")
    return value


def _moment(text: str) -> datetime:
    """A moment that somebody typed; a day alone means its end, and without a zone it is UTC.

    Raises:
        CommandError: it is none.
    """
    from datetime import UTC, datetime, timedelta

    from console.exit_codes import CommandError

    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--until {text}: not a time; write 2026-12-01 or 2026-12-01T18:00Z") from error
    if "T" not in text and " " not in text:
        moment += timedelta(days=1)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _print(loaded: LoadedPlan, taken: Taken, form: str) -> None:
    from console import openers
    from console.output import show, show_json
    from operations.checks.gate_reports import as_markdown, as_object
    from state.journal import timestamp

    now = openers.now()
    match form:
        case "json":
            show_json(as_object(taken.standing, now, taken.event.seq if taken.event else None))
        case "markdown":
            show(as_markdown(loaded.plan.title, timestamp(now), taken.standing))
        case _:
            _show_text(loaded, taken.standing, now)
            if taken.event is not None:
                show(f"journaled in event {taken.event.seq}")


def _show_text(loaded: LoadedPlan, standing: GateStanding, now: datetime) -> None:
    """The verdict first, then what it rests on, then what is missing."""
    from console.output import show, table
    from operations.checks.gate_reports import seen, verdict_word
    from operations.checks.gate_standing import need_text
    from screens.times import age_of

    show(f"{standing.gate} of {loaded.plan.title}: {standing.decision}{', open' if standing.open else ''}")
    scores = [*standing.categories, *([standing.overall] if standing.overall else [])]
    show(table([(each.id, each.decision, each.why) for each in scores], ("category", "verdict", "score")))
    rows = [
        (
            each.id,
            verdict_word(each),
            age_of(each.at, now) if each.at else "-",
            f"{each.weight:g}",
            seen(each),
        )
        for each in standing.samples
    ]
    show(table(rows, ("criterion", "verdict", "age", "weight", "what was seen")))
    for need in standing.needs:
        show(f"for GO: {need_text(need, standing.samples)}")
    for waiver in standing.waivers:
        missing = f", {', '.join(waiver.missing)} to sign" if waiver.missing else ""
        show(
            f"waiver of {waiver.criterion}: {waiver.state}{missing}; {waiver.owner} until {waiver.until}: {waiver.reason}"
        )
    for each in standing.sign_offs:
        show(
            f"sign-off of {each.role}: {each.state}{f' ({each.why})' if each.why else ''} {each.actor or ''}".rstrip()
        )
    if standing.decision == "CONDITIONAL-GO":
        for condition in standing.conditions:
            show(f"condition: {condition}")
    for blocker in standing.blockers:
        show(f"not open: {blocker}")
