"""The user's keys: laid over the table of commands, or refused with the line and what to write instead."""

from __future__ import annotations

import string
from pathlib import Path

import pytest

from tests.screens.still import STILL

from textual.keys import _character_to_key  # isort: skip

from console.actions import ACTIONS
from console.keymap import KeyMap, key_name, read_keys
from console.settings import load_settings
from operations.plan.errors import PlanError
from tests.screens.driving import make, text_of, until

assert STILL


def keys_of(tmp_path: Path, text: str) -> KeyMap:
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    loaded = load_settings({"CUTOVER_CONFIG": str(file)})
    return read_keys(loaded.keys, loaded.file, ACTIONS)


@pytest.mark.parametrize("char", string.punctuation + "aZ5")
def test_characters_are_named_as_textual_names_them(char: str) -> None:
    assert key_name(char) == _character_to_key(char)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("x", "x"),
        ("X", "X"),
        ("F5", "f5"),
        ("Ctrl+X", "ctrl+x"),
        ("esc", "escape"),
        ("shift+Tab", "shift+tab"),
        ("alt+ctrl+k", "ctrl+alt+k"),
        ("ctrl++", "ctrl+plus"),
        ("question_mark", "question_mark"),
        ("hyper+x", None),
        ("shift+x", None),
        ("é", None),
        ("xx", None),
        ("f13", None),
    ],
)
def test_keys_are_written_as_people_write_them(written: str, name: str | None) -> None:
    assert key_name(written) == name


def test_a_changed_key_stands_in_the_table_and_the_others_stay(tmp_path: Path) -> None:
    actions = {
        each.id: each
        for each in keys_of(tmp_path, '[keys]\nrun = "ctrl+r"\ndown = ["ctrl+n", "F6"]\n').over(ACTIONS)
    }
    assert (actions["run"].keys, actions["down"].keys) == (("ctrl+r",), ("ctrl+n", "f6"))
    assert actions["rollback"].keys == ("R",)
    assert actions["down"].shown_keys == "Ctrl+N F6"


def test_keys_may_change_places(tmp_path: Path) -> None:
    actions = {
        each.id: each for each in keys_of(tmp_path, '[keys]\nup = ["j"]\ndown = ["k"]\n').over(ACTIONS)
    }
    assert (actions["up"].keys, actions["down"].keys) == (("j",), ("k",))


def test_a_key_may_be_taken_away(tmp_path: Path) -> None:
    assert keys_of(tmp_path, "[keys]\nrun = []\n").keys == {"run": ()}


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ('rnu = ["x"]', "keys.rnu: there is no command with this id; did you mean `run`?"),
        ('run = ["enter"]', "keys.run: `enter` must not ask for what acts: .*; choose a letter"),
        ('run = ["y"]', "says yes to what is asked"),
        ('rollback = ["backspace"]', "typed to mend a word"),
        ('rollback = ["down"]', "held down to move"),
        ('run = ["ctrl+c"]', "always says how to stop a run"),
        ('zoom = ["ctrl+p"]', "is the palette"),
        ('run = ["f"]', "keys.run: `f` is the key of `zoom`"),
        ('run = ["R"]', "is the key of `rollback`"),
        ('run = ["entr"]', "`entr` is no key; did you mean `enter`?"),
        ("run = 5", "wants a list of keys"),
        ("run = [5]", "wants a list of keys"),
        ("help = []", "keys.help: it must keep a key"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(tmp_path: Path, row: str, complaint: str) -> None:
    with pytest.raises(PlanError, match=complaint) as caught:
        keys_of(tmp_path, f'theme = "dark"\n\n[keys]\n# mine\n{row}\n')
    assert str(caught.value).startswith(f"{tmp_path / 'config.toml'}:5: ")


def test_two_of_the_users_own_keys_must_differ(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="is the key of"):
        keys_of(tmp_path, '[keys]\nzone = ["f6"]\nzoom = ["f6"]\n')


def test_the_defaults_would_be_allowed(tmp_path: Path) -> None:
    """The table of commands itself breaks none of these rules."""
    rows = "".join(f"{each.id} = {list(each.keys)!r}\n" for each in ACTIONS if each.keys)
    assert len(keys_of(tmp_path, f"[keys]\n{rows}").keys) == sum(bool(each.keys) for each in ACTIONS)


async def test_the_console_obeys_and_shows_the_users_keys() -> None:
    keys = KeyMap({"zoom": ("f6",), "arm": ("f7",), "run": ()})
    driven = make(keys=keys)
    async with driven.app.run_test(size=(120, 40)) as pilot:
        await driven.settle(pilot)
        await pilot.press("f")
        assert not driven.app.room.panes.zoomed
        await pilot.press("f6")
        assert driven.app.room.panes.zoomed
        await pilot.press("escape")
        assert "F6 full" in text_of(driven.app)
        await driven.dialog(pilot, "f7")
        assert "Arm all phases" in text_of(driven.app)
        await pilot.press("escape")
        driven.app.armed = frozenset({"*"})
        await pilot.press("r")
        await pilot.pause()
        assert len(driven.app.screen_stack) == 1
        await driven.dialog(pilot, "question_mark")
        rows = [row for row in text_of(driven.app).splitlines() if "Leave read-only for a phase" in row]
        assert any("F7" in row.split() for row in rows), rows


async def test_whatever_names_a_key_names_the_users() -> None:
    """Dialogs, notes, the tour and the large plot show the keys that work, and these work there."""
    keys = KeyMap(
        {
            "run": ("x",),
            "rollback": ("X",),
            "bottom": ("f8",),
            "metric": ("f9",),
            "into": ("f10",),
            "down": ("f11",),
        }
    )
    driven = make(keys=keys)
    async with driven.app.run_test(size=(80, 24)) as pilot:
        await driven.settle(pilot)
        driven.app.run_command("arm")
        await driven.dialog(pilot)
        assert "x and X may ask" in text_of(driven.app)
        await pilot.press("escape")
        await driven.dialog(pilot, "f9")
        shown = text_of(driven.app)
        assert "h F10 others" in shown
        await pilot.press("f10")
        await pilot.pause()
        assert text_of(driven.app) != shown
        await pilot.press("f9")
        await until(pilot, lambda: driven.app.screen is driven.app.main)
        await pilot.press("5", "k")
        await until(pilot, lambda: "scrolled, F8 follows" in text_of(driven.app))
        driven.app.run_command("tour")
        await pilot.press("n")
        await until(pilot, lambda: "F11 k move" in text_of(driven.app))
        await driven.dialog(pilot, "question_mark")
        assert "F11 k scroll" in text_of(driven.app)


def test_esc_always_goes_back(tmp_path: Path) -> None:
    """Everything says so, and a filter could not be left otherwise."""
    with pytest.raises(PlanError, match="Esc always goes back"):
        keys_of(tmp_path, '[keys]\nback = ["f6"]\n')
    assert keys_of(tmp_path, '[keys]\nback = ["esc", "f6"]\n').keys["back"] == ("escape", "f6")
