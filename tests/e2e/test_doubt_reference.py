"""Catalogue 7 and 8 over the whole reference plan: every mutating call is spoilt once, there and back, on a real sandbox."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import jmespath
import pytest
from botocore.config import Config

from console.acts.doubts import Doubt, find_doubt
from operations.aws.wire import mark_of
from operations.drill.embedded import Sandbox
from operations.drill.faults.log import Entry
from operations.drill.faults.remote import RemoteFaults
from operations.drill.faults.script import FaultKind, Rule
from operations.drill.inventory import difference, inventory
from operations.drill.rehearsal import undeclared
from operations.engine.evidence import AGREEING_READS
from operations.engine.hands import StandIns
from operations.plan.loader import load_plan
from state.events import Direction, Event, RunResult
from state.projections.states import OperationState
from tests.conftest import Tally
from tests.e2e.conftest import Cutover
from tests.e2e.engine_bench import CATALOG, SPEED, EngineBench

INTERVAL = 0.5
"""Seconds between two points of every metric: a trigger is proven able to fire before its operation begins."""
ROUNDS = 40
"""Resumes after which a run that still asks a person is a problem of its own."""
ASKS = {
    "kms:CreateKey of kms-key",
    "sns:Publish of go-no-go",
    "ecs:UpdateService of freeze-writes",
    "ecs:UpdateService of switch-connections",
    "rds-data:ExecuteStatement of replication-start",
    "rds-data:ExecuteStatement of state-import",
    "route53:ChangeResourceRecordSets of weighted-records",
}
"""What may be left to a person; docs/in-doubt.md says why."""

pytestmark = [pytest.mark.soak, pytest.mark.xdist_group("doubt-reference")]

StepKey = tuple[str, str, int]
"""Operation, direction and step."""


@dataclass
class Ground:
    """One sandbox with the whole reference plan on it."""

    bench: EngineBench
    faults: RemoteFaults
    before: dict[str, str]

    @property
    def operations(self) -> tuple[str, ...]:
        """What has a way back and can be carried out in a sandbox."""
        plan = self.bench.loaded.plan
        return tuple(key for key, each in plan.operations.items() if each.reversible and not each.sandbox_gap)

    def made(self) -> Counter[str]:
        """What differs from before, counted by kind of resource."""
        found = difference(self.before, inventory(self.bench.endpoint))
        return Counter(f"{each.change.value} {'/'.join(each.resource.split('/')[:2])}" for each in found)

    def left(self) -> tuple[str, ...]:
        """What differs from before and is not declared in the plan's `leaves`."""
        plan = self.bench.loaded.plan
        found = difference(self.before, inventory(self.bench.endpoint))
        return undeclared(list(plan.operations.values()), found)


def _sandbox() -> Sandbox:
    """A sandbox whose traffic keeps up with a plan that takes seconds."""
    return Sandbox.start(load_plan("reference").origin, speed=SPEED, interval=INTERVAL)


def _when_there_is_data(bench: EngineBench, ended: RunResult) -> RunResult:
    """The end of a run that is taken up again for as long as it only waits for a metric's first point."""
    for _ in range(ROUNDS):
        if ended is not RunResult.HELD or not _last_words(bench)[-1].data.get("why", "").endswith("no data"):
            break
        ended = bench.resume()
    return ended


def _ground(served: Sandbox, folder: Path) -> Ground:
    bench = EngineBench(load_plan("reference"), served.endpoint, folder / "reference.journal", parallel=4)
    return Ground(bench, RemoteFaults(served.endpoint), inventory(served.endpoint))


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    """A sandbox of the test's own."""
    with _sandbox() as served:
        yield _ground(served, tmp_path)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Counter[str]:
    """What the plan makes when nothing goes wrong."""
    with _sandbox() as served:
        ground = _ground(served, tmp_path_factory.mktemp("clean"))
        ended = ground.bench.run(*ground.operations)
        assert _when_there_is_data(ground.bench, ended) is RunResult.SUCCEEDED
        return ground.made()


