"""The Ctrl+P palette, made of the one table of commands."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from textual.command import DiscoveryHit, Hit, Hits, Provider

from screens.action import Action


class ActionProvider(Provider):
    """Finds commands by title; what needs an argument opens the `:` line instead."""

    async def discover(self) -> Hits:
        """All commands, in the table's order."""
        for action in _actions(self.app):
            if _offered(action):
                yield DiscoveryHit(_title(action), partial(_choose, self.app, action), help=action.help)

    async def search(self, query: str) -> Hits:
        """Commands whose title matches."""
        matcher = self.matcher(query)
        for action in _actions(self.app):
            title = _title(action)
            if _offered(action) and (score := matcher.match(title)) > 0:
                yield Hit(
                    score, matcher.highlight(title), partial(_choose, self.app, action), help=action.help
                )


def _actions(app: Any) -> Sequence[Action]:
    """The table of commands with the user's keys."""
    actions: Sequence[Action] = app.actions
    return actions


def _offered(action: Action) -> bool:
    return action.command is not None or action.id.startswith("pane-") or action.id == "zoom"


def _title(action: Action) -> str:
    keys = f" ({action.shown_keys})" if action.keys else ""
    return f"{action.title}{keys}"


def _choose(app: Any, action: Action) -> None:
    if action.arguments and not action.arguments.startswith("["):
        app.ask_command(f"{action.command} ")
    else:
        app.do(action.id)
