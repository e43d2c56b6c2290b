"""Credentials compared with the work ahead: too short is refused forward, warned of backward, and never guessed."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console.acts.runways import Runways
from console.compose import Setting
from operations.aws.credentials import MADE_UP, CredentialLife, Ends
from operations.aws.sessions import LiveSessions
from operations.engine.hands import LiveHands
from operations.engine.runway import least_work, runway, work_ahead
from operations.plan.graph import PlanGraph
from operations.plan.loader import load_plan
from operations.plan.models import ConfirmLevel, Plan
from screens.ports import ActPreview
from state.events import Direction
from state.projections.states import OperationState, OperationStatus, PlanStatus
from tests.conftest import Tally
from tests.operations.engine.conftest import HEAD
from tests.operations.engine.plans import parameter


def now() -> datetime:
    """A clock that stands still."""
    return datetime(2026, 11, 22, 1, 25, tzinfo=UTC)


def _plan(folder: Path, operations: str) -> Plan:
    file = folder / "plan.yaml"
    file.write_text(HEAD + "\n".join(" " * 10 + line for line in operations.strip("\n").splitlines()))
    return load_plan(file).plan


def _chain(folder: Path, minutes: list[int]) -> Plan:
    return _plan(
        folder,
        "".join(
            parameter(f"p{i}", *([f"p{i - 1}"] if i else []), extra=f"  estimate: {each}\n")
            for i, each in enumerate(minutes)
        ),
    )


def _standing(count: int) -> PlanStatus:
    done = {f"p{i}": OperationStatus(f"p{i}", OperationState.SUCCEEDED) for i in range(count)}
    return PlanStatus(operations=done)


def _preview(operations: tuple[str, ...], direction: Direction) -> ActPreview:
    return ActPreview(
        title="Run",
        direction=direction,
        operations=operations,
        calls=(),
        depends="",
        way_back=(),
        loses=(),
        retains=(),
        takes="a while",
        level=ConfirmLevel.REVERSIBLE,
    )


def _on(plan: Plan) -> Runways:
    sessions = LiveSessions("123456789012", "us-east-1", login=("aws", "sso", "login", "--profile", "p"))
    return Runways(plan, Setting(sessions, LiveHands(), lambda name, _: name, 1.0), 4, now)


def _left(minutes: float) -> CredentialLife:
    """Credentials that end so many minutes and half a minute from now."""
    return CredentialLife("the environment", Ends.AT, now() + timedelta(minutes=minutes, seconds=30))


@pytest.mark.catalogue(25, "credentials too short for the work ahead", "refused")
def test_too_short_is_refused_and_long_enough_is_not(tally: Tally, tmp_path: Path) -> None:
    for seed in range(tally.count(50, 500)):
        chance = random.Random(seed)
        minutes = [chance.randint(1, 90) for _ in range(chance.randint(1, 8))]
        plan = _chain(tmp_path, minutes)
        done = chance.randrange(len(minutes))
        todo = tuple(f"p{i}" for i in range(done, len(minutes)))
        needed = sum(minutes[done:]) + sum(minutes)
        left = needed + chance.choice([-needed, -60, -10, -1, 0, 1, 10, 1000])
        status, on, life = _standing(done), _on(plan), _left(left)
        refused = on.on(_preview(todo, Direction.FORWARD), status, life).refused
        back = on.on(_preview(tuple(f"p{i}" for i in range(done)), Direction.INVERSE), status, life)
        problem = None
        if (refused is not None) != (left < needed):
            problem = f"seed {seed}: {left} min left for {needed}: {refused}"
        short = done > 0 and left < sum(minutes[:done])
        if back.refused is not None or bool(back.warnings) != short:
            problem = f"seed {seed}: a rollback of {sum(minutes[:done])} min with {left} left: {back}"
        tally.note(problem)


def test_the_refusal_says_both_figures_and_what_to_do(tmp_path: Path) -> None:
    plan = _chain(tmp_path, [20, 10])
    refused = _on(plan).on(_preview(("p0", "p1"), Direction.FORWARD), PlanStatus(), _left(42)).refused
    assert refused == (
        "the credentials live 42 min more, the work takes 30 min and the way back 30 min: log in with"
        " `aws sso login --profile p`, or run fewer operations"
    )
    one = _on(plan).on(_preview(("p0",), Direction.FORWARD), PlanStatus(), _left(42))
    assert one.refused is None
    assert one.takes == "a while; credentials 42 min left, work 20 + way back 20 min"


@pytest.mark.parametrize(
    ("life", "shown"),
    [
        (MADE_UP, "a while"),
        (CredentialLife("the credentials file", Ends.UNKNOWN), "their end is not known"),
        (
            CredentialLife("x", Ends.AT, datetime(2020, 1, 1, tzinfo=UTC), renewable=True),
            "renewed by themselves",
        ),
    ],
)
def test_what_has_no_known_end_is_not_refused_but_said(
    tmp_path: Path, life: CredentialLife, shown: str
) -> None:
    found = _on(_chain(tmp_path, [999])).on(_preview(("p0",), Direction.FORWARD), PlanStatus(), life)
    assert found.refused is None
    assert shown in found.takes


def test_arming_allows_the_way_forward_while_one_operation_fits(tmp_path: Path) -> None:
    plan = _chain(tmp_path, [20, 60])
    whole = _on(plan).arming(("p0", "p1"), PlanStatus(), _left(42))
    assert (whole.way_back_only, whole.lines) == (
        False,
        ("credentials 42 min left, work 80 + way back 80 min",),
    )
    short = _on(plan).arming(("p0", "p1"), PlanStatus(), _left(12))
    assert short.way_back_only
    assert "way back only: log in with `aws sso login" in short.lines[-1]


def test_work_side_by_side_takes_as_long_as_its_longest_and_a_bake_counts(tmp_path: Path) -> None:
    plan = _plan(
        tmp_path,
        parameter("a", extra="  estimate: 5\n")
        + parameter("b", extra="  estimate: 7\n  bake: {minutes: 30}\n")
        + parameter("c", "a", extra="  estimate: 5\n"),
    )
    graph, status = PlanGraph.of(plan), PlanStatus()
    work = work_ahead(plan, graph, status, tuple(plan.operations), Direction.FORWARD, 4)
    assert (work.ahead, work.back) == (30, 10)
    assert work_ahead(plan, graph, status, tuple(plan.operations), Direction.FORWARD, 1).ahead == 40
    assert least_work(plan, graph, status, tuple(plan.operations)).ahead == 5
    assert not runway(_left(41), now(), work).short
