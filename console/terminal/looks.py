"""What the terminal can show and what the link can carry, settled before Textual is imported: it reads these once."""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping
from enum import Enum
from pathlib import Path

from console.settings import LoadedSettings, Settings, is_slow_link

SIXTEEN_THEME = "ansi-16"
"""The theme for terminals with sixteen colours: any other would be bent to them, and words would vanish."""
SLOW = {
    "TEXTUAL_FPS": "10",
    "TEXTUAL_SMOOTH_SCROLL": "0",
    "TEXTUAL_DISABLE_KITTY_KEY": "1",
    "ESCDELAY": "200",
}
"""What a slow link gets: few frames, whole lines, no key protocol that a lost link would leave on, and time for the
bytes of an arrow key to come together."""


class Depth(Enum):
    """How many colours are sent; the value is Textual's name for it."""

    TRUE = "truecolor"
    MANY = "256"
    SIXTEEN = "standard"
    NONE = ""


_ASKED = {"truecolor": Depth.TRUE, "256": Depth.MANY, "16": Depth.SIXTEEN, "none": Depth.NONE}


def colour_depth(settings: Settings, environment: Mapping[str, str]) -> Depth:
    """How many colours are sent: none when somebody says so, what is asked for, else what the terminal says it has.

    ssh hands `TERM` on but not `COLORTERM`, so that a far terminal counts as one with 256 at most.
    """
    if settings.color in _ASKED:
        return _ASKED[settings.color]
    if "NO_COLOR" in environment:
        return Depth.NONE
    term = environment.get("TERM", "")
    full = environment.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit")
    if full and not is_slow_link(settings, environment):
        return Depth.TRUE
    many = full or term.endswith(("256color", "-kitty")) or _terminfo_colours(term) >= 256
    return Depth.MANY if many else Depth.SIXTEEN


def _terminfo_colours(term: str) -> int:
    """What the system's description of a terminal says; 0 where there is none."""
    try:
        import curses

        with Path(os.devnull).open() as nowhere:
            curses.setupterm(term, nowhere.fileno())
        return curses.tigetnum("colors")
    except (ImportError, OSError, ValueError):
        return 0
    except curses.error:
        return 0


def mouse_works(settings: Settings, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether to ask the terminal for the mouse: every movement over it costs bytes."""
    return settings.mouse == "on" or (settings.mouse == "auto" and not is_slow_link(settings, environment))


def theme_name(loaded: LoadedSettings, environment: Mapping[str, str]) -> str:
    """The theme to begin with: the user's, else one that the terminal's colours can show."""
    chosen = loaded.origins.get("theme") != "default"
    sixteen = colour_depth(loaded.values, environment) is Depth.SIXTEEN
    return SIXTEEN_THEME if sixteen and not chosen else loaded.values.theme


def prepare_textual(settings: Settings, environment: MutableMapping[str, str] = os.environ) -> None:
    """Set what Textual reads when it is imported; what the user has set for Textual stays.

    `COLUMNS` and `LINES` go: Textual believes them before the terminal, which alone knows its size after it was resized.
    """
    for name in ("COLUMNS", "LINES"):
        environment.pop(name, None)
    environment.setdefault("TEXTUAL_ANIMATIONS", "none")
    if settings.ascii:
        environment["CUTOVER_ASCII"] = "1"
    depth = colour_depth(settings, environment)
    if depth is Depth.NONE:
        environment["NO_COLOR"] = "1"
    else:
        if settings.color != "auto":
            environment.pop("NO_COLOR", None)
            environment["TEXTUAL_COLOR_SYSTEM"] = depth.value
        environment.setdefault("TEXTUAL_COLOR_SYSTEM", depth.value)
    if is_slow_link(settings, environment):
        for name, value in SLOW.items():
            environment.setdefault(name, value)
