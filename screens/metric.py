"""One metric, large: its plot with its threshold, and the figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from screens.kit import Kit
from screens.lines import Line, Role, joined, piece, spread
from screens.metric_lines import age_piece, age_seconds, figure_text, look_period, standing_text
from screens.text import clean, content
from screens.times import Zone, time_of_day
from screens.widgets.band import Band
from screens.widgets.plot import Plot
from screens.words import STANDING_ROLE
from state.metrics import MetricReading, MetricsSnapshot


class MetricScreen(ModalScreen[None]):
    """Shows one metric over the whole screen; left and right go to the others."""

    CSS_PATH = "metric.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "close", "Close", show=False),
        Binding("left,up", "other(-1)", "Previous", show=False),
        Binding("right,down", "other(1)", "Next", show=False),
    ]
    ACTS: ClassVar[Mapping[str, str]] = {
        "metric": "close",
        "out": "other(-1)",
        "up": "other(-1)",
        "into": "other(1)",
        "down": "other(1)",
    }
    """What the keys of these commands do here, wherever the user has put them."""

    def __init__(self, kit: Kit, snapshot: Callable[[], MetricsSnapshot], first: str, zone: Zone) -> None:
        """Show the metric with the id `first`; `snapshot` answers the last readings."""
        super().__init__()
        self._kit = kit
        self._snapshot = snapshot
        self._chosen = first
        self._zone = zone
        self._plot = Plot(ascii_only=kit.glyphs.ascii, zone=zone)
        kit.keys.bind(self, self.ACTS)

    def compose(self) -> ComposeResult:
        """Figures above the plot, keys below."""
        with Vertical(id="metric-box") as box:
            box.border_title = content("Metric")
            yield Band(widget_id="figures")
            yield self._plot
            yield Band(widget_id="span")

    def on_mount(self) -> None:
        """Draw it."""
        self.redraw()

    @property
    def reading(self) -> MetricReading | None:
        """The metric that is shown."""
        return next((each for each in self._readings if each.id == self._chosen), None)

    @property
    def _readings(self) -> Sequence[MetricReading]:
        return self._snapshot().readings

    def redraw(self) -> None:
        """Show the last readings."""
        reading = self.reading
        if reading is None:
            return
        self.query_one("#metric-box").border_title = content(reading.title)
        self.query_one("#figures", Band).present(lambda width: self._figures(reading, width))
        self.query_one("#span", Band).present(lambda width: self._span(reading, width))
        self._plot.show(reading)

    def _figures(self, reading: MetricReading, width: int) -> Line:
        glyphs = self._kit.glyphs
        bound = (piece(glyphs.bound(clean(reading.threshold))),) if reading.threshold else ()
        provisional = (piece("newest point may still change", Role.MUTED),) if reading.provisional else ()
        figures = joined(
            [
                (piece(figure_text(reading), Role.STRONG),),
                (piece(standing_text(reading, glyphs), STANDING_ROLE[reading.standing]),),
                bound,
                provisional,
            ]
        )
        age = age_seconds(self._snapshot(), self._kit.clock())
        return spread(figures, (age_piece(age, look_period(self._snapshot(), reading)),), width)

    def _span(self, reading: MetricReading, width: int) -> Line:
        if not reading.times:
            span = f"no data; a point every {reading.period} s was asked for"
        else:
            first, last = (
                time_of_day(reading.times[0], self._zone),
                time_of_day(reading.times[-1], self._zone),
            )
            span = f"{first} to {last}, a point every {reading.period} s"
        return spread((piece(span, Role.MUTED),), (piece(self._how(), Role.MUTED),), width)

    def _how(self) -> str:
        keys = self._kit.keys
        others = "{out} {into}".format_map(keys) if keys else "left right"
        return f"{others} others  Esc closes"

    def action_other(self, step: int) -> None:
        """Another metric."""
        ids = [each.id for each in self._readings]
        if self._chosen in ids:
            self._chosen = ids[(ids.index(self._chosen) + step) % len(ids)]
            self.redraw()

    def action_close(self) -> None:
        """Back."""
        self.dismiss(None)
