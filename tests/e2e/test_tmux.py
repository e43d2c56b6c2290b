"""A walk through all keys of the table of commands, by a script in a real tmux: each does what it says, or says why not.

Keys come from the table, so that one that is added there is walked through by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

import pytest

from console.actions import ACTIONS
from screens.action import CHARACTERS, Action, Scope
from state.reader import JournalReader
from tests.e2e.conftest import COMMAND, Cutover
from tests.e2e.tmux import Cell, Tmux, needs_tmux

ALIAS = "mistersmith-prod"
SOON = 10.0
"""Seconds within which a key shows what it does, on a busy machine too."""
PACES = (">", "<")
"""`faster` and `slower`: where nothing is open they say how fast a replay goes, so that what came before is known to be done."""
PACED = re.compile(r"│ a replay goes (\d+) times as fast as it happened │")
REVIEW = "   REVIEW   "
"""What the first line says while the past is shown."""
BACK = "Esc back"
"""What the line of hints says in every room but the first."""
COUNTED = re.compile(r"[─ ]*[<~]?\d+(?: (?:s|min|h)\b| ?m\b)?(?: old| ago)?[─ ]*|[─ ]{2,}|[▁-█]+")
"""Ages, figures and little plots go on by themselves."""
FIRST = ("1", "g", "g")
"""To the first line of the plan."""
SETUP: dict[str, tuple[str, ...]] = {
    "top": ("1", "G"),
    "up": ("1", "G"),
    "page-up": ("1", "G"),
    "down": FIRST,
    "page-down": FIRST,
    "bottom": FIRST,
    "into": (*FIRST, "h"),
    "open": FIRST,
    "out": (*FIRST, "l"),
    "back": ("f",),
    "pane-1": ("2",),
    "mark": ("G",),
    "mark-next": ("m",),
}
"""What is pressed first, so that a key has something to do."""
LOOKS: dict[str, str] = {
    "help": "╭─ Help ",
    "copy": "╭─ Copy ",
    "command": r"(?m)^ ?:",
    "filter": "Esc shows all",
    "metric": "Esc closes",
    "tour-next": ":tour shows you round",
    "sort": "nothing to sort",
    "zone": r"local [+-]\d",
    "faster": "goes 2 times",
    "slower": "goes 1 times",
    "play": "goes back in time",
    "step-on": "goes back in time",
    "step-back": "goes back in time",
    "jump-on": "goes back in time",
    "jump-back": "goes back in time",
    "take": "making every",
    "inject": "╭─ Inject ",
    "travel": REVIEW,
    "only-matches": "all events|matches alone",
    "pause-metrics": "metrics are (paused|read)",
    "metrics-seldom": "metrics are read every",
    "metrics-often": "metrics are read every",
}
"""What is to be seen of a key; of the others, that anything at all is."""
HARMLESS = re.compile(
    r"journal\..*|plan\..*|check\.result|gate\.verdict|request\.(arm|disarm)|drill\.started|guard\.result"
)
"""The events of a console in which nothing was confirmed: it reads, and it arms."""


SHELL = (
    'before=$(stty -g); "$@"; code=$?; [ "$(stty -g)" = "$before" ] && modes="as before"; '
    'echo "ENDED $code, modes $modes"; exec cat'
)
"""Runs the console and says how it has ended; the window stays."""


class Walker:
    """A console in a tmux window, and somebody who presses keys in it."""

    def __init__(self, tmux: Tmux, journal: Path) -> None:
        self.tmux = tmux
        self.journal = journal
        self._paces = cycle(PACES)
        self.silent: list[str] = []

    def kinds(self) -> set[str]:
        """The kinds of the journal's events."""
        with JournalReader(self.journal) as reader:
            return {event.kind for event in reader.events()}

    def calm(self) -> None:
        """Every key so far is done with, and nothing is open."""
        assert self.is_calm(SOON), f"something is open that should not be:\n{self.tmux.text}"

    def is_calm(self, patience: float) -> bool:
        """Whether that is so within some seconds; a key right behind Esc may be taken for Alt and that key."""
        before = PACED.search(self.tmux.text)
        old = before[1] if before else ""
        self.tmux.press(next(self._paces))

        def told() -> bool:
            now = PACED.search(self.tmux.text)
            return now is not None and now[1] != old

        return self.tmux.comes(told, patience)

    def home(self) -> None:
        """Leave everything: to the first room as it is now, nothing zoomed, nothing filtered."""
        if REVIEW in self.tmux.text:
            self.tmux.press(":now", "enter")
            self.tmux.until(lambda: REVIEW not in self.tmux.text, "the way back from the past")
        for _ in range(20):
            self.tmux.press("escape")
            if self.is_calm(1.0) and BACK not in self.tmux.text:
                self.tmux.press("1")
                return
        raise AssertionError(f"there is no way home:\n{self.tmux.text}")

    def visit(self, room: str) -> None:
        """Go to a room, by its key or its name."""
        action = by_id(room)
        self.tmux.press(
            *(action.keys[:1] and (character(action.keys[0]),)) or (f":{action.command}", "enter")
        )
        self.tmux.see(rf"> {crumb(room)}  {BACK}")
        self.calm()

    def looks(self) -> list[object]:
        """The rows as they stand, without what goes on by itself and without the line that says how fast a replay goes."""
        return [row_look(row) for row in without_pace(self.tmux.cells)]

    def brings(self, action: Action, key: str, wanted: str) -> bool:
        """Press a key: whether it brings what is wanted, or, where nothing is, anything at all."""
        if wanted:
            assert not re.search(wanted, self.tmux.text), f"{action.id}: {wanted} stands there already"
        before = self.looks()
        self.tmux.press(*pressed(action, key))
        if wanted:
            return self.tmux.comes(lambda: re.search(wanted, self.tmux.text) is not None, SOON)
        return self.changes(before, SOON)

    def changes(self, before: list[object], patience: float) -> bool:
        """Whether anything looks otherwise than before."""
        return self.tmux.comes(lambda: self.looks() != before, patience)

    def lives(self) -> None:
        """The console is there, and nothing in it was confirmed."""
        assert not re.search("ENDED|Traceback", self.tmux.text), self.tmux.text
        assert not self.acted(), f"nobody confirmed anything, and there is {self.acted()}"

    def acted(self) -> set[str]:
        """The kinds of events that only something confirmed brings about."""
        return {kind for kind in self.kinds() if not HARMLESS.fullmatch(kind)}

    def brings_by(self, keys: tuple[str, ...]) -> None:
        """Press a key, or type a command: something is seen of it when the line it was typed in is gone."""
        before = self.looks()
        self.tmux.press(*keys)
        seen = self.tmux.comes(
            lambda: not re.search(LOOKS["command"], self.tmux.text) and self.looks() != before, SOON
        )
        assert seen, f"nothing is to be seen of {keys}:\n{self.tmux.text}"

    def answered(self) -> bool:
        """Whether a question stands there, or a line that says why there is none."""
        text = self.tmux.text
        asked = re.search("╭─ [A-Z]", text) is not None
        return asked or (re.search("╭─+╮", text) is not None and not PACED.search(text))

    def press_until(self, key: str, holds: Callable[[], bool]) -> None:
        """Press a key until something holds: a dialog is deaf at first."""
        self.tmux.until(lambda: holds() or self.tmux.press(key) or self.tmux.comes(holds, 0.5), key)


