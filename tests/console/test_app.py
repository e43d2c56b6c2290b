"""The console as a whole: it paints first, survives what lies outside, and moves by one table of keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from textual.widgets import Input

from tests.screens.driving import LARGE, SMALL, Driven, make, text_of, until
from tests.screens.fakes import (
    HOSTILE,
    NOW,
    FakeFeed,
    a_run,
    a_status,
    an_update,
    at,
    hostile_plan,
    hostile_update,
)

from console.actions import ACTIONS, HINTED, by_command, no_such_command, parse  # isort: skip
from console.acts.arming import Arming  # isort: skip
from console.terminal.driver import CalmDriver  # isort: skip
from console.ports import Ports  # isort: skip
from screens.ports import BackOut  # isort: skip
from screens.times import Zone  # isort: skip
from state.errors import JournalDamagedError  # isort: skip
from state.events import Direction  # isort: skip
from state.projections.states import OperationState, RunState  # isort: skip
from state.projections.timeline import TimelineEntry  # isort: skip


@pytest.fixture
def driven() -> Driven:
    """A console over fakes, not yet running."""
    return make()


def test_the_table_is_sound() -> None:
    """Ids, keys and commands mean one thing each, and every command has help."""
    ids = [action.id for action in ACTIONS]
    keys = [(action.room, key) for action in ACTIONS for key in action.keys]
    commands = [action.command for action in ACTIONS if action.command]
    for names in (ids, keys, commands):
        assert len(names) == len(set(names))
    assert all(action.help.endswith(".") and action.title for action in ACTIONS)
    assert not {action.id for action in HINTED} - set(ids)


async def test_every_action_has_a_handler(driven: Driven) -> None:
    """The table and what carries it out agree."""
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        assert set(driven.app.handlers) == {action.id for action in ACTIONS}


@pytest.mark.parametrize(
    ("text", "action", "argument"),
    [
        ("run traffic-10", "run", "traffic-10"),
        (":rollback phase 9", "rollback", "phase 9"),
        ("roll all", "rollback", "all"),
        ("q", "quit", ""),
        ("note two  words", "note", "two  words"),
    ],
)
def test_parse(text: str, action: str, argument: str) -> None:
    """A command may be shortened as long as it can mean only one."""
    found, rest = parse(text)
    assert found is not None
    assert (found.id, rest) == (action, argument)


def test_parse_of_nonsense() -> None:
    """What is ambiguous or unknown is no command."""
    assert by_command("res") is None
    assert by_command("nonsense") is None
    assert by_command("") is None


def test_a_shortened_name_that_means_several_says_which() -> None:
    """It is never taken for one of them."""
    assert no_such_command("ro", "?") == ":ro could be :rollback or :roles; nothing was done"
    assert no_such_command("rollbock", "F1") == "there is no command rollbock; F1 lists them"


async def test_an_ambiguous_command_does_nothing_and_is_kept_to_be_read(driven: Driven) -> None:
    """What is said goes away by itself; `:messages` shows it again."""
    async with driven.app.run_test(size=SMALL, notifications=True) as pilot:
        await driven.settle(pilot)
        driven.app.armed = frozenset({"*"})
        driven.app.run_command("res")
        await until(pilot, lambda: ":resume or :resolve" in text_of(driven.app))
        assert len(driven.app.screen_stack) == 1
        driven.app.clear_notifications()
        await pilot.pause()
        assert "could be" not in text_of(driven.app)
        driven.app.run_command("messages")
        await until(pilot, lambda: "could be :resume or :resolve; nothing was done" in text_of(driven.app))


async def test_ctrl_l_sends_everything_again(driven: Driven, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stands on the terminal: the driver forgets it, and the whole screen is drawn; over a dialog too."""
    forgotten: list[int] = []
    monkeypatch.setattr(CalmDriver, "draw_all_again", lambda _self: forgotten.append(1))
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        monkeypatch.setattr(driven.app, "_driver", object.__new__(CalmDriver))
        refreshed: list[object] = []
        screens = (driven.app.screen,)
        monkeypatch.setattr(type(screens[0]), "refresh", lambda self, *_, **__: refreshed.append(self))
        driven.app.action_act("redraw")
        assert (len(forgotten), refreshed) == (1, [screens[0]])
        monkeypatch.undo()


