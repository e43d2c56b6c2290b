"""The keys of commands by the commands' ids, as the user has them: what a text names must be what a key does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from textual.binding import Binding
from textual.screen import Screen

from screens.action import Action


class Keys(Mapping[str, str]):
    """Answers, by a command's id, what a person presses for it: its first key, else its `:` form, else its title.

    For texts: `"{run} asks to run".format_map(keys)`, with `-` in ids written as `_`.
    """

    def __init__(self, actions: Sequence[Action] = ()) -> None:
        """Take the table of commands with the user's keys."""
        self._actions = {action.id.replace("-", "_"): action for action in actions}

    def __getitem__(self, action_id: str) -> str:
        """Such as `r`, `gg` or `:resume`."""
        action = self._actions[action_id.replace("-", "_")]
        return action.shown_keys.split(" ", maxsplit=1)[0] or action.usage.split(" ")[0] or action.title

    def __iter__(self) -> Iterator[str]:
        """The ids, as texts write them."""
        return iter(self._actions)

    def __len__(self) -> int:
        """How many commands there are."""
        return len(self._actions)

    def bind(self, screen: Screen[Any], acts: Mapping[str, str]) -> None:
        """Have a screen do something of its own by the keys of these commands; what it has bound already stays."""
        for action_id, act in acts.items():
            action = self._actions.get(action_id.replace("-", "_"))
            if action is not None and action.keys:
                bound = Binding(",".join(action.keys), act, show=False)
                for each in Binding.make_bindings([bound]):
                    screen._bindings.key_to_bindings.setdefault(each.key, [each])  # noqa: SLF001 - as Textual's own keymaps
