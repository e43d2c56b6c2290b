"""What the console shows and offers is so: the item under the cursor, hints, refusals, words; and it never shows nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from console.acts.watch_forms import summary_of
from operations.plan.backing import Backing
from operations.plan.forecast import Forecast
from screens.back_out_lines import back_out_line
from screens.evidence_words import evidence_sentence
from screens.glyphs import UNICODE
from screens.head_lines import run_line
from screens.lines import Line
from screens.parting import becomes_of
from screens.ports import BackOut, starting
from screens.progress import forecast_text
from screens.review_port import ReviewMark
from screens.widgets.plot import levels
from state.events import Direction
from state.projections.states import OperationState, RunState
from tests.screens.driving import SMALL, make, text_of, until
from tests.screens.fakes import NOW, FakeDesk, FakeFeed, a_plan, a_run, a_status, an_update

SHUT = "read-only: the settings say so"


def words(line: Line) -> str:
    return "".join(part.text for part in line)


def hints_of(text: str) -> str:
    return text.rstrip().rsplit("\n", 1)[-1]


async def test_the_operation_beside_the_plan_is_the_one_under_the_cursor() -> None:
    """Another filter may put another operation on the very line that the cursor stood on."""
    driven = make()
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        for text, operation in (("subnets", "subnets"), ("freeze", "freeze-writes")):
            driven.app.run_command(f"filter {text}")
            await until(pilot, lambda wanted=operation: driven.app.chosen_operations == (wanted,))
            await until(pilot, lambda wanted=operation: f"2 {wanted} " in text_of(driven.app))


async def test_where_it_can_never_act_nothing_offers_arming() -> None:
    """Read-only by the settings: neither the hints nor what is said of a key that acts name `:arm`."""
    driven = make(desk=FakeDesk(shut=SHUT))
    async with driven.app.run_test(size=SMALL, notifications=True) as pilot:
        await driven.settle(pilot)
        assert "? help" in hints_of(text_of(driven.app))
        for key in ("", "r", "R", "p"):
            await pilot.press(*key)
            assert ":arm" not in text_of(driven.app)
        await until(pilot, lambda: SHUT in text_of(driven.app))


async def test_in_the_past_the_hints_say_how_to_move_in_it_and_leave() -> None:
    """Arming is refused there, so it is not offered; armed before, what acts is not offered either."""
    driven = make()
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.armed = frozenset({"*"})
        driven.app.main.show_review(ReviewMark("x.journal", 12, 40, NOW))
        await until(
            pilot, lambda: " :now returns  [ before  ] on  P play  ? help" in hints_of(text_of(driven.app))
        )
        assert "r run" not in hints_of(text_of(driven.app))
        driven.app.armed = frozenset()
        await pilot.pause()
        assert ":arm" not in hints_of(text_of(driven.app))
        driven.app.main.show_review(None)
        await until(pilot, lambda: ":arm to act" in hints_of(text_of(driven.app)))


async def test_what_would_be_about_no_run_is_refused() -> None:
    """A pause that nothing would heed must not be confirmed, and told of as asked for."""
    update = an_update()
    ended = replace(update, status=a_status(a_run(RunState.SUCCEEDED)), runner_alive=False)
    driven = make(feed=FakeFeed([ended]))
    async with driven.app.run_test(size=SMALL, notifications=True) as pilot:
        await driven.settle(pilot)
        driven.app.armed = frozenset({"*"})
        for command in ("pause", "cancel", "resume"):
            driven.app.run_command(command)
            said = f"there is nothing to {command}"
            await until(pilot, lambda said=said: said in text_of(driven.app))
            assert driven.app.screen is driven.app.main
        assert driven.desk.asked == []


@pytest.mark.parametrize(
    ("outlives", "said"), [(True, "goes on without this console"), (False, "it will stop half-way")]
)
def test_leaving_says_what_becomes_of_the_run(outlives: bool, said: str) -> None:
    """A private sandbox ends with its console, and a run on it with that."""
    assert said in becomes_of("A run", outlives=outlives)


async def test_leaving_a_sandbox_of_its_own_asks_about_its_end() -> None:
    driven = make()
    driven.app.outlives = False
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        await driven.dialog(pilot, "ctrl+q")
        assert "quit, and end run and sandbox" in text_of(driven.app)


async def test_a_room_that_opens_never_shows_an_empty_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stood there stays until the room's lines are made; the lines at the top never go away."""
    driven = make()
    frames: list[str] = []

    def drawn(screen: object, _renderable: object) -> None:
        if screen is driven.app.screen:
            frames.append(text_of(driven.app))

    monkeypatch.setattr(driven.app, "_display", drawn)
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        for key in ("B", "E", "J"):
            await pilot.press(key)
            await until(pilot, lambda: driven.app.screen is not driven.app.main)
            await pilot.pause()
    assert len(frames) > len("BEJ")
    for frame in frames:
        head, way_back, *_ = frame.split("\n")
        assert "mistersmith-prod" in head
        assert "BACK OUT" in way_back


