"""The commands of the line mode: those of the one table that make sense without a screen, and a few more to look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from screens.action import Action, Scope

OWN = (
    Action("plain-status", "Status", "Where the plan stands, and what needs a person.", Scope.LOOK, (), "status"),
    Action("plain-list", "List", "The phases, or the operations of one, numbered.", Scope.LOOK, (), "list", "[PHASE]"),
    Action("plain-show", "Show", "One operation: its state, calls, checks, and way back.", Scope.LOOK, (), "show", "ID"),
    Action("plain-follow", "Follow", "Say every event as it comes; Enter ends this, not the run.", Scope.LOOK, (), "follow"),
    Action("plain-metrics", "Metrics", "Values, thresholds and ages.", Scope.LOOK, (), "metrics", "[ID]"),
    Action("plain-constraints", "Constraints", "What stands in the way, numbered.", Scope.LOOK, (), "constraints", "[ID]"),
    Action("plain-journal", "Journal", "The newest events.", Scope.LOOK, (), "journal", "[COUNT]"),
    Action("plain-gate", "Gate", "The go/no-go verdicts that the journal holds.", Scope.LOOK, (), "gate", "[ID]"),
    Action("plain-menu", "Menu", "The commands, numbered.", Scope.CONSOLE, (), "menu"),
)  # fmt: skip
"""Commands of the line mode alone; one of the table of commands with the same word goes before it."""
MENU = (
    "status", "list", "show", "arm", "run", "rollback", "pause", "resume", "cancel", "follow", "metrics", "constraints",
    "journal", "gate", "note", "help", "quit",
)  # fmt: skip
"""The menu, in this order."""


def spoken(actions: Iterable[Action], words: Iterable[str]) -> Mapping[str, Action]:
    """The commands that the line mode has, by their word, in the table's order."""
    table = {action.command: action for action in (*OWN, *actions) if action.command}
    wanted = set(words)
    return {word: action for word, action in table.items() if word in wanted}


def find(commands: Mapping[str, Action], word: str) -> str | None:
    """The command that a word means; a shorter form counts when it can mean only one."""
    if word in commands:
        return word
    found = [each for each in commands if word and each.startswith(word)]
    return found[0] if len(found) == 1 else None