def by_id(action_id: str) -> Action:
    return next(action for action in ACTIONS if action.id == action_id)


def crumb(room: str) -> str:
    """How the line of hints names a room."""
    return room.capitalize().replace("-", " ")


def character(key: str) -> str:
    """A key by the character that it types, where it types one."""
    return CHARACTERS.get(key, key) if key != "space" else key


def pressed(action: Action, key: str) -> tuple[str, ...]:
    """How often a key is pressed: `g` twice."""
    return (character(key),) * (2 if action.id == "top" else 1)


def row_look(row: list[Cell]) -> object:
    return COUNTED.sub(" ", "".join(cell.data for cell in row)), frozenset(cell.look for cell in row)


def without_pace(rows: list[list[Cell]]) -> list[list[Cell]]:
    """The screen with a hole where the line about the pace of a replay stands, or would stand."""
    width = len(PACED.pattern.replace(r"(\d+)", "1"))
    hole = (len(rows) - 5, len(rows) - 1), (len(rows[0]) - width - 2, len(rows[0]))
    texts = ["".join(cell.data for cell in row) for row in rows]
    said = any(PACED.search(text) for text in texts) or not any("╭─" in t[hole[1][0] :] for t in texts[-5:])
    if not said:
        return rows
    (top, bottom), (left, _) = hole
    return [row[:left] if top <= number < bottom else row for number, row in enumerate(rows)]


