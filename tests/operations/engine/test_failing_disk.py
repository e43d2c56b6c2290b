"""The real engine on a disk that fails or fills up: nothing more is sent, and a fresh start converges."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite3
import pytest

from state.errors import JournalError, JournalUnwritableError
from state.events import Result, RunResult
from state.journal import Journal, PlanIdentity
from state.operation_events import OperationResolved
from state.projections.progress import fold_progress
from state.projections.states import OperationState, RunState
from state.reader import JournalReader
from state.request_events import RequestNote
from tests.conftest import Tally
from tests.operations.engine.conftest import Bench
from tests.operations.engine.plans import NETWORK, parameter
from tests.state.power.disk import Act, Disk, DiskReserve
from tests.state.power.vfs import DiskVfs

PLAN = NETWORK + parameter("a") + parameter("b") + parameter("c", "a", "network")
MUTATING = ("create_vpc", "put_parameter")
RESERVE = 200_000
LONGER = PLAN + parameter("d", "c") + parameter("e", "d") + parameter("f", "e")


class DiskBench(Bench):
    """A bench whose first runner writes on such a disk; `repaired` puts it on a sound one."""

    def __init__(self, folder: Path, operations: str) -> None:
        super().__init__(folder, operations)
        self.disk: Disk | None = None
        self.reserve = RESERVE
        self.checkpoint_every = 10
        """Often enough that writes and syncs of checkpoints are among those that fail."""
        self.opened: Journal | None = None
        self.monkeypatch = pytest.MonkeyPatch()

    def put_on(self, disk: Disk) -> None:
        """Everything in this process reads and writes the journal through one SQLite, the disk's."""
        self.disk, self.vfs = disk, DiskVfs(disk)
        self.monkeypatch.setattr("state.reader.connect_reader", self.vfs.connect_reader)

    def repaired(self) -> None:
        self.disk = None
        self.monkeypatch.undo()

    def journal(self, actor: str = "kim@here") -> Journal:
        disk = self.disk
        if disk is None:
            return super().journal(actor)
        self.opened = Journal(
            self.path,
            PlanIdentity(self.loaded.plan.plan, self.loaded.digest),
            clock=lambda: datetime.now(UTC),
            new_id=lambda: next(self._ids),
            actor="kim@here",
            connect=self.vfs.connect_writer,
            reserve=lambda _: DiskReserve(disk, self.reserve),
            checkpoint_every=self.checkpoint_every,
        )
        return self.opened

    def forbid_pages(self) -> None:
        """The database may not grow by a single page from here on."""
        assert self.opened is not None
        connection = self.opened._connection
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages}")


def run_on(on: DiskBench, disk: Disk) -> str | None:
    """Run on a disk until it is over; what the runner said when it could not go on."""
    on.put_on(disk)
    try:
        on.run()
    except JournalUnwritableError as error:
        return str(error)
    finally:
        on.repaired()
    return None


def taken_up(on: DiskBench) -> str | None:
    """Start anew on a sound disk; what is wrong afterwards, None when all is as after a run without a fault."""
    on.put_on(Disk())
    try:
        result = _to_the_end(on)
    finally:
        on.repaired()
    with JournalReader(on.path) as reader:
        report = reader.verify()
    states = {on.state(key) for key in on.loaded.plan.operations}
    if result is not RunResult.SUCCEEDED or states != {OperationState.SUCCEEDED}:
        return f"the run that was taken up ended {result} with {states}"
    networks = int("network" in on.loaded.plan.operations)
    wanted = {f"/{key}": "1" for key in on.loaded.plan.operations if key != "network"}
    if on.aws.parameters != wanted or len(on.aws.networks) != networks:
        return f"AWS has {on.aws.parameters} and {on.aws.networks}"
    return None if report.ok else f"row {report.first_bad}: {report.problem}"


def _to_the_end(on: DiskBench) -> RunResult:
    status = on.status() if _has_run(on) else None
    if status is None:
        result = on.run()
    elif status.run is not None and status.run.state.open:
        result = on.resume()
    else:
        result = RunResult.SUCCEEDED
    while result is RunResult.IN_DOUBT:
        _answer(on)
        result = on.resume()
    return result


