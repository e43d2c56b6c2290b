"""The keys of commands by the commands' ids, as the user has them: what a text names must be what a key does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual.binding import Binding

from screens.action import CHARACTERS, Action


@dataclass(frozen=True, slots=True)
class Keys(Mapping[str, str]):
    """Answers, by a command's id, what a person presses for it: its first key, else its `:` form.

    For texts: `"{run} runs".format_map(keys)`.
    """

    actions: Sequence[Action] = ()

    def __getitem__(self, action_id: str) -> str:
        """Such as `r`, `gg`, `:zoom`; an id when it is neither on a key nor behind `:`."""
        action = self._of(action_id)
        if action is None:
            raise KeyError(action_id)
        return action.shown_keys.split(" ", maxsplit=1)[0] or action.usage.split(" ", maxsplit=1)[0] or action.id

    def __iter__(self):  # type: ignore[no-untyped-def]
        """The ids of all commands."""
        return (action.id for action in self.actions)

    def __len__(self) -> int:
        """How many commands there are."""
        return len(self.actions)

    def _of(self, action_id: str) -> Action | None:
        return next((action for action in self.actions if action.id == action_id), None)
