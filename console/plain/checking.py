"""Commands about the verification library: what each check said, and making checks."""

from __future__ import annotations

import queue
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from console.acts.forms import REFUSALS
from console.plain.here import Handler, Here
from console.plain.pages import WIDTH
from console.plain.source import Came
from console.plain.talk import words_of
from operations.checks.library import CheckedItem, LibraryCheck, library
from screens.check_view import ORDERS, CheckView, named_checks
from screens.glyphs import WORDS
from screens.verify_port import CheckMaker
from state.kinds import Kind

ABSENT = "this console makes no checks"
NOTHING_MADE = "nothing is being made"


class Checking:
    """The library of one plan; checks only read, so nobody needs to arm."""

    def __init__(self, here: Here) -> None:
        self._here = here
        self._checks = {check.id: check for check in library(here.plan)}
        self._shown: tuple[str, ...] = tuple(self._checks)
        self._chosen = ""

    def handlers(self) -> Mapping[str, Handler]:
        """By the command's word."""
        return {
            "verify": self._verify,
            "make": self._make,
            "stop": lambda _: self._here.talk.say(NOTHING_MADE),
        }

    @property
    def _view(self) -> CheckView:
        return CheckView(self._here.known.evidence, WORDS, self._here.clock())

    def _verify(self, argument: str) -> None:
        here, view = self._here, self._view
        one = self._checks.get(argument)
        if one is not None:
            self._chosen = one.id
            here.chosen = (one.owner,) if one.owner else here.chosen
            here.talk.say_lines(view.page(one, WIDTH))
            return
        words = argument.casefold().split()
        order = here.ordered("verify", ORDERS, lambda: self._verify(argument))
        found = [
            check
            for check in view.sorted_by(order, self._checks.values())
            if all(word in "\n".join(view.texts(check)).casefold() for word in words)
        ]
        self._shown = tuple(check.id for check in found)
        here.number((f"verify {check.id}", words_of(view.row(check, WIDTH))) for check in found)
        here.talk.say(
            f"{len(found)} of {len(self._checks)} checks, {words_of(view.counts(self._checks.values()))}"
        )

    # making

    def _make(self, argument: str) -> None:
        here, maker = self._here, self._here.parts.ports.checks
        wanted = self._meant(argument)
        if maker is None:
            here.talk.say(ABSENT)
        elif not wanted:
            categories = sorted({check.category for check in self._checks.values()})
            here.talk.say(f"no such checks; all, shown, an id, or of: {', '.join(categories)}")
        else:
            plural = "" if len(wanted) == 1 else "s"
            here.talk.say(f"making {len(wanted)} check{plural}, reads only; stop begins no more")
            self._made(maker, wanted)

    def _meant(self, words: str) -> tuple[LibraryCheck, ...]:
        if words == "shown":
            return tuple(self._checks[key] for key in self._shown)
        return named_checks(self._checks.values(), words or self._chosen)

    def _made(self, maker: CheckMaker, wanted: Sequence[LibraryCheck]) -> None:
        from operations.aws.outcome import GatewayError

        made: queue.SimpleQueue[CheckedItem] = queue.SimpleQueue()
        stop = threading.Event()
        with ThreadPoolExecutor(1) as thread:
            making = thread.submit(maker.make, wanted, made.put, stop.is_set)
            try:
                self._listen(making, made, stop)
            finally:
                stop.set()
        self._here.teller.leave_out(Kind.CHECK_RESULT)
        try:
            self._here.talk.say(making.result())
        except (*REFUSALS, GatewayError) as error:
            self._here.talk.say(f"not made: {error}")

    def _listen(
        self, making: Future[str], made: queue.SimpleQueue[CheckedItem], stop: threading.Event
    ) -> None:
        """Say every check as it is made; `stop` begins no more, any other line is carried out after."""
        talk, later, count = self._here.talk, [], 0
        while True:
            over = making.done()
            while not made.empty():
                item, count = made.get(), count + 1
                message = f", {item.outcome.message}" if item.outcome.message else ""
                talk.say(f"{item.check.id}: {item.outcome.verdict.value}{message}")
            if over:
                break
            heard = talk.hear()
            if heard.came is not Came.LINE:
                continue
            if heard.text.removeprefix(":").strip() == "stop":
                stop.set()
                talk.say("no more are begun; those in flight end and are kept. There is nothing to undo")
            elif heard.text:
                later.append(heard.text)
            else:
                talk.say(f"{count} made so far")
        talk.keep_for_later(later)
