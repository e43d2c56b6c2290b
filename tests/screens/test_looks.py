"""Every room and the main dialogs in three themes, without colour and in ASCII, at both sizes: one console a table of glyphs.

Words are compared once for each size; styles for each theme. Rooms come from the table of commands by themselves.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.color import Color
from textual.pilot import Pilot

from tests.e2e.terminal import Terminal
from tests.screens.driving import LARGE, SMALL, Driven, make
from tests.screens.furnished import furnished
from tests.screens.portrait import Portrait, Run
from tests.screens.walk import at_rest, walk
from tests.themes.seeing import contrast
from themes.loader import NO_COLOUR_THEME

from console.parts import Frame  # isort: skip

NEEDED = {"dark": 4.5, "light": 4.5, "high-contrast": 7.0}
"""WCAG 2.1, 1.4.3 and 1.4.6; `dark` comes last, so that the walk goes on in it."""
THEMES = ("light", "high-contrast", "dark")
SIZES = pytest.mark.parametrize(
    "size", [pytest.param(SMALL, id="80x24"), pytest.param(LARGE, id="120x40", marks=pytest.mark.soak)]
)
DRAWN = re.compile(r"[\s\u2500-\u259f]*")
"""Frames and plots, which are no words."""


class Album:
    """Compares pictures with those that were approved, and says at the end which differ."""

    def __init__(self, approved: SnapshotAssertion) -> None:
        self._approved = approved
        self.different: list[str] = []

    def compare(self, name: str, picture: str) -> None:
        if self._approved(name=name) != picture:
            self.different.append(name)


async def in_theme(driven: Driven, pilot: Pilot[int], theme: str) -> Portrait:
    """What the console shows in a theme."""
    driven.app.theme = theme
    await pilot.pause()
    await pilot.pause()
    return Portrait.of(driven.app)


@SIZES
@pytest.mark.soak
async def test_every_room_and_dialog_in_three_themes(
    snapshot: SnapshotAssertion, tmp_path: Path, size: tuple[int, int]
) -> None:
    """The words are the same in all of them, and every word can be read."""
    driven, album, faint = furnished(tmp_path), Album(snapshot), list[str]()
    async with driven.app.run_test(size=size) as pilot:
        await driven.settle(pilot)
        async for stop in walk(driven, pilot):
            name = f"{stop.name} {size[0]}x{size[1]}"
            themes = THEMES if stop.recolours else ("dark",)
            shown = {theme: await in_theme(driven, pilot, theme) for theme in themes}
            assert len({each.text for each in shown.values()}) == 1, name
            album.compare(f"{name} words", shown["dark"].text)
            for theme, portrait in shown.items():
                album.compare(f"{name} {theme}", portrait.styles)
                faint += [f"{name}, {theme}: {each}" for each in too_faint(portrait, NEEDED[theme])]
    assert not faint, "\n".join(sorted(set(faint)))
    assert not album.different


@pytest.mark.soak
@SIZES
async def test_every_room_and_dialog_without_colour(
    snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, size: tuple[int, int]
) -> None:
    """Nothing has a colour; what is chosen is in reverse and has its mark."""
    monkeypatch.setenv("NO_COLOR", "1")
    driven, album = furnished(tmp_path), Album(snapshot)
    assert driven.app.theme == NO_COLOUR_THEME
    async with driven.app.run_test(size=size) as pilot:
        await driven.settle(pilot)
        async for stop in walk(driven, pilot):
            name = f"{stop.name} {size[0]}x{size[1]}"
            portrait = Portrait.of(driven.app)
            assert not [run for run in portrait.runs if run.style.color or run.style.bgcolor], name
            album.compare(f"{name} without colour", portrait.styles)
            focused = driven.app.focused
            if stop.name in ("cutover", "metrics pane"):
                assert focused is not None
                assert any(marked(row) for row in portrait.rows), f"{name}: no mark"
    assert not album.different


@pytest.mark.soak
@SIZES
async def test_every_room_and_dialog_in_ascii(
    snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, size: tuple[int, int]
) -> None:
    """Nothing beyond ASCII, whoever draws it."""
    monkeypatch.setenv("CUTOVER_ASCII", "1")
    driven, album = furnished(tmp_path), Album(snapshot)
    async with driven.app.run_test(size=size) as pilot:
        await driven.settle(pilot)
        async for stop in walk(driven, pilot):
            name = f"{stop.name} {size[0]}x{size[1]}"
            words = Portrait.of(driven.app).text
            assert words.isascii(), name
            album.compare(f"{name} in ASCII", words)
    assert not album.different


async def test_another_theme_colours_everything_anew(tmp_path: Path) -> None:
    """What Python draws in a theme's colours changes with it, even where the ground stays."""
    driven = furnished(tmp_path)
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        before = Portrait.of(driven.app).styles
        assert (await in_theme(driven, pilot, "light")).styles != before
        await at_rest(driven, pilot)
        assert (await in_theme(driven, pilot, "dark")).styles == before


