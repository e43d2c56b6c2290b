"""Commands about the line mode itself: its menu, help, a tour, copies, quitting."""

from __future__ import annotations

from collections.abc import Mapping

from console.plain.here import Handler, Here
from console.plain.questions import YES
from console.plain.table import MENU, TOUR, WITHOUT
from console.plain.talk import Left
from console.terminal.clipboard import Clipboard
from console.terminal.wire_codes import in_tmux
from screens.action import Action
from screens.parting import becomes_of

PHRASE, SCREEN = "phrase", "screen"
LINES_ONLY = "not copied: only lines are written here; select it in your terminal"


class Around:
    """What is no part of the plan."""

    def __init__(self, here: Here) -> None:
        self._here = here
        self.commands: Mapping[str, Action] = {}
        """The commands that there are, by word; whoever puts the line mode together sets them."""

    def handlers(self) -> Mapping[str, Handler]:
        """By the command's word."""
        without: dict[str, Handler] = {
            word: lambda _, why=why: self._here.talk.say(why)  # type: ignore[misc]
            for word, why in WITHOUT.items()
        }
        return {
            **without,
            "menu": lambda _: self.menu(),
            "help": lambda _: self._help(),
            "tour": lambda _: self._tour(),
            "copy": self._copy,
            "screenshot": lambda _: self._screenshot(),
            "quit": lambda _: self._quit(),
        }

    def menu(self) -> None:
        """The commands that are wanted most, numbered."""
        here = self._here
        titles = {word: self.commands[word].title.rstrip("…") for word in MENU}
        here.number(
            (word, word if word == title.lower() else f"{word}: {title}") for word, title in titles.items()
        )
        here.talk.say("Type a number or a command; help lists all of them. An empty line says what is new.")

    def _help(self) -> None:
        talk = self._here.talk
        for word, action in self.commands.items():
            if word not in WITHOUT:
                talk.say(f"{action.usage.removeprefix(':')}: {action.help}")
        talk.say(
            "A command may be shortened while it can mean only one. A number means what was listed last."
        )
        talk.say("Ctrl+C stops nothing; the end of the input leaves.")

    def _tour(self) -> None:
        for text in TOUR:
            self._here.talk.say(text)

    def _copy(self, what: str) -> None:
        """Say the text, and put it into tmux's buffer where there is one: that needs no control sequence."""
        here, world = self._here, self._here.parts.ports.outside
        if what not in ("", PHRASE, SCREEN):
            here.talk.say(f"copy the last answer, or copy {PHRASE}")
            return
        text = (here.talk.busy(world.phrase) or "") if what == PHRASE else "\n".join(here.answer)
        if not text:
            here.talk.say("nothing copied: there is nothing to copy yet")
            return
        if what == PHRASE:
            here.talk.say(text)
        if in_tmux(world.environment):
            clipboard = Clipboard(world.environment, world.copy_limit, lambda _: None)
            here.talk.say(here.talk.busy(lambda: clipboard.copy(text)).told)
        else:
            here.talk.say(LINES_ONLY)

    def _screenshot(self) -> None:
        """Keep what was said in a file: there is no picture."""
        from console.terminal.capture import keep_text

        here, folder = self._here, self._here.parts.ports.outside.pictures
        if folder is None:
            here.talk.say("no screenshots are kept from here")
            return
        text = "\n".join(here.talk.said) + "\n"
        try:
            here.talk.say(str(keep_text(text, folder, here.plan.plan, here.real_clock())))
        except OSError as error:
            here.talk.say(f"not kept: {folder}: {error.strerror}")

    def _quit(self) -> None:
        here = self._here
        if here.teller.running:
            here.talk.say(becomes_of("A run", outlives=here.parts.outlives))
            if here.talk.ask(f"Type {YES} to leave, anything else stays:") != YES:
                here.talk.say("still here")
                return
        raise Left(0, "asked to quit")
