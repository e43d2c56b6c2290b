"""Stand-ins for what lies behind the screens' ports, over a small fixed plan."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from operations.plan.digest import Digests
from operations.plan.models import ConfirmLevel, Plan
from operations.plan.proofs import proofs_of
from screens.ports import ActPreview, ArmPreview, BackOut, Banner, DeskError, FeedUpdate, PreviewCall
from screens.proof_words import proven_line, unproven_lines
from state.drill_events import Proof
from state.events import Direction, Verdict
from state.metrics import MetricReading, MetricsSnapshot, Standing
from state.projections.badges import Badge
from state.projections.detail import CheckStatus, OperationDetail, StepState, StepStatus
from state.projections.evidence import Evidence, LastVerdict
from state.projections.states import OperationState, OperationStatus, PlanStatus, RunState, RunStatus
from state.projections.timeline import TimelineEntry

NOW = datetime(2026, 11, 22, 1, 25, 12, tzinfo=UTC)
HOSTILE = "[/x][@click=app.quit]boom\x1b]52;c;AAAA\x07 \x9b31m\u202eevil\u200b\ud800 [bold"
"""What a tag, a plan or a journal may hold: markup, an OSC 52 write, C1, bidi, zero width, a lone surrogate."""


def an_operation(key: str, title: str, needs: Sequence[str] = (), **more: object) -> dict[str, object]:
    return {
        "id": key,
        "title": title,
        "kind": "cutover",
        "depends_on": list(needs),
        "estimate": 11,
        "forward": [{"api": "route53:ChangeResourceRecordSets", "params": {}}],
        "inverse": [{"api": "route53:ChangeResourceRecordSets", "params": {}}],
        "verify": [{"api": "route53:ListResourceRecordSets", "params": {}}],
        **more,
    }


def a_plan() -> Plan:
    claimed = {"status": "complete", "percent": 100, "by": "tracker"}
    network = [
        an_operation("vpc", "Private network", estimate=2),
        an_operation("subnets", "Six subnets in three zones", ["vpc"], estimate=3),
    ]
    traffic = [
        an_operation("cutover-checkpoint", "Take the last checkpoint", ["subnets"]),
        an_operation(
            "traffic-10",
            "10 % of traffic to AWS",
            ["cutover-checkpoint"],
            forward=[
                {"api": "route53:ChangeResourceRecordSets", "params": {}},
                {"wait": "route53:resource_record_sets_changed", "params": {}},
            ],
            guard=[{"api": "route53:ListResourceRecordSets", "params": {}}],
            watch=[{"api": "cloudwatch:DescribeAlarms", "params": {}}],
            bake={"minutes": 10, "every_seconds": 60},
            loses="nothing; cached answers live 60 s",
        ),
        an_operation("traffic-25", "25 % of traffic to AWS", ["traffic-10"]),
        an_operation(
            "freeze-writes",
            "Stop writes at the old site",
            ["traffic-25"],
            confirm="irreversible",
            inverse=[],
            irreversible="writes that were refused are gone",
            point_of_no_return=True,
        ),
    ]
    return Plan.model_validate(
        {
            "plan": "reference",
            "title": "Move to AWS",
            "account": "123456789012",
            "region": "us-east-1",
            "alias": "mistersmith-prod",
            "windows": [
                {"id": "night", "title": "Cut-over", "opens": "00:00", "closes": "04:00", "allows": ["cutover"]}
            ],
            "phases": [
                {"id": "1", "title": "Architecture analysis", "claim": claimed, "subphases": [
                    {"id": "1.1", "title": "Documents", "claim": claimed, "evidence": "documents",
                     "deliverables": ["component map", "dependency list"]},
                ]},
                {"id": "6", "title": "Environment set-up", "claim": claimed, "subphases": [
                    {"id": "6.2", "title": "Network", "operations": network},
                ]},
                {"id": "9", "title": "Cutover", "subphases": [
                    {"id": "9.1", "title": "Traffic", "operations": traffic},
                ]},
            ],
            "constraints": [
                {"id": "C-22", "title": "ECS quotas", "category": "aws_limits", "severity": "medium"},
                {"id": "C-04", "title": "No authentication or authorisation", "category": "security",
                 "severity": "critical", "blocks": ["9", "traffic-25"], "owner": "Security",
                 "impact": "nothing can be exposed safely", "mitigation": ["roles between services", "user pool"]},
                {"id": "C-07", "title": "No configuration system", "category": "configuration", "severity": "high",
                 "status": "in_progress", "blocks": ["9.1"], "progress": 20},
                {"id": "C-30", "title": "Traffic inside is not encrypted", "category": "security",
                 "severity": "high", "status": "accepted"},
            ],
        }
    )  # fmt: skip


def at(seconds: float) -> str:
    """The text of a time before now."""
    return (NOW - timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def a_run(state: RunState = RunState.RUNNING, direction: Direction = Direction.FORWARD) -> RunStatus:
    return RunStatus(
        id="01J", state=state, direction=direction, operations=("cutover-checkpoint", "traffic-10", "traffic-25"),
        started_at=at(754), digest="d", setting="live", account="123456789012", region="us-east-1",
        endpoint=None, identity="arn:aws:sts::123456789012:assumed-role/oncall/kim", max_parallel=4, pid=1,
    )  # fmt: skip


def a_status(run: RunStatus | None = None) -> PlanStatus:
    done = OperationState.SUCCEEDED
    operations = {
        "vpc": OperationStatus("vpc", done, started_at=at(5000), ended_at=at(4990), attempt=1),
        "subnets": OperationStatus("subnets", done, started_at=at(4990), ended_at=at(4900), attempt=1),
        "cutover-checkpoint": OperationStatus(
            "cutover-checkpoint", done, started_at=at(754), ended_at=at(700), attempt=1
        ),
        "traffic-10": OperationStatus("traffic-10", OperationState.RUNNING, started_at=at(192), attempt=2),
    }
    return PlanStatus(
        seq=1842,
        hash="9f3c1a2b77d0".ljust(64, "5"),
        at=at(2),
        run=run or a_run(),
        operations=operations,
        armed=frozenset(),
    )


def entries() -> tuple[TimelineEntry, ...]:
    rows = [
        (60, "kim@bastion", "request.run", None, "cutover-checkpoint, traffic-10, traffic-25"),
        (50, "kim@bastion", "approval.granted", "traffic-10", "error budget fine"),
        (40, "runner@bastion", "operation.started", "traffic-10", ""),
        (3, "runner@bastion", "step.intent", "traffic-10", "route53:ChangeResourceRecordSets"),
        (2, "runner@bastion", "step.outcome", "traffic-10", "applied  0.4 s"),
    ]
    return tuple(
        TimelineEntry(1838 + index, at(ago), actor, kind, operation, text)
        for index, (ago, actor, kind, operation, text) in enumerate(rows)
    )


def badges() -> dict[str, Badge]:
    """One operation proven, one changed since, one that failed; of the others nothing is known."""
    digests = Digests(a_plan())
    day = 86_400
    return {
        "vpc": Badge(Proof.PROVEN, at(9 * day), digests.of("vpc"), None, 1, (0.8,)),
        "traffic-10": Badge(Proof.PROVEN, at(2 * day), digests.of("traffic-10"), None, 3, (0.9, 1.2, 1.1)),
        "subnets": Badge(Proof.PROVEN, at(5 * day), "another", None, 2, (0.5, 0.6)),
        "traffic-25": Badge(
            Proof.FAILED, at(3 * 3600), digests.of("traffic-25"), "2 resources differ afterwards"
        ),
    }


def some_evidence() -> Evidence:
    """A pass of an operation's own, a pass and a fail of `cutover verify`."""
    own = LastVerdict(Verdict.PASS, at(4990), 90, "route53:ListResourceRecordSets")
    passed = LastVerdict(Verdict.PASS, at(3 * 86_400), 30, "subnets.1")
    failed = LastVerdict(Verdict.FAIL, at(600), 95, "cutover-checkpoint.1")
    return Evidence(
        {"subnets.1": passed, "cutover-checkpoint.1": failed}, {"vpc": (own,)}, {"vpc": 80, "subnets": 20}
    )


