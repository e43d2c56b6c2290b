"""A runner that loses its lease on the way: nothing leaves after that is seen, and what was in flight is told truly."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from operations.aws.gateway import Access, Gateway
from operations.aws.redaction import Redactor
from operations.engine.errors import RunRefusedError
from operations.engine.runner import Assignment, Runner
from state.boot import boot_clock
from state.errors import LeaseLostError
from state.events import Direction, RunResult
from state.lease import Lease, lease_path
from state.lease_record import LeaseRecord, Owner
from state.projections.states import OperationState
from state.request_events import RequestRun
from tests.conftest import Tally
from tests.operations.engine.conftest import CATALOG, Bench
from tests.operations.engine.fake_aws import FakeSessions

CHAIN = "\n".join(
    f"- id: p{number}\n  title: Parameter {number}\n  kind: configuration\n"
    + (f"  depends_on: [p{number - 1}]\n" if number > 1 else "")
    + "  forward:\n"
    + f'    - {{api: "ssm:PutParameter", params: {{Name: /p/{number}, Value: v, Type: String}}}}\n'
    + "  inverse:\n"
    + f'    - {{api: "ssm:DeleteParameter", params: {{Name: /p/{number}}}}}'
    for number in range(1, 5)
)
MakeBench = Callable[[str], Bench]
STRANGER = replace(Owner.here("later"), pid=1)
CHANGES = ("put_parameter", "delete_parameter")


class Clock:
    """A boot clock that a test moves."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return boot_clock() + self.ahead


def go(
    bench: Bench,
    clock: Callable[[], float],
    meanwhile: Callable[["asyncio.Task[RunResult]"], Coroutine[Any, Any, None]] | None = None,
    direction: Direction = Direction.FORWARD,
    *,
    lease_seconds: float = 30,
    request: int | None = None,
) -> RunResult:
    """Carry the bench's plan out as a runner process would, with something else going on beside it."""

    async def inside() -> RunResult:
        operations = tuple(bench.loaded.plan.operations)
        with bench.journal() as journal:
            asked = journal.append(RequestRun(operations=operations, confirmed="test"))
            gateway = Gateway(
                FakeSessions(bench.aws),
                Access.ARMED,
                CATALOG,
                Redactor(CATALOG),
                monotonic=boot_clock,
                rates={"ssm": 1e6, "ec2": 1e6},
            )
            async with gateway:
                context = bench._context(journal, gateway, f"01J{asked.seq:023d}")
                runner = Runner(context, lease_seconds=lease_seconds, boot=clock)
                assignment = Assignment(direction, operations, 1, request or asked.seq)
                task = asyncio.create_task(runner.run(assignment))
                beside = asyncio.create_task(meanwhile(task)) if meanwhile else None
                try:
                    return await task
                finally:
                    if beside is not None:
                        await beside

    return asyncio.run(inside())


def changes(bench: Bench) -> list[str]:
    return [action for action, _ in bench.aws.wire if action in CHANGES]


def newest(bench: Bench) -> int:
    """The number of the journal's newest row, 0 when there is no journal yet."""
    return bench.status().seq if bench.path.exists() else 0


def slow_at(bench: Bench, call: int, under_way: asyncio.Event, answered: asyncio.Event) -> None:
    """Have the n-th changing call of all wait for its answer, when it has had its effect."""
    at_once = bench.aws.handle

    async def handle(action: str, params: dict[str, Any]) -> dict[str, Any]:
        answer = await at_once(action, params)
        if action in CHANGES and len(changes(bench)) == call:
            under_way.set()
            await answered.wait()
        return answer

    bench.aws.handle = handle  # type: ignore[method-assign]


def lose_at(bench: Bench, clock: Clock, call: int, how: str) -> None:
    """Have the lease lost while the n-th changing call from now is under way."""
    before = len(changes(bench))

    def on_call(action: str, params: dict[str, Any]) -> None:
        del params
        if action not in CHANGES or len(changes(bench)) - before + 1 != call:
            return
        path = lease_path(bench.path)
        record = LeaseRecord.decoded(path.read_bytes())
        assert record is not None
        if how == "file gone":
            path.unlink()
        else:
            clock.ahead += 31
        if how == "taken over":
            Lease.take(bench.path, STRANGER, take_over=record.number, clock=clock).release()

    bench.aws.on_call = on_call


@pytest.mark.catalogue(13, "lease lost in mid-run, at every changing call", "0 calls after the loss is seen")
def test_nothing_leaves_after_a_lease_is_lost(tmp_path: Path, tally: Tally) -> None:
    cases = [
        (direction, call, how)
        for how in ("taken over", "slept past its life", "file gone")
        for direction in (Direction.FORWARD, Direction.INVERSE)
        for call in (1, 2, 3, 4)
    ]
    for number in range(tally.count(9, 20 * len(cases))):
        direction, call, how = cases[number * 5 % len(cases)]
        folder = tmp_path / str(number)
        folder.mkdir()
        tally.note(_problem(Bench(folder, CHAIN), direction, call, how))


