"""The one table of commands: key bindings, the `:` line, the palette and help are all made of it."""

from __future__ import annotations

from screens.action import Action, Scope

ACTIONS: tuple[Action, ...] = (
    Action("run", "Run…", "Ask to run what is chosen, an operation or a phase.", Scope.RUN,
           ("r",), "run", "[ID | phase N]", mutates=True, hint="run"),
    Action("rollback", "Roll back…", "Ask to undo what is chosen, an operation, a phase or everything.", Scope.RUN,
           ("R",), "rollback", "[ID | phase N | all]", mutates=True, hint="roll back"),
    Action("pause", "Pause…", "Ask to start nothing new; what is in flight is finished.", Scope.RUN,
           ("p",), "pause", mutates=True, hint="pause"),
    Action("resume", "Resume…", "Ask to end a pause, or to take up a run whose runner is gone.", Scope.RUN,
           (), "resume", mutates=True),
    Action("cancel", "Cancel the run…", "Ask to finish what is in flight and stop; never stops a rollback.", Scope.RUN,
           (), "cancel", mutates=True),
    Action("arm", "Arm…", "Leave read-only for a phase, or for all, by typing the account's alias.", Scope.SAFETY,
           (), "arm", "[PHASE]", hint="to act"),
    Action("disarm", "Disarm", "Back to read-only.", Scope.SAFETY, (), "disarm"),
    Action("login", "Log in…", "Lend the terminal to the login command, then read the credentials anew; disarms.",
           Scope.SAFETY, (), "login"),
    Action("note", "Note", "Put a remark into the journal.", Scope.SAFETY, (), "note", "TEXT"),
    Action("help", "Help", "Keys, commands and what the glyphs mean.", Scope.CONSOLE,
           ("question_mark",), "help", hint="help"),
    Action("tour", "Tour", "A walk round the first room; it blocks nothing, and Esc ends it.", Scope.CONSOLE, (), "tour"),
    Action("tour-next", "Next stop", "On to the next stop of the tour.", Scope.CONSOLE, ("n",)),
    Action("doctor", "Doctor", "What this terminal, host and account can do, and what to do about what is not well.",
           Scope.ROOMS, (), "doctor"),
    Action("copy", "Copy", "Copy what is chosen, the journal's spoken phrase or the screen; the text is shown as well.",
           Scope.LOOK, ("y",), "copy", "[phrase | screen]"),
    Action("screenshot", "Screenshot", "Keep the screen as SVG and as text, in files for you alone.",
           Scope.LOOK, (), "screenshot"),
    Action("command", "Command line", "Type a command; Tab completes it.", Scope.CONSOLE, ("colon",), hint="command"),
    Action("filter", "Filter the plan", "Show only operations whose id, title or state matches; Esc shows all.",
           Scope.LOOK, ("slash",), "filter", "[TEXT]", hint="filter"),
    Action("goto", "Go to", "Put the cursor on an operation.", Scope.LOOK, (), "goto", "ID"),
    Action("open", "Open", "Open or close a phase; read an operation, a constraint or a metric.", Scope.LOOK, ("enter",)),
    Action("way-back", "Way back", "Undoing everything: the order, minutes, guards, losses, and by when to begin.",
           Scope.ROOMS, ("B",), "way-back"),
    Action("map", "Map of the plan", "Waves, the critical path, minutes and slack, and where each operation stands.",
           Scope.ROOMS, ("M",), "map"),
    Action("cutover", "Cutover", "Back to the first room, from wherever you are.", Scope.ROOMS, (), "cutover"),
    Action("metric", "Metric, large", "Draw the chosen metric over the whole screen.", Scope.LOOK, ("m",), "metric", "[ID]"),
    Action("zoom", "Full screen", "Give one pane the whole screen, and back.", Scope.LOOK, ("f",), hint="full"),
    Action("zone", "UTC or local time", "Show times in UTC or in local time; the zone is always printed.", Scope.LOOK,
           ("z",), "zone", hint="zone"),
    Action("pane-1", "Plan", "Focus the plan.", Scope.MOVE, ("1",)),
    Action("pane-2", "Operation", "Focus the operation.", Scope.MOVE, ("2",)),
    Action("pane-3", "Metrics", "Focus the metrics.", Scope.MOVE, ("3",)),
    Action("pane-4", "Constraints", "Focus the constraints.", Scope.MOVE, ("4",)),
    Action("pane-5", "Journal", "Focus the journal.", Scope.MOVE, ("5",)),
    Action("next-pane", "Next pane", "The focus goes to the next pane.", Scope.MOVE, ("tab",), hint="pane"),
    Action("previous-pane", "Previous pane", "The focus goes to the pane before.", Scope.MOVE, ("shift+tab",)),
    Action("down", "Down", "One line down.", Scope.MOVE, ("j",)),
    Action("up", "Up", "One line up.", Scope.MOVE, ("k",)),
    Action("into", "Into", "Open a phase.", Scope.MOVE, ("l",)),
    Action("out", "Out", "Close a phase, or go to what holds the row.", Scope.MOVE, ("h",)),
    Action("top", "First line", "To the first line.", Scope.MOVE, ("g",)),
    Action("bottom", "Last line", "To the last line; in the journal this follows it again.", Scope.MOVE, ("G",)),
    Action("page-down", "Page down", "One screenful down.", Scope.MOVE, ("ctrl+d",)),
    Action("page-up", "Page up", "One screenful up.", Scope.MOVE, ("ctrl+u",)),
    Action("back", "Back", "End the filter, then full screen, then leave the room, then back to the plan.", Scope.MOVE, ("escape",)),
    Action("theme", "Theme", "Change the colours.", Scope.CONSOLE, (), "theme", "NAME"),
    Action("quit", "Quit", "Close the console; a run that is going goes on without it.", Scope.CONSOLE, ("ctrl+q",), "quit"),
)  # fmt: skip
"""Every command, in the order in which help and the hint line show them."""

HINTED = tuple(
    action
    for name in ("help", "command", "filter", "arm", "run", "rollback", "pause", "next-pane", "zoom", "zone")
    for action in ACTIONS
    if action.id == name
)
"""Those of the hint line, most wanted first."""


def by_command(name: str) -> Action | None:
    """The action behind `:name`; a shorter form counts when it can mean only one."""
    exact = [action for action in ACTIONS if action.command == name]
    starting = [action for action in ACTIONS if action.command and name and action.command.startswith(name)]
    found = exact or starting
    return found[0] if len(found) == 1 else None


def parse(text: str) -> tuple[Action | None, str]:
    """A line from the command line: its action, None when there is none, and what follows the name."""
    name, _, argument = text.strip().removeprefix(":").strip().partition(" ")
    return by_command(name), argument.strip()
