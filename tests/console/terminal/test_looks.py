"""What the terminal and the link get: depth of colour, mouse, theme, and what Textual reads at import."""

from __future__ import annotations

import subprocess
import sys

import pytest

from console.settings import LoadedSettings, load_settings
from console.terminal.looks import Depth, colour_depth, mouse_works, prepare_textual, theme_name

OVER_SSH = {"SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22", "TERM": "xterm-256color"}


def loaded(environment: dict[str, str]) -> LoadedSettings:
    return load_settings({**environment, "CUTOVER_CONFIG": "/nonexistent"})


@pytest.mark.parametrize(
    ("environment", "depth"),
    [
        ({"TERM": "xterm-256color"}, Depth.MANY),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, Depth.TRUE),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, Depth.TRUE),
        ({"TERM": "xterm"}, Depth.SIXTEEN),
        ({"TERM": "linux"}, Depth.SIXTEEN),
        ({"TERM": "no-such-terminal"}, Depth.SIXTEEN),
        ({}, Depth.SIXTEEN),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, Depth.NONE),
        ({"TERM": "xterm-256color", "NO_COLOR": "1", "CUTOVER_COLOR": "16"}, Depth.SIXTEEN),
        ({"TERM": "xterm-256color", "CUTOVER_COLOR": "none"}, Depth.NONE),
        ({"TERM": "linux", "CUTOVER_COLOR": "truecolor"}, Depth.TRUE),
        ({**OVER_SSH, "COLORTERM": "truecolor"}, Depth.MANY),
        ({**OVER_SSH, "COLORTERM": "truecolor", "CUTOVER_LINK": "fast"}, Depth.TRUE),
        ({**OVER_SSH, "TERM": "xterm"}, Depth.SIXTEEN),
    ],
)
def test_colours_are_those_that_are_wanted_and_can_be_shown(
    environment: dict[str, str], depth: Depth
) -> None:
    assert colour_depth(loaded(environment).values, environment) is depth


@pytest.mark.parametrize(
    ("environment", "works"),
    [
        ({}, True),
        (OVER_SSH, False),
        ({**OVER_SSH, "CUTOVER_MOUSE": "on"}, True),
        ({"CUTOVER_MOUSE": "off"}, False),
        ({"CUTOVER_LINK": "slow"}, False),
    ],
)
def test_the_mouse_is_off_over_a_slow_link_unless_wanted(environment: dict[str, str], works: bool) -> None:
    assert mouse_works(loaded(environment).values, environment) is works


@pytest.mark.parametrize(
    ("environment", "theme"),
    [
        ({"TERM": "xterm-256color"}, "dark"),
        ({"TERM": "linux"}, "ansi-16"),
        ({"TERM": "linux", "CUTOVER_THEME": "light"}, "light"),
    ],
)
def test_a_terminal_with_sixteen_colours_gets_its_own(environment: dict[str, str], theme: str) -> None:
    assert theme_name(loaded(environment), environment) == theme


def test_a_slow_link_gets_the_whole_preset() -> None:
    environment = {**OVER_SSH, "COLUMNS": "300"}
    prepare_textual(loaded(environment).values, environment)
    assert {name: value for name, value in environment.items() if name.startswith(("TEXTUAL", "ESC"))} == {
        "TEXTUAL_ANIMATIONS": "none",
        "TEXTUAL_COLOR_SYSTEM": "256",
        "TEXTUAL_FPS": "10",
        "TEXTUAL_SMOOTH_SCROLL": "0",
        "TEXTUAL_DISABLE_KITTY_KEY": "1",
        "ESCDELAY": "200",
    }
    assert "COLUMNS" not in environment


def test_what_the_user_has_set_for_textual_stays() -> None:
    environment = {**OVER_SSH, "TEXTUAL_FPS": "30", "TEXTUAL_COLOR_SYSTEM": "truecolor"}
    prepare_textual(loaded(environment).values, environment)
    assert (environment["TEXTUAL_FPS"], environment["TEXTUAL_COLOR_SYSTEM"]) == ("30", "truecolor")


def test_no_colour_by_option_is_no_colour() -> None:
    environment = {"TERM": "xterm-256color", "CUTOVER_COLOR": "none"}
    prepare_textual(loaded(environment).values, environment)
    assert "NO_COLOR" in environment
    environment = {"TERM": "xterm-256color", "CUTOVER_COLOR": "16", "NO_COLOR": "1"}
    prepare_textual(loaded(environment).values, environment)
    assert "NO_COLOR" not in environment


def test_textual_is_not_imported_before_it_is_prepared() -> None:
    """It reads its environment at import: preparing later would do nothing."""
    program = (
        "import sys, os, console.opening, console.commands.open, console.settings as s, console.terminal.looks as l\n"
        "l.prepare_textual(s.load_settings(os.environ).values)\n"
        "assert not any(name == 'textual' or name.startswith('textual.') for name in sys.modules)\n"
        "import textual.constants as c\n"
        "assert (c.MAX_FPS, c.SMOOTH_SCROLL, c.DISABLE_KITTY_KEY, c.ESCAPE_DELAY) == (10, False, True, 0.2)\n"
        "assert (c.COLOR_SYSTEM, c.TEXTUAL_ANIMATIONS) == ('256', 'none')\n"
    )
    environment = {**OVER_SSH, "CUTOVER_CONFIG": "/nonexistent", "PATH": "/usr/bin:/bin"}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True, timeout=60)
