"""What the themes promise of eyes: contrast, and status colours that any kind of colour vision tells apart."""

from __future__ import annotations

from itertools import combinations

import pytest
from textual.color import Color
from textual.theme import Theme

from tests.themes.seeing import Vision, apart, contrast
from themes.loader import load_themes

BUNDLED = {theme.name: theme for theme in load_themes().themes}
COLOURED = [theme for theme in BUNDLED.values() if not theme.ansi]
TOLD_APART = 15.0
"""About six and a half times what is just noticeable (2.3 in CIELAB, Mahy and others, 1994): told apart at a glance."""
MEANINGS = {
    "not begun, or passed over": ("phase-pending", "phase-skipped"),
    "ready": ("phase-ready",),
    "waits for a person": ("phase-blocked", "phase-held", "attention", "armed"),
    "running": ("phase-running",),
    "done": ("phase-succeeded",),
    "wrong": ("phase-failed", "live"),
    "in doubt": ("phase-in-doubt",),
    "going back": ("phase-rolling-back",),
    "gone back": ("phase-rolled-back",),
}
"""What status colours mean; names under one meaning may share a colour."""


def test_the_measures_agree_with_known_figures() -> None:
    """Black on white is 21 to 1; a red and a green that deuteranopes confuse come together; nothing else does."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert apart("#ffffff", "#000000", Vision.FULL) == pytest.approx(100, abs=0.1)
    assert apart("#ff0000", "#00ff00", Vision.FULL) == pytest.approx(170.6, abs=0.5)
    confused = ("#a17800", "#5c9000")
    assert apart(*confused, Vision.DEUTERANOPIA) < apart(*confused, Vision.FULL) / 2


@pytest.mark.parametrize("vision", Vision, ids=lambda vision: vision.name.lower())
def test_status_colours_differ_for_everybody(vision: Vision) -> None:
    """In the colour-blind-safe theme no two meanings look alike, whatever the vision."""
    colours = BUNDLED["colour-blind-safe"].variables
    alike = [
        f"{one} and {other}: {distance:.1f}"
        for one, other in combinations(MEANINGS, 2)
        for here in MEANINGS[one]
        for there in MEANINGS[other]
        if (distance := apart(colours[here], colours[there], vision)) < TOLD_APART
    ]
    assert not alike


def test_every_status_has_a_meaning() -> None:
    """A status that is added has to be judged too."""
    judged = {name for names in MEANINGS.values() for name in names}
    assert {name for name in BUNDLED["dark"].variables if name.startswith("phase-")} <= judged


@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", ["background", "head", "dialog", "field", "back-out"])
def test_words_are_readable_on_every_ground(theme: Theme, ground: str) -> None:
    """What stands there keeps 7 to 1 in the high-contrast theme, 4.5 to 1 in the others (WCAG 2.1, 1.4.6 and 1.4.3)."""
    behind = theme.background if ground == "background" else theme.variables[ground]
    assert behind is not None
    needed = 7.0 if theme.name == "high-contrast" else 4.5
    everywhere = ("muted", "attention", "phase-succeeded")
    roles = [name for names in MEANINGS.values() for name in names] if ground == "dialog" else everywhere
    low = {name: contrast(theme.variables[name], behind) for name in roles}
    assert not {name: ratio for name, ratio in low.items() if ratio < needed}


def test_the_sixteen_are_all_that_the_ansi_theme_names() -> None:
    """Every colour of that theme is one of the terminal's own."""
    theme = BUNDLED["ansi-16"]
    assert all(
        Color.parse(colour).ansi is not None
        for name, colour in theme.variables.items()
        if "style" not in name
    )