@dataclass(frozen=True)
class Witness:
    """What the sandbox's wire log says of the calls of one phase, by step."""

    entries: Sequence[Entry]
    intents: Sequence[Event]

    @classmethod
    def of(cls, ground: Ground, after: int) -> Witness:
        """Everything behind a number of the wire log."""
        return cls(ground.faults.wire(after), ground.bench.events("step.intent"))

    def by_step(self) -> dict[StepKey, list[Entry]]:
        """The mutating calls of every step, in the order of their ends."""
        steps = {mark_of(e): (str(e.operation), e.data["direction"], e.data["step"]) for e in self.intents}
        found: dict[StepKey, list[Entry]] = {}
        for entry in self.entries:
            mark = " ".join(p for p in entry.user_agent.split() if p.startswith(("run/", "op/", "try/")))
            if entry.mutates and mark in steps:
                found.setdefault(steps[mark], []).append(entry)
        return found

    def applied(self, step: StepKey) -> bool:
        """Whether the service has carried out a call of this step."""
        return any(_effective(entry) for entry in self.by_step().get(step, ()))


def _effective(entry: Entry) -> bool:
    return 200 <= entry.carried < 300


@dataclass
class TruthfulPerson:
    """Settles what is left to a person by the wire log and the account, through `cutover resolve`."""

    ground: Ground
    cutover: Cutover
    after: int

    def settle(self, operation: str) -> str | None:
        """Answer one doubt; what is wrong with having been asked, or with the door."""
        path = self.ground.bench.path
        doubt = find_doubt(path, operation)
        step = (operation, doubt.direction.value, doubt.step)
        done = Witness.of(self.ground, self.after).applied(step)
        answer = "done" if done else "not-done"
        saves = self._saves(doubt) if done else {}
        given = self.cutover(
            *("resolve", "reference", operation, "--as", answer, "--reason", "seen on the wire"),
            *(part for name, value in saves.items() for part in ("--save", f"{name}={value}")),
            *("--journal", str(path)),
        )
        if given.code:
            return f"{step}: {doubt.progress.api} cannot be settled as {answer}: {given.err.strip()}"
        wrong = doubt.proposal not in (None, answer)
        return f"{step}: {doubt.progress.api} is {answer}, proposed was {doubt.proposal}" if wrong else None

    def _saves(self, doubt: Doubt) -> dict[str, Any]:
        operation = self.ground.bench.loaded.plan.operations[doubt.operation]
        planned = StandIns().plan_steps(operation.sections()[doubt.direction.value])[doubt.step - 1]
        saves: Mapping[str, str] = getattr(planned.step, "save", {})
        answer = self._answer(doubt.progress.api) if saves else {}
        return {name: jmespath.search(path, answer) for name, path in saves.items()}

    def _answer(self, api: str) -> Mapping[str, Any]:
        """What a call has answered, as the account shows it."""
        match api:
            case "kms:CreateKey":
                kms = self._client("kms")
                keys = [kms.describe_key(KeyId=k["KeyId"])["KeyMetadata"] for k in kms.list_keys()["Keys"]]
                return {"KeyMetadata": max(keys, key=lambda key: key["CreationDate"])}
            case "route53:ChangeResourceRecordSets":  # in CloudTrail alone; the sandbox takes any
                return {"ChangeInfo": {"Id": "/change/C2682N5HXP0BZ4"}}
            case "sns:Publish":
                return {"MessageId": "as delivered"}
        return {}

    def _client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.ground.bench.endpoint,
            region_name="us-east-1",
            aws_access_key_id="x",
            aws_secret_access_key="x",
            config=Config(inject_host_prefix=False),
        )


def _phase(ground: Ground, person: TruthfulPerson, direction: Direction) -> tuple[list[str], Counter[str]]:
    """One direction of the whole plan, with a person at hand: problems, and the calls that needed the person."""
    bench, problems = ground.bench, list[str]()
    asked: Counter[str] = Counter()
    go = bench.run if direction is Direction.FORWARD else bench.roll_back
    ended = _when_there_is_data(bench, go(*ground.operations))
    for _ in range(ROUNDS):
        status = bench.status()
        waiting = [key for key in ground.operations if status.of(key).state is OperationState.IN_DOUBT]
        if not waiting:
            break
        for key in waiting:
            asked[f"{find_doubt(bench.path, key).progress.api} of {key}"] += 1
            problem = person.settle(key)
            problems += [problem] if problem else []
        ended = _when_there_is_data(bench, bench.resume())
    if ended is not RunResult.SUCCEEDED:
        said = [(e.operation, e.kind, e.data.get("error") or e.data.get("why")) for e in _last_words(bench)]
        problems.append(f"{direction.value} ended {ended.value}: {said}")
    return problems, asked