@pytest.fixture(params=[(80, 24), (120, 40)], ids=["80x24", "120x40"])
def walker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Walker]:
    """A drill's console on the reference plan, in a tmux of its own; its sandbox is up and its metrics are paused."""
    journal = tmp_path / "walk.journal"
    environment = {**Cutover(tmp_path).environment, "TZ": "Europe/Berlin", "ESCDELAY": "1"}
    command = ["sh", "-c", SHELL, "sh", *COMMAND, "drill", "--journal", str(journal)]
    with Tmux(*request.param) as tmux:
        tmux.start(command, environment)
        tmux.see("READ-ONLY")
        tmux.see("as user/moto")
        tmux.see("every|[<0-9]+ s old")
        found = Walker(tmux, journal)
        tmux.press(":pause-metrics", "enter")
        tmux.see("metrics are paused")
        yield found


def keyed(holds: Callable[[Action], bool]) -> list[tuple[Action, str]]:
    """Every key of the actions for which something holds."""
    return [
        (action, key) for action in ACTIONS if holds(action) for key in action.keys if action.id != "quit"
    ]


@needs_tmux
@pytest.mark.soak
def test_every_key_does_what_the_table_says(walker: Walker) -> None:
    """In its room, or in the first one; what asks to act says that the console is read-only."""
    for action, key in keyed(lambda _: True):
        walker.home()
        if action.room is not None:
            walker.visit(action.room)
        if action.id in SETUP:
            walker.tmux.press(*SETUP[action.id])
            walker.calm()
        if action.id in ("faster", "slower"):
            set_pace(walker, action.id)
        if not walker.brings(action, key, expected(action)):
            walker.silent.append(
                f"{action.id} by {key}, wanted {expected(action) or 'anything'}:\n{walker.tmux.text}"
            )
        walker.lives()
    assert not walker.silent, "\n".join(walker.silent)
    leave(walker)


def expected(action: Action) -> str:
    """What is to be seen of a key, as a regular expression; empty: anything."""
    if action.mutates:
        return "read-only: :arm to act"
    if action.scope is Scope.ROOMS:
        return rf"> {crumb(action.id)}  {BACK}"
    return LOOKS.get(action.id, "")


def set_pace(walker: Walker, wanted: str) -> None:
    """Have the last line say the pace from which `faster` or `slower` leads to another."""
    walker.press_until("<", lambda: "goes 1 times" in walker.tmux.text)
    if wanted == "slower":
        walker.tmux.press(">")
        walker.tmux.see("goes 2 times")


def leave(walker: Walker) -> None:
    """The key that closes the console closes it, and the window is as it was before."""
    walker.home()
    walker.tmux.press("ctrl+q")
    walker.tmux.see("ENDED 0, modes as before")
    for variable in ("alternate_on", "mouse_any_flag", "keypad_cursor_flag", "keypad_flag", "insert_flag"):
        assert walker.tmux.told(variable) in ("0", ""), variable
    assert (walker.tmux.told("cursor_flag"), walker.tmux.told("wrap_flag")) == ("1", "1")
    assert not walker.acted()


