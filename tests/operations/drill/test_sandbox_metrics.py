"""Traffic and CloudWatch: metrics have history and move, statistics and arithmetic are right, alarms follow."""

import random
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from sandbox_clients import Aws, clients_of

from operations.drill.arithmetic import ExpressionError, evaluate
from operations.drill.embedded import Sandbox
from operations.drill.errors import SandboxError
from operations.drill.metrics_file import BUILT_IN, read_metrics
from operations.drill.patches.cloudwatch_alarms import judge
from operations.drill.series import percentile
from operations.drill.traffic import TrafficMetric, Walk, from_rows

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def _data(aws: Aws, *queries: Any, minutes: int = 75) -> Any:
    now = datetime.now(UTC)
    span = {"StartTime": now - timedelta(minutes=minutes), "EndTime": now + timedelta(minutes=1)}
    return aws("cloudwatch").get_metric_data(MetricDataQueries=list(queries), **span)["MetricDataResults"]


def _stat(
    name: str,
    metric: str,
    stat: str = "Average",
    period: int = 60,
    space: str = "Tests",
    dimensions: Iterable[tuple[str, str]] = (),
    **more: Any,
) -> dict[str, Any]:
    wire = [{"Name": key, "Value": value} for key, value in dimensions]
    asked = {
        "Metric": {"Namespace": space, "MetricName": metric, "Dimensions": wire},
        "Period": period,
        "Stat": stat,
    }
    return {"Id": name, "MetricStat": asked, **more}


def test_the_built_in_traffic_has_an_hour_of_history(aws: Aws) -> None:
    metric = BUILT_IN[0]
    found = _data(aws, _stat("m", metric.name, space=metric.namespace, dimensions=metric.dimensions))[0]
    assert len(found["Values"]) >= 60
    assert len(set(found["Values"])) > 50
    assert all(abs(value - metric.normal) <= metric.normal * 0.3 for value in found["Values"])
    assert datetime.now(UTC) - found["Timestamps"][0] < timedelta(minutes=2)