async def test_no_key_acts_while_somebody_types(driven: Driven) -> None:
    """Armed or not: in a filter the keys of commands are letters, and Backspace takes one away."""
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.armed = frozenset({"*"})
        await pilot.press("slash")
        await until(pilot, lambda: isinstance(driven.app.focused, Input))
        await pilot.press(*"rRpdy", "backspace", "delete", "ctrl+d", "ctrl+c")
        await pilot.pause()
        assert driven.app.is_running
        assert driven.desk.asked == []
        assert driven.app.screen is driven.app.main
        for action in ACTIONS:
            if action.mutates:
                driven.app.do(action.id)
        assert driven.app.screen is driven.app.main


class Control:
    """A poller's handle that remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[bool] = []
        self.paused, self.why_not, self.every_seconds = False, None, 60.0

    def rest(self, *, resting: bool) -> None:
        self.told.append(resting)

    def pause(self, *, paused: bool) -> None: ...

    def change_pace(self, step: int) -> float:
        return 60.0 + step


@pytest.mark.parametrize(("state", "told"), [(RunState.SUCCEEDED, [True, False]), (RunState.RUNNING, [])])
async def test_metrics_rest_while_nobody_is_there_and_nothing_runs(state: RunState, told: list[bool]) -> None:
    """Every look costs money. A key wakes them at once; a run is watched whether or not somebody types."""
    control = Control()
    update = replace(an_update(), status=a_status(a_run(state)))
    driven = make(feed=FakeFeed([update]), ports=Ports(metrics=control))
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.clock = lambda: NOW + timedelta(minutes=15)
        driven.app.tick()
        await pilot.press("j")
        await pilot.pause()
    assert control.told == told


async def test_a_rollback_says_how_long_it_takes_yet() -> None:
    """Its bar and its minutes stand where those of a run do."""
    inverse = replace(
        an_update(), status=a_status(a_run(direction=Direction.INVERSE)), back_out=BackOut(
            True, 1, 9.0, order=("cutover-checkpoint",), minutes_by={"cutover-checkpoint": 9.0})
    )  # fmt: skip
    driven = make(feed=FakeFeed([inverse]))
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        run = text_of(driven.app).splitlines()[2]
    assert "rolling back" in run
    assert "~9 min left" in run


async def test_first_paint_waits_for_nothing() -> None:
    """With a feed and a poller that only raise, the plan is there and the reason is said."""
    driven = make()
    driven.feed.problem = JournalDamagedError("not a journal: /tmp/x")
    driven.metrics.problem = OSError("starting sandbox…")
    async with driven.app.run_test(size=SMALL) as pilot:
        await until(
            pilot, lambda: "not a journal" in text_of(driven.app) or "starting" in text_of(driven.app)
        )
        shown = text_of(driven.app)
        assert "1 Architecture" in shown
        assert "BACK OUT  not known yet" in shown
        assert "READ-ONLY" in shown


async def test_a_problem_of_the_banner_is_said(driven: Driven) -> None:
    """While a sandbox starts, the run line says so; afterwards it says what runs."""
    place = driven.metrics.place
    driven.metrics.place = replace(place, problem="starting sandbox…")
    async with driven.app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "starting sandbox…" in text_of(driven.app))
        driven.metrics.place = place
        await until(pilot, lambda: "running 1/3" in text_of(driven.app))


async def test_the_feed_comes_back(driven: Driven) -> None:
    """A journal that cannot be read for a while is read again, and the trouble goes."""
    driven.feed.problem = OSError("disk went away")
    async with driven.app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "disk went away" in text_of(driven.app))
        driven.feed.problem = None
        await driven.settle(pilot)
        assert "disk went away" not in text_of(driven.app)


async def test_header_answers_the_first_questions(driven: Driven) -> None:
    """Where, live or drill, as whom, armed or not, the journal's head, and whether we can go back."""
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        shown = text_of(driven.app)
    for text in (
        "reference",
        "LIVE",
        "mistersmith-prod",
        "123456789012",
        "us-east-1",
        "oncall/kim",
        "READ-ONLY",
    ):
        assert text in shown
    assert "#1842 9f3c1a2b" in shown
    assert "BACK OUT  YES  27 min  by 03:33Z  4 operations  1 guard  loses: nothing" in shown
    assert "claimed, no evid." in shown
    assert "claim 100 ev 2/2 83m" in shown


