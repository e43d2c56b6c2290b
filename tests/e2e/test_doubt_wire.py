"""Catalogue 7 to 11 over real HTTP: the engine against the sandbox, with faults on the wire and the wire log as witness."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from operations.aws import sessions
from operations.drill.embedded import Sandbox
from operations.drill.faults.log import Entry
from operations.drill.faults.remote import RemoteFaults
from operations.drill.faults.script import FaultKind, Rule
from operations.drill.inventory import difference, inventory
from operations.engine.examining import TOKEN_SECONDS
from operations.engine.lookups import LONGEST_LAG
from operations.plan.loader import load_plan
from state.events import Event, RunResult
from tests.conftest import Tally
from tests.e2e.conftest import PLANS
from tests.e2e.engine_bench import SPEED, EngineBench

MADE = {
    "backup/plan": 1,
    "dynamodb/table": 1,
    "ec2/route-table": 2,  # the network's own and ours
    "ec2/security-group": 1,
    "ec2/vpc": 1,
    "events/rule": 1,
    "iam/role": 1,
    "logs/group": 1,
    "route53/zone": 1,
    "s3/bucket": 1,
    "secretsmanager/secret": 1,
    "sqs/queue": 1,
    "ssm/parameter": 2,
}
"""What the plan makes, by kind: one of each, and never two."""

pytestmark = pytest.mark.xdist_group("doubt")


@pytest.fixture(scope="module")
def served() -> Iterator[Sandbox]:
    """One sandbox for the module; every test takes away what it made."""
    with Sandbox.start(None, speed=SPEED) as running:
        yield running


@pytest.fixture
def faults(served: Sandbox) -> Iterator[RemoteFaults]:
    """The sandbox's fault layer, empty before and after."""
    remote = RemoteFaults(served.endpoint)
    remote.clear()
    yield remote
    remote.clear()


def _bench(served: Sandbox, folder: Path, plan: str = "doubt") -> EngineBench:
    loaded = load_plan(str(PLANS / f"{plan}.yaml"))
    return EngineBench(loaded, served.endpoint, folder / f"{plan}-{len(list(folder.iterdir()))}.journal")


def _seq(faults: RemoteFaults) -> int:
    return max((entry.seq for entry in faults.wire()), default=0)


def _attempts(on: EngineBench) -> list[Event]:
    return [event for event in on.events("step.intent") if event.data["mutates"] and ":" in event.data["api"]]


def _doubled(before: dict[str, str], after: dict[str, str], whole: bool) -> str | None:
    """What is there that is not what one effect of every call makes."""
    made = Counter("/".join(each.resource.split("/")[:2]) for each in difference(before, after))
    wrong = {
        kind: made[kind]
        for kind, count in MADE.items()
        if made[kind] > count or (whole and made[kind] < count)
    }
    return f"made {wrong}" if wrong else None


def _unsettled(on: EngineBench, wanted: dict[str, str]) -> str | None:
    """Calls that were in doubt and were not settled as wanted: result of a probe's verdict by api."""
    first = {(e.operation, e.data["direction"], e.data["step"]) for e in on.events("operation.in_doubt")}
    resolved = on.events("operation.resolved")
    if len(resolved) != len(first):
        return f"{len(first)} doubts, {len(resolved)} settled"
    for event in resolved:
        by, result = event.data["by"], event.data["result"]
        if by.startswith("probe ") and result != wanted["probe"]:
            return f"{event.operation}: {by} says {result}"
        if not by.startswith("probe ") and (by not in ("token replay", "safe repeat") or result != "applied"):
            return f"{event.operation}: {by} says {result}"
        if by.startswith("probe ") and result == "not_applied" and event.data["evidence"]["reads"] < 3:
            return f"{event.operation}: not applied from {event.data['evidence']['reads']} reads"
    return None


SERVICES = frozenset(
    {"backup", "dynamodb", "ec2", "events", "iam", "logs", "route53", "s3", "secretsmanager", "sqs", "ssm"}
)
"""What the plan of these tests touches."""


