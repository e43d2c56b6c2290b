"""Real runner processes that race for one journal, are stopped, killed and signalled, on a loopback AWS that counts."""

import os
import signal
from pathlib import Path

import pytest

from state.events import Direction
from state.lease import held_by
from state.projections.states import RunState
from tests.conftest import Tally
from tests.e2e.asking import Asked, answer, ask, at_once
from tests.e2e.runners import CHAIN, Runners, ended, wait_for


def again(runners: Runners, number: int) -> Runners:
    """A fresh journal and account for the next try."""
    runners.end()
    runners.aws.parameters.clear()
    runners.aws.changes.clear()
    home = runners.home / str(number)
    home.mkdir()
    return Runners(home, runners.aws, runners.started)


@pytest.mark.catalogue(12, "2 consoles ask for the same at once, on the wire", "each op once; 0 double calls")
def test_of_two_consoles_that_ask_at_once_one_acts(runners: Runners, tally: Tally) -> None:
    """The first call waits for its answer until one of the two was refused, or in every other try for nothing."""
    for number in range(tally.count(1, 24)):
        now = again(runners, number)
        held = now.aws.hold("PutParameter", "/chain/1")
        if number % 2 == 0:
            held.go.clear()
        else:
            held.go.set()
        desks = [ask(now.home / f"desk-{n}", CHAIN, now.journal, now.aws.url) for n in range(2)]
        now.started.extend(desks)
        at_once(desks)
        wait_for(lambda desks=desks: any(desk.poll() is not None for desk in desks), "one of two is refused")  # type: ignore[misc]
        held.go.set()
        asked = [answer(desk) for desk in desks]
        tally.note(_not_once(now) or (_not_one_of(asked) if number % 2 == 0 else None))


def _not_one_of(asked: list[Asked]) -> str | None:
    """Exactly one carried the run out; the other was refused by its desk, or its runner by the lease."""
    carried_out = [each for each in asked if each.refused is None and each.codes == (0,)]
    refused = [each for each in asked if each.refused is not None or each.codes == (4,)]
    return None if (len(carried_out), len(refused)) == (1, 1) else f"{asked}"


def _not_once(now: Runners) -> str | None:
    """What the wire and the journal say: each operation was carried out once."""
    if now.aws.twice() or len(now.aws.changes) != 4:
        return f"calls: {now.aws.changes}"
    intents = [event.operation for event in now.events("step.intent")]
    if len(intents) != len(set(intents)):
        return f"intents: {intents}"
    run = now.status().run
    sound = run is not None and run.state is RunState.SUCCEEDED and now.chain().ok
    return None if sound else f"the run ended as {run}"


@pytest.mark.catalogue(
    12, "2 recoverers race a live owner, or one just killed", "each op once; 0 double calls"
)
def test_of_two_that_recover_at_once_none_doubles_a_call(runners: Runners, tally: Tally) -> None:
    """In every other try the owner is killed in mid-call: its call had its effect, and nobody heard of it."""
    for number in range(tally.count(1, 24)):
        now = again(runners, number)
        held = now.aws.hold("PutParameter", f"/chain/{number % 4 + 1}")
        held.go.clear()
        held.arrived.clear()
        first = now.order()
        owner = now.start(first)
        assert held.arrived.wait(60)
        orders = [now.order(run=first.run) for _ in range(2)]
        lives = number % 2 == 0
        if not lives:
            os.kill(owner.pid, signal.SIGKILL)
            owner.wait()
        racing = [now.start(order) for order in orders]
        if lives:
            ends = [ended(process) for process in racing]
            held.go.set()
            ends.append(ended(owner))
        else:
            held.go.set()
            ends = [ended(process) for process in racing]
        codes = [code for code, _ in ends]
        # behind a dead owner the later one may come when all is done, or find the other at work
        fits = codes == [4, 4, 0] if lives else 0 in codes and set(codes) <= {0, 4}
        tally.note(_not_once(now) or (None if fits else f"ends: {ends}"))