def _answer(on: DiskBench) -> None:
    """An operator looks at AWS and says of every operation in doubt what is there."""
    for key in on.status().in_state(OperationState.IN_DOUBT):
        assert key != "network", "what a network's probe sees is never left to a person"
        there = f"/{key}" in on.aws.parameters
        result = Result.APPLIED if there else Result.NOT_APPLIED
        on.append(OperationResolved(step=1, result=result, by="kim", reason="looked"), key)


def _has_run(on: DiskBench) -> bool:
    try:
        return on.path.exists() and on.status().run is not None
    except (JournalError, sqlite3.Error):  # a journal whose creation failed has no tables yet
        return False


def failed_at(folder: Path, act: Act, number: int) -> str | None:
    """Fail one write or sync of a whole run; what went wrong, None when nothing did."""
    on = DiskBench(folder, PLAN)
    sent: list[int] = []
    disk = Disk(fails=(act, number), on_fault=lambda: sent.append(len(on.aws.wire)))
    said = run_on(on, disk)
    where = f"{act.value} {number}"
    if not sent:
        return f"{where} was never made"
    if len(on.aws.wire) != sent[0]:
        return f"{where}: {len(on.aws.wire) - sent[0]} calls were sent after it failed"
    if said is not None and ("\n" in said or "cannot be written" not in said):
        return f"{where}: the runner said `{said}`"
    wrong = taken_up(on)
    return f"{where}: {wrong}" if wrong else None


@pytest.fixture(scope="module")
def acts(tmp_path_factory: pytest.TempPathFactory) -> dict[Act, int]:
    """How many writes and syncs a whole run without a fault makes."""
    disk = Disk()
    assert run_on(DiskBench(tmp_path_factory.mktemp("sound"), PLAN), disk) is None
    return disk.counts


@pytest.mark.catalogue(
    5, "the nth write or sync fails (EIO), n = 1..all", "stop before any next AWS call, 100 %"
)
def test_nothing_is_sent_after_the_disk_failed(tmp_path: Path, acts: dict[Act, int], tally: Tally) -> None:
    every = [(act, number) for act in (Act.SYNC, Act.WRITE) for number in range(1, acts[act] + 1)]
    chosen = random.Random(5).sample(every, min(len(every), tally.count(40, len(every))))
    for act, number in chosen:
        folder = tmp_path / f"{act.value}-{number}"
        folder.mkdir()
        tally.note(failed_at(folder, act, number))


class Filling(Enum):
    """How a disk fills up."""

    RESERVE_LEFT = "no room but the reserve"
    SMALL_RESERVE = "room for an outcome or two"
    NO_RESERVE = "no room at all"
    MAX_PAGES = "max_page_count"


def filled_up(folder: Path, how: Filling, call: int) -> str | None:
    """Fill the disk when the nth mutating call reaches AWS; what went wrong, None when nothing did."""
    on = DiskBench(folder, LONGER)
    on.reserve = {Filling.NO_RESERVE: 0, Filling.SMALL_RESERVE: 9_000}.get(how, RESERVE)
    on.checkpoint_every = 1000  # a checkpoint makes room in the log
    sent: list[int] = []
    disk = Disk(on_fault=lambda: sent.append(len(on.aws.wire)))

    def fill(action: str, params: dict[str, object]) -> None:
        if action in MUTATING and sum(on.aws.count(each) for each in MUTATING) == call - 1:
            if how is Filling.MAX_PAGES:
                on.forbid_pages()
            else:
                disk.room = 0

    on.aws.on_call = fill
    said = run_on(on, disk)
    where = f"{how.value}, full at call {call}"
    if said is None or "database or disk is full" not in said or "\n" in said:
        return f"{where}: the runner said `{said}`"
    if sent and len(on.aws.wire) != sent[0]:
        return f"{where}: {len(on.aws.wire) - sent[0]} calls were sent after it was full"
    wrong = _told_truly(on, how) or taken_up(on)
    return f"{where}: {wrong}" if wrong else None