def _problem(bench: Bench, direction: Direction, call: int, how: str) -> str | None:
    case, clock = f"{direction} call {call} {how}", Clock()
    if direction is Direction.INVERSE:
        go(bench, clock)
    sent, since = len(changes(bench)), newest(bench)
    lose_at(bench, clock, call, how)
    with pytest.raises(LeaseLostError):
        go(bench, clock, direction=direction)
    if len(changes(bench)) - sent != call:
        return f"{case}: {len(changes(bench)) - sent - call} calls after the loss"
    kinds = [event.kind for event in bench.events() if event.seq > since]
    if kinds.count("lease.lost") != 1 or {"lease.released", "run.finished", "run.interrupted"} & set(kinds):
        return f"{case}: the journal tells another end: {kinds[-3:]}"
    if kinds.count("step.intent") != kinds.count("step.outcome"):
        return f"{case}: an answer that came was not journaled"
    bench.aws.on_call = lambda action, params: None
    if bench.resume() is not RunResult.SUCCEEDED:
        return f"{case}: it cannot be resumed"
    return None if len(changes(bench)) - sent == 4 else f"{case}: {changes(bench)}"


def test_a_loss_is_seen_while_no_call_is_made(bench: MakeBench) -> None:
    baking = bench(
        """
- id: slow
  title: Bakes for long
  kind: configuration
  forward:
    - {api: "ssm:PutParameter", params: {Name: /p/1, Value: v, Type: String}}
  watch:
    - {api: "ssm:GetParameter", params: {Name: /p/1}, expect: "Parameter.Value == 'v'"}
  bake: {minutes: 600000000, every_seconds: 3600}
  inverse:
    - {api: "ssm:DeleteParameter", params: {Name: /p/1}}
"""
    )
    clock = Clock()

    def on_call(action: str, params: dict[str, Any]) -> None:
        if action == "get_parameter":
            clock.ahead += 31

    baking.aws.on_call = on_call
    with pytest.raises(LeaseLostError):
        go(baking, clock, lease_seconds=0.6)
    assert baking.events("lease.lost")


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.catalogue(16, "worker cancelled with a call in flight", "outcome journaled")
def test_a_cancelled_worker_does_not_cut_a_call_off(
    tmp_path: Path, tally: Tally, direction: Direction
) -> None:
    gone_early: list[str] = []
    for number in range(tally.count(2, 100)):
        folder = tmp_path / str(number)
        folder.mkdir()
        bench, call = Bench(folder, CHAIN), number * 3 % 4 + 1
        if direction is Direction.INVERSE:
            go(bench, boot_clock)
        sent, since = len(changes(bench)), newest(bench)

        under_way, answered = asyncio.Event(), asyncio.Event()
        slow_at(bench, sent + call, under_way, answered)

        async def cancel(
            task: "asyncio.Task[RunResult]",
            under_way: asyncio.Event = under_way,
            answered: asyncio.Event = answered,
            call: int = call,
        ) -> None:
            await under_way.wait()
            for _ in range(2):
                task.cancel()
                await asyncio.sleep(0.01)
            if task.done():
                gone_early.append(f"call {call}: the runner did not wait for the answer")
            answered.set()

        with pytest.raises(asyncio.CancelledError):
            go(bench, boot_clock, cancel, direction)
        kinds = [event.kind for event in bench.events() if event.seq > since]
        whole = (
            kinds.count("step.intent") == kinds.count("step.outcome") == call == len(changes(bench)) - sent
        )
        tally.note(gone_early[-1] if gone_early else None if whole else f"call {call}: {kinds}")
        assert bench.resume() is RunResult.SUCCEEDED


def test_a_request_that_another_run_overtook_is_refused(bench: MakeBench) -> None:
    made = bench(CHAIN)
    with made.journal() as journal:
        early = journal.append(RequestRun(operations=("p1",), confirmed="test"))
    assert made.run("p1") is RunResult.SUCCEEDED
    with pytest.raises(RunRefusedError, match="another run was begun since"):
        go(made, boot_clock, request=early.seq)
    assert changes(made) == ["put_parameter"]


def test_the_journal_tells_every_taking_with_its_number(bench: MakeBench) -> None:
    made = bench(CHAIN)
    go(made, boot_clock)
    lease_path(made.path).unlink()
    go(made, boot_clock, direction=Direction.INVERSE)
    dead = LeaseRecord(5, replace(STRANGER, boot="the boot before"), 1.0)
    lease_path(made.path).write_bytes(dead.encoded())
    go(made, boot_clock)
    taken = [event.data for event in made.events("lease.taken")]
    assert [each["number"] for each in taken] == [1, 2, 6]
    assert [each["took_over"] for each in taken][:2] == [None, None]
    assert taken[2]["took_over"] == {
        "number": 5,
        "pid": 1,
        "host": STRANGER.host,
        "boot": "the boot before",
        "why": "its host was started anew",
    }
    assert [each.data["number"] for each in made.events("lease.released")] == [1, 2, 6]
    assert made.state("p4") is OperationState.SUCCEEDED
