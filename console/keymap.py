"""The user's keys: the table `[keys]` of the settings file, checked against the table of commands and laid over it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from console.settings import KEYS, place_of
from operations.plan.errors import PlanError
from screens.action import CHARACTERS, Action, shown_key

NAMED = frozenset(
    [
        "enter",
        "escape",
        "tab",
        "space",
        "backspace",
        "delete",
        "insert",
        "home",
        "end",
        "pageup",
        "pagedown",
        "up",
        "down",
        "left",
        "right",
    ]
    + [f"f{number}" for number in range(1, 13)]
)
"""Keys that are no character, as Textual names them."""
ALIASES = {
    "esc": "escape",
    "return": "enter",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "del": "delete",
    "ins": "insert",
}
"""Other names that people write."""
MODIFIERS = ("ctrl", "alt", "shift")
TAKEN = {
    "ctrl+c": "Ctrl+C always says how to stop a run",
    "ctrl+p": "Ctrl+P is the palette",
    "ctrl+q": "Ctrl+Q always asks to quit",
    "ctrl+i": "terminals send the same for Tab",
    "ctrl+m": "terminals send the same for Enter",
    "ctrl+j": "terminals send the same for Enter",
    "ctrl+h": "terminals send the same for Backspace",
    "ctrl+s": "terminals stop their output at it",
    "ctrl+z": "it lays the console to sleep",
}
"""Keys that nobody may put elsewhere, and why; the command that has one by default may keep it."""
UNSAFE = {
    "y": "`y` says yes to what is asked",
    "n": "it looks like the answer to a question",
    "enter": "Enter opens and closes, and is typed too often",
    "space": "a space is typed too often",
    **dict.fromkeys(("backspace", "delete"), "it is typed to mend a word"),
    **dict.fromkeys(("tab", "shift+tab", "escape"), "it moves between panes and out of questions"),
    **dict.fromkeys(
        ("up", "down", "left", "right", "home", "end", "pageup", "pagedown"), "it is held down to move"
    ),
}
"""Keys that must not ask for anything that acts, and why."""
NEEDED = ("help", "command", "back")
"""Commands that must keep a key: without them nobody finds the way."""
_NAMES = {char: name for name, char in CHARACTERS.items()}


@dataclass(frozen=True, slots=True)
class KeyMap:
    """Keys by action id, for those that the user has put elsewhere."""

    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def over(self, actions: Sequence[Action]) -> tuple[Action, ...]:
        """The table of commands with these keys."""
        return tuple(replace(each, keys=self.keys.get(each.id, each.keys)) for each in actions)


def key_name(written: str) -> str | None:
    """A key as Textual names it, from what a person writes (`x`, `?`, `Ctrl+X`, `F5`); None when it is none."""
    *modifiers, key = written.rsplit("+", 1) if len(written) > 1 and not written.endswith("++") else [written]
    if written.endswith("++"):
        modifiers, key = [written[:-2]], "+"
    held = [each.strip().lower() for each in "+".join(modifiers).split("+") if each]
    if any(each not in MODIFIERS for each in held) or len(set(held)) != len(held):
        return None
    name = _plain_name(key.strip() or key, held)
    if name is None or (held == ["shift"] and len(key) == 1):
        return None
    return "+".join([*sorted(held, key=MODIFIERS.index), name])


def _plain_name(key: str, held: Sequence[str]) -> str | None:
    if len(key) == 1 and key.isprintable() and key.isascii():
        return (key.lower() if held else key) if key.isalnum() else _NAMES[key]
    lower = ALIASES.get(key.lower(), key.lower())
    return lower if lower in NAMED or lower in CHARACTERS else None


def read_keys(table: Any, file: Path, actions: Sequence[Action]) -> KeyMap:
    """The user's keys.

    Args:
        table: what stands under `[keys]`: action ids with a list of keys, or one key.
        file: the settings file, for complaints.
        actions: the table of commands.

    Raises:
        PlanError: something is unknown, unsafe, or on two commands; with its line and what to write instead.
    """
    if not isinstance(table, Mapping):
        raise PlanError("`keys` is a table", place_of(file, KEYS), 'such as:  [keys]  run = ["x"]')
    by_id = {action.id: action for action in actions}
    found: dict[str, tuple[str, ...]] = {}
    for action_id, written in table.items():
        if action_id not in by_id:
            raise _complaint(file, action_id, "there is no command with this id", _nearest(action_id, by_id))
        found[action_id] = tuple(
            _key(each, by_id[action_id], file) for each in _listed(written, action_id, file)
        )
    for needed in NEEDED:
        if needed in found and not found[needed]:
            raise _complaint(file, needed, "it must keep a key", "give it one or more")
    if "escape" not in found.get("back", ("escape",)):
        raise _complaint(
            file, "back", "Esc always goes back", 'keep it beside your own:  back = ["esc", "x"]'
        )
    _refuse_conflicts(found, actions, file)
    return KeyMap(found)


def _listed(written: Any, action_id: str, file: Path) -> list[str]:
    keys = [written] if isinstance(written, str) else written
    if not isinstance(keys, list) or not all(isinstance(key, str) and key for key in keys):
        raise _complaint(file, action_id, "wants a list of keys", f'such as:  {action_id} = ["x"]')
    return keys


def _key(written: str, action: Action, file: Path) -> str:
    key = key_name(written)
    if key is None:
        fix = _nearest(written.lower(), (*NAMED, *CHARACTERS)) or "such as x, ?, ctrl+x or f5"
        raise _complaint(file, action.id, f"`{written}` is no key", fix)
    if key in TAKEN and key not in action.keys:
        raise _complaint(file, action.id, f"`{written}` cannot be used: {TAKEN[key]}", "choose another key")
    if action.mutates and key in UNSAFE:
        why = f"`{written}` must not ask for what acts: {UNSAFE[key]}"
        raise _complaint(file, action.id, why, "choose a letter")
    return key


def _refuse_conflicts(found: Mapping[str, tuple[str, ...]], actions: Sequence[Action], file: Path) -> None:
    """Two commands may share a key only where the table of commands has them do so, in different rooms."""
    mapped = KeyMap(found).over(actions)
    for action, default in zip(mapped, actions, strict=True):
        for other, other_default in zip(mapped, actions, strict=True):
            if other is action or action.id not in found:
                continue
            both = set(action.keys) & set(other.keys) - (set(default.keys) & set(other_default.keys))
            if both and (action.room == other.room or None in (action.room, other.room)):
                key = min(both)
                shown = shown_key(key)
                fix = f"choose another key, or give `{other.id}` another one as well"
                raise _complaint(
                    file, action.id, f"`{shown}` is the key of `{other.id}` ({other.title})", fix
                )


def _nearest(word: str, known: Sequence[str] | Mapping[str, Action]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    if near:
        return f"did you mean `{near[0]}`?"
    return "ids are listed in docs/keys.md" if isinstance(known, Mapping) else ""


def _complaint(file: Path, action_id: str, problem: str, fix: str) -> PlanError:
    return PlanError(f"keys.{action_id}: {problem}", place_of(file, action_id, KEYS), fix or None)