def an_update() -> FeedUpdate:
    plan = a_plan()
    order = ("traffic-10", "cutover-checkpoint", "subnets", "vpc")
    minutes = {key: plan.operations[key].estimate for key in order}
    back = BackOut(
        True, 4, 27.0, loses=("nothing",), order=order, minutes_by=minutes, guards=1, last="traffic-10"
    )
    proofs = proofs_of(plan, badges(), Digests(plan))
    return FeedUpdate(a_status(), entries(), back, True, proofs, some_evidence())


def a_detail(operation_id: str) -> OperationDetail:
    if operation_id != "traffic-10":
        return OperationDetail(operation_id)
    forward = Direction.FORWARD
    first = StepStatus(
        1, forward, "route53:ChangeResourceRecordSets", 1, StepState.APPLIED, at(192), True, {},
        seconds=0.4, saved={"change_id": "C3QH77"}, request_id="5d1f-42",
    )  # fmt: skip
    second = StepStatus(
        2, forward, "route53:resource_record_sets_changed", 1, StepState.RUNNING, at(58), False, {}
    )
    watch = CheckStatus("watch", "cloudwatch:DescribeAlarms", "pass", "no alarm is red", at(30), times=3)
    return OperationDetail(
        operation_id,
        {(forward, 1): first, (forward, 2): second},
        {("watch", "cloudwatch:DescribeAlarms"): watch},
        {"weights": [100, 0]},
    )


