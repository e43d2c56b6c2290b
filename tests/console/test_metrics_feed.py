"""The poller as the console has it: nothing until it is asked for, the last good data kept, the cost counted."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from console import metrics_feed
from console.metrics_feed import GatewayMetrics, throttling
from console.pace import PAUSED, RESTS, MetricsPace
from operations.aws.credentials import CredentialLife, Ends
from operations.aws.outcome import Answer, CallFailedError, Certainty
from operations.plan.registers import Metric
from screens.metrics_port import dollars_a_day
from tests.screens.fakes import a_plan


@dataclass
class FakeAws:
    """A gateway that counts what it is asked, and fails when it is told to."""

    identity: Any = field(default_factory=lambda: SimpleNamespace(arn="arn:aws:iam::123456789012:user/kim"))
    calls: int = 0
    failing: bool = False
    looked: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    async def life(self) -> CredentialLife:
        return CredentialLife(Ends.NEVER, None, "made up", renewable=True)

    async def read(self, api: str, params: Mapping[str, Any]) -> Answer:
        self.calls += 1
        self.looked.release()
        if self.failing:
            raise CallFailedError("Throttling", "slow down", Certainty.NOT_APPLIED, True)
        return Answer({"MetricDataResults": []}, None, 0.0)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> FakeAws:
    fake = FakeAws()

    @asynccontextmanager
    async def door(*_: object) -> AsyncIterator[FakeAws]:
        yield fake

    monkeypatch.setattr(metrics_feed, "gateway_for", door)
    return fake


def poller(pace: MetricsPace) -> GatewayMetrics:
    metric = Metric(id="errors", title="errors", namespace="A/B", name="E", period=60)
    plan = a_plan().model_copy(update={"metrics": (metric,)})
    sessions = SimpleNamespace(name="live", account=plan.account, region="us-east-1", endpoint=None)
    setting: Any = SimpleNamespace(sessions=sessions, speed=1000.0)
    return GatewayMetrics(plan, setting, lambda: str, pace, lambda: True, jitter=lambda: 0.0)


def until(holds: Callable[[], bool]) -> None:
    wait = threading.Event()
    for _ in range(1000):
        if holds():
            return
        wait.wait(0.01)
    raise AssertionError("it never came to hold")


def test_nothing_is_asked_for_until_somebody_wants_it_and_errors_keep_the_last_good_data(
    aws: FakeAws,
) -> None:
    """`metrics_seconds = 0`; then a look, then a throttled one that keeps what was read and says of which region."""
    pace = MetricsPace(0, 0.5)
    feed = poller(pace)
    try:
        assert feed.snapshot().paused == PAUSED
        until(lambda: bool(feed.banner().identity))
        assert aws.calls == 0
        pace.pause(paused=False)
        until(lambda: feed.snapshot().fetched_at is not None)
        good = feed.snapshot()
        assert (good.asked, good.paused, good.error, good.every) == (1, None, None, 0.5)
        aws.failing = True
        until(lambda: feed.snapshot().error is not None)
        assert feed.snapshot().error == "us-east-1: Throttling: slow down"
        assert feed.snapshot().fetched_at == good.fetched_at
        assert feed.snapshot().readings == good.readings
        assert feed.snapshot().asked == 2
    finally:
        feed.stop()


def test_live_never_more_often_than_once_a_minute() -> None:
    """Metrics have a point a minute; a sandbox costs nothing."""
    assert MetricsPace(5).every_seconds == 60
    assert MetricsPace(5).change_pace(-1) == 60
    assert MetricsPace(120).every_seconds == 120
    assert MetricsPace(5, 5).every_seconds == 5


def test_why_nothing_is_asked_for() -> None:
    pace = MetricsPace(60)
    assert pace.why_not is None
    pace.rest(resting=True)
    assert pace.why_not == RESTS
    pace.pause(paused=True)
    assert pace.why_not == PAUSED


@pytest.mark.parametrize(
    ("error", "expected"),
    [("Throttling: slow down", True), ("AccessDenied: Throttling", False), (None, False)],
)
def test_throttling_is_told_by_its_code(error: str | None, expected: bool) -> None:
    assert throttling(error) is expected


def test_what_a_day_costs() -> None:
    """At list price a cent for 1,000 metrics asked for: 12 once a minute are 17,280 a day."""
    assert round(dollars_a_day(12, 60), 4) == 0.1728