@pytest.mark.parametrize("frame", Frame)
async def test_the_lines_around_everything_say_in_colour_that_it_is_live(frame: Frame) -> None:
    """In every theme that has colours, and around dialogs too."""
    driven = make(frame=frame)
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        await driven.dialog(pilot, "question_mark")
        for theme in THEMES:
            runs = (await in_theme(driven, pilot, theme)).runs
            lines = [
                run.style.color for run in runs if set(run.text) & set("─│╭") and DRAWN.fullmatch(run.text)
            ]
            live = Color.parse(driven.app.theme_variables["live"]).rich_color
            assert lines
            assert all((colour == live) is (frame is Frame.LIVE) for colour in lines), theme


def marked(row: tuple[Run, ...]) -> bool:
    """Whether a row has the cursor's mark, and is in reverse from there on."""
    return any(run.style.reverse and ">" in run.text[:4] for run in row)


def too_faint(portrait: Portrait, needed: float) -> Iterator[str]:
    """The words that stand out too little from their ground."""
    for run in portrait.runs:
        style = run.style
        if DRAWN.fullmatch(run.text) or style.color is None or style.bgcolor is None:
            continue
        colours = style.color, style.bgcolor
        text, ground = (each.triplet.hex for each in colours if each.triplet is not None)
        if (ratio := contrast(text, ground)) < needed:
            yield f"`{run.text.strip()}` {text} on {ground}: {ratio:.1f}"


COMMAND = [sys.executable, "-m", "tests.screens.wired"]
ROOT = Path(__file__).parents[2]
PATIENCE = 200.0
"""Seconds for a walk through everything on a busy machine."""
SGR = re.compile(rb"\x1b\[([0-9;:]*)m")
WITHOUT_COLOUR = {0, 1, 2, 3, 4, 7, 9, 22, 23, 24, 27, 29}
"""Parameters of SGR that have nothing to do with colour (ECMA-48, 8.3.117)."""
SIXTEEN = {*range(30, 38), *range(40, 48), *range(90, 98), *range(100, 108), 39, 49}


def on_the_wire(*arguments: str, **environment: str) -> bytes:
    """What a console on a pty sends on a walk through everything."""
    here = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("NO_COLOR", "CUTOVER_", "TEXTUAL_"))
    }
    terminal = Terminal([*COMMAND, *arguments], {**here, "PYTHONPATH": str(ROOT), **environment})
    try:
        end = time.monotonic() + PATIENCE
        while terminal.process.poll() is None and time.monotonic() < end:
            terminal._read(0.5)
        assert terminal.ended() == 0, terminal.text
        return terminal.raw
    finally:
        terminal.close()


def parameters(raw: bytes) -> set[int]:
    """All parameters of SGR in what was sent."""
    return {int(each or 0) for found in SGR.findall(raw) for each in re.split(rb"[;:]", found)}


@pytest.mark.soak
def test_no_colour_and_ascii_hold_on_the_wire() -> None:
    """Every room and dialog on a real terminal: no colour, not even a default one, and nothing beyond ASCII."""
    raw = on_the_wire("dark", "rooms", NO_COLOR="1", CUTOVER_ASCII="1")
    assert parameters(raw) - WITHOUT_COLOUR == set()
    assert {7, 1} <= parameters(raw)
    assert not [byte for byte in raw if byte > 0x7E]
    assert b"Roll back" in raw


@pytest.mark.soak
def test_sixteen_colours_hold_on_the_wire() -> None:
    """The theme for sixteen colours sends no others, even to a terminal that could show them."""
    used = parameters(on_the_wire("ansi-16"))
    assert used - WITHOUT_COLOUR - SIXTEEN == set()
    assert used & set(range(30, 38))