def readings() -> tuple[MetricReading, ...]:
    def reading(
        key: str, title: str, unit: str, values: Sequence[float], bound: float | None, standing: Standing
    ) -> MetricReading:
        times = tuple(NOW - timedelta(seconds=60 * (len(values) - index)) for index in range(len(values)))
        threshold = None if bound is None else f"<= {bound:g}"
        return MetricReading(key, title, unit, times, tuple(values), threshold, bound, standing, 60, True)

    wave = [0.2 + 0.1 * (index * 7 % 5) for index in range(40)]
    return (
        reading("error-rate", "error rate", "Percent", wave, 5, Standing.HOLDS),
        reading(
            "latency",
            "p95 latency",
            "Milliseconds",
            [300 + 20 * (i % 9) for i in range(40)],
            400,
            Standing.BREACHED,
        ),
        reading("lag", "replica lag", "Milliseconds", [], 100, Standing.NO_DATA),
        reading(
            "orders", "orders per minute", "Count", [1200 + i for i in range(40)], None, Standing.NO_THRESHOLD
        ),
    )


@dataclass
class FakeFeed:
    """Answers one update, then whatever is put into `pending`."""

    pending: list[FeedUpdate] = field(default_factory=lambda: [an_update()])
    problem: Exception | None = None

    def poll(self) -> FeedUpdate | None:
        if self.problem is not None:
            raise self.problem
        return self.pending.pop(0) if self.pending else None

    def detail(self, operation_id: str) -> OperationDetail:
        return a_detail(operation_id)