def test_a_plan_brings_its_own_metrics(tmp_path: Path) -> None:
    row = "metrics:\n- {id: load, title: load, namespace: Own, name: Load, dimensions: {Service: api}, statistic: Sum, period: 60, normal: 600}\n"
    (tmp_path / "a.yaml").write_text("plan: tests\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text(row, encoding="utf-8")
    with Sandbox.start(tmp_path) as sandbox:
        query = _stat("m", "Load", "Sum", space="Own", dimensions=[("Service", "api")])
        values = _data(clients_of(sandbox.endpoint), query)[0]["Values"]
    assert len(values) >= 60
    assert 450 < sorted(values)[len(values) // 2] < 750


def test_reading_metrics_of_a_plan(tmp_path: Path) -> None:
    assert read_metrics(None) == list(BUILT_IN)
    with pytest.raises(SandboxError, match=r"none\.yaml"):
        read_metrics(tmp_path / "none.yaml")
    rows = [
        {"namespace": "N", "name": "a", "threshold": {"op": "<=", "value": 5}},
        {"namespace": "N", "name": "b", "threshold": {"op": ">=", "value": 100}, "unit": "Count"},
        {"namespace": "N"},
    ]
    assert from_rows(rows) == [
        TrafficMetric("N", "a", normal=2.0),
        TrafficMetric("N", "b", unit="Count", normal=105.0),
    ]


def test_a_walk_stays_near_normal_and_is_the_same_for_the_same_seed() -> None:
    first, second = Walk(99.0, ceiling=100.0), Walk(99.0, ceiling=100.0)
    chances = random.Random(7), random.Random(7)
    values = [first.next(chances[0]) for _ in range(500)]
    assert values == [second.next(chances[1]) for _ in range(500)]
    assert max(values) <= 100.0
    assert min(values) >= 98.0
    assert Walk(0.0).next(chances[0]) == 0.0
    available = Walk(99.9, ceiling=100.0)
    assert min(available.next(chances[0]) for _ in range(500)) > 99.7


def test_statistics_percentiles_and_exact_dimensions(aws: Aws) -> None:
    cloudwatch = aws("cloudwatch")
    one, both = [{"Name": "A", "Value": "1"}], [{"Name": "A", "Value": "1"}, {"Name": "B", "Value": "2"}]
    rows = [{"MetricName": "m", "Value": float(value), "Dimensions": one} for value in range(1, 101)]
    cloudwatch.put_metric_data(
        Namespace="Tests", MetricData=[*rows, {"MetricName": "m", "Value": 1e6, "Dimensions": both}]
    )
    queries = [
        _stat(f"q{n}", "m", stat, 3600, dimensions=[("A", "1")])
        for n, stat in enumerate(["p50", "p99", "Sum", "Maximum", "SampleCount"])
    ]
    got = [sum(result["Values"]) for result in _data(aws, *queries)]
    assert got == [50.5, pytest.approx(99.01), 5050.0, 100.0, 100.0]
    assert _data(aws, _stat("none", "m"))[0]["Values"] == []
    now = datetime.now(UTC)
    span = {"StartTime": now - timedelta(minutes=5), "EndTime": now + timedelta(minutes=1), "Period": 3600}
    points = cloudwatch.get_metric_statistics(
        Namespace="Tests", MetricName="m", Dimensions=one, Statistics=["Maximum"], **span
    )["Datapoints"]
    assert max(point["Maximum"] for point in points) == 100.0
    points = cloudwatch.get_metric_statistics(
        Namespace="Tests", MetricName="m", Dimensions=one, ExtendedStatistics=["p50"], **span
    )["Datapoints"]
    assert points[0]["ExtendedStatistics"]["p50"] == 50.5
    listed = cloudwatch.list_metrics(Namespace="Tests", MetricName="m")["Metrics"]
    assert sorted(len(metric["Dimensions"]) for metric in listed) == [1, 2]


def test_arithmetic_over_the_wire(aws: Aws) -> None:
    rows = [{"MetricName": "errors", "Value": 5.0}, {"MetricName": "all", "Value": 200.0}]
    aws("cloudwatch").put_metric_data(Namespace="Tests", MetricData=rows)
    hidden = [
        _stat(name, metric, "Sum", 3600, ReturnData=False)
        for name, metric in (("m1", "errors"), ("m2", "all"))
    ]
    got = _data(aws, *hidden, {"Id": "e1", "Expression": "100 * (m1 / m2)", "Label": "percent"})
    assert [(result["Id"], result["Values"]) for result in got] == [("e1", [2.5])]
    with pytest.raises(ClientError, match="not in this sandbox"):
        _data(aws, *hidden, {"Id": "e1", "Expression": "ANOMALY_DETECTION_BAND(m1)"})


def test_arithmetic_joins_on_common_times_and_leaves_out_divisions_by_zero() -> None:
    later = NOON + timedelta(minutes=1)
    series = {"a": {NOON: 6.0, later: 8.0}, "b": {NOON: 0.0, later: 2.0}, "c": {later: 1.0}}
    assert evaluate("a / b", series) == {later: 4.0}
    assert evaluate("-a + 1", series) == {NOON: -5.0, later: -7.0}
    assert evaluate("FILL(c, 0)", series) == {NOON: 0.0, later: 1.0}
    assert evaluate("SUM([a, b, c])", series) == {NOON: 6.0, later: 11.0}
    for wrong in ("a +", "d", "1 + 1", "__import__('os')"):
        with pytest.raises(ExpressionError):
            evaluate(wrong, series)


def test_percentiles() -> None:
    assert percentile([3.0], 99) == 3.0
    assert percentile([1.0, 2.0], 50) == 1.5


@pytest.mark.parametrize(
    ("values", "missing", "young", "state"),
    [
        ([1.0, 9.0, 9.0], "missing", False, "ALARM"),
        ([9.0, 9.0, 1.0], "missing", False, "OK"),
        ([], "missing", False, "INSUFFICIENT_DATA"),
        ([], "notBreaching", False, "OK"),
        ([], "breaching", False, "ALARM"),
        ([], "breaching", True, "INSUFFICIENT_DATA"),
        ([], "ignore", False, "as it was"),
        ([9.0], "notBreaching", False, "OK"),
        ([9.0], "breaching", False, "ALARM"),
    ],
)
def test_how_an_alarm_is_judged(values: list[float | None], missing: str, young: bool, state: str) -> None:
    alarm = SimpleNamespace(
        treat_missing_data=missing,
        evaluation_periods=2,
        datapoints_to_alarm=None,
        comparison_operator="GreaterThanThreshold",
        threshold=5.0,
        state_value="as it was",
    )
    assert judge(alarm, values, young=young) == state


def test_an_alarm_follows_its_metric_and_a_state_set_by_hand_stands(aws: Aws) -> None:
    cloudwatch = aws("cloudwatch")
    asked = {
        "Namespace": "Tests",
        "MetricName": "heat",
        "Statistic": "Maximum",
        "Period": 60,
        "EvaluationPeriods": 1,
    }
    more = {
        "Threshold": 5.0,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
    }
    cloudwatch.put_metric_alarm(AlarmName="tests-heat", **asked, **more)

    def state() -> Any:
        return cloudwatch.describe_alarms(AlarmNames=["tests-heat"])["MetricAlarms"][0]["StateValue"]

    assert state() == "OK"
    cloudwatch.put_metric_data(Namespace="Tests", MetricData=[{"MetricName": "heat", "Value": 9.0}])
    assert state() == "ALARM"
    cloudwatch.set_alarm_state(AlarmName="tests-heat", StateValue="OK", StateReason="by hand")
    assert state() == "OK"
    cloudwatch.delete_alarms(AlarmNames=["tests-heat"])


def test_replication_latency_is_the_sandboxs_own_and_low_enough_for_a_last_sync(
    aws: Aws, eventually: Callable[..., Any]
) -> None:
    dms = aws("dms")
    instance = dms.create_replication_instance(
        ReplicationInstanceIdentifier="lag", ReplicationInstanceClass="dms.t3.small"
    )
    ends = [
        dms.create_endpoint(EndpointIdentifier=f"lag-{kind}", EndpointType=kind, EngineName="postgres")[
            "Endpoint"
        ]
        for kind in ("source", "target")
    ]
    task = dms.create_replication_task(
        ReplicationTaskIdentifier="lag",
        SourceEndpointArn=ends[0]["EndpointArn"],
        TargetEndpointArn=ends[1]["EndpointArn"],
        ReplicationInstanceArn=instance["ReplicationInstance"]["ReplicationInstanceArn"],
        MigrationType="cdc",
        TableMappings="{}",
    )["ReplicationTask"]["ReplicationTaskArn"]
    dms.start_replication_task(ReplicationTaskArn=task, StartReplicationTaskType="start-replication")
    place = [("ReplicationInstanceIdentifier", "lag"), ("ReplicationTaskIdentifier", task.split(":task:")[1])]

    def latencies() -> list[float]:
        query = _stat("m", "CDCLatencyTarget", "Maximum", space="AWS/DMS", dimensions=place)
        values: list[float] = _data(aws, query, minutes=5)[0]["Values"]
        return values

    assert max(eventually(latencies)) <= 1
    dms.stop_replication_task(ReplicationTaskArn=task)
