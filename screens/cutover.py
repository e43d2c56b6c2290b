"""The main screen: where the cutover stands, whether it can be undone, what is next."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from textual import on
from textual.message import Message
from textual.widgets import Input

from operations.plan.models import Operation, Phase, SubPhase
from operations.plan.registers import Constraint
from screens.action import Action
from screens.constraint_lines import open_note
from screens.detail_lines import OperationView
from screens.kit import Kit
from screens.lines import Line, Role, piece
from screens.lull import Lull
from screens.metric_lines import metrics_note
from screens.movement import Move
from screens.ports import Banner, FeedUpdate
from screens.room import Room, Seen
from screens.summary import shown_state
from screens.text import clean
from screens.times import Zone
from screens.tour import TourBand
from screens.widgets.bodies import ConstraintsBody, DetailBody, JournalBody, MetricsBody
from screens.widgets.panes import Panes
from screens.widgets.plan_tree import NodeKey, NodeKind, PlanTree
from screens.words import state_word
from state.metrics import MetricsSnapshot
from state.projections.states import PlanStatus

STYLESHEET = Path(__file__).with_suffix(".tcss")
"""Named by the app: Textual reads no stylesheet of an app's first screen."""


BESIDE_NOTE = 17
"""Columns of the metrics' title beside its note."""


