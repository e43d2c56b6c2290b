"""The line mode: a prompt, the same commands as the screens, and plain lines that say what has changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from console.absence import Absence
from console.actions import ACTIONS, no_such_command
from console.acts.arming import ends_by
from console.journal.moments import refusal
from console.parts import ConsoleParts
from console.plain.around import Around
from console.plain.checking import Checking
from console.plain.deciding import Deciding
from console.plain.going import Going
from console.plain.here import Handler, Here
from console.plain.history import History
from console.plain.looking import Looking
from console.plain.people import People
from console.plain.source import Came, LineSource
from console.plain.table import find, spoken
from console.plain.talk import Left, Talk
from console.plain.telling import Teller
from console.plain.wire import Wire
from screens.head_lines import short_identity
from screens.ports import Banner
from screens.times import Zone, time_of_day

_BY_WORD = {action.command: action for action in ACTIONS if action.command}


@dataclass(frozen=True, slots=True)
class Speech:
    """How the line mode listens and speaks."""

    source: LineSource
    out: TextIO
    clock: Callable[[], datetime]
    idle_minutes: int
    utc: bool = True
    ascii_words: bool = False


class PlainConsole:
    """One plan's console in lines. It asks and says; a runner elsewhere acts."""

    def __init__(self, parts: ConsoleParts, speech: Speech) -> None:
        self._parts = parts
        self._speech = speech
        talk = Talk(speech.source, speech.out, ascii_words=speech.ascii_words, meanwhile=self._meanwhile)
        teller = Teller(parts.feed, talk, Zone.UTC if speech.utc else Zone.LOCAL)
        self._here = Here(parts, speech.clock, talk, teller)
        self._banner: Banner | None = None
        self._absence = Absence(parts.ports.metrics, speech.idle_minutes)
        here = self._here
        self._looking, self._around = Looking(here), Around(here)
        others = (Going(here, self.do), Deciding(here), Checking(here), People(here), Wire(here))
        themes = (*others, History(here, self.do), self._looking, self._around)
        self._handlers: dict[str, Handler] = {
            word: handler for theme in themes for word, handler in theme.handlers().items()
        }
        self._commands = self._around.commands = spoken(ACTIONS, self._handlers)

    def run(self) -> int:
        """Talk until somebody leaves; the exit code is returned."""
        here = self._here
        try:
            here.asker.touch()
            self._meanwhile()
            if here.parts.ports.greeting:
                here.talk.say(here.parts.ports.greeting)
            self._looking.status()
            self._around.menu()
            while True:
                self._turn()
        except Left as left:
            self._say_goodbye(left)
            return left.code

    def _say_goodbye(self, left: Left) -> None:
        here = self._here
        here.asker.leave()
        going = "; the run goes on without this console" if here.teller.running else ""
        try:
            here.talk.say(f"left: {left}{going}")
        except Left:
            return  # the terminal is gone: there is nobody to say it to

    def _turn(self) -> None:
        here = self._here
        if not here.talk.waiting:
            place = "" if here.moment is None else f" #{here.moment[0]}"
            here.talk.prompt(f"{'armed' if here.asker.armed else 'cutover'}{place}>")
        heard = here.talk.hear()
        if heard.came is not Came.LINE:
            return
        self._meanwhile()
        here.asker.touch()
        here.teller.catch_up()
        if heard.text:
            self.do(heard.text)

    def do(self, text: str) -> None:
        """Carry out a line: a command with or without its colon, or a number of what was listed last."""
        here, text = self._here, text.removeprefix(":").strip()
        if text.isdigit():
            number = int(text)
            if not 1 <= number <= len(here.numbered):
                here.talk.say(f"nothing is numbered {number}; menu lists the commands")
                return
            text = here.numbered[number - 1]
        word, _, argument = text.partition(" ")
        command = find(self._commands, word)
        if command is None:
            here.talk.say(no_such_command(word, "help", tuple(self._commands.values())))
            return
        why_not = self._refusal(command)
        if why_not is not None:
            here.talk.say(why_not)
            return
        before = here.talk.count
        self._handlers[command](argument.strip())
        if command != "copy":
            here.answer = here.talk.since(before)

    def _refusal(self, command: str) -> str | None:
        """Why it cannot be asked for at the moment that is shown."""
        here, action = self._here, _BY_WORD.get(command)
        if action is None:
            return None
        when = None
        if here.moment is not None:
            seq, at = here.moment
            when = f"#{seq}" if at is None else time_of_day(at, here.teller.zone)
        return refusal(here.parts.ports.past, action.id, when, mutates=action.mutates)

    # while nobody types

    def _meanwhile(self) -> None:
        here = self._here
        here.teller.look()
        self._parts.metrics.snapshot()  # the first look begins the reading of metrics, and of who we are
        asker, banner, before = here.asker, here.banner, self._banner
        if here.teller.disarmed:
            here.teller.disarmed = False
            if asker.armed:
                asker.disarm("the journal says so")
        if asker.arming.expired(here.real_clock(), self._speech.idle_minutes):
            asker.disarm(f"idle for {self._speech.idle_minutes} minutes")
        self._absence.note(asker.arming.idle_for(here.real_clock()), running=here.teller.running)
        self._banner = banner
        if banner.problem != (before.problem if before else None):
            here.talk.say(banner.problem or f"as {short_identity(banner.identity)}")
        why = ends_by(before, banner) if before is not None and asker.armed else None
        if why is not None:
            asker.disarm(why)