def _there_and_back(
    on: EngineBench, kind: FaultKind, faults: RemoteFaults, tally: Tally, *operations: str
) -> None:
    """Operations (the whole plan) forward and back, the first attempt at every call spoilt; a try is one call."""
    before = inventory(on.endpoint, SERVICES)
    faults.script(Rule(kind, each=True))
    wanted = {"probe": "applied" if kind is FaultKind.REPLY_LOST else "not_applied"}
    problem = None if on.run(*operations) is RunResult.SUCCEEDED else "forward did not succeed"
    problem = (
        problem
        or _doubled(before, inventory(on.endpoint, SERVICES), not operations)
        or _unsettled(on, wanted)
    )
    forward = len(on.events("operation.resolved"))
    tally.note(problem, tries=forward)
    problem = None if on.roll_back(*operations) is RunResult.SUCCEEDED else "the way back did not succeed"
    left = difference(before, inventory(on.endpoint, SERVICES))
    tally.note(problem or (f"left {left[0]}" if left else None) or _unsettled(on, wanted))
    tally.note(tries=len(on.events("operation.resolved")) - forward - 1)
    faults.clear()


@pytest.mark.catalogue(7, "reply lost after apply, every mutating op", "<= 1 effect; resolved applied")
def test_a_lost_reply_never_doubles_an_effect(
    served: Sandbox, faults: RemoteFaults, tmp_path: Path, tally: Tally
) -> None:
    for _ in range(tally.count(1, 5)):
        _there_and_back(_bench(served, tmp_path), FaultKind.REPLY_LOST, faults, tally)


@pytest.mark.soak
@pytest.mark.catalogue(8, "request lost before apply", "not applied, >= 3 reads or a replay; done once")
def test_a_lost_request_is_carried_out_once(
    served: Sandbox, faults: RemoteFaults, tmp_path: Path, tally: Tally
) -> None:
    for _ in range(tally.count(1, 5)):
        few = () if tally.whole else ("network", "zone", "secret")
        _there_and_back(_bench(served, tmp_path), FaultKind.REQUEST_LOST, faults, tally, *few)


PROBED = {"network": "ec2:CreateVpc", "role": "iam:CreateRole", "table": "dynamodb:CreateTable"}
"""Operations whose first call is settled by looking, and that call."""


@pytest.mark.soak
@pytest.mark.catalogue(9, "read lag 0-300 s", "0 wrong verdicts")
def test_lagging_reads_never_make_a_wrong_verdict(
    served: Sandbox, faults: RemoteFaults, tmp_path: Path, tally: Tally
) -> None:
    chance = random.Random(9)
    lags = [LONGEST_LAG, 0.0, *(chance.uniform(0.0, LONGEST_LAG) for _ in range(100))]
    for number in range(tally.count(3, 30)):
        operation, api = list(PROBED.items())[number % len(PROBED)]
        kind = FaultKind.REPLY_LOST if number % 5 != 4 else FaultKind.REQUEST_LOST
        on, after = _bench(served, tmp_path), _seq(faults)
        faults.script(Rule(kind, api=api, lag=lags[number]))
        on.run(operation)
        resolved = on.events("operation.resolved")[0].data
        calls = len([entry for entry in faults.wire(after) if entry.api == api])
        wanted = ("applied", 1) if kind is FaultKind.REPLY_LOST else ("not_applied", 2)
        right = (resolved["result"], calls) == wanted
        said = f"{api}, {kind} and a lag of {lags[number]:.0f} s: {resolved['result']} after {calls} calls"
        tally.note(None if right else said)
        faults.clear()
        on.roll_back(operation)


def _mark(entry: Entry) -> str:
    return " ".join(part for part in entry.user_agent.split() if part.startswith(("run/", "op/", "try/")))


def _miscounted(on: EngineBench, wire: list[Entry]) -> str | None:
    """Attempts that were not on the wire exactly once, and calls that no attempt stands for."""
    intended = Counter(
        f"run/{e.run} op/{e.operation} try/{e.data['direction']}.{e.data['step']}.{e.data['attempt']}"
        for e in _attempts(on)
    )
    sent = Counter(_mark(entry) for entry in wire if entry.mutates)
    wrong = [
        f"{key}: {sent[key]} of {intended[key]}" for key in intended | sent if sent[key] != intended[key]
    ]
    more = [key for key, count in intended.items() if count > 1]
    return next(iter(wrong + more), None)


