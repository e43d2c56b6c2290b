"""A console over a real journal, for what reads one."""

from __future__ import annotations

from pathlib import Path

from console.app import CutoverApp, Link
from console.compose import sandbox_setting
from console.feed import JournalFeed
from console.journal_book import JournalBook
from console.past import JournalPast
from console.ports import Ports
from console.previews import Previewer
from console.review import ReviewDesk, ReviewFeed, ReviewMetrics
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


def over_a_journal(folder: Path) -> Driven:
    """A console whose feed is a journal's; its desk and its metrics are fakes."""
    path = write(folder / "reference.journal")
    plan = a_plan()
    previewer = Previewer.of(plan, sandbox_setting(plan, "http://127.0.0.1:9", 1.0))
    past = JournalPast(path, previewer)
    feed, desk, metrics, ticker = FakeFeed(), FakeDesk(), FakeMetrics(), Ticker()
    app = CutoverApp(
        plan,
        ReviewFeed(JournalFeed(path, previewer), past),
        ReviewDesk(desk, past, previewer),
        ReviewMetrics(metrics, past),
        clock=lambda: NOW,
        theme="dark",
        link=Link.FAST,
        monotonic=ticker,
        ports=Ports(past=past, journal=JournalBook(path, folder / "cache")),
    )
    return Driven(app, feed, desk, metrics, ticker)