def test_the_line_about_going_back_tells_how_much_is_lost_where_it_cannot_say_what() -> None:
    """A list that is cut after its first words says nothing of the rest; a count does."""
    losses = tuple(f"operation-{number}: something that matters a lot" for number in range(12))
    back = BackOut(True, 37, 28.0, loses=losses, guards=4)
    assert words(back_out_line(back, UNICODE, 80)).endswith(
        "YES  28 min  37 operations  4 guards  12 lose something"
    )
    one = replace(back, loses=losses[:1])
    assert "loses: operation-0: something" in words(back_out_line(one, UNICODE, 80))


def test_the_age_beside_the_run_is_not_the_runs() -> None:
    """`as kim, 7 min ago` behind `run succeeded` would be read as when it succeeded."""
    banner = replace(
        starting(a_plan()),
        identity="arn:aws:sts::1:assumed-role/oncall/kim",
        identity_at=NOW - timedelta(minutes=7),
    )
    said = words(run_line(an_update(), banner, UNICODE, NOW, 120))
    assert "as oncall/kim, 7 min old" in said


def test_a_rollback_is_summed_up_as_one() -> None:
    """Whoever takes over reads which way it went and how much of it is done, in the words of the run line."""
    run = a_run(RunState.SUCCEEDED, Direction.INVERSE)
    status = a_status(run)
    gone = {key: replace(status.of(key), state=OperationState.ROLLED_BACK) for key in run.operations}
    status = replace(status, operations={**status.operations, **gone})
    update = replace(an_update(), status=status, back_out=BackOut(True, 49, 103.0))
    assert summary_of(a_plan(), status, update, NOW) == "rollback succeeded 3/3; back out in 1 h 43 min"
    empty = replace(update, back_out=BackOut(True, 0, 0.0))
    assert summary_of(a_plan(), status, empty, NOW).endswith("nothing to undo")


def test_what_takes_less_than_a_minute_is_not_about_less_than_a_minute() -> None:
    assert (
        forecast_text(Forecast(estimated=5.0, left=1, samples=3, p50=0.4, p95=2.0))
        == "<1 min left, p95 2 min"
    )


def test_the_age_of_evidence_is_told_once_where_all_of_it_is_as_old() -> None:
    made = datetime(2026, 11, 22, 1, 15, tzinfo=UTC)
    backing = Backing(total=191, made=63, passed=63, newest=made.isoformat(), oldest=made.isoformat())
    now = made + timedelta(minutes=3)
    assert (
        evidence_sentence(backing, now)
        == "evidence: 63 of 191 checks passed, 128 without a verdict; made 3 min ago"
    )


def test_values_beside_a_plot_are_as_many_as_there_are_rows() -> None:
    """Two on one row would be written over each other."""
    assert levels([9.0, 12.0], 150.0, most=4) == [9.0, 56.0, 103.0, 150.0]
    assert levels([5.0], None, most=4) == [5.0]
