"""The line mode: a prompt, the same commands as the screens, and plain lines that say what has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from console.actions import ACTIONS
from console.login import Login, log_in_here
from console.plain import pages
from console.plain.asking import Asker
from console.plain.source import Came, LineSource
from console.plain.table import MENU, find, spoken
from console.plain.talk import Left, Talk
from console.plain.telling import Teller
from console.reader import read_view
from operations.plan.models import Plan
from screens.constraint_lines import constraint_page
from screens.head_lines import short_identity
from screens.known import Known
from screens.ports import Banner, Desk, DeskError, Feed, MetricsFeed
from screens.times import Zone
from state.events import Direction

JOURNAL_LINES = 10
"""Events that `journal` says without a number."""
Handler = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class PlainParts:
    """What the line mode is made of: the screens' own ports, the clock in UTC, and how it speaks."""

    plan: Plan
    feed: Feed
    desk: Desk
    metrics: MetricsFeed
    clock: Callable[[], datetime]
    source: LineSource
    out: TextIO
    login: Login
    idle_minutes: int
    utc: bool = True
    ascii_words: bool = False
    digest: str = ""
    """The plan's digest, which verdicts and sign-offs at gates are about."""


class PlainConsole:
    """One plan's console in lines. It asks and says; a runner elsewhere acts."""

    def __init__(self, parts: PlainParts) -> None:
        self._parts = parts
        self.talk = Talk(parts.source, parts.out, ascii_words=parts.ascii_words, meanwhile=self._meanwhile)
        self.teller = Teller(parts.feed, self.talk, Zone.UTC if parts.utc else Zone.LOCAL)
        self.asker = Asker(
            parts.plan, parts.desk, self.talk, parts.clock, lambda: self.teller.status, self._banner
        )
        self._identity = ""
        self._problem: str | None = None
        self._numbered: Sequence[str] = ()
        self._chosen: tuple[str, ...] = ()
        self._handlers = self._all_handlers()
        self._commands = spoken(ACTIONS, self._handlers)

    def _all_handlers(self) -> Mapping[str, Handler]:
        asker = self.asker
        going = {
            "run": lambda text: self._act(Direction.FORWARD, text),
            "rollback": lambda text: self._act(Direction.INVERSE, text),
            "pause": lambda _: self._pause(),
            "resume": lambda _: self._resume(),
            "cancel": lambda _: self._cancel(),
            "arm": asker.arm,
            "disarm": lambda text: asker.disarm(text or "asked for"),
            "login": lambda _: self._login(),
            "note": asker.note,
        }
        looking = {
            "status": lambda _: self._status(),
            "list": self._list,
            "show": self._show,
            "goto": self._show,
            "filter": self._filter,
            "follow": lambda _: self._follow(),
            "metrics": self._metrics,
            "metric": self._metrics,
            "constraints": self._constraints,
            "journal": self._journal,
            "gate": self._gate,
            "zone": lambda _: self._zone(),
        }
        own = {"menu": lambda _: self._menu(), "help": lambda _: self._help(), "quit": lambda _: self._quit()}
        return {**going, **looking, **own}

    def run(self) -> int:
        """Talk until somebody leaves; the exit code is returned."""
        try:
            self._meanwhile()
            self._status()
            self._menu()
            while True:
                self._turn()
        except Left as left:
            self._say_goodbye(left)
            return left.code

    def _say_goodbye(self, left: Left) -> None:
        with suppress(DeskError):
            self.asker.leave()
        going = "; the run goes on without this console" if self.teller.running else ""
        with suppress(Left):
            self.talk.say(f"left: {left}{going}")

    def _turn(self) -> None:
        if not self.talk.waiting:
            self.talk.prompt("armed>" if self.asker.armed else "cutover>")
        heard = self.talk.hear()
        if heard.came is not Came.LINE:
            return
        self._meanwhile()
        self.asker.touch()
        self.teller.catch_up()
        if heard.text:
            self.do(heard.text)

    def do(self, text: str) -> None:
        """Carry out a line: a command with or without its colon, or a number of what was listed last."""
        text = text.removeprefix(":").strip()
        if text.isdigit():
            number = int(text)
            if not 1 <= number <= len(self._numbered):
                self.talk.say(f"nothing is numbered {number}; menu lists the commands")
                return
            text = self._numbered[number - 1]
        word, _, argument = text.partition(" ")
        command = find(self._commands, word)
        if command is not None:
            self._handlers[command](argument.strip())
        elif any(action.command == word for action in ACTIONS):
            self.talk.say(f"{word} needs the screen; help lists what there is here")
        else:
            self.talk.say(f"there is no command {word}; help lists them")

    # while nobody types

    def _meanwhile(self) -> None:
        self.teller.look()
        self._parts.metrics.snapshot()  # the first look begins the reading of metrics, and of who we are
        asker = self.asker
        if self.teller.disarmed:
            self.teller.disarmed = False
            if asker.armed:
                asker.disarm("the journal says so")
        if asker.arming.expired(self._parts.clock(), self._parts.idle_minutes):
            asker.disarm(f"idle for {self._parts.idle_minutes} minutes")
        banner, before = self._banner(), self._identity
        if banner.problem != self._problem:
            self.talk.say(banner.problem or f"as {short_identity(banner.identity)}")
        self._problem, self._identity = banner.problem, banner.identity
        if before and self._identity != before and asker.armed:
            asker.disarm(f"another identity: {self._identity}")

    def _banner(self) -> Banner:
        return self._parts.metrics.banner()

    # looking

    def _number(self, commands: Sequence[str], texts: Sequence[str]) -> None:
        self._numbered = tuple(commands)
        for number, text in enumerate(texts, start=1):
            self.talk.say(f"{number}. {text}")

    def _menu(self) -> None:
        words = [word for word in MENU if word in self._commands]
        titles = {word: self._commands[word].title.rstrip("…") for word in words}
        self._number(
            words, [word if word == titles[word].lower() else f"{word}: {titles[word]}" for word in words]
        )
        self.talk.say("Type a number or a command. An empty line says what is new.")

    def _help(self) -> None:
        for action in self._commands.values():
            self.talk.say(f"{action.usage.removeprefix(':')}: {action.help}")
        self.talk.say(
            "A command may be shortened while it can mean only one. A number means what was listed last."
        )
        self.talk.say("Ctrl+C stops nothing; the end of the input leaves.")

    def _status(self) -> None:
        parts = self._parts
        update, now = self.teller.update, parts.clock()
        self.talk.say_lines(pages.status_lines(parts.plan, update, self._banner(), self.asker.armed, now))

    def _list(self, argument: str) -> None:
        plan, known, now = self._parts.plan, self._known, self._parts.clock()
        wanted = argument.removeprefix("phase ").strip()
        if not wanted:
            self._number(
                [f"list {phase.id}" for phase in plan.phases],
                [pages.phase_text(phase, known, now) for phase in plan.phases],
            )
            return
        keys = plan.in_phase(wanted)
        if not keys:
            self.talk.say(f"no operations in a phase {wanted}")
        else:
            self._number_operations(keys)

    def _number_operations(self, keys: Sequence[str]) -> None:
        operations = [self._parts.plan.operations[key] for key in keys]
        known, now = self._known, self._parts.clock()
        self._number(
            [f"show {each.id}" for each in operations],
            [pages.operation_text(each, known, now) for each in operations],
        )

    def _filter(self, argument: str) -> None:
        wanted = argument.lower()
        operations = self._parts.plan.operations.values()
        keys = [
            each.id
            for each in operations
            if wanted in pages.operation_text(each, self._known, self._parts.clock()).lower()
        ]
        self._number_operations(keys)
        self.talk.say(f"{len(keys)} match{'' if len(keys) == 1 else 'es'}")

    def _show(self, argument: str) -> None:
        operation = self._parts.plan.operations.get(argument)
        if operation is None:
            self.talk.say(f"the plan has no operation {argument}" if argument else "which one? show ID")
            return
        self._chosen = (operation.id,)
        view = read_view(self._parts.feed, self._parts.desk, operation.id)
        self.talk.say_lines(pages.operation_lines(operation, self._known, view, self._parts.clock()))

    @property
    def _known(self) -> Known:
        return Known() if self.teller.update is None else self.teller.update.known

    def _metrics(self, argument: str) -> None:
        for text in pages.metric_texts(self._parts.metrics.snapshot(), self._parts.clock(), argument):
            self.talk.say(text)

    def _constraints(self, argument: str) -> None:
        found = pages.constraints_of(self._parts.plan)
        one = [each for each in found if each.id == argument]
        if one:
            self.talk.say_lines(constraint_page(one[0], pages.WIDTH))
        elif argument:
            self.talk.say(f"the plan has no constraint {argument}")
        elif not found:
            self.talk.say("no constraints in this plan")
        else:
            self._number(
                [f"constraints {each.id}" for each in found], [pages.constraint_text(each) for each in found]
            )

    def _journal(self, argument: str) -> None:
        if argument and not argument.isdigit():
            self.talk.say("how many events? journal 20")
            return
        count = int(argument) if argument else JOURNAL_LINES
        for text in pages.journal_texts(self.teller.entries, self.teller.zone, count):
            self.talk.say(text)

    def _gate(self, argument: str) -> None:
        gates = [gate.id for gate in self._parts.plan.gate]
        if not gates or (argument and argument not in gates):
            said = f"no gate {argument}; there are: {', '.join(gates)}" if gates else "this plan has no gate"
            self.talk.say(said)
            return
        parts, gate = self._parts, argument or gates[0]
        rows = pages.gate_page(parts.plan, gate, self.teller.update, parts.digest, parts.clock())
        self.talk.say_lines(rows)

    def _zone(self) -> None:
        self.teller.zone = self.teller.zone.other
        self.talk.say(f"times are in {'UTC' if self.teller.zone is Zone.UTC else 'local time'} now")

    # acting

    def _act(self, direction: Direction, argument: str) -> None:
        run = self.teller.status.run
        if self.asker.act(direction, argument, self._chosen):
            self._follow(before=run.id if run else "")

    def _pause(self) -> None:
        text = "Nothing new is started. What is in flight is finished. resume goes on."
        self.asker.plainly("pause", text, self._parts.desk.pause)

    def _resume(self) -> None:
        text = "The run goes on where it was; what is in doubt is settled first."
        if self.asker.plainly("resume", text, self._parts.desk.go_on):
            self._follow()

    def _cancel(self) -> None:
        text = "What is in flight is finished, then the run stops. Nothing is undone by this. A rollback is never cancelled."
        self.asker.plainly("cancel", text, self._parts.desk.cancel)

    def _login(self) -> None:
        problem = log_in_here(self._parts.login)
        self.talk.say(problem or "logged in; the credentials are read anew")
        if problem is None and self.asker.armed:
            self.asker.disarm("new credentials")

    def _follow(self, before: str | None = None) -> None:
        """Say every event until the run ends or somebody presses Enter; `before` is the run that was there before."""
        self.talk.say("following; Enter comes back to the prompt, the run goes on")
        self.teller.following = True
        problem = self._banner().problem
        try:
            while True:
                heard = self.talk.hear()
                if heard.came is Came.LINE:
                    self.asker.touch()
                    self._after_following(heard.text)
                    return
                run = self.teller.status.run
                begun = before is None or (run is not None and run.id != before)
                if begun and not self.teller.running:
                    self._said_how_it_ended()
                    return
                now = self._banner().problem
                if now is not None and now != problem and not self.teller.running:
                    self.talk.say(now)
                    return
        finally:
            self.teller.following = False

    def _after_following(self, text: str) -> None:
        self.talk.say("the run goes on; follow takes it up again" if self.teller.running else "nothing runs")
        if text:
            self.do(text)

    def _said_how_it_ended(self) -> None:
        run = self.teller.status.run
        if run is None:
            self.talk.say("nothing runs")
            return
        name = "rollback" if run.direction is Direction.INVERSE else "run"
        self.talk.say(f"the {name} {run.state.value.replace('_', ' ')}{f': {run.why}' if run.why else ''}")

    def _quit(self) -> None:
        if self.teller.running:
            self.talk.say("A run is going. It goes on without this console, in a process of its own.")
            if self.talk.ask("Type yes to leave, anything else stays:") != "yes":
                self.talk.say("still here")
                return
        raise Left(0, "asked to quit")
