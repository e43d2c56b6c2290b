"""The one table of commands: key bindings, the `:` line, the palette and help are all made of it."""

from __future__ import annotations

from collections.abc import Sequence

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
    Action("skip", "Skip…", "Ask to leave an operation out, so that the rest goes on.", Scope.RUN,
           (), "skip", "[ID]", mutates=True),
    Action("mark-done", "Mark done…", "Verify an operation, then ask to count it as done by hand, or as undone in a rollback.",
           Scope.RUN, (), "mark-done", "[ID]", mutates=True),
    Action("orphan", "Orphan…", "Ask to give up an operation's way back, so that the rest of a rollback goes on.", Scope.RUN,
           (), "orphan", "[ID]", mutates=True),
    Action("resolve", "Resolve…", "Look at an operation in doubt, and settle it by your signed word.", Scope.RUN,
           (), "resolve", "[ID]", mutates=True),
    Action("approve", "Approve…", "Approve an operation as a second person, or attest what was done by hand.", Scope.RUN,
           (), "approve", "[ID]", mutates=True),
    Action("arm", "Arm…", "Leave read-only for a phase, or for all, by typing the account's alias.", Scope.SAFETY,
           (), "arm", "[PHASE]", hint="to act"),
    Action("disarm", "Disarm", "Back to read-only.", Scope.SAFETY, (), "disarm"),
    Action("login", "Log in…", "Lend the terminal to the login command, then read the credentials anew; disarms.",
           Scope.SAFETY, (), "login"),
    Action("note", "Note", "Put a remark into the journal.", Scope.SAFETY, (), "note", "TEXT"),
    Action("waive", "Waive…", "Sign that a constraint, or a criterion of the gate, may be disregarded until a time.",
           Scope.SAFETY, (), "waive", "ID until TIME REASON"),
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
    Action("sort", "Sort", "Sort the room's list by the next thing, or by the one named.", Scope.LOOK, ("s",), "sort", "[BY]"),
    Action("goto", "Go to", "Put the cursor on an operation.", Scope.LOOK, (), "goto", "ID"),
    Action("open", "Open", "Open or close a phase; read an operation, a constraint or a metric.", Scope.LOOK, ("enter",)),
    Action("way-back", "Way back", "Undoing everything: the order, minutes, guards, losses, and by when to begin.",
           Scope.ROOMS, ("B",), "way-back"),
    Action("map", "Map of the plan", "Waves, the critical path, minutes and slack, and where each operation stands.",
           Scope.ROOMS, ("M",), "map"),
    Action("constraints", "Constraints", "What stands in the way: severity, status, owner, week, and the operations that wait.",
           Scope.ROOMS, ("C",), "constraints", "[ID]"),
    Action("gate", "Gate", "GO or not: scores, every sample with its age, what would make it GO, waivers, sign-offs.",
           Scope.ROOMS, ("o",), "gate", "[ID]"),
    Action("take", "Take the verdict", "Make every criterion of the gate now, with reads alone, and keep the verdict.",
           Scope.SAFETY, ("t",), "take", room="gate", hint="take"),
    Action("sign", "Sign the verdict…", "Sign that one may pass the gate, as an approver; each role by another person.",
           Scope.SAFETY, (), "sign", "[ROLE]", room="gate"),
    Action("attest", "Attest a criterion…", "Give your word for a criterion that only a person can make.",
           Scope.SAFETY, ("a",), "attest", "[CRITERION pass|fail EVIDENCE]", room="gate", hint="attest"),
    Action("drill", "Drill", "What can go wrong in the sandbox, and what does.", Scope.ROOMS, ("D",), "drill"),
    Action("inject", "Inject…", "Ask to put the chosen fault or scenario on the sandbox's wire.", Scope.RUN, ("i",), "inject",
           "[NAME]", hint="inject", room="drill"),
    Action("clear-faults", "Clear the faults…", "Ask to take every fault off the wire.", Scope.RUN, ("x",), "clear-faults",
           hint="clear", room="drill"),
    Action("metrics", "Metrics", "A plot of each metric with its bound, the most urgent first, and what asking costs.",
           Scope.ROOMS, ("E",), "metrics"),
    Action("pause-metrics", "Pause metrics", "Ask for no metrics any more, or go on.", Scope.LOOK, ("space",),
           "pause-metrics", hint="pause", room="metrics"),
    Action("metrics-seldom", "Metrics less often", "Ask for metrics more seldom.", Scope.LOOK, ("plus",),
           hint="seldom", room="metrics"),
    Action("metrics-often", "Metrics more often", "Ask for metrics more often, at most as the setting says.", Scope.LOOK,
           ("minus",), hint="often", room="metrics"),
    Action("journal", "Journal", "Every event, searched, marked, in full; and back in time.", Scope.ROOMS, ("J",), "journal"),
    Action("search", "Search the journal", "Words, kind:step op:vpc actor:kim run:01J since:01:20 until:-5m; Esc shows all.",
           Scope.JOURNAL, (), "search", "[TEXT]", room="journal"),
    Action("match-next", "Next match", "To the next event that matches.", Scope.JOURNAL, ("n",), hint="match", room="journal"),
    Action("match-previous", "Match before", "To the match before.", Scope.JOURNAL, ("N",), room="journal"),
    Action("only-matches", "Matches alone, or all", "Show the matches alone, or among all events.", Scope.JOURNAL,
           ("o",), hint="only", room="journal"),
    Action("mark", "Mark", "Mark the event under the cursor, or not any more.", Scope.JOURNAL, ("m",), hint="mark", room="journal"),
    Action("mark-next", "Next mark", "To the next marked event.", Scope.JOURNAL, ("u",), room="journal"),
    Action("mark-previous", "Mark before", "To the marked event before.", Scope.JOURNAL, ("U",), room="journal"),
    Action("jump", "Jump", "Put the cursor on an event, by its number or a time.", Scope.JOURNAL, (), "jump",
           "#SEQ | TIME", room="journal"),
    Action("travel", "Travel there", "Every screen shows the moment of the event under the cursor.", Scope.JOURNAL,
           ("t",), hint="travel", room="journal"),
    Action("at", "At a moment", "Every screen shows what the journal said at this moment; nothing can act meanwhile.",
           Scope.TIME, (), "at", "TIME | #SEQ | -5m"),
    Action("now", "Now", "Back from the past: every screen shows what is, and may act.", Scope.TIME, (), "now", hint="returns"),
    Action("step-on", "Step on", "To the next event; it begins in the journal's room, or from `:at`.", Scope.TIME,
           ("right_square_bracket",), hint="on"),
    Action("step-back", "Step back", "To the event before.", Scope.TIME, ("left_square_bracket",), hint="before"),
    Action("jump-on", "Jump on", "To the next event at which an operation or a run changed its state.", Scope.TIME,
           ("right_curly_bracket",)),
    Action("jump-back", "Jump back", "To the one before.", Scope.TIME, ("left_curly_bracket",)),
    Action("play", "Play", "Let time go on from here, or stop it; what is idle for long is passed over.", Scope.TIME,
           ("P",), "play", hint="play"),
    Action("faster", "Faster", "Play faster, up to 60 times.", Scope.TIME, ("greater_than_sign",)),
    Action("slower", "Slower", "Play slower, down to as it happened.", Scope.TIME, ("less_than_sign",)),
    Action("verify", "Verification", "Every check: what it said last, how old that is, what has changed since the time before.",
           Scope.ROOMS, ("V",), "verify", "[WORDS]"),
    Action("make", "Make checks", "Make the chosen check, those shown, a category or all, with reads alone.",
           Scope.SAFETY, ("v",), "make", "[all | shown | CATEGORY | ID]", room="verify", hint="make"),
    Action("stop", "Stop making", "Begin no more checks; those in flight end. Checks only read: there is nothing to undo.",
           Scope.SAFETY, ("x",), "stop", room="verify", hint="stop"),
    Action("roles", "Roles and hand-over", "Who answers for what is chosen, who is on and armed, who has the lease, the spoken phrase.",
           Scope.ROOMS, ("W",), "roles"),
    Action("handover", "Hand over…", "Offer the watch to somebody, who accepts it with the phrase that you read out.",
           Scope.SAFETY, (), "handover", "[TO SUMMARY]"),
    Action("accept", "Accept the watch…", "Take the watch over, by typing the phrase that you are told.",
           Scope.SAFETY, (), "accept"),
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
    Action("messages", "Messages", "What was said at the bottom right, the newest first; those lines go away by themselves.",
           Scope.CONSOLE, (), "messages"),
    Action("redraw", "Draw again", "Send the whole screen again: something else has written on the terminal.", Scope.CONSOLE,
           ("ctrl+l",), "redraw"),
    Action("theme", "Theme", "Change the colours.", Scope.CONSOLE, (), "theme", "NAME"),
    Action("quit", "Quit", "Close the console; a run that is going goes on without it.", Scope.CONSOLE, ("ctrl+q",), "quit"),
)  # fmt: skip
"""Every command, in the order in which help and the hint line show them."""

