"""Out of the terminal, through a console: `y`, `:copy`, `:screenshot`, the bell, the tour, the doctor's room."""

import base64
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from console.ports import Ports
from console.terminal.capture import harmless_svg
from console.terminal.outside_world import OutsideWorld
from operations.plan.models import Plan
from screens.copied import CopiedScreen
from screens.doctor_port import Area, Finding, Verdict
from state.projections.timeline import TimelineEntry
from tests.screens.driving import SMALL, Driven, make, text_of, until
from tests.screens.fakes import HOSTILE, FakeFeed, hostile_plan, hostile_update


def outside(
    plan: Plan | None = None, feed: FakeFeed | None = None, **more: object
) -> tuple[Driven, list[str]]:
    """A console with a world outside it, and what it sends there."""
    sent: list[str] = []
    world = OutsideWorld(send=sent.append, **more)  # type: ignore[arg-type]
    return make(plan, feed, ports=Ports(outside=world)), sent


@pytest.fixture
def driven() -> Driven:
    """A console without any of it."""
    return make()


def copied(sent: list[str]) -> list[str]:
    return [base64.b64decode(each[7:-1]).decode() for each in sent if each.startswith("\x1b]52;c;")]


async def test_y_copies_what_is_chosen_and_shows_it() -> None:
    driven, sent = outside()
    async with driven.app.run_test(size=SMALL, notifications=True) as pilot:
        await driven.settle(pilot)
        chosen = driven.app.chosen_operations
        await driven.dialog(pilot, "y")
        assert isinstance(driven.app.screen, CopiedScreen)
        (text,) = copied(sent)
        assert [row.split(" ")[0] for row in text.splitlines()] == list(chosen)
        assert text.splitlines()[0] in text_of(driven.app)
        assert "OSC 52" in text_of(driven.app)
        await pilot.press("escape")
        await pilot.press("5")
        await driven.dialog(pilot, "y")
        assert any("step." in row or "operation." in row for row in copied(sent)[1].splitlines())


async def test_the_phrase_and_the_screen_can_be_copied() -> None:
    driven, sent = outside(phrase=lambda: "babab-dabab-fabab-gabab (row 7)")
    async with driven.app.run_test(size=SMALL, notifications=True) as pilot:
        await driven.settle(pilot)
        driven.app.run_command("copy phrase")
        await driven.dialog(pilot)
        await pilot.press("escape")
        driven.app.run_command("copy screen")
        await driven.dialog(pilot)
        phrase, screen = copied(sent)
        assert phrase == "babab-dabab-fabab-gabab (row 7)"
        assert "BACK OUT" in screen
        assert "traffic-10" in screen


async def test_what_cannot_be_copied_is_said() -> None:
    driven, sent = outside(copy_limit=3)
    async with driven.app.run_test(size=SMALL, notifications=True) as pilot:
        await driven.settle(pilot)
        await driven.dialog(pilot, "y")
        assert "copy_limit" in text_of(driven.app)
        await pilot.press("escape")
        driven.app.run_command("copy nonsense")
        driven.app.run_command("copy phrase")
        await until(pilot, lambda: "nothing copied" in text_of(driven.app))
        assert not copied(sent)


async def test_a_screenshot_is_two_files_for_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "screenshots"
    driven, _ = outside(hostile_plan(), FakeFeed([hostile_update()]), pictures=folder)
    async with driven.app.run_test(size=SMALL, notifications=True) as pilot:
        await until(pilot, lambda: driven.app.main.update_seen is not None)
        driven.app.run_command("screenshot")
        await until(pilot, lambda: ".svg" in text_of(driven.app))
        driven.app.run_command("screenshot")  # the same moment: the first ones are never written over
        await until(pilot, lambda: "no screenshot" in text_of(driven.app))
    svg, text = sorted(folder.iterdir())
    assert [file.suffix for file in (svg, text)] == [".svg", ".txt"]
    for file in (svg, text):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        shown = file.read_text(encoding="utf-8")
        assert not any(char in shown for char in "\x1b\x07\x9b\u202e\u200b")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert "http" not in svg.read_text().replace("http://www.w3.org/2000/svg", "")
    assert "BACK OUT" in text.read_text()


def test_a_picture_asks_nobody_for_fonts() -> None:
    svg = '<svg><style>@font-face { src: url("https://x.example/f.woff") }\n.a { fill: red }</style></svg>'
    assert harmless_svg(svg) == "<svg><style>.a { fill: red }</style></svg>"


