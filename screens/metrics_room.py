"""The metrics' room: a plot of each metric, as many as fit, the most urgent first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Grid, Vertical
from textual.widgets import Input

from screens.action import Action
from screens.cutover import BESIDE_NOTE, CutoverScreen
from screens.kit import Kit
from screens.lines import Line, Role, first_that_fits, joined, piece, spread
from screens.metric_lines import figure_text, metrics_note, standing_text, standing_word
from screens.metrics_port import DEAR, MetricsControl, cost_words, dollars_a_day
from screens.movement import Move
from screens.ports import Banner
from screens.room import Room, Seen
from screens.text import clean
from screens.times import Zone, age_text
from screens.widgets.band import Band
from screens.widgets.plot import Plot
from screens.widgets.stage import Stacked
from screens.words import STANDING_ROLE
from state.metrics import MetricReading, MetricsSnapshot, Standing

CARD_WIDTH, CARD_HEIGHT = 37, 8
"""Columns and rows that a plot wants with its title."""
MOST_COLUMNS, MOST_ROWS = 4, 4


class Card(Vertical):
    """One metric: its figures in a line, its plot below. The plot is drawn anew once a period at most."""

    DEFAULT_CSS = "Card { height: 1fr; padding: 0 1 0 0; Plot { height: 1fr; } }"

    def __init__(self, kit: Kit, zone: Zone) -> None:
        super().__init__()
        self._kit = kit
        self._title = Band()
        self._plot = Plot(ascii_only=kit.glyphs.ascii, zone=zone)
        self._drawn: MetricReading | None = None

    def compose(self) -> ComposeResult:
        """The figures above the plot."""
        yield self._title
        yield self._plot

    def show(self, reading: MetricReading, *, chosen: bool) -> None:
        """Show a metric; what reads the same is not sent."""
        self._title.present(lambda width: card_title(reading, self._kit, width, chosen=chosen))
        if _worth_drawing(self._drawn, reading):
            self._drawn = reading
            self._plot.show(reading)

    def show_zone(self, zone: Zone) -> None:
        """Times in another zone."""
        self._plot.show_zone(zone)


def _worth_drawing(before: MetricReading | None, now: MetricReading) -> bool:
    """Whether a plot differs enough: another metric or verdict, or a point more; the newest alone may still change."""
    if before is None or before.id != now.id or before.standing is not now.standing:
        return True
    return before.times != now.times or (now.provisional is not before.provisional)


def card_title(reading: MetricReading, kit: Kit, width: int, *, chosen: bool) -> Line:
    """Name, value, verdict, bound, age of the newest point."""
    glyphs = kit.glyphs
    mark = piece(">" if chosen else " ", Role.STRONG)
    name = piece(clean(reading.title), Role.FOCUS if chosen else Role.HEADING)
    value = piece(figure_text(reading), Role.STRONG)
    word = piece(standing_text(reading, glyphs), STANDING_ROLE[reading.standing])
    bound = (piece(glyphs.bound(clean(reading.threshold)), Role.MUTED),) if reading.threshold else ()
    age = (piece(_age(reading, kit), Role.MUTED),)
    left = (mark, name)
    rights = [
        joined([(value,), (word,), bound, age]),
        joined([(value,), (word,), bound]),
        joined([(value,), (word,), bound], " "),
        joined([(value,), (word,)]),
    ]
    return first_that_fits([*(spread(left, right, width) for right in rights if _fits(left, right, width)),
                            spread(left, rights[-1], width)], width)  # fmt: skip


def _fits(left: Line, right: Line, width: int) -> bool:
    return sum(len(part.text) for part in (*left, *right)) + 1 <= width


def _age(reading: MetricReading, kit: Kit) -> str:
    if not reading.times:
        return "no point"
    seconds = max(0.0, (kit.clock() - reading.times[-1]).total_seconds())
    return f"{age_text(seconds)}{' provisional' if reading.provisional else ''}"


class PlotGrid(Grid):
    """Cards side by side, of which one is chosen."""

    DEFAULT_CSS = "PlotGrid { height: 1fr; grid-size: 1; }"
    can_focus = True

    def __init__(self, kit: Kit, zone: Zone) -> None:
        super().__init__(id="plots")
        self._kit = kit
        self._readings: Sequence[MetricReading] = ()
        self._nothing = Band(widget_id="nothing")
        self._cards = tuple(Card(kit, zone) for _ in range(MOST_COLUMNS * MOST_ROWS))
        self._chosen = ""
        self._said: Line = ()

    def compose(self) -> ComposeResult:
        """As many cards as there is ever room for."""
        yield self._nothing
        yield from self._cards

    @property
    def columns(self) -> int:
        """Cards side by side."""
        return min(MOST_COLUMNS, max(1, self.size.width // CARD_WIDTH), max(1, len(self._readings)))

    @property
    def chosen(self) -> str | None:
        """The id of the chosen metric."""
        ids = [reading.id for reading in self._readings]
        return self._chosen if self._chosen in ids else ids[0] if ids else None

    def show_readings(self, readings: Sequence[MetricReading], said: Line) -> None:
        """Show these, in this order; `said` where there are none."""
        self._readings, self._said = readings, said
        self.redraw()

    def on_resize(self, _event: events.Resize) -> None:
        """Another size has room for more or fewer."""
        self.redraw()

    def redraw(self) -> None:
        """Deal the readings to the cards."""
        columns = self.columns
        rows = min(MOST_ROWS, max(1, self.size.height // CARD_HEIGHT))
        wanted = -(-len(self._readings) // columns)
        self.styles.grid_size_columns = columns
        self.styles.grid_size_rows = max(1, min(rows, wanted))
        first = self._first_shown(columns, rows)
        shown = self._readings[first : first + columns * rows]
        self._nothing.display = not shown
        self._nothing.present(lambda _width: self._said)
        for index, card in enumerate(self._cards):
            card.display = index < len(shown)
            if index < len(shown):
                card.show(shown[index], chosen=shown[index].id == self.chosen)

    def _first_shown(self, columns: int, rows: int) -> int:
        """The first card of a page that the chosen one is on; a page ends where the readings do."""
        ids = [reading.id for reading in self._readings]
        index = ids.index(self.chosen) if self.chosen is not None else 0
        return index // (columns * rows) * columns * rows

    def move(self, count: int) -> None:
        """Choose another, so many further."""
        ids = [reading.id for reading in self._readings]
        if ids:
            self._chosen = ids[max(0, min(ids.index(self.chosen or ids[0]) + count, len(ids) - 1))]
            self.redraw()

    def show_zone(self, zone: Zone) -> None:
        """Times in another zone."""
        for card in self._cards:
            card.show_zone(zone)


class MetricsRoom(Room):
    """All metrics of the plan."""

    NAME = "metrics"
    AUTO_FOCUS = "#plots"
    FILTER_HINT = "part of a name or of a verdict; Esc shows all"

    def __init__(
        self, kit: Kit, seen: Seen, actions: Sequence[Action], control: MetricsControl | None
    ) -> None:
        """Show readings; `control` is the poller's handle, None where they come by themselves."""
        self.plots = PlotGrid(kit, seen.zone)
        self._control = control
        self._wanted = ""
        super().__init__(kit, seen, actions, Stacked((self.plots,), ("Metrics",), kit.glyphs))

    def on_mount(self) -> None:
        """What is known already."""
        super().on_mount()
        self.draw()

    def show_metrics(self, snapshot: MetricsSnapshot, banner: Banner) -> None:
        """Other readings."""
        super().show_metrics(snapshot, banner)
        if self.is_mounted:
            self.draw()

    def tick(self) -> None:
        """Time has passed: ages."""
        super().tick()
        if self.is_mounted:
            self.draw()

    def watch_zone(self, zone: Zone) -> None:
        """Times in the other zone."""
        super().watch_zone(zone)
        self.plots.show_zone(zone)

    def draw(self) -> None:
        """Show the readings that are wanted, and in the title what they cost."""
        snapshot = self.seen.snapshot
        readings = [each for each in by_urgency(snapshot.readings) if self._is_wanted(each)]
        nothing = snapshot.error or ("nothing matches; Esc shows all" if self._wanted else "no readings yet")
        self.plots.show_readings(readings, (piece(f" {nothing}", Role.MUTED),))
        self.panes.all[0].retitle(note=self._note())

    def _is_wanted(self, reading: MetricReading) -> bool:
        there = f"{reading.id}\n{reading.title}\n{standing_word(reading)}".casefold()
        return all(word in there for word in self._wanted.casefold().split())

    def _note(self) -> Line:
        """What went wrong, what asking costs, how often it is done, how old the figures are; the age goes last."""
        snapshot, control = self.seen.snapshot, self._control
        error = (piece("cannot be read now", Role.ATTENTION),) if snapshot.error and snapshot.readings else ()
        why_not = control.why_not if control is not None else snapshot.paused
        every = f"every {control.every_seconds:g} s" if control is not None and why_not is None else ""
        pace = (piece(every, Role.MUTED),) if every else ()
        age = metrics_note(replace(snapshot, paused=why_not), self.kit.clock())
        so_far = (piece(cost_words(snapshot.asked), Role.MUTED),) if snapshot.asked else ()
        a_day = self._a_day() if snapshot.asked else ()
        orders = [
            [error, so_far, a_day, pace, age],
            [error, a_day, pace, age],
            [error, a_day, age],
            [error, age],
            [age],
        ]
        return first_that_fits([joined(order) for order in orders], max(1, self.size.width - BESIDE_NOTE))

    def _a_day(self) -> Line:
        """What asking costs in a day at this pace; much of it stands out."""
        if self._control is None:
            return ()
        dollars = dollars_a_day(len(self.seen.snapshot.readings), self._control.every_seconds)
        return (piece(f"${dollars:.2f} a day", Role.ATTENTION if dollars >= DEAR else Role.MUTED),)

    # what is looked at

    def move(self, move: Move) -> None:
        """Choose another card."""
        page = self.plots.columns * 2
        steps = {Move.DOWN: self.plots.columns, Move.UP: -self.plots.columns, Move.INTO: 1, Move.OUT: -1}
        ends = {Move.TOP: -10_000, Move.BOTTOM: 10_000, Move.PAGE_DOWN: page, Move.PAGE_UP: -page}
        self.plots.move({**steps, **ends}[move])

    @property
    def opens(self) -> bool:
        """Whether there is a metric to draw."""
        return self.plots.chosen is not None

    def open_chosen(self) -> None:
        """Enter draws the chosen one over the whole screen."""
        if self.plots.chosen is not None:
            self.post_message(CutoverScreen.MetricWanted(self.plots.chosen))

    @on(Input.Changed, "#filter")
    def _filter(self, event: Input.Changed) -> None:
        event.stop()
        self._wanted = event.value
        self.draw()

    @on(Input.Submitted, "#filter")
    def _keep_filter(self, event: Input.Submitted) -> None:
        event.stop()
        self.filter_box.close()
        self.panes.focus_pane(1)


def by_urgency(readings: Sequence[MetricReading]) -> list[MetricReading]:
    """Breached ones first, then those without data, then the nearest to their bound; those without a bound last."""
    order = [Standing.BREACHED, Standing.NO_DATA, Standing.HOLDS, Standing.NO_THRESHOLD]
    return sorted(readings, key=lambda reading: (order.index(reading.standing), -_nearness(reading)))


def _nearness(reading: MetricReading) -> float:
    """How near a value is to its bound: 1 at it."""
    value, bound = reading.latest, reading.bound
    if value is None or bound is None or not value or not bound:
        return 0.0
    share = abs(value / bound)
    return min(share, 1 / share)