def _last_words(bench: EngineBench) -> list[Event]:
    kinds = ("operation.failed", "operation.held", "operation.blocked")
    return [event for event in bench.events("operation.") if event.kind in kinds][-4:]


def _effects(witness: Witness) -> list[str]:
    """Calls of which more than one had an effect, and whose repetition is not harmless."""
    problems = []
    intents = {(e.operation, e.data["direction"], e.data["step"]): e.data for e in witness.intents}
    for step, entries in witness.by_step().items():
        applied = [entry for entry in entries if _effective(entry)]
        params = intents[step].get("params") or {}
        if len(applied) > 1 and not CATALOG.repeatable(applied[0].api, params):
            problems.append(f"{step}: {len(applied)} effects of {applied[0].api}")
    return problems


def _verdicts(ground: Ground, witness: Witness, kind: FaultKind, since: int) -> list[str]:
    """Verdicts that are not what the wire log says."""
    problems, doubts = [], dict[tuple[str, int], Event]()
    spoilt = {
        step: next(entry for entry in entries if entry.fault == kind.value)
        for step, entries in witness.by_step().items()
        if any(entry.fault == kind.value for entry in entries)
    }
    for event in ground.bench.events("operation."):
        if event.seq <= since or event.kind not in ("operation.in_doubt", "operation.resolved"):
            continue
        key = (str(event.operation), event.data["step"])
        if event.kind == "operation.in_doubt":
            doubts[key] = event
            continue
        data, by = event.data, event.data["by"]
        step = (key[0], doubts[key].data["direction"], key[1])
        truth = step in spoilt and _effective(spoilt[step])
        if by in ("token replay", "safe repeat"):
            wrong = data["result"] != "applied"
        else:
            wrong = data["result"] != ("applied" if truth else "not_applied")
        reads = data["evidence"].get("reads", AGREEING_READS)
        if wrong or (data["result"] == "not_applied" and reads < AGREEING_READS):
            problems.append(
                f"{step}: {doubts[key].data['api']}, {by} says {data['result']} from {reads} reads"
            )
    return problems


def _there_and_back(
    ground: Ground, cutover: Cutover, clean: Counter[str], kind: FaultKind, tally: Tally
) -> None:
    """The plan forward and back, the first attempt at every call spoilt; a try is one call."""
    for direction in Direction:
        after = max((entry.seq for entry in ground.faults.wire()), default=0)
        since = ground.bench.events()[-1].seq if ground.bench.path.exists() else 0
        ground.faults.script(Rule(kind, each=True))
        problems, asked = _phase(ground, TruthfulPerson(ground, cutover, after), direction)
        ground.faults.clear()
        witness = Witness.of(ground, after)
        problems += [f"a person was asked about {call}" for call in asked.keys() - ASKS]
        problems += _effects(witness) + _verdicts(ground, witness, kind, since)
        if direction is Direction.FORWARD:
            made = ground.made()
            wrong = {k: (made[k], clean[k]) for k in made | clean if made[k] != clean[k]}
            problems += [f"made, and made by a clean run: {wrong}"] if wrong else []
        else:
            problems += [f"left {each}" for each in ground.left()]
        spoilt = [e for entries in witness.by_step().values() for e in entries if e.fault == kind.value]
        whole = [s for s, entries in witness.by_step().items() if not any(e.fault for e in entries)]
        print(f"{kind.value}, {direction.value}: {len(spoilt)} calls spoilt, {len(whole)} steps not: {whole}")
        print(f"asked a person: {dict(asked)}")
        for problem in problems:
            print(problem)
            tally.note(problem, tries=0)
        tally.note(tries=len(spoilt))


@pytest.mark.catalogue(7, "reply lost, every call of the reference plan", "<= 1 effect; resolved applied")
def test_no_lost_reply_of_the_reference_plan_doubles_an_effect(
    ground: Ground, cutover: Cutover, clean: Counter[str], tally: Tally
) -> None:
    _there_and_back(ground, cutover, clean, FaultKind.REPLY_LOST, tally)


@pytest.mark.catalogue(
    8, "request lost, every call of the reference plan", "not applied, >= 3 reads or a replay"
)
def test_every_lost_request_of_the_reference_plan_is_carried_out_once(
    ground: Ground, cutover: Cutover, clean: Counter[str], tally: Tally
) -> None:
    _there_and_back(ground, cutover, clean, FaultKind.REQUEST_LOST, tally)