async def test_where_none_are_kept_it_is_said(driven: Driven) -> None:
    async with driven.app.run_test(size=SMALL, notifications=True) as pilot:
        await driven.settle(pilot)
        driven.app.run_command("screenshot")
        await until(pilot, lambda: "no screenshots are kept" in text_of(driven.app))


async def test_what_fails_rings_once_and_the_past_does_not() -> None:
    driven, sent = outside(rings=True, notifies=True)
    async with driven.app.run_test(size=SMALL, notifications=True) as pilot:
        await driven.settle(pilot)
        assert not sent
        seen = driven.app.main.update_seen
        assert seen is not None
        seq = seen.status.seq + 1
        entry = TimelineEntry(
            seq, "2026-11-22T01:26:00Z", "runner", "operation.failed", "traffic-10", HOSTILE
        )
        status = replace(seen.status, seq=seq)
        driven.feed.pending.append(replace(seen, status=status, entries=(entry,)))
        await until(pilot, lambda: bool(sent))
        assert sent[0].startswith("\x07\x1b]9;cutover: traffic-10 failed")


async def walk(driven: Driven, pilot: Pilot[int]) -> None:
    await driven.settle(pilot)
    driven.app.run_command("tour")
    await pilot.pause()


async def test_the_tour_points_at_every_pane_and_blocks_nothing(driven: Driven) -> None:
    async with driven.app.run_test(size=SMALL, notifications=True) as pilot:
        await walk(driven, pilot)
        pointed = set()
        stops = 0
        while driven.app.main.tour is not None:
            stops += 1
            stop = driven.app.main.tour.stop
            assert stop.title in text_of(driven.app)
            if stop.pane is not None:
                await until(pilot, lambda pane=stop.pane: driven.app.main.panes.current.number == pane)  # type: ignore[misc]
                pointed.add(stop.pane)
            await pilot.press("j")
            await pilot.press("n")
            await pilot.pause()
        assert 6 <= stops <= 8
        assert pointed == {1, 2, 3, 4, 5}


async def test_the_tour_can_be_left_at_any_time(driven: Driven) -> None:
    async with driven.app.run_test(size=SMALL, notifications=True) as pilot:
        await walk(driven, pilot)
        await pilot.press("n", "escape")
        await pilot.pause()
        assert driven.app.main.tour is None
        await pilot.press("n")
        await until(pilot, lambda: ":tour shows you round" in text_of(driven.app))


class FakeDoctor:
    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings

    def examine(self, *, sync: bool | None = None) -> tuple[Finding, ...]:
        del sync
        return self.findings


FINDINGS = (
    Finding("term", Area.TERMINAL, Verdict.PASS, "TERM is xterm-256color"),
    Finding(
        "tmux-clipboard",
        Area.TERMINAL,
        Verdict.WARN,
        "set-clipboard is off: copies stay in tmux",
        "`tmux set -g set-clipboard on`",
    ),
    Finding(
        "journal-filesystem",
        Area.JOURNAL,
        Verdict.FAIL,
        f"/srv/{HOSTILE} on nfs4: its locks are not reliable",
        "use a local disk",
    ),
)


async def test_the_doctors_room_shows_a_verdict_a_word_and_what_to_do() -> None:
    driven = make(ports=Ports(doctor=FakeDoctor(FINDINGS)))
    async with driven.app.run_test(size=SMALL, notifications=True) as pilot:
        await driven.settle(pilot)
        driven.app.run_command("doctor")
        await until(pilot, lambda: "locks are not reliable" in text_of(driven.app))
        text = text_of(driven.app)
        assert "1 pass, 1 warn, 1 fail" in text
        assert "do: use a local disk" in text
        await pilot.press("slash", *"warn", "enter")
        await until(pilot, lambda: "nfs4" not in text_of(driven.app))
        assert "set-clipboard" in text_of(driven.app)
        await pilot.press("escape", "escape")
        await until(pilot, lambda: driven.app.room is driven.app.main)


def test_ports_have_defaults_for_consoles_over_fakes() -> None:
    assert Ports().doctor is None
    assert Ports().outside.pictures is None
    assert not Ports().outside.rings


@pytest.mark.parametrize("size", [(40, 10), (60, 16), (120, 40)])
async def test_the_tour_fits_every_size(driven: Driven, size: tuple[int, int]) -> None:
    async with driven.app.run_test(size=size) as pilot:
        await walk(driven, pilot)
        assert "Where you are" in text_of(driven.app)