@pytest.mark.catalogue(
    13, "SIGSTOP owner past its lease, then CONT", "0 calls after loss seen; remainder flagged"
)
def test_a_stopped_owner_that_goes_on_makes_no_call(runners: Runners, tally: Tally) -> None:
    for number in range(tally.count(1, 30)):
        now = again(runners, number)
        held = now.aws.hold("PutParameter", f"/chain/{number % 3 + 1}")
        held.go.clear()
        held.arrived.clear()
        order = now.order(lease_seconds=5.0)
        old = now.start(order)
        assert held.arrived.wait(60)
        os.kill(old.pid, signal.SIGSTOP)
        held.go.set()
        wait_for(lambda now=now: "was not heard of" in held_by(now.journal), "the lease has run out")  # type: ignore[misc]
        refused = ended(now.start(now.order(run=order.run)))
        new = ended(now.start(now.order(run=order.run, take_over=1)))
        before = list(now.aws.changes)
        os.kill(old.pid, signal.SIGCONT)
        code, said = ended(old)
        tally.note(_problem(now, before, refused, new, code, said))


def _problem(
    now: Runners,
    before: list[tuple[str, str]],
    refused: tuple[int, str],
    new: tuple[int, str],
    code: int,
    said: str,
) -> str | None:
    if refused[0] != 4 or "--take-over 1" not in refused[1]:
        return f"taken without a word: {refused}"
    if new[0] != 0 or (code, "the lease was lost" in said) != (4, True):
        return f"the new owner ended with {new}, the old one with {code} {said}"
    if now.aws.changes != before or now.aws.twice() or len(before) != 4:
        return f"calls before {before}, after {now.aws.changes}"
    lost = [event.data["number"] for event in now.events("lease.lost")]
    taken = [
        (event.data["number"], (event.data["took_over"] or {}).get("number"))
        for event in now.events("lease.taken")
    ]
    if (lost, taken) != ([1], [(1, None), (2, 1)]):
        return f"the journal says {lost} {taken}"
    state = now.status().run
    return None if state is not None and state.state is RunState.SUCCEEDED and now.chain().ok else f"{state}"


@pytest.mark.catalogue(
    16, "runner: SIGHUP, SIGTERM or SIGINT x2 in flight", "outcome and what was left journaled"
)
def test_a_signalled_runner_finishes_what_is_in_flight(runners: Runners, tally: Tally) -> None:
    for number in range(tally.count(1, 20)):
        now = again(runners, number)
        direction = Direction.INVERSE if number % 2 else Direction.FORWARD
        if direction is Direction.INVERSE:
            assert ended(now.start(now.order())) == (0, "")
        call = (
            ("PutParameter", "/chain/2")
            if direction is Direction.FORWARD
            else ("DeleteParameter", "/chain/3")
        )
        held = now.aws.hold(*call)
        held.go.clear()
        held.arrived.clear()
        order = now.order(direction)
        runner = now.start(order)
        assert held.arrived.wait(60)
        end = signal.SIGINT if number % 4 > 1 else signal.SIGTERM
        for each in (signal.SIGHUP, end, end):
            os.kill(runner.pid, each)
        wait_for(lambda runner=runner: not pending(runner.pid), "the signals were taken")  # type: ignore[misc]
        held.go.set()
        code, said = ended(runner)
        tally.note(_left(now, direction, code, said, end.name))
        held.go.set()
        assert ended(now.start(now.order(direction, run=order.run))) == (0, "")
        assert not now.aws.twice()


def pending(pid: int) -> bool:
    """Whether signals wait for a process (Linux; elsewhere they are taken to have come)."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return False
    fields = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
    return int(fields["ShdPnd"], 16) != 0


def _left(now: Runners, direction: Direction, code: int, said: str, name: str) -> str | None:
    interrupted = [event.data for event in now.events("run.interrupted")]
    outcomes = [event.data["result"] for event in now.events("step.outcome")]
    left = ["p3", "p4"] if direction is Direction.FORWARD else ["p1", "p2"]
    if code != (130 if name == "SIGINT" else 143):
        return f"exit code {code}: {said}"
    if [(each["signal"], sorted(each["left"])) for each in interrupted] != [(name, left)]:
        return f"the journal says {interrupted}"
    return None if set(outcomes) == {"applied"} else f"outcomes {outcomes}"