@needs_tmux
@pytest.mark.soak
def test_keys_of_an_armed_console_ask_first(walker: Walker) -> None:
    """What would act opens a question or says why not; neither its own key nor Enter answers yes."""
    walker.home()
    walker.tmux.press(":arm", "enter")
    walker.tmux.see(f"type {ALIAS}")
    walker.tmux.press(ALIAS)
    walker.press_until("enter", lambda: " ARMED" in walker.tmux.text)
    asked = 0
    for action in (each for each in ACTIONS if each.mutates or each.room == "drill"):
        for keys in [*((character(key),) for key in action.keys), (f":{action.command}", "enter")]:
            walker.home()
            if action.room is not None:
                walker.visit(action.room)
            walker.tmux.press(*keys)
            walker.tmux.until(walker.answered, f"an answer to {keys}")
            if re.search(r"Cancel +y  ", walker.tmux.text):
                asked += 1
                walker.tmux.press(*keys[:1])
                walker.press_until("enter", lambda: "Cancel  " not in walker.tmux.text)
            walker.lives()
    assert asked >= 4
    assert " ARMED" in walker.tmux.text
    leave(walker)


@needs_tmux
@pytest.mark.soak
def test_commands_without_a_key_say_something(walker: Walker) -> None:
    """Typed behind `:` with nothing after their name."""
    for action in (each for each in ACTIONS if each.command and not each.keys):
        walker.home()
        if action.id == "cutover":
            walker.visit("map")
        walker.brings_by((f":{action.command}", "enter"))
        walker.lives()
    walker.home()
    walker.tmux.press("ctrl+p")
    walker.tmux.see("Search for commands")
    leave(walker)


@needs_tmux
@pytest.mark.soak
def test_keys_of_a_journey_through_time(walker: Walker) -> None:
    """To a moment, step by step, playing, and nothing acts before `:now`."""
    walker.home()
    walker.visit("journal")
    walker.tmux.press("g", "g", "t")
    walker.tmux.see(f"{REVIEW}.* #1 ")
    for key, wanted in (
        ("]", "#2 "),
        ("[", "#1 "),
        ("}", "#3 "),
        ("{", "#1 "),
        (">", "2. paused"),
        ("<", "1. paused"),
    ):
        walker.tmux.press(key)
        walker.tmux.see(f"{REVIEW}.*{wanted}")
    walker.tmux.press("P")
    walker.tmux.see(f"{REVIEW}.*(playing|#3 )")
    walker.tmux.press("r")
    walker.tmux.see("reviewing .*:now to act")
    walker.home()
    walker.lives()
    leave(walker)


@needs_tmux
@pytest.mark.soak
@pytest.mark.parametrize("walker", [pytest.param((80, 24), id="80x24")], indirect=True)
def test_keys_of_all_rooms_do_something_or_say_why_not_in_each(walker: Walker) -> None:
    """Those that move may have nowhere to go; the others show or say something wherever they are pressed."""
    silent = []

    def everywhere(action: Action) -> bool:
        unsaid = action.scope is Scope.ROOMS or action.id in ("back", "faster", "slower")
        return action.room is None and not unsaid

    for room in (each for each in ACTIONS if each.scope is Scope.ROOMS and each.id != "cutover"):
        walker.home()
        walker.visit(room.id)
        for action, key in keyed(everywhere):
            if f"> {crumb(room.id)}  {BACK}" not in walker.tmux.text or not walker.is_calm(1.0):
                walker.home()
                walker.visit(room.id)
            before = walker.looks()
            walker.tmux.press(*pressed(action, key))
            patience = 0.0 if action.scope is Scope.MOVE else SOON / 2
            if not walker.changes(before, patience) and patience:
                silent.append(f"{action.id} by {key} in {room.id}")
        walker.lives()
    assert not silent, silent
    leave(walker)
