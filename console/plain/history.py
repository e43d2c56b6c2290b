"""Commands about the journal: its newest events, one in full, a search, and time travel."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from console.journal.moments import NO_PAST, WHICH, row_typed
from console.plain import pages
from console.plain.here import Handler, Here
from console.plain.source import Came
from screens.event_lines import chain_words, event_page
from screens.journal_port import Found, JournalBook, JournalProblemError
from screens.review_port import Past, PastError
from state.moments import FORMS
from state.projections.timeline import timeline

LINES = 10
"""Events that `journal` and `search` say without a number."""
NO_BOOK = "there is no journal to read here"


class History:
    """The journal and its past; `do` carries out a line that ended a replay."""

    def __init__(self, here: Here, do: Callable[[str], None]) -> None:
        self._here = here
        self._do = do

    def handlers(self) -> Mapping[str, Handler]:
        """By the command's word."""
        return {
            "journal": self._journal,
            "search": self._search,
            "jump": lambda typed: self._told(self._jump, typed),
            "at": lambda typed: self._told(self._at, typed),
            "now": lambda _: self._told(self._now),
            "play": lambda _: self._told(self._play),
        }

    def _told(self, act: Callable[[Past, str], None], typed: str = "") -> None:
        """Do something in the past, and say what stands in its way."""
        past = self._here.parts.ports.past
        try:
            self._here.talk.say(NO_PAST) if past is None else act(past, typed)
        except (PastError, JournalProblemError) as error:
            self._here.talk.say(str(error))

    # the rows

    def _journal(self, argument: str) -> None:
        here, book = self._here, self._here.parts.ports.journal
        if argument and not argument.isdigit():
            here.talk.say("how many events? journal 20")
            return
        count = int(argument) if argument else LINES
        for text in pages.journal_texts(here.teller.entries, here.teller.zone, count):
            here.talk.say(text)
        if book is not None:
            book.open()
            here.talk.say(chain_words(book.state())[0])

    def _search(self, text: str) -> None:
        here, book = self._here, self._here.parts.ports.journal
        if book is None or not text:
            here.talk.say(
                NO_BOOK if book is None else "search for what? words, kind:step, op:vpc, since:01:20"
            )
            return
        zone = here.zone
        try:
            found: Found = here.talk.busy(lambda: book.search(text, zone, lambda _: True))
            zone_said = here.teller.zone
            here.number(
                (f"jump #{each.seq}", pages.row_text(each, zone_said))
                for each in timeline(book.rows(found.seqs[-LINES:]))
            )
        except JournalProblemError as error:
            here.talk.say(str(error))
            return
        matches = (
            f"{len(found.seqs)}{' newest' if found.more else ''} match{'' if len(found.seqs) == 1 else 'es'}"
        )
        last = f", the last {LINES} of them" if len(found.seqs) > LINES else ""
        here.talk.say(f"{matches}{last}")

    def _jump(self, past: Past, typed: str) -> None:
        book: JournalBook | None = self._here.parts.ports.journal
        if book is None or not typed:
            self._here.talk.say(NO_BOOK if book is None else f"where to? {FORMS}")
            return
        seq = self._row(past, typed) or past.last()
        for event in book.rows((seq,)):
            self._here.talk.say(f"event {event.seq} {event.kind}")
            self._here.talk.say_lines(event_page(event, self._here.teller.zone, pages.WIDTH))

    def _row(self, past: Past, typed: str) -> int | None:
        here = self._here
        return row_typed(past, typed, here.clock(), here.real_clock(), here.zone)

    # time travel

    def _at(self, past: Past, typed: str) -> None:
        if not typed:
            self._here.talk.say(WHICH)
            return
        seq = self._row(past, typed)
        if seq is None:
            self._now(past, "")
        else:
            self._show(past, seq)
            self._say_moment(past, seq)

    def _show(self, past: Past, seq: int) -> None:
        """Every command answers as of this row from here on."""
        here = self._here
        here.moment = (seq, past.time_of(seq))
        past.look_at(seq)
        here.teller.show(here.talk.busy(lambda: past.update_at(seq)))

    def _say_moment(self, past: Past, seq: int) -> None:
        here = self._here
        here.talk.say(f"event {seq} of {past.last()}; nothing can act; now comes back")
        for text in pages.journal_texts(here.teller.entries, here.teller.zone, 1):
            here.talk.say(text)

    def _now(self, past: Past, _typed: str = "") -> None:
        here = self._here
        if here.moment is None:
            here.talk.say("it is now already")
            return
        update = here.talk.busy(past.update_now)
        past.look_at(None)
        here.moment = None
        here.teller.show(update)
        here.talk.say("it is now")

    def _play(self, past: Past, _typed: str = "") -> None:
        """Say what came after the moment, event by event, until the newest or until somebody presses Enter."""
        here, book = self._here, self._here.parts.ports.journal
        if here.moment is None or book is None:
            here.talk.say("from when? at TIME goes back in time first")
            return
        here.talk.say("playing; Enter stops")
        seq, text = here.moment[0], ""
        while seq < past.last():
            heard = here.talk.hear()
            if heard.came is Came.LINE:
                text = heard.text
                break
            seq += 1
            for entry in timeline(book.rows((seq,))):
                here.talk.say(pages.row_text(entry, here.teller.zone))
        self._show(past, seq)
        self._say_moment(past, seq)
        if text:
            self._do(text)