HINTED = tuple(
    action
    for name in (
        "now",
        "step-back",
        "step-on",
        "play",
        "help",
        "command",
        "filter",
        "arm",
        "run",
        "rollback",
        "pause",
        "next-pane",
        "zoom",
        "zone",
    )
    for action in ACTIONS
    if action.id == name
)
"""Those of the hint line, most wanted first."""


def meant_by(name: str, actions: Sequence[Action] = ACTIONS) -> tuple[Action, ...]:
    """The actions that `:name` may mean: the one of that name, else all that begin like it."""
    exact = tuple(action for action in actions if action.command == name)
    return exact or tuple(each for each in actions if name and each.command and each.command.startswith(name))


def by_command(name: str) -> Action | None:
    """The action behind `:name`; a shorter form counts when it can mean only one."""
    found = meant_by(name)
    return found[0] if len(found) == 1 else None


def no_such_command(name: str, lists: str, actions: Sequence[Action] = ACTIONS) -> str:
    """Why a name is no command: it could be several, or none; `lists` is what a person presses for help."""
    several = [f":{action.command}" for action in meant_by(name, actions)]
    if len(several) > 1:
        return f":{name} could be {', '.join(several[:-1])} or {several[-1]}; nothing was done"
    return f"there is no command {name}; {lists} lists them"


def parse(text: str) -> tuple[Action | None, str]:
    """A line from the command line: its action, None when there is none, and what follows the name."""
    name, _, argument = text.strip().removeprefix(":").strip().partition(" ")
    return by_command(name), argument.strip()
