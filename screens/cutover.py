"""The main screen: where the cutover stands, whether it can be undone, what is next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Literal

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import Input

from operations.plan.models import Operation, Phase, SubPhase
from operations.plan.registers import Constraint
from screens.action import Action
from screens.constraint_lines import open_note
from screens.detail_lines import OperationView
from screens.head_lines import back_out_line, header_line, hint_line, run_line
from screens.kit import Kit
from screens.lines import Line, Role, piece
from screens.metric_lines import metrics_note
from screens.movement import Move
from screens.ports import Banner, FeedUpdate
from screens.text import clean
from screens.times import Zone
from screens.widgets.band import Band
from screens.widgets.bodies import ConstraintsBody, DetailBody, JournalBody, MetricsBody
from screens.widgets.line_view import LineView
from screens.widgets.pane import Pane
from screens.widgets.plan_tree import NodeKey, NodeKind, PlanTree
from state.metrics import MetricReading, MetricsSnapshot
from state.projections.status import PlanStatus

NARROW = 70
"""Columns below which there is room for one pane at a time."""
SHORT = 18
"""Rows below which there is room for one pane at a time."""


class CutoverScreen(Screen[None]):
    """Lines that always stand, five numbered panes, a line of hints."""

    CSS_PATH = "cutover.tcss"
    AUTO_FOCUS = "#plan-tree"
    HORIZONTAL_BREAKPOINTS: ClassVar[list[tuple[int, str]]] = [(0, "-narrow"), (NARROW, "-normal"), (110, "-wide")]
    VERTICAL_BREAKPOINTS: ClassVar[list[tuple[int, str]]] = [(0, "-tiny"), (12, "-short"), (SHORT, "-low"), (32, "-high")]

    zone: var[Zone] = var(Zone.UTC)
    """Which zone times are shown in."""
    zoomed: var[bool] = var(False)
    """Whether one pane has the whole screen."""

    class OperationWanted(Message):
        """Somebody looks at this operation."""

        def __init__(self, operation_id: str) -> None:
            super().__init__()
            self.operation_id = operation_id

    class MetricWanted(Message):
        """Somebody wants to see this metric large."""

        def __init__(self, reading: MetricReading) -> None:
            super().__init__()
            self.reading = reading

    class ConstraintWanted(Message):
        """Somebody wants to read this constraint."""

        def __init__(self, constraint: Constraint) -> None:
            super().__init__()
            self.constraint = constraint

    def __init__(self, kit: Kit, banner: Banner, actions: Sequence[Action], zone: Zone = Zone.UTC) -> None:
        """Make the screen; `actions` are those of the hint line."""
        super().__init__()
        self._kit = kit
        self._banner = banner
        self._actions = tuple(actions)
        self._armed: frozenset[str] = frozenset()
        self._update: FeedUpdate | None = None
        self._trouble: str | None = None
        self._snapshot = MetricsSnapshot()
        self._current = 1
        self.set_reactive(CutoverScreen.zone, zone)
        edge = "|" if kit.glyphs.ascii else "│"
        self._edge = edge
        self.tree_body = PlanTree(kit)
        self.detail = DetailBody(kit, edge=edge)
        self.metrics = MetricsBody(kit, edge=edge)
        self.constraints = ConstraintsBody(kit, edge=edge)
        self.journal = JournalBody(kit)
        bodies = (self.tree_body, self.detail, self.metrics, self.constraints, self.journal)
        names = ("Plan", "Operation", "Metrics", "Constraints", "Journal")
        self.panes = tuple(
            Pane(number, name, body, glyphs=kit.glyphs, joint=self._joint(number))
            for number, (name, body) in enumerate(zip(names, bodies, strict=True), start=1)
        )

    def _joint(self, number: int) -> str:
        if self._kit.glyphs.ascii:
            return "+" if number in (2, 3, 4) else ""
        return {2: "┬", 3: "├", 4: "├"}.get(number, "")

    def compose(self) -> ComposeResult:
        """Lines at the top, panes, hints at the bottom."""
        yield Band(id="header")
        yield Band(id="back-out")
        yield Band(id="run")
        with Horizontal(id="middle"):
            with Vertical(id="left", classes="column"):
                yield self.panes[0]
            with Vertical(id="right", classes="column"):
                yield from self.panes[1:4]
        with Vertical(id="bottom", classes="column"):
            yield self.panes[4]
        yield Input(id="filter", placeholder="part of an id, a title or a state; Esc shows all", compact=True)
        yield Band(id="hints")

    def on_mount(self) -> None:
        """First paint: everything that the plan itself says."""
        self._head()
        self.query_one("#hints", Band).present(lambda width: hint_line(self._actions, width))
        self.panes[3].retitle(note=open_note(self._kit.plan.constraints))
        self.panes[0].retitle(note=self._plan_note(PlanStatus()))
        self.journal.show_zone(self.zone)
        self._note_zone()
        self._notes()

    # what arrives

    def show_update(self, update: FeedUpdate) -> None:
        """The journal says something new."""
        self._update = update
        self._head()
        self.tree_body.show_status(update.status)
        self.detail.show_status(update.status)
        self.journal.add(update.entries)
        self.panes[0].retitle(note=self._plan_note(update.status))
        self._note_zone()

    def show_metrics(self, snapshot: MetricsSnapshot, banner: Banner) -> None:
        """Other readings, or other facts about where we are."""
        if banner != self._banner:
            self._banner = banner
            self._head()
        self._snapshot = snapshot
        self.metrics.show_snapshot(snapshot)
        self._notes()

    def show_view(self, view: OperationView) -> None:
        """One operation was read."""
        self.detail.show_view(view)

    def show_armed(self, armed: frozenset[str]) -> None:
        """Whether the console may act."""
        self._armed = armed
        self._head()

    def show_trouble(self, problem: str | None) -> None:
        """Something cannot be read."""
        if problem != self._trouble:
            self._trouble = problem
            self._head()

    def tick(self) -> None:
        """Time has passed: running times and ages."""
        self._head()
        self.tree_body.tick()
        self.detail.redraw()
        self.metrics.redraw()
        self._notes()

    def _head(self) -> None:
        if not self.is_mounted:
            return
        glyphs, update = self._kit.glyphs, self._update
        banner = self._seen_banner()
        back = update.back_out if update else None
        now: datetime = self._kit.clock()
        self.query_one("#header", Band).present(lambda width: header_line(banner, self._armed, width))
        self.query_one("#back-out", Band).present(lambda width: back_out_line(back, glyphs, width))
        self.query_one("#run", Band).present(lambda width: run_line(update, banner, glyphs, now, width))
        self.query_one("#back-out", Band).set_class(back is not None and not back.possible, "-blocked")

    def _seen_banner(self) -> Banner:
        from dataclasses import replace

        return replace(self._banner, problem=self._trouble) if self._trouble else self._banner

    def _plan_note(self, status: PlanStatus) -> Line:
        plan = self._kit.plan
        done = sum(status.of(key).state.satisfied for key in plan.operations)
        return (piece(f"{done}/{len(plan.operations)} done", Role.MUTED),)

    def _notes(self) -> None:
        if self.is_mounted:
            self.panes[2].retitle(note=metrics_note(self._snapshot, self._kit.clock()))

    def _note_zone(self) -> None:
        word = "UTC" if self.zone is Zone.UTC else f"local {self._kit.clock().astimezone().strftime('%z')}"
        paused = () if self.journal.following else (piece("scrolled, G follows  ", Role.ATTENTION),)
        self.panes[4].retitle(note=(*paused, piece(word, Role.MUTED)))

    def watch_zone(self, zone: Zone) -> None:
        """Times in the other zone."""
        if self.is_mounted:
            self.journal.show_zone(zone)
            self._note_zone()

    # what is looked at

    @property
    def chosen_operations(self) -> tuple[str, ...]:
        """The operations that the cursor of the plan stands for."""
        item = self._item(self.tree_body.chosen)
        if item is None:
            return ()
        return (item.id,) if isinstance(item, Operation) else tuple(each.id for each in item.operations)

    @property
    def update(self) -> FeedUpdate | None:
        """What the journal said last."""
        return self._update

    @property
    def snapshot(self) -> MetricsSnapshot:
        """The last readings."""
        return self._snapshot

    def _item(self, key: NodeKey | None) -> Operation | Phase | SubPhase | None:
        if key is None:
            return None
        plan = self._kit.plan
        if key.kind is NodeKind.OPERATION:
            return plan.operations.get(key.id)
        for phase in plan.phases:
            if key.kind is NodeKind.PHASE and phase.id == key.id:
                return phase
            for sub in phase.subphases:
                if key.kind is NodeKind.SUBPHASE and sub.id == key.id:
                    return sub
        return None

    @on(PlanTree.Chosen)
    def _show_chosen(self, event: PlanTree.Chosen) -> None:
        event.stop()
        item = self._item(event.key)
        if item is None:
            return
        self.detail.show_item(item)
        self.panes[1].retitle(name=clean(item.id if isinstance(item, Operation) else f"{event.key.kind.value} {item.id}"))
        if isinstance(item, Operation):
            self.post_message(self.OperationWanted(item.id))

    # panes

    def focus_pane(self, number: int) -> None:
        """Put the focus into a pane; where there is room for one only, show that one."""
        self._current = number
        self._arrange()
        self.call_after_refresh(self.panes[number - 1].body.focus)

    def next_pane(self, step: Literal[1, -1]) -> None:
        """The focus goes round the panes."""
        self.focus_pane((self._current - 1 + step) % len(self.panes) + 1)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A click may have moved the focus too."""
        for pane in self.panes:
            if event.widget is pane.body and pane.number != self._current:
                self._current = pane.number
                self._arrange()

    def on_resize(self) -> None:
        """Another size may have room for fewer panes."""
        self._arrange()

    def watch_zoomed(self) -> None:
        """One pane or all."""
        if self.is_mounted:
            self._arrange()
            self.call_after_refresh(self.panes[self._current - 1].body.focus)

    @property
    def single(self) -> bool:
        """Whether one pane is shown at a time."""
        return self.zoomed or self.size.width < NARROW or self.size.height < SHORT

    def _arrange(self) -> None:
        single = self.single
        self.set_class(single, "-single")
        for pane in self.panes:
            pane.set_class(pane.number == self._current, "-current")
            pane.retitle(joint="" if single else self._joint(pane.number))
            if isinstance(pane.body, LineView) and pane.number in (2, 3, 4):
                pane.body.set_edge("" if single else self._edge)
        for column, numbers in (("left", (1,)), ("right", (2, 3, 4)), ("bottom", (5,))):
            self.query_one(f"#{column}").set_class(self._current in numbers, "-holds-current")
        self.set_class(self._current == 3, "-metrics-first")
        self.set_class(self._current == 4, "-constraints-first")
        self.detail.show_full(full=single and self._current == 2)

    def move(self, move: Move) -> None:
        """Move in the pane that has the focus."""
        body = self.panes[self._current - 1].body
        if isinstance(body, PlanTree):
            _move_tree(body, move)
        elif isinstance(body, LineView):
            _move_lines(body, move)
            if body is self.journal:
                self._note_zone()

    def open_chosen(self) -> None:
        """What Enter does in the pane that has the focus."""
        if self._current == 3:
            self.show_metric()
        elif self._current == 4 and (constraint := self.constraints.chosen) is not None:
            self.post_message(self.ConstraintWanted(constraint))
        elif self._current == 2:
            self.zoomed = not self.zoomed

    def show_metric(self) -> None:
        """The chosen metric, large."""
        if (reading := self.metrics.chosen) is not None:
            self.post_message(self.MetricWanted(reading))

    # the filter

    def start_filter(self) -> None:
        """Ask which operations to show."""
        self.focus_pane(1)
        box = self.query_one("#filter", Input)
        box.add_class("-open")
        self.call_after_refresh(box.focus)

    @on(Input.Changed, "#filter")
    def _filter(self, event: Input.Changed) -> None:
        event.stop()
        count = self.tree_body.filter_by(event.value)
        found = (piece(f"{count} match" + ("" if count == 1 else "es"), Role.ATTENTION),)
        status = self._update.status if self._update else PlanStatus()
        self.panes[0].retitle(note=found if event.value.strip() else self._plan_note(status))

    @on(Input.Submitted, "#filter")
    def _keep_filter(self, event: Input.Submitted) -> None:
        event.stop()
        self.query_one("#filter", Input).remove_class("-open")
        self.focus_pane(1)

    def step_back(self) -> None:
        """What Esc does: end the filter, then the zoom, then back to the plan."""
        box = self.query_one("#filter", Input)
        if box.value or box.has_class("-open"):
            box.value = ""
            box.remove_class("-open")
            self.focus_pane(1)
        elif self.zoomed:
            self.zoomed = False
        else:
            self.focus_pane(1)


def _move_tree(tree: PlanTree, move: Move) -> None:
    node = tree.cursor_node
    match move:
        case Move.DOWN:
            tree.action_cursor_down()
        case Move.UP:
            tree.action_cursor_up()
        case Move.TOP:
            tree.action_scroll_home()
        case Move.BOTTOM:
            tree.action_scroll_end()
        case Move.PAGE_DOWN:
            tree.action_page_down()
        case Move.PAGE_UP:
            tree.action_page_up()
        case Move.INTO if node is not None and node.allow_expand:
            tree.open_node(node)
        case Move.OUT if node is not None and node.allow_expand and node.is_expanded:
            node.collapse()
        case Move.OUT:
            tree.action_cursor_parent()


def _move_lines(view: LineView, move: Move) -> None:
    match move:
        case Move.DOWN:
            view.move_by(1)
        case Move.UP:
            view.move_by(-1)
        case Move.TOP:
            view.go_top()
        case Move.BOTTOM:
            view.go_bottom()
        case Move.PAGE_DOWN:
            view.page(1)
        case Move.PAGE_UP:
            view.page(-1)