async def test_updates_are_shown(driven: Driven) -> None:
    """A later update changes what it is about, and an interrupted runner is told."""
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        status = a_status()
        failed = replace(
            status.operations["traffic-10"],
            state=OperationState.FAILED,
            ended_at=at(0),
            why="TTL is 300, not 60",
        )
        status = replace(status, seq=1900, operations={**status.operations, "traffic-10": failed})
        entry = TimelineEntry(1900, at(0), "runner@bastion", "operation.failed", "traffic-10", "TTL is 300")
        driven.feed.pending.append(replace(an_update(), status=status, entries=(entry,), runner_alive=False))
        await until(pilot, lambda: "failed 1/4" in text_of(driven.app))
        shown = text_of(driven.app)
        assert "TTL is 300, not 60" in shown
        assert "runner gone: :resume" in shown
        assert "#1900" in shown


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("size", [SMALL, (40, 10)])
async def test_every_pane_is_one_key_away(driven: Driven, number: int, size: tuple[int, int]) -> None:
    """1 to 5 focus the panes, whatever the size."""
    async with driven.app.run_test(size=size) as pilot:
        await driven.settle(pilot)
        await pilot.press(str(number))
        pane = driven.app.main.panes.all[number - 1]
        await until(pilot, lambda: driven.app.focused is pane.body)
        assert pane.body.size.height >= 1
        assert f" {number} " in text_of(driven.app)


async def test_tab_goes_round(driven: Driven) -> None:
    """Tab visits all panes and comes back."""
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        visited = []
        for _ in range(5):
            await pilot.press("tab")
            await pilot.pause()
            visited.append(driven.app.main.panes.current.number)
        assert visited == [2, 3, 4, 5, 1]


async def test_vim_keys_move(driven: Driven) -> None:
    """hjkl, gg and G move in the plan."""
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        tree = driven.app.main.plan_tree
        await pilot.press("g", "g")
        await until(pilot, lambda: tree.cursor_line == 0)
        await pilot.press("l")
        await until(pilot, lambda: "1.1 Documents" in text_of(driven.app))
        await pilot.press("j", "h")
        await until(pilot, lambda: tree.cursor_line == 0)
        await pilot.press("G")
        await until(pilot, lambda: driven.app.chosen_operations == ("freeze-writes",))
        await pilot.press("k")
        await until(pilot, lambda: driven.app.chosen_operations == ("traffic-25",))


async def test_zone_is_always_printed(driven: Driven) -> None:
    """`z` changes the zone of times; both print it."""
    async with driven.app.run_test(size=LARGE) as pilot:
        await driven.settle(pilot)
        assert "01:24:32Z" in text_of(driven.app)
        await pilot.press("z")
        await until(pilot, lambda: driven.app.main.zone is Zone.LOCAL)
        await until(pilot, lambda: "01:24:32+00:00" in text_of(driven.app))


async def test_filter_and_back(driven: Driven) -> None:
    """The filter narrows the plan while it is typed; Esc shows everything again."""
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.armed = frozenset({"*"})
        await pilot.press("slash")
        await until(pilot, lambda: isinstance(driven.app.focused, Input))
        await pilot.press(*"vpcr")
        await pilot.press("backspace")
        await until(pilot, lambda: "1 match" in text_of(driven.app))
        assert "freeze-writes" not in text_of(driven.app)
        assert driven.app.screen is driven.app.main
        await pilot.press("escape")
        await until(pilot, lambda: "9 Cutover" in text_of(driven.app))


async def test_goto_and_note(driven: Driven) -> None:
    """`:goto` puts the cursor there, `:note` reaches the journal."""
    async with driven.app.run_test(size=SMALL, notifications=True) as pilot:
        await driven.settle(pilot)
        await driven.dialog(pilot, "colon")
        await pilot.press(*"goto vpc".replace(" ", "_").split("_")[0], "space", *"vpc", "enter")
        await until(pilot, lambda: driven.app.chosen_operations == ("vpc",))
        driven.app.run_command("note error budget [b]fine[/b]")
        await until(pilot, lambda: driven.desk.asked == [("note", "error budget [b]fine[/b]")])
        driven.app.run_command("goto vcp")
        await until(pilot, lambda: "did you mean `vpc`" in text_of(driven.app))
        driven.app.run_command("frobnicate")
        await until(pilot, lambda: "there is no command frobnicate" in text_of(driven.app))