class CutoverScreen(Room):
    """The first room: plan, operation, metrics, constraints, journal."""

    AUTO_FOCUS = "#plan-tree"
    NAME = "cutover"
    FILTER_HINT = "part of an id, a title or a state; Esc shows all"

    class OperationWanted(Message):
        """Somebody looks at this operation."""

        def __init__(self, operation_id: str) -> None:
            super().__init__()
            self.operation_id = operation_id

    class MetricWanted(Message):
        """Somebody wants to see this metric large."""

        def __init__(self, metric_id: str) -> None:
            super().__init__()
            self.metric_id = metric_id

    class ConstraintWanted(Message):
        """Somebody wants to read this constraint."""

        def __init__(self, constraint: Constraint) -> None:
            super().__init__()
            self.constraint = constraint

    def __init__(self, kit: Kit, banner: Banner, actions: Sequence[Action], zone: Zone = Zone.UTC) -> None:
        """Make the screen; `actions` are those of the hint line."""
        self._kit = kit
        self.plan_tree = PlanTree(kit)
        self.detail = DetailBody(kit)
        self.metrics = MetricsBody(kit)
        self.constraints = ConstraintsBody(kit)
        self.journal = JournalBody()
        bodies = (self.plan_tree, self.detail, self.metrics, self.constraints, self.journal)
        panes = Panes(bodies, ("Plan", "Operation", "Metrics", "Constraints", "Journal"), kit.glyphs)
        super().__init__(kit, Seen(banner, zone=zone), actions, panes)
        self._lull = Lull(self)

    def on_mount(self) -> None:
        """First paint: everything that the plan itself says."""
        super().on_mount()
        self.panes.all[3].retitle(note=open_note(self._kit.plan.constraints))
        self.journal.show_zone(self.zone)
        self._note_done()
        self._note_zone()
        self._note_age()

    @property
    def update_seen(self) -> FeedUpdate | None:
        """What the journal said last."""
        return self.seen.update

    def show_update(self, update: FeedUpdate) -> None:
        """The journal says something new."""
        super().show_update(update)
        self.plan_tree.show_known(update.known)
        self.detail.show_known(update.known)
        self.journal.add(update.entries, anew=update.anew)
        self._note_done()

    def show_metrics(self, snapshot: MetricsSnapshot, banner: Banner) -> None:
        """Other readings, or other facts about where we are."""
        super().show_metrics(snapshot, banner)
        self.metrics.show_snapshot(snapshot)
        self._note_age()

    def show_view(self, view: OperationView) -> None:
        """One operation was read."""
        self.detail.show_view(view)

    def tick(self) -> None:
        """Time has passed: running times and ages."""
        super().tick()
        self.plan_tree.tick()
        self.detail.redraw()
        self.metrics.redraw()
        self._note_age()
        self._note_zone()

    def _note_done(self) -> None:
        status = self.seen.update.status if self.seen.update else PlanStatus()
        operations = self._kit.plan.operations
        done = sum(status.of(key).state.satisfied for key in operations)
        if not self.filter_box.value.strip():
            self.panes.all[0].retitle(note=(piece(f"{done}/{len(operations)} done", Role.MUTED),))

    def _note_age(self) -> None:
        pane = self.panes.all[2]
        room = max(1, (pane.size.width or 80) - BESIDE_NOTE)
        pane.retitle(note=metrics_note(self.seen.snapshot, self._kit.clock(), room))

    def _note_zone(self) -> None:
        word = "UTC" if self.zone is Zone.UTC else f"local {self._kit.clock().astimezone().strftime('%z')}"
        paused: Line = (
            ()
            if self.journal.following
            else (piece(f"scrolled, {self._kit.keys['bottom']} follows  ", Role.ATTENTION),)
        )
        self.panes.all[4].retitle(note=(*paused, piece(word, Role.MUTED)))

    def watch_zone(self, zone: Zone) -> None:
        """Times in the other zone."""
        super().watch_zone(zone)
        if self.is_mounted:
            self.journal.show_zone(zone)
            self._note_zone()

    # what is looked at

    @property
    def looking_on(self) -> bool:
        """Whether the cursor has moved on and what it stands on is not shown yet."""
        return self._lull.waiting

    @property
    def chosen_operations(self) -> tuple[str, ...]:
        """The operations that the cursor of the plan stands for."""
        item = self._item(self.plan_tree.chosen)
        if item is None:
            return ()
        return (item.id,) if isinstance(item, Operation) else tuple(each.id for each in item.operations)

    def _item(self, key: NodeKey | None) -> Operation | Phase | SubPhase | None:
        return None if key is None else self.plan_tree.item(key)

    @on(PlanTree.Chosen)
    def _show_chosen(self, event: PlanTree.Chosen) -> None:
        event.stop()
        self._lull.do(partial(self._show_item, event.key))

    def _show_item(self, key: NodeKey) -> None:
        item = self._item(key)
        if item is None:
            return
        self.detail.show_item(item)
        kind = {NodeKind.PHASE: "phase ", NodeKind.SUBPHASE: "sub-phase "}.get(key.kind, "")
        self.panes.all[1].retitle(name=clean(f"{kind}{item.id}"))
        if isinstance(item, Operation):
            self.post_message(self.OperationWanted(item.id))

    @on(PlanTree.Opened)
    def _read_operation(self, event: PlanTree.Opened) -> None:
        event.stop()
        self._lull.end()
        self.panes.focus_pane(2)

    def go_to(self, operation_id: str) -> None:
        """Put the plan's cursor on an operation."""
        self.filter_box.end()
        if self.plan_tree.filtered:
            self.plan_tree.filter_by("")
        self.plan_tree.go_to(operation_id)
        self.panes.focus_pane(1)

    def move(self, move: Move) -> None:
        """Move in the pane that has the focus."""
        super().move(move)
        self._note_zone()

    def open_chosen(self) -> None:
        """What Enter does in the pane that has the focus."""
        constraint = self.constraints.chosen
        match self.panes.current.number:
            case 2 | 5:
                self.panes.zoomed = not self.panes.zoomed
            case 3:
                self.show_metric()
            case 4 if constraint is not None:
                self.post_message(self.ConstraintWanted(constraint))

    def show_metric(self, metric_id: str | None = None) -> bool:
        """A metric, large: the chosen one unless it is named; False when there is no such reading."""
        chosen = self.metrics.chosen
        wanted = metric_id or (chosen.id if chosen else "")
        if wanted not in {reading.id for reading in self.seen.snapshot.readings}:
            return False
        self.post_message(self.MetricWanted(wanted))
        return True

    # the filter

    def start_filter(self, text: str = "") -> None:
        """Ask which operations to show, or show those that match a text."""
        self.panes.show_pane(1)
        self.filter_box.open(text)

    @on(Input.Changed, "#filter")
    def _filter(self, event: Input.Changed) -> None:
        event.stop()
        count = self.plan_tree.filter_by(event.value)
        if event.value.strip():
            found = f"{count} match{'' if count == 1 else 'es'}"
            self.panes.all[0].retitle(note=(piece(found, Role.ATTENTION),))
        else:
            self._note_done()

    @on(Input.Submitted, "#filter")
    def _keep_filter(self, event: Input.Submitted) -> None:
        event.stop()
        self.filter_box.close()
        self.panes.focus_pane(1)

    @property
    def chosen_text(self) -> str:
        """In the plan and its operation: each chosen operation with its state; elsewhere the line under the cursor."""
        if self.panes.current.number > len(("plan", "operation")):
            return super().chosen_text
        status = self.seen.known.status
        operations = self._kit.plan.operations
        states = ((key, shown_state(operations[key], status)) for key in self.chosen_operations)
        return "\n".join(f"{key} {state_word(state)}" for key, state in states)

    # the tour

    @property
    def tour(self) -> TourBand | None:
        """The tour that is going on."""
        return next(iter(self.query(TourBand)), None)

    def begin_tour(self) -> None:
        """Begin the tour, or begin it again."""
        self.end_tour()
        band = TourBand(self._kit.glyphs, self._kit.keys)
        self.mount(band, before="#hints")

    def go_on_tour(self) -> bool:
        """To the next stop, or out of it behind the last one; False when there is no tour."""
        band = self.tour
        if band is None:
            return False
        if not band.go_on():
            self.end_tour()
        elif band.stop.pane is not None:
            self.panes.focus_pane(band.stop.pane)
        return True

    def end_tour(self) -> bool:
        """End the tour; False when there is none."""
        band = self.tour
        if band is not None:
            band.remove()
        return band is not None

    def step_back(self) -> bool:
        """What Esc does: end the filter, then the tour, then the zoom, then back to the plan."""
        ended = self.filter_box.end() or self.end_tour()
        if self.panes.zoomed and not ended:
            self.panes.zoomed = False
        else:
            self.panes.focus_pane(1)
        return True
