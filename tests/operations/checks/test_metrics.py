"""Metric readings: what is asked, how points are judged, what no data means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from operations.aws.outcome import Answer, CallFailedError, Certainty
from operations.checks.metrics import MetricPoller
from operations.plan.errors import ReferenceProblem
from operations.plan.references import Reference
from operations.plan.registers import Metric
from state.metrics import MetricsSnapshot, Standing

NOW = datetime(2026, 11, 22, 1, 25, 30, tzinfo=UTC)
NEWEST = NOW.replace(second=0)
ERRORS = Metric(id="errors", title="errors", namespace="A/B", name="E", threshold={"op": "<=", "value": 5})
BUSY = Metric(id="busy", title="busy", namespace="A/B", name="B")
FREE = Metric(id="free", title="free", namespace="A/B", name="F", dimensions={"LoadBalancer": "${alb.arn}"})


async def look(
    metrics: list[Metric], pages: list[Mapping[str, Any]] | Exception
) -> tuple[MetricsSnapshot, list[Any]]:
    """One look at a CloudWatch that answers these pages."""
    asked: list[Any] = []

    async def read(api: str, params: Mapping[str, Any]) -> Answer:
        asked.append(params)
        if isinstance(pages, Exception):
            raise pages
        return Answer(pages[len(asked) - 1], None, 0.0)

    def lookup(reference: Reference) -> str:
        raise ReferenceProblem("not made yet")

    return await MetricPoller(metrics, read, lambda: NOW, lookup).look(), asked


def page(*values: float, last: datetime = NEWEST, **more: Any) -> Mapping[str, Any]:
    """An answer with one series, a point a minute, ending at `last`."""
    times = [last - timedelta(minutes=len(values) - 1 - index) for index in range(len(values))]
    return {"MetricDataResults": [{"Id": "m0", "Timestamps": times, "Values": list(values)}], **more}


async def test_the_newest_point_is_provisional_and_not_judged() -> None:
    snapshot, _ = await look([ERRORS], [page(1.0, 2.0, 9.0)])
    reading = snapshot.readings[0]
    assert reading.latest == 9.0
    assert reading.provisional
    assert reading.standing is Standing.HOLDS


async def test_a_settled_point_over_the_threshold_is_a_breach() -> None:
    snapshot, _ = await look([ERRORS], [page(1.0, 9.0, last=NOW - timedelta(minutes=3))])
    assert snapshot.readings[0].standing is Standing.BREACHED
    assert snapshot.readings[0].threshold == "<= 5"


async def test_no_points_is_no_data() -> None:
    snapshot, _ = await look([ERRORS], [{"MetricDataResults": []}])
    assert snapshot.readings[0].standing is Standing.NO_DATA
    assert snapshot.readings[0].latest is None


async def test_a_metric_of_something_not_made_yet_is_not_asked_for() -> None:
    snapshot, asked = await look([ERRORS, FREE], [page(1.0)])
    assert [query["Id"] for query in asked[0]["MetricDataQueries"]] == ["m0"]
    assert snapshot.readings[1].standing is Standing.NO_DATA


async def test_all_pages_are_read() -> None:
    first = page(1.0, last=NOW - timedelta(minutes=5), NextToken="more")
    snapshot, asked = await look([ERRORS], [first, page(2.0, last=NOW - timedelta(minutes=4))])
    assert snapshot.readings[0].values == (1.0, 2.0)
    assert asked[1]["NextToken"] == "more"


async def test_what_goes_wrong_is_said_in_the_snapshot() -> None:
    throttled = CallFailedError("Throttling", "slow down", Certainty.NOT_APPLIED, True)
    snapshot, _ = await look([ERRORS], throttled)
    assert "Throttling" in (snapshot.error or "")
    assert snapshot.readings[0].standing is Standing.NO_DATA


async def test_each_result_has_a_status_of_its_own() -> None:
    """What could not be read is said, and is not mistaken for no data; the others count."""
    failed = {"Id": "m1", "StatusCode": "InternalError", "Timestamps": [], "Values": []}
    answer = page(1.0, 2.0, Messages=[{"Code": "MaxMetricsExceeded", "Value": "too many"}])
    answer["MetricDataResults"].append(failed)
    snapshot, _ = await look([ERRORS, BUSY], [answer])
    assert snapshot.error == "CloudWatch busy: InternalError; MaxMetricsExceeded: too many"
    assert snapshot.unread == {"busy"}
    assert snapshot.asked == 2


async def test_a_failed_look_has_read_nothing() -> None:
    snapshot, _ = await look(
        [ERRORS, BUSY], CallFailedError("Throttling", "slow", Certainty.NOT_APPLIED, True)
    )
    assert (snapshot.unread, snapshot.asked) == ({"errors", "busy"}, 2)


async def test_whole_periods_are_asked_for_a_call_each() -> None:
    """Aligned to the period, 60 points and the one that is going on; a long period costs a short one nothing."""
    long = Metric(id="long", title="long", namespace="A/B", name="L", period=300)
    _, asked = await look([ERRORS, BUSY, long], [page(1.0), {"MetricDataResults": []}])
    assert [len(each["MetricDataQueries"]) for each in asked] == [2, 1]
    assert (asked[0]["StartTime"], asked[0]["EndTime"]) == ("2026-11-22T00:25:00Z", "2026-11-22T01:26:00Z")
    assert (asked[1]["StartTime"], asked[1]["EndTime"]) == ("2026-11-21T20:25:00Z", "2026-11-22T01:30:00Z")