async def test_tab_completes_commands(driven: Driven) -> None:
    """Tab completes the command's name, then the operation's id."""
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        await driven.dialog(pilot, "colon")
        await pilot.press("g", "o", "tab", *"fre", "tab")
        assert driven.app.screen.query_one(Input).value == "goto freeze-writes "


async def test_phase_requests_leave_out_what_is_done(driven: Driven) -> None:
    """Running a phase asks for what is not done; rolling it back for what stands."""
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.armed = frozenset({"9"})
        driven.app.run_command("rollback phase 9")
        await driven.dialog(pilot)
        await pilot.press("y")
        await until(pilot, lambda: bool(driven.desk.asked))
        assert driven.desk.asked == [("rollback", "cutover-checkpoint", "traffic-10", "")]


async def test_disarms_when_nobody_is_there(driven: Driven) -> None:
    """After 15 minutes without a key it is read-only again, and the journal is told."""
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.armed = frozenset({"9"})
        driven.app.clock = lambda: NOW + timedelta(minutes=15)
        driven.app.tick()
        await until(pilot, lambda: bool(driven.desk.asked))
        assert driven.app.armed == frozenset()
        assert driven.desk.asked == [("disarm", "idle for 15 minutes")]


async def test_a_key_keeps_it_armed(driven: Driven) -> None:
    """Every key counts as somebody being there."""
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.armed = frozenset({"9"})
        driven.app.clock = lambda: NOW + timedelta(minutes=14)
        await pilot.press("j")
        driven.app.clock = lambda: NOW + timedelta(minutes=20)
        driven.app.tick()
        assert driven.app.armed == {"9"}


async def test_the_journal_disarms(driven: Driven) -> None:
    """A disarm by anybody counts; an earlier arm in the journal never arms this console."""
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        arm = TimelineEntry(1900, at(0), "lee@bastion", "request.arm", None, "")
        status = replace(a_status(), seq=1900, armed=frozenset({"*"}))
        driven.feed.pending.append(replace(an_update(), status=status, entries=(arm,)))
        await until(pilot, lambda: "#1900" in text_of(driven.app))
        assert driven.app.armed == frozenset()
        driven.app.armed = frozenset({"9"})
        disarm = replace(arm, seq=1901, kind="request.disarm")
        driven.feed.pending.append(replace(an_update(), status=replace(status, seq=1901), entries=(disarm,)))
        await until(pilot, lambda: driven.app.armed == frozenset())


def test_arming_is_per_phase() -> None:
    """An armed phase allows its own operations and no others."""
    plan = make().app.plan
    assert Arming(frozenset({"9"})).allows(plan, ["traffic-10"])
    assert not Arming(frozenset({"9"})).allows(plan, ["traffic-10", "vpc"])
    assert not Arming().allows(plan, ["vpc"])
    assert Arming(frozenset({"*"})).allows(plan, ["vpc", "traffic-10"])


@pytest.mark.parametrize("size", [SMALL, LARGE, (40, 10), (20, 5), (1, 1)])
async def test_hostile_text_is_only_text(size: tuple[int, int]) -> None:
    """Markup, escapes and bidi in a plan and a journal are shown as text at every size, in every pane."""
    driven = make(hostile_plan(), FakeFeed([hostile_update()]))
    driven.desk.text = HOSTILE
    driven.desk.error = HOSTILE
    driven.metrics.place = replace(driven.metrics.place, identity=HOSTILE, alias=HOSTILE)
    driven.metrics.now = replace(
        driven.metrics.now,
        readings=tuple(
            replace(reading, title=HOSTILE, unit=HOSTILE) for reading in driven.metrics.now.readings
        ),
    )
    async with driven.app.run_test(size=size, notifications=True) as pilot:
        await driven.settle(pilot)
        for key in (
            "1",
            "2",
            "3",
            "m",
            "escape",
            "4",
            "enter",
            "escape",
            "5",
            "f",
            "f",
            "question_mark",
            "escape",
        ):
            await pilot.press(key)
            await pilot.pause()
            assert_harmless(text_of(driven.app))
        driven.app.armed = frozenset({"*"})
        driven.app.run_command("rollback traffic-10")
        await driven.dialog(pilot)
        assert_harmless(text_of(driven.app))
        await pilot.press("y")
        await pilot.pause()
        assert_harmless(text_of(driven.app))
        assert driven.app.is_running