@dataclass
class FakeDesk:
    """Remembers what it was asked for."""

    asked: list[tuple[str, ...]] = field(default_factory=list)
    refused: str | None = None
    error: str | None = None
    happened: threading.Event = field(default_factory=threading.Event)
    text: str = ""
    armable: ArmPreview = field(default_factory=ArmPreview)
    shut: str | None = None

    def calls(self, operation_id: str, section: str) -> tuple[PreviewCall, ...]:
        steps = a_plan().operations[operation_id].sections()[section]
        params = '{"HostedZoneId": "Z0123456789", "ChangeBatch": {"Changes": [{"Action": "UPSERT"}]}}'
        return tuple(PreviewCall(operation_id, step.title + self.text, params) for step in steps)

    def preview_run(self, operations: Sequence[str]) -> ActPreview:
        return self._preview(operations, Direction.FORWARD)

    def preview_rollback(self, operations: Sequence[str]) -> ActPreview:
        return self._preview(operations, Direction.INVERSE)

    def _preview(self, operations: Sequence[str], direction: Direction) -> ActPreview:
        plan = a_plan()
        chosen = [plan.operations[key] for key in operations]
        section = "forward" if direction is Direction.FORWARD else "inverse"
        calls = tuple(call for key in operations for call in self.calls(key, section))
        level = max(
            (each.confirm for each in chosen), key=[*ConfirmLevel].index, default=ConfirmLevel.REVERSIBLE
        )
        verb = "Run" if direction is Direction.FORWARD else "Roll back"
        named = operations[0] if len(operations) == 1 else f"{len(operations)} operations"
        return ActPreview(
            title=f"{verb} {named}{self.text}",
            direction=direction,
            operations=tuple(operations),
            calls=calls,
            depends="traffic-25 depends on it",
            way_back=("route53:ChangeResourceRecordSets  legacy 100, aws 0",),
            loses=("cached answers live 60 s",),
            retains=(),
            takes="38 s (p95 of 4 rehearsals)",
            level=level,
            phrase=operations[0] if level is ConfirmLevel.IRREVERSIBLE else None,
            refused=self.refused,
            warnings=("an alarm was red 4 minutes ago" + self.text,),
            unproven=unproven_lines(chosen, an_update().proofs, NOW),
            proven=proven_line(chosen, an_update().proofs, NOW),
        )

    def _take(self, *what: str) -> None:
        if self.error is not None:
            raise DeskError(self.error)
        self.asked.append(what)
        self.happened.set()

    def run(self, preview: ActPreview, reason: str) -> None:
        self._take("run", *preview.operations, reason)

    def rollback(self, preview: ActPreview, reason: str) -> None:
        self._take("rollback", *preview.operations, reason)

    def pause(self) -> None:
        self._take("pause")

    def go_on(self) -> None:
        self._take("resume")

    def cancel(self) -> None:
        self._take("cancel")

    def arming(self, phase: str | None) -> ArmPreview:
        return self.armable

    def arm(self, phase: str | None, typed: str) -> None:
        self._take("arm", phase or "*", typed)

    def disarm(self, why: str) -> None:
        self._take("disarm", why)

    def note(self, text: str) -> None:
        self._take("note", text)


@dataclass
class FakeMetrics:
    """Fixed readings."""

    now: MetricsSnapshot = field(
        default_factory=lambda: MetricsSnapshot(readings(), NOW - timedelta(seconds=14))
    )
    place: Banner = field(
        default_factory=lambda: Banner(
            "reference",
            "live",
            "123456789012",
            "mistersmith-prod",
            "us-east-1",
            "arn:aws:sts::123456789012:assumed-role/oncall/kim",
        )
    )
    problem: Exception | None = None

    def snapshot(self) -> MetricsSnapshot:
        if self.problem is not None:
            raise self.problem
        return self.now

    def banner(self) -> Banner:
        return self.place


def hostile_plan() -> Plan:
    """The plan with hostile text wherever a plan has text."""
    data = a_plan().model_dump(mode="json", exclude_none=True)
    data["phases"][0]["title"] = data["phases"][2]["title"] = HOSTILE.replace("\ud800", "")
    bad = HOSTILE.replace("\ud800", "")
    for constraint in data["constraints"]:
        constraint["title"] = bad
    for operation in data["phases"][2]["subphases"][0]["operations"]:
        operation["title"] = bad
    return Plan.model_validate(data)


def hostile_update() -> FeedUpdate:
    """An update whose journal is hostile."""
    bad = tuple(replace(entry, actor=HOSTILE, kind=HOSTILE, text=HOSTILE, at=HOSTILE) for entry in entries())
    back = BackOut(possible=False, operations=4, minutes=31, blocked_by=(HOSTILE,))
    return replace(an_update(), entries=bad, back_out=back)
