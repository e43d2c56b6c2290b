"""The commands of the line mode: those of the one table, in the words of lines, and a few more to look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from screens.action import Action, Scope

OWN = (
    Action("plain-status", "Status", "Where the plan stands, and what needs a person.", Scope.LOOK, (), "status"),
    Action("plain-list", "List", "The phases, or the operations of one, numbered.", Scope.LOOK, (), "list", "[PHASE]"),
    Action("plain-show", "Show", "One operation: its state, calls, checks, and way back.", Scope.LOOK, (), "show", "ID"),
    Action("plain-follow", "Follow", "Say every event as it comes; Enter ends this, not the run.", Scope.LOOK, (), "follow"),
    Action("plain-metrics", "Metrics", "Values, thresholds and ages, and what asking costs.", Scope.LOOK, (), "metrics", "[ID]"),
    Action("plain-metric", "Metric", "One metric.", Scope.LOOK, (), "metric", "ID"),
    Action("plain-constraints", "Constraints", "What stands in the way, numbered, or one in full.", Scope.LOOK, (),
           "constraints", "[ID]"),
    Action("plain-journal", "Journal", "The newest events.", Scope.LOOK, (), "journal", "[COUNT]"),
    Action("plain-search", "Search", "Events by words, kind:step op:vpc actor:kim since:01:20 until:-5m, numbered.",
           Scope.LOOK, (), "search", "TEXT"),
    Action("plain-jump", "Jump", "One event in full, by its number or a time.", Scope.LOOK, (), "jump", "#SEQ | TIME"),
    Action("plain-at", "At", "Every command answers as of this moment; nothing can act meanwhile.", Scope.LOOK, (),
           "at", "TIME | #SEQ | -5m"),
    Action("plain-play", "Play", "In the past: say what came after, event by event; Enter stops.", Scope.LOOK, (), "play"),
    Action("plain-gate", "Gate", "GO or not: scores, samples, what would make it GO, signatures; or one criterion in full.",
           Scope.LOOK, (), "gate", "[GATE | CRITERION]"),
    Action("plain-verify", "Verify", "Every check, what it said last and how old that is, numbered; or one in full.",
           Scope.LOOK, (), "verify", "[ID | WORDS]"),
    Action("plain-roles", "Roles", "Who is on, who has the lease, the spoken phrase, who answers for what; or one task in full.",
           Scope.LOOK, (), "roles", "[TASK]"),
    Action("plain-map", "Map", "Waves, the critical path, planned and actual times, slack.", Scope.LOOK, (), "map"),
    Action("plain-drill", "Drill", "What is on the sandbox's wire, and what can be put there; or one fault or scenario in full.",
           Scope.LOOK, (), "drill", "[NAME]"),
    Action("plain-filter", "Filter", "Operations whose id, title or state has these words, numbered.", Scope.LOOK, (),
           "filter", "TEXT"),
    Action("plain-sort", "Sort", "Say the last list again in its next order, or in the one that is named.", Scope.LOOK, (),
           "sort", "[BY]"),
    Action("plain-goto", "Go to", "The same as show.", Scope.LOOK, (), "goto", "ID"),
    Action("plain-copy", "Copy", "Put the last answer, or the journal's spoken phrase, into tmux's buffer.", Scope.LOOK, (),
           "copy", "[phrase]"),
    Action("plain-screenshot", "Keep what was said", "Keep what was said so far in a file for you alone.", Scope.LOOK, (),
           "screenshot"),
    Action("plain-cutover", "Cutover", "The same as status.", Scope.LOOK, (), "cutover"),
    Action("plain-help", "Help", "Every command.", Scope.CONSOLE, (), "help"),
    Action("plain-tour", "Tour", "How this works, in a few lines.", Scope.CONSOLE, (), "tour"),
    Action("plain-menu", "Menu", "The commands, numbered.", Scope.CONSOLE, (), "menu"),
)  # fmt: skip
"""Commands of the line mode, before those of the one table with the same word, which say the same of screens."""
MENU = (
    "status", "list", "show", "arm", "run", "rollback", "pause", "resume", "cancel", "follow", "metrics", "constraints",
    "journal", "gate", "verify", "roles", "map", "way-back", "note", "tour", "help", "quit",
)  # fmt: skip
"""The menu, in this order."""
WITHOUT = {
    "theme": "lines have no colours, so that there is no theme to choose",
    "messages": "lines stay where they were said; screenshot keeps them in a file",
    "redraw": "nothing is drawn here, so that there is nothing to draw again",
}
"""Commands that mean nothing in lines, and why."""
TOUR = (
    "Status says where you are, as whom, whether anything may be asked for, what runs, and whether one can still go back.",
    "List names the phases and then their operations with a number each; the number alone shows one of them in full.",
    "Nothing acts until you type arm and the account's alias. Then run and rollback say every call first and want a whole word.",
    "A run that you asked for is followed line by line; Enter comes back to the prompt, and the run goes on.",
    "What is urgent is said at once, the rest at the next empty line.",
    "At TIME answers as of that moment, and now comes back. Help lists every command; quit leaves, and what runs goes on.",
)
"""What the tour says."""


def spoken(actions: Iterable[Action], words: Iterable[str]) -> Mapping[str, Action]:
    """The commands that the line mode has, by their word, in the table's order."""
    table = {action.command: action for action in (*OWN, *actions, *OWN) if action.command}
    wanted = set(words)
    return {word: action for word, action in table.items() if word in wanted}


def find(commands: Mapping[str, Action], word: str) -> str | None:
    """The command that a word means; a shorter form counts when it can mean only one."""
    if word in commands:
        return word
    found = [each for each in commands if word and each.startswith(word)]
    return found[0] if len(found) == 1 else None
