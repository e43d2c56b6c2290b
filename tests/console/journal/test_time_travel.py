"""Time travel: every screen shows a moment as it was, nothing acts meanwhile, and now is now again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.screens.driving import SMALL, Driven, text_of, until
from tests.screens.fakes import NOW
from tests.screens.journaled import over_a_journal, write

from console.journal.review import PAST  # isort: skip
from console.assembly import assemble  # isort: skip
from console.journal.review_opening import review_parts  # isort: skip
from console.journal.review_plan import plan_for  # isort: skip
from console.settings import load_settings  # isort: skip
from operations.plan.models import Plan  # isort: skip
from screens.ports import DeskError  # isort: skip
from state.pages import JournalPages  # isort: skip
from state.projections.states import OperationState  # isort: skip
from state.projections.status import fold  # isort: skip
from state.reader import JournalReader  # isort: skip


@pytest.fixture
def driven(tmp_path: Path) -> Driven:
    return over_a_journal(tmp_path)


async def at_row(driven: Driven, pilot: Pilot[int], seq: int) -> None:
    await until(pilot, lambda: driven.app.status.seq == seq)
    await pilot.pause()


def said(driven: Driven) -> str:
    return " ".join(str(each.message) for each in driven.app._notifications)


async def test_every_row_is_shown_as_it_was_and_now_is_now(driven: Driven, tmp_path: Path) -> None:
    with JournalReader(tmp_path / "reference.journal") as reader:
        events = reader.events()
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        for seq in (6, 12, 1, 17):
            driven.app.run_command(f"at #{seq}")
            await at_row(driven, pilot, seq)
            assert driven.app.status == fold(events[:seq])
            assert driven.app.kit.clock().isoformat()[:19] == events[seq - 1].at[:19]
            assert f"#{seq}" in text_of(driven.app)
        await pilot.press("left_square_bracket")
        await at_row(driven, pilot, 16)
        assert driven.app.status.of("subnets").state is OperationState.ROLLING_BACK
        await pilot.press(
            "left_curly_bracket"
        )  # the row before began the way back's operation, and changed a state
        await at_row(driven, pilot, 15)
        driven.app.run_command("now")
        await at_row(driven, pilot, len(events))
        assert driven.app.travel.seq is None
        assert driven.app.kit.clock() == NOW
        assert "REVIEW" not in text_of(driven.app)


async def test_nothing_acts_in_the_past(driven: Driven) -> None:
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.armed = frozenset({"*"})
        driven.app.run_command("at 03:00:05")
        await at_row(driven, pilot, 6)
        for command in ("run vpc", "rollback all", "pause", "cancel", "arm", "note late"):
            driven.app.run_command(command)
            await until(pilot, lambda: "reviewing 03:00:05Z; :now to act" in said(driven))
            driven.app.clear_notifications()
        assert len(driven.app.screen_stack) == 1
        assert driven.desk.asked == []
        with pytest.raises(DeskError, match="the past is shown"):
            driven.app._requests._desk.note("past every key")
        assert PAST.startswith("the past")
        driven.app.run_command("now")
        await until(pilot, lambda: driven.app.travel.seq is None)
        driven.app.run_command("note now")
        await until(pilot, lambda: ("note", "now") in driven.desk.asked)


async def test_metrics_that_were_journaled_and_a_replay_to_the_end(driven: Driven) -> None:
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        for typed in ("at soon", "at 25:00", "at", "jump x"):
            driven.app.clear_notifications()
            driven.app.run_command(typed)
            await until(pilot, lambda: bool(said(driven)))
            assert driven.app.travel.seq is None
        driven.app.run_command("cutover")
        driven.app.run_command("at #6")
        await at_row(driven, pilot, 6)
        await until(pilot, lambda: "no metrics at this" in text_of(driven.app))
        driven.app.run_command("at #12")
        await until(pilot, lambda: "0.21" in text_of(driven.app))
        driven.app.run_command("at #15")
        await at_row(driven, pilot, 15)
        for _ in range(5):
            await pilot.press("greater_than_sign")
        await pilot.press("P")
        await until(pilot, lambda: driven.app.status.seq == 20 and not driven.app.travel.playing)


async def test_a_review_needs_the_journal_alone_and_leaves_it_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contextlib import ExitStack

    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    path = write(tmp_path / "old.journal")
    before = path.read_bytes()
    with ExitStack() as stack:
        user = load_settings(os.environ)
        app = assemble(user, lambda: review_parts(path, None, user, stack))
        driven = Driven(app, None, None, None, None)  # type: ignore[arg-type]
        async with app.run_test(size=SMALL) as pilot:
            await until(pilot, lambda: app.status.seq == 20 and "REVIEW" in text_of(app))
            assert tuple(app.plan.operations) == ("vpc", "dns", "subnets")
            app.run_command("run vpc")
            await until(pilot, lambda: "this console reviews a journal" in said(driven))
            await pilot.press("left_square_bracket")
            await at_row(driven, pilot, 19)
    assert path.read_bytes() == before


def test_a_plan_of_the_journal_alone(tmp_path: Path) -> None:
    with JournalPages(write(tmp_path / "j.journal")) as pages:
        reviewed = plan_for(pages, None)
    assert isinstance(reviewed.plan, Plan)
    assert "journal alone" in reviewed.note
    vpc = reviewed.plan.operations["vpc"]
    assert [step.title for step in (*vpc.forward, *vpc.inverse)] == ["by hand: create", "by hand: delete"]
    assert reviewed.plan.operations["dns"].irreversible  # it was asked for, and never began
