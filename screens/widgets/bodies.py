"""The bodies of the panes beside the tree: operation, metrics, constraints, journal."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from operations.plan.models import Operation, Phase, SubPhase
from operations.plan.registers import Constraint
from screens.constraint_lines import by_urgency, constraint_line
from screens.detail_lines import DetailPage, OperationView, group_lines
from screens.journal_lines import entry_line
from screens.kit import Kit
from screens.known import Known
from screens.lines import Role, line, piece
from screens.metric_lines import metric_lines, ordered
from screens.times import Zone
from screens.widgets.line_view import LineView
from state.metrics import MetricReading, MetricsSnapshot
from state.projections.timeline import TimelineEntry

TAIL = 500
"""Journal lines that the console keeps; older ones are a review's business."""

FULL_WIDTH = 70
FULL_HEIGHT = 16
"""From this size on an operation is shown with its parameters and reasons whole."""


class Body(LineView):
    """A view that makes its lines for the width it has."""

    def redraw(self) -> None:
        """Make the lines again; what is the same is not sent again."""

    def on_resize(self) -> None:
        """Another width, other lines."""
        self.redraw()


class DetailBody(Body):
    """What stands in the second pane: an operation, a phase or a sub-phase."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(widget_id="detail")
        self._kit = kit
        self._item: Operation | Phase | SubPhase | None = None
        self._known = Known()
        self._view: OperationView | None = None

    @property
    def item(self) -> Operation | Phase | SubPhase | None:
        """What is shown."""
        return self._item

    @property
    def complete(self) -> bool:
        """Whether everything about the item has been read."""
        return self._view is not None or not isinstance(self._item, Operation)

    def show_item(self, item: Operation | Phase | SubPhase) -> None:
        """Show something else, from its top."""
        if item is self._item:
            return
        self._item, self._view = item, None
        self.top = 0
        self.redraw()

    def show_view(self, view: OperationView) -> None:
        """Show what was read of the operation, if it is still the one."""
        if isinstance(self._item, Operation) and view.id == self._item.id:
            self._view = view
            self.redraw()

    def show_known(self, known: Known) -> None:
        """The journal says something else."""
        self._known = known
        self.redraw()

    def redraw(self) -> None:
        """The page of the item."""
        item, width = self._item, self.room - 2
        if width < 8:
            return
        if item is None:
            self.show([line(piece(" choose something in the plan", Role.MUTED))])
        elif isinstance(item, Operation):
            view = self._view or OperationView(item.id)
            now = self._kit.clock()
            full = width >= FULL_WIDTH or self.content_size.height >= FULL_HEIGHT
            page = DetailPage(item, self._known, view, self._kit.glyphs, now, width, full)
            self.show([(piece(" "), *row) for row in page.lines()])
        else:
            rows = group_lines(item, self._known, self._kit.glyphs, self._kit.clock(), width)
            self.show([(piece(" "), *row) for row in rows])


class MetricsBody(Body):
    """The third pane."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(cursor=True, widget_id="metrics")
        self._kit = kit
        self._snapshot = MetricsSnapshot()

    @property
    def snapshot(self) -> MetricsSnapshot:
        """The last readings."""
        return self._snapshot

    @property
    def chosen(self) -> MetricReading | None:
        """The metric under the cursor."""
        readings = ordered(self._snapshot)
        offset = len(self.lines) - len(readings)
        index = (self.cursor or 0) - offset
        return readings[max(0, min(index, len(readings) - 1))] if readings else None

    def show_snapshot(self, snapshot: MetricsSnapshot) -> None:
        """Show these readings."""
        self._snapshot = snapshot
        self.redraw()

    def redraw(self) -> None:
        """A line for each metric."""
        if self.room > 10:
            rows = metric_lines(self._snapshot, self._kit.glyphs, self._kit.clock(), self.room - 2)
            self.show([(piece(" "), *row) for row in rows])


class ConstraintsBody(Body):
    """The fourth pane."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(cursor=True, widget_id="constraints")
        self._kit = kit
        self._constraints = by_urgency(kit.plan.constraints)

    @property
    def chosen(self) -> Constraint | None:
        """The constraint under the cursor."""
        return self._constraints[self.cursor or 0] if self._constraints else None

    def redraw(self) -> None:
        """A line for each constraint."""
        if self.room > 10:
            rows = [constraint_line(each, self._kit.glyphs, self.room - 2) for each in self._constraints]
            none = line(piece("no constraints in this plan", Role.MUTED))
            self.show([(piece(" "), *row) for row in rows or [none]])


class JournalBody(Body):
    """The fifth pane: follows the journal until somebody scrolls up."""

    _follows_when_last = True

    def __init__(self) -> None:
        super().__init__(follow=True, widget_id="journal")
        self._entries: deque[TimelineEntry] = deque(maxlen=TAIL)
        self._read = False
        self._zone = Zone.UTC

    def add(self, entries: Iterable[TimelineEntry], *, anew: bool = False) -> None:
        """New events at the end; or others altogether, because another moment is shown."""
        if anew:
            self._entries.clear()
        before = -1 if anew or not self._read else len(self._entries)
        self._read = True
        self._entries.extend(entries)
        if len(self._entries) != before or before == TAIL:
            self.redraw()

    def show_zone(self, zone: Zone) -> None:
        """Times in another zone."""
        self._zone = zone
        self.redraw()

    def redraw(self) -> None:
        """A line for each event."""
        if self.room > 10:
            rows = [(piece(" "), *entry_line(each, self._zone, self.room - 2)) for each in self._entries]
            none = "nothing in the journal yet" if self._read else "not read yet"
            self.show(rows or [line(piece(f" {none}", Role.MUTED))])