FOUR = {
    "time-out": Rule(FaultKind.HANG_AFTER, each=True, seconds=20.0),
    "reset": Rule(FaultKind.RESET_AFTER, each=True),
    "throttle": Rule(FaultKind.THROTTLED, each=True),
    "503": Rule(FaultKind.ERROR_AFTER, each=True, status=503),
}


@pytest.mark.catalogue(10, "wire count per mutating call x 4 faults", "exactly 1 per journaled attempt")
def test_every_journaled_attempt_is_one_call_on_the_wire(
    served: Sandbox, faults: RemoteFaults, tmp_path: Path, tally: Tally, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, rule in FOUR.items():
        operations = () if tally.whole else ("table",) if name == "time-out" else ("store", "table")
        monkeypatch.setattr(sessions, "READ_SECONDS", 3 if name == "time-out" else 30)
        on, after = _bench(served, tmp_path), _seq(faults)
        faults.script(rule)
        ended = on.run(*operations), on.roll_back(*operations)
        problem = _miscounted(on, faults.wire(after))
        if set(ended) != {RunResult.SUCCEEDED}:
            why = [e.data for e in on.events("operation.") if e.data.get("error") or e.data.get("proposal")]
            problem = problem or f"ended {ended}: {why[-2:]}"
        tally.note(f"{name}: {problem}" if problem else None, tries=len(_attempts(on)))
        faults.clear()


@pytest.mark.catalogue(11, "token equal after restart; age > 8 h", "100 %; an old token is not replayed")
def test_a_token_is_the_same_after_a_restart_and_is_not_replayed_when_it_is_old(
    served: Sandbox, faults: RemoteFaults, tmp_path: Path, tally: Tally
) -> None:
    for number in range(tally.count(2, 20)):
        old = number % 2 == 1
        on, after = _bench(served, tmp_path), _seq(faults)
        on.speed = 200.0  # slow enough that a loaded machine does not make a token old
        faults.script(Rule(FaultKind.REPLY_LOST, api="ec2:CreateRouteTable", times=99))
        assert on.run("network") is RunResult.IN_DOUBT
        faults.clear()
        sent = [entry.token for entry in faults.wire(after) if entry.api == "ec2:CreateRouteTable"]
        between = _seq(faults)
        if old:
            later = timedelta(seconds=TOKEN_SECONDS + 60)
            on.clock = lambda: datetime.now(UTC) + later  # noqa: B023 - used before the next turn
        ended = on.resume()
        again = [e.token for e in faults.wire(between) if e.api == "ec2:CreateRouteTable"]
        by = next(
            (e.data["by"] for e in on.events("operation.resolved")), str(on.events("operation.in_doubt")[-1])
        )
        right = again == ([] if old else sent[:1]) and len(set(sent)) == 1 and None not in sent
        right = right and by.startswith("probe" if old else "token") and ended is RunResult.SUCCEEDED
        tally.note(None if right else f"old={old}: sent {sent}, again {again}, settled by {by}, {ended}")
        on.clock = lambda: datetime.now(UTC)
        on.roll_back("network")


def test_only_the_failed_part_of_a_batch_is_sent_again(
    served: Sandbox, faults: RemoteFaults, tmp_path: Path
) -> None:
    on, after = _bench(served, tmp_path), _seq(faults)
    faults.script(Rule(FaultKind.PARTIAL, api="events:PutTargets"))
    assert on.run("events") is RunResult.SUCCEEDED
    intents = [e.data for e in _attempts(on) if e.data["api"] == "events:PutTargets"]
    assert [[t["Id"] for t in each["params"]["Targets"]] for each in intents] == [["one", "two"], ["two"]]
    outcome = next(e.data for e in on.events("step.outcome") if e.data.get("items"))
    assert outcome["result"] == "unknown"
    assert outcome["items"] == {"done": 1, "failed": [{"item": "two", "code": "InternalFailure"}]}
    assert len([e for e in faults.wire(after) if e.api == "events:PutTargets"]) == 2
    faults.script(Rule(FaultKind.PARTIAL, api="events:RemoveTargets"))
    assert on.roll_back("events") is RunResult.SUCCEEDED