def assert_harmless(shown: str) -> None:
    """Nothing but text: no control, bidi or zero-width character."""
    assert not [char for char in shown if char != "\n" and not char.isprintable()]


async def test_resizing_never_breaks_it(driven: Driven) -> None:
    """From large to tiny and back, with a dialog open or not."""
    async with driven.app.run_test(size=LARGE) as pilot:
        await driven.settle(pilot)
        for size in ((80, 24), (40, 10), (10, 3), (200, 60), (69, 17)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        driven.app.armed = frozenset({"*"})
        await driven.dialog(pilot, "R")
        for size in ((80, 24), (40, 10), (120, 40)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        assert "Roll back traffic-10" in text_of(driven.app)


async def test_nothing_is_drawn_when_nothing_changed(driven: Driven) -> None:
    """A tick at the same moment and the same update send nothing."""
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        await pilot.pause()
        drawn: list[object] = []
        for widget in driven.app.main.query("*"):
            widget.refresh = lambda *regions, _of=widget, **_: drawn.append(_of) or _of  # type: ignore[method-assign]
        driven.app.tick()
        driven.app.main.show_update(replace(an_update(), entries=()))
        driven.app.main.show_metrics(driven.metrics.now, driven.metrics.place)
        assert drawn == []


async def test_run_states_have_words(driven: Driven) -> None:
    """A paused rollback and an interrupted run read as such."""
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        for seq, (run, words) in enumerate(
            [
                (replace(a_run(RunState.PAUSED)), "run paused"),
                (replace(a_run(RunState.INTERRUPTED)), "run interrupted"),
                (replace(a_run(RunState.IN_DOUBT)), "run in doubt"),
                (replace(a_run(RunState.RUNNING), cancelled=True), "running, stopping"),
            ],
            start=2000,
        ):
            status = replace(a_status(run), seq=seq)
            driven.feed.pending.append(replace(an_update(), status=status, entries=()))
            await until(pilot, lambda words=words: words in text_of(driven.app))  # type: ignore[misc]


async def test_ctrl_c_only_hints(driven: Driven) -> None:
    """Ctrl+C neither quits nor interrupts."""
    async with driven.app.run_test(size=SMALL, notifications=True) as pilot:
        await driven.settle(pilot)
        await pilot.press("ctrl+c")
        await until(pilot, lambda: "Ctrl+Q quits" in text_of(driven.app))
        assert driven.app.is_running


async def test_no_colour_leaves_no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    """With NO_COLOR no cell has a colour of its own."""
    monkeypatch.setenv("NO_COLOR", "1")
    driven = make()
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        picture = driven.app.export_screenshot()
        assert driven.app.theme == "ansi-16"
        assert driven.app.no_color
        assert "#ff7a70" not in picture


async def test_ascii_is_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    """With CUTOVER_ASCII nothing else is drawn, dialogs included."""
    monkeypatch.setenv("CUTOVER_ASCII", "1")
    driven = make()
    async with driven.app.run_test(size=SMALL, notifications=True) as pilot:
        await driven.settle(pilot)
        assert text_of(driven.app).isascii()
        await driven.dialog(pilot, "m")
        assert text_of(driven.app).isascii()
        await pilot.press("escape")
        driven.app.armed = frozenset({"*"})
        await driven.dialog(pilot, "R")
        assert text_of(driven.app).isascii()


async def test_the_palette_finds_commands(driven: Driven) -> None:
    """Ctrl+P offers the same commands; acting ones still ask."""
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.armed = frozenset({"*"})
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(driven.app.focused, Input))
        await pilot.press(*"roll", "space", *"back")
        await until(pilot, lambda: "Ask to undo" in text_of(driven.app))
        await pilot.press("down", "enter")
        await until(pilot, lambda: type(driven.app.screen).__name__ == "ConfirmScreen")
        assert driven.desk.asked == []
