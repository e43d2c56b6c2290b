"""A console over a real journal, for what reads one."""

from __future__ import annotations

from pathlib import Path

from console.acts.previews import Previewer
from console.app import CutoverApp
from console.compose import sandbox_setting
from console.journal.feed import JournalFeed
from console.journal.journal_book import JournalBook
from console.journal.past import JournalPast
from console.journal.review import ReviewDesk, ReviewFeed, ReviewMetrics
from console.parts import ConsoleParts, Manner
from console.ports import Ports
from screens.kit import Link
from state.events import CheckStage, Direction, Payload, Result, RunResult, Verdict
from state.operation_events import OperationRolledBack, OperationSucceeded, TriggerSample
from state.request_events import RequestNote, RequestRun
from state.run_events import RunFinished
from tests.screens.driving import Driven, Ticker
from tests.screens.fakes import NOW, FakeDesk, FakeFeed, FakeMetrics, a_plan
from tests.state.eventful import intent, operation_started, outcome, rolling_back, run_started
from tests.state.making import open_journal

FORWARD, BACK = Direction.FORWARD, Direction.INVERSE


def some_events() -> list[tuple[Payload, str | None]]:
    """Two operations go forward, the second goes back; one sample of a metric on the way."""
    sample = TriggerSample(
        stage=CheckStage.WATCH,
        check="trigger errors",
        verdict=Verdict.PASS,
        message="error-rate is 0.21 at 03:00:05Z, rings at > 5",
    )
    return [
        (RequestRun(operations=("vpc", "subnets"), confirmed="console", reason="error budget fine"), None),
        (run_started(), None),
        (operation_started(), "vpc"),
        (intent(), "vpc"),
        (outcome(Result.APPLIED, vpc_id="vpc-0a1b"), "vpc"),
        (OperationSucceeded(seconds=2.0), "vpc"),
        (operation_started(), "subnets"),
        (intent(), "subnets"),
        (outcome(Result.APPLIED, subnet_id="subnet-7"), "subnets"),
        (sample, "subnets"),
        (OperationSucceeded(seconds=3.0), "subnets"),
        (RunFinished(result=RunResult.SUCCEEDED, counts={"succeeded": 2}, seconds=9.0), None),
        (RequestNote(text="the load balancer looks slow"), None),
        (run_started(BACK), None),
        (rolling_back(), "subnets"),
        (intent(direction=BACK), "subnets"),
        (outcome(Result.APPLIED, direction=BACK), "subnets"),
        (OperationRolledBack(seconds=1.0), "subnets"),
        (RunFinished(result=RunResult.SUCCEEDED, counts={"rolled_back": 1}, seconds=3.0), None),
    ]


def write(path: Path) -> Path:
    """A closed journal of these events."""
    with open_journal(path) as journal:
        for payload, operation in some_events():
            journal.append(payload, run="01JD00RUN", operation=operation)
    return path


def parts_over_a_journal(folder: Path) -> ConsoleParts:
    """What stands behind a console whose feed is a journal's; its desk and its metrics are fakes."""
    path = write(folder / "reference.journal")
    plan = a_plan()
    previewer = Previewer.of(plan, sandbox_setting(plan, "http://127.0.0.1:9", 1.0))
    past = JournalPast(path, previewer)
    return ConsoleParts(
        plan,
        ReviewFeed(JournalFeed(path, previewer), past),
        ReviewDesk(FakeDesk(), past, previewer),
        ReviewMetrics(FakeMetrics(), past),
        ports=Ports(past=past, journal=JournalBook(path, folder / "cache")),
    )


def over_a_journal(folder: Path) -> Driven:
    """A console on screens over the same."""
    parts, ticker = parts_over_a_journal(folder), Ticker()
    app = CutoverApp(parts, Manner("dark", Link.FAST), clock=lambda: NOW, monotonic=ticker)
    assert isinstance(parts.desk, ReviewDesk)
    assert isinstance(parts.desk.live, FakeDesk)
    assert isinstance(parts.metrics, ReviewMetrics)
    assert isinstance(parts.metrics.live, FakeMetrics)
    return Driven(app, FakeFeed(), parts.desk.live, parts.metrics.live, ticker)
