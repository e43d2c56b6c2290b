"""The journal's room: every event from the first to the newest, one in full, a search, marks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from textual import on
from textual.timer import Timer
from textual.widgets import Input

from screens.action import Action
from screens.event_lines import chain_words, event_line, event_page, index_words
from screens.journal_port import BookState, Found, JournalBook, JournalProblemError
from screens.kit import Kit, Link
from screens.lines import Line, Role, joined, line, piece, wrapped
from screens.ports import FeedUpdate
from screens.review_port import ReviewMark
from screens.room import Room, Seen
from screens.text import clean
from screens.times import Zone
from screens.widgets.event_list import EventList
from screens.widgets.lists import PageBody
from screens.widgets.stage import Stacked
from state.events import Event

REST_SECONDS = {Link.FAST: 0.1, Link.SLOW: 0.4}
"""How long the cursor must rest until the event under it is shown in full: each one costs bytes."""
LIST, EVENT = 1, 2
"""The panes."""
HERE = "@"
"""Stands before the row whose moment every screen shows."""
MARKED = "m"
"""Stands before a row that somebody has marked."""


class JournalRoom(Room):
    """The whole journal."""

    NAME = "journal"
    AUTO_FOCUS = "#events"
    FILTER_HINT = (
        "words  Change*  kind:step  op:vpc  actor:kim  run:01J  since:01:20  until:-5m; Esc shows all"
    )

    def __init__(
        self,
        kit: Kit,
        seen: Seen,
        actions: Sequence[Action],
        book: JournalBook,
        marks: set[int],
        search: Callable[[str], None],
    ) -> None:
        """Show a journal.

        Args:
            kit: the plan, the clock, the glyphs, the link.
            seen: what the console knows now.
            actions: those of the room and of the hint line.
            book: the journal.
            marks: the rows that were marked; the room adds to them.
            search: begins a search, whose outcome arrives at `show_found`.
        """
        self.book = book
        self.events = EventList(self._lines, "events")
        self.page = PageBody("event", self._page_lines)
        self._marks = marks
        self._search = search
        self._state = BookState()
        self._found: Found | None = None
        self._only = True
        self._event: Event | None = None
        self._rest: Timer | None = None
        self._problem = ""
        stage = Stacked((self.events, self.page), ("Journal", "Event"), kit.glyphs)
        super().__init__(kit, seen, actions, stage)

    def on_mount(self) -> None:
        """The newest events, until somebody goes elsewhere."""
        super().on_mount()
        self.book.open()
        self.refresh_rows()
        moment = self.seen.review
        if moment is not None and moment.seq is not None:
            self.go_to(moment.seq)

    # what arrives

    def show_update(self, update: FeedUpdate) -> None:
        """The journal says something new."""
        super().show_update(update)
        self.refresh_rows()

    def tick(self) -> None:
        """Time has passed: the walk along the chain and the index have come further."""
        super().tick()
        if self.is_mounted:
            self.refresh_rows()

    def show_review(self, mark: ReviewMark | None) -> None:
        """Another moment is shown: the cursor goes there."""
        before = self.seen.review.seq if self.seen.review else None
        super().show_review(mark)
        if mark is not None and mark.seq is not None and mark.seq != before:
            self.go_to(mark.seq)
        self.events.redraw()

    def watch_zone(self, zone: Zone) -> None:
        """Times in the other zone."""
        super().watch_zone(zone)
        if self.is_mounted:
            self.events.redraw()
            self._show_event()

    def refresh_rows(self) -> None:
        """See how long the journal is now, and what is known of it."""
        try:
            self._state = self.book.state()
            self._problem = ""
        except JournalProblemError as error:
            self._problem = str(error)
        seqs = self._shown()
        if len(seqs) != self.events.count or not self.events.count:
            self.events.show_rows(seqs)
        self._note()

    def _shown(self) -> Sequence[int]:
        if self._found is not None and self._only:
            return self._found.seqs
        return range(1, self._state.last + 1)

    # the rows

    def _lines(self, seqs: Sequence[int], width: int) -> list[Line]:
        try:
            rows = self.book.rows(seqs)
        except JournalProblemError as error:
            return wrapped(f" {error}", width, Role.ATTENTION)
        if not rows:
            return [line(piece(f" {self._nothing()}", Role.MUTED))]
        digits = max(5, len(str(self._state.last)))
        return [event_line(event, self.zone, width, digits, self._sign(event.seq)) for event in rows]

    def _nothing(self) -> str:
        if self._found is None:
            return self._problem or "nothing in the journal yet"
        return "nothing matches; Esc shows all" if self._found.done else "searching"

    def _sign(self, seq: int) -> str:
        moment = self.seen.review
        if moment is not None and moment.seq == seq:
            return HERE
        return MARKED if seq in self._marks else ""

    def _note(self) -> None:
        text, sound = chain_words(self._state)
        index = index_words(self._state)
        parts: list[Line] = [
            (piece(self._match_words(), Role.ATTENTION),) if self._found else (),
            (piece(f"{self.events.position:,} of {self.events.count:,}", Role.PLAIN),),
            (piece(text, Role.MUTED if sound else Role.FAILED),),
            (piece(index, Role.MUTED),) if index else (),
            () if self.events.keeps_end else (piece(f"{self.kit.keys['bottom']} follows", Role.MUTED),),
        ]
        self.panes.all[LIST - 1].retitle(note=joined(parts))

    def _match_words(self) -> str:
        found = self._found
        if found is None:
            return ""
        count = f"{len(found.seqs):,}{' newest' if found.more else ''} match{'' if len(found.seqs) == 1 else 'es'}"
        return count if found.done else f"{count}, looking at #{found.looked_to:,}"

    @on(EventList.Moved)
    def _moved(self, event: EventList.Moved) -> None:
        event.stop()
        self._note()
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(REST_SECONDS[self.kit.link], self._show_event)

    def _show_event(self) -> None:
        self._rest = None
        seq = self.events.chosen
        try:
            rows = self.book.rows((seq,)) if seq is not None else ()
        except JournalProblemError:
            rows = ()
        self._event = rows[0] if rows else None
        name = "Event" if self._event is None else clean(f"Event #{seq} {self._event.kind}")
        self.panes.all[EVENT - 1].retitle(name=name)
        self.page.show_about(seq)

    def _page_lines(self, width: int) -> list[Line]:
        return [] if self._event is None else event_page(self._event, self.zone, width)

    # what is looked at

    @property
    def looking_on(self) -> bool:
        """Whether the cursor has moved on and its event is not shown yet."""
        return self._rest is not None

    @property
    def chosen(self) -> int | None:
        """The row under the cursor."""
        return self.events.chosen

    @property
    def chosen_operations(self) -> tuple[str, ...]:
        """The operation that the event under the cursor is about, if the plan has it."""
        operation = self._event.operation if self._event is not None else None
        return (operation,) if operation in self.kit.plan.operations and operation is not None else ()

    def open_chosen(self) -> None:
        """Enter reads the event over the whole screen."""
        if self.panes.current.number == LIST:
            self.panes.focus_pane(EVENT)
            self.panes.zoomed = True
        else:
            super().open_chosen()

    def go_to(self, seq: int) -> None:
        """Put the cursor on a row, or where it would be among the matches."""
        self.events.go_to(seq)

    # the search

    def start_filter(self, text: str = "") -> None:
        """Ask what to search for, or search."""
        self.panes.show_pane(LIST)
        if text:
            self._begin(text)
        else:
            self.filter_box.open("")

    @on(Input.Changed, "#filter")
    def _typing(self, event: Input.Changed) -> None:
        event.stop()

    @on(Input.Submitted, "#filter")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.filter_box.close()
        self.panes.focus_pane(LIST)
        if event.value.strip():
            self._begin(event.value)
        else:
            self.end_search()

    def _begin(self, text: str) -> None:
        self._search(text)

    def show_found(self, found: Found | None) -> None:
        """A search has come further; None when it cannot be made."""
        self._found = found
        if self._only or found is None:
            self.events.show_rows(self._shown())
        self._note()

    def end_search(self) -> bool:
        """Show every event again, the cursor where it was; False when nothing was searched for."""
        searched, self._found = self._found is not None, None
        if searched:
            self._search("")
            self.events.keeps_end = False
            self.events.show_rows(self._shown())
            self._note()
        return searched

    def toggle_only(self) -> bool:
        """Show the matches alone, or among all events; answers which."""
        self._only = not self._only
        self.events.keeps_end = False
        self.events.show_rows(self._shown())
        self._note()
        return self._only

    def go_to_match(self, step: int) -> bool:
        """To the next match, or with -1 to the one before; False when there is none."""
        return self._go_among(self._found.seqs if self._found else (), step)

    def go_to_mark(self, step: int) -> bool:
        """Likewise, to a marked row."""
        return self._go_among(sorted(self._marks), step)

    def _go_among(self, seqs: Sequence[int], step: int) -> bool:
        here = self.chosen or 0
        index = bisect_right(seqs, here) if step > 0 else bisect_left(seqs, here) - 1
        if not 0 <= index < len(seqs):
            return False
        self.go_to(seqs[index])
        return True

    def toggle_mark(self) -> None:
        """Mark the row under the cursor, or not any more."""
        if self.chosen is not None:
            self._marks ^= {self.chosen}
            self.events.redraw()

    def step_back(self) -> bool:
        """Esc ends the typing, the full screen, the search, in this order."""
        if self.filter_box.display:
            self.filter_box.end()
            self.panes.focus_pane(LIST)
            return True
        if self.panes.zoomed:
            self.panes.zoomed = False
            self.panes.focus_pane(LIST)
            return True
        if self.end_search():
            self.filter_box.value = ""
            return True
        return False