def _told_truly(on: DiskBench, how: Filling) -> str | None:
    """Every call that reached AWS has its outcome, or is in doubt where there was no room for it."""
    progress = fold_progress(on.events())
    made = sum(on.aws.count(each) for each in MUTATING)
    mutating = [step for steps in progress.values() for step in steps.values() if step.mutates]
    known = sum(step.done for step in mutating)
    doubtful = sum(step.in_doubt for step in mutating)
    run = on.status().run
    if known + doubtful < made:
        return f"{made} calls were made, {known} are known and {doubtful} in doubt"
    if how is Filling.RESERVE_LEFT and (doubtful or run is None or run.state is not RunState.INTERRUPTED):
        return f"{doubtful} in doubt although there was a reserve; the run is {run and run.state}"
    if how is Filling.RESERVE_LEFT and on.events()[-1].kind != "lease.released":
        return f"the last that was written is {on.events()[-1].kind}"
    return None


@pytest.mark.catalogue(
    6, "disk full in mid-operation", "outcome or in doubt from the reserve; db and chain ok"
)
def test_a_full_disk_takes_the_outcomes_of_what_is_in_flight_and_nothing_else(
    tmp_path: Path, tally: Tally
) -> None:
    cases = [(how, call) for call in range(1, 7) for how in Filling]
    for how, call in random.Random(6).sample(cases, tally.count(10, len(cases))):
        folder = tmp_path / f"{how.name}-{call}"
        folder.mkdir()
        tally.note(filled_up(folder, how, call))


def test_a_call_in_flight_when_the_disk_fills_up_comes_to_its_end(tmp_path: Path) -> None:
    on = DiskBench(tmp_path, parameter("a") + parameter("b") + parameter("c", "b"))
    full = asyncio.Event()
    disk = Disk(on_fault=full.set)
    answer = on.aws.handle

    async def slowly(action: str, params: dict[str, Any]) -> dict[str, Any]:
        answered = await answer(action, params)
        if params.get("Name") == "/a" and action == "put_parameter":
            disk.room = 0
        if params.get("Name") == "/b" and action == "put_parameter":
            await full.wait()
            for _ in range(50):
                await asyncio.sleep(0)
        return answered

    on.aws.handle = slowly  # type: ignore[method-assign]
    assert "full" in (run_on(on, disk) or "")
    outcomes = {event.operation: event.data["result"] for event in on.events("step.outcome")}
    assert outcomes == {"a": "applied", "b": "applied"}
    assert on.aws.count("put_parameter") == 2
    assert taken_up(on) is None


def test_nothing_is_sent_after_another_program_kept_an_outcome_from_being_written(tmp_path: Path) -> None:
    on = DiskBench(tmp_path, parameter("a") + parameter("b") + parameter("c", "b"))
    on.append(RequestNote(text="made"))
    other = sqlite3.connect(str(on.path), isolation_level=None)
    sent: list[int] = []
    plain = on.journal

    def impatient() -> Journal:
        journal = plain()
        journal._connection.execute("PRAGMA busy_timeout=1")
        append = journal.append

        def watched(*args: Any, **kwargs: Any) -> Any:
            try:
                return append(*args, **kwargs)
            except JournalUnwritableError:
                if other.in_transaction:
                    other.execute("ROLLBACK")
                    sent.append(len(on.aws.wire))
                raise

        journal.append = watched  # type: ignore[method-assign]
        return journal

    def block(action: str, params: dict[str, Any]) -> None:
        if action == "put_parameter" and params["Name"] == "/b":
            other.execute("BEGIN IMMEDIATE")

    on.journal = impatient  # type: ignore[method-assign]
    on.aws.on_call = block
    with pytest.raises(JournalUnwritableError, match="locked"):
        on.run()
    other.close()
    assert sent == [len(on.aws.wire)]
    on.journal = plain  # type: ignore[method-assign]
    on.aws.on_call = lambda action, params: None
    assert taken_up(on) is None
