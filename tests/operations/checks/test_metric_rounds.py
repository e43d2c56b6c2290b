"""Which metrics a look asks for: none more often than it has points, and the last good reading stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from operations.checks.metric_rounds import MetricRounds
from operations.plan.registers import Metric
from state.metrics import MetricReading, MetricsSnapshot, Standing

NOW = datetime(2026, 11, 22, 1, 25, tzinfo=UTC)
SHORT = Metric(id="short", title="short", namespace="A/B", name="S")
LONG = Metric(id="long", title="long", namespace="A/B", name="L", period=300)


def reading(key: str, value: float | None) -> MetricReading:
    values = () if value is None else (value,)
    return MetricReading(
        key, key, None, (NOW,) * len(values), values, None, None, Standing.NO_THRESHOLD, 60, False
    )


def look(
    seconds: float, *values: tuple[str, float | None], unread: frozenset[str] = frozenset()
) -> MetricsSnapshot:
    at = NOW + timedelta(seconds=seconds)
    readings = tuple(reading(key, value) for key, value in values)
    return MetricsSnapshot(readings, at, "us-east-1: so" if unread else None, len(values), unread)


def due(rounds: MetricRounds, seconds: float) -> list[str]:
    return [metric.id for metric in rounds.due(NOW + timedelta(seconds=seconds))]


def test_a_metric_is_asked_for_once_a_period() -> None:
    rounds = MetricRounds([SHORT, LONG])
    assert due(rounds, 0) == ["short", "long"]
    rounds.merge(look(0, ("short", 1), ("long", 2)), NOW)
    assert [due(rounds, seconds) for seconds in (5, 60, 240, 290)] == [
        [],
        ["short"],
        ["short"],
        ["short", "long"],
    ]
    found = rounds.merge(look(60, ("short", 3)), NOW + timedelta(seconds=60))
    assert [each.latest for each in found.readings] == [3, 2]
    assert found.asked == 3


def test_a_sandbox_has_time_of_its_own() -> None:
    rounds = MetricRounds([SHORT], speed=60)
    rounds.merge(look(0, ("short", 1)), NOW)
    assert due(rounds, 5) == ["short"]


def test_what_cannot_be_read_stays_as_it_was_with_its_age() -> None:
    """And is asked for at the next look, whatever its period."""
    rounds = MetricRounds([SHORT, LONG])
    first = rounds.merge(look(0, ("short", 1), ("long", 2)), NOW)
    both = frozenset({"short", "long"})
    failed = rounds.merge(
        look(300, ("short", None), ("long", None), unread=both), NOW + timedelta(seconds=300)
    )
    assert [each.latest for each in failed.readings] == [1, 2]
    assert failed.fetched_at == first.fetched_at
    assert failed.error == "us-east-1: so"
    assert due(rounds, 301) == ["short", "long"]


def test_what_was_never_read_has_no_age() -> None:
    rounds = MetricRounds([SHORT])
    assert rounds.merge(look(0, ("short", None), unread=frozenset({"short"})), NOW).fetched_at is None
