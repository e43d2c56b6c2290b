"""Themes: the bundled ones are complete and readable, bad ones are reported."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.theme import Theme

from screens.lines import Role
from tests.themes.seeing import contrast
from themes.loader import DEFAULT_THEME, NO_COLOUR_THEME, ThemeError, load_themes, read_theme
from themes.names import FALLBACKS

BUNDLED = {theme.name: theme for theme in load_themes().themes}
COLOURED = [theme for theme in BUNDLED.values() if not theme.ansi]
TEXT_ROLES = [role.value for role in Role if role.value in FALLBACKS]


def test_all_bundled_themes_load() -> None:
    """Every file in the folder is a theme."""
    loaded = load_themes()
    assert loaded.problems == ()
    assert {"dark", "light", "high-contrast", "colour-blind-safe", "ansi-16"} == set(BUNDLED)
    assert DEFAULT_THEME in BUNDLED
    assert BUNDLED[NO_COLOUR_THEME].ansi


def test_every_role_has_a_name() -> None:
    """What Python names, stylesheets can colour."""
    assert {role.value for role in Role} - {"plain", "heading", "strong"} <= set(FALLBACKS)
    assert all(set(theme.variables) >= set(FALLBACKS) for theme in BUNDLED.values())


@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
@pytest.mark.parametrize("name", TEXT_ROLES)
def test_text_is_readable(theme: Theme, name: str) -> None:
    """Every role keeps 4.5 to 1 against the ground, 7 to 1 in the high-contrast theme (WCAG 2.1 AA and AAA)."""
    assert theme.background is not None
    needed = 7.0 if theme.name == "high-contrast" else 4.5
    assert contrast(theme.variables[name], theme.background) >= needed


@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("cursor-text", "cursor"),
        ("head-text", "head"),
        ("muted", "head"),
        ("back-out-text", "back-out"),
        ("back-out-blocked-text", "back-out-blocked"),
        ("phase-succeeded", "back-out"),
        ("phase-failed", "back-out-blocked"),
        ("field-text", "field"),
        ("muted", "field"),
        ("muted", "cursor-blurred"),
        ("phase-running", "cursor-blurred"),
        ("button-text", "button"),
        ("focused-text", "focused"),
        ("attention", "dialog"),
    ],
)
def test_pairs_are_readable(theme: Theme, text: str, ground: str) -> None:
    """Text on its own ground keeps 4.5 to 1."""
    assert contrast(theme.variables[text], theme.variables[ground]) >= 4.5


GOOD = Path(__file__).parents[2].joinpath("themes", "dark.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[[", "not TOML"),
        ('name = "x"', "about"),
        (GOOD.replace("#6fb1ff", "blurple", 1), "blurple"),
        (GOOD.replace("[names]", "[names]\nmauve = 'red'"), "mauve"),
        (GOOD.replace("dark = true", "dark = 'perhaps'"), "dark"),
        (GOOD.replace("muted =", "mutde ="), "names.mutde: .*did you mean `muted`"),
        (GOOD.replace("primary =", "primry ="), "base.primary is missing|did you mean `primary`"),
        (GOOD.replace("ansi = false", "ansi = true"), "not one of the terminal's own"),
    ],
)
def test_bad_themes_say_why(text: str, complaint: str) -> None:
    """A file that is no theme is refused with what is wrong in it."""
    with pytest.raises(ThemeError, match=complaint):
        read_theme(text)


def test_a_bad_theme_says_in_which_line() -> None:
    """The line is that of the colour, not of another table's key of the same name."""
    text = GOOD.replace('muted = "#8b98a9"', 'muted = "greyish"')
    with pytest.raises(ThemeError) as caught:
        read_theme(text)
    assert caught.value.line == 1 + text.splitlines().index('muted = "greyish"')


def test_a_users_folder(tmp_path: Path) -> None:
    """Own themes are added, a bad file is reported and stops nothing."""
    (tmp_path / "mine.toml").write_text(GOOD.replace('name = "dark"', 'name = "mine"'), encoding="utf-8")
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "notes.txt").write_text("not a theme", encoding="utf-8")
    loaded = load_themes(tmp_path)
    assert "mine" in {theme.name for theme in loaded.themes}
    assert [(Path(each.file).name, each.message) for each in loaded.problems] == [
        ("bad.toml", "not UTF-8 text")
    ]


def test_names_may_be_left_out() -> None:
    """A theme of base colours alone colours everything."""
    head, _, _ = GOOD.partition("[names]")
    theme = read_theme(head)
    assert theme.variables["phase-failed"] == theme.error
