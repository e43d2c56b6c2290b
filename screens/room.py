"""A room: a whole page under the lines that always stand, its body made of numbered panes, a line of hints below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.reactive import var

from screens.action import Action, Scope
from screens.head_lines import Means, hint_line
from screens.kit import Kit
from screens.known import Known
from screens.lines import Line, Role, line_width, piece
from screens.movement import Move, move_in
from screens.ports import Banner, FeedUpdate
from screens.review_port import ReviewMark
from screens.times import Zone
from screens.unveiled import Unveiled
from screens.widgets.band import Band
from screens.widgets.filter_box import FilterBox
from screens.widgets.heading import Heading
from screens.widgets.line_view import LineView
from screens.widgets.stage import PaneStage
from state.metrics import MetricsSnapshot

STYLESHEET = Path(__file__).with_suffix(".tcss")
"""Named by the app: Textual reads no stylesheet of an app's first screen."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the console knows at this moment; a room that opens is handed it, and told of every change."""

    banner: Banner
    update: FeedUpdate | None = None
    snapshot: MetricsSnapshot = field(default_factory=MetricsSnapshot)
    armed: frozenset[str] = frozenset()
    zone: Zone = Zone.UTC
    trouble: str | None = None
    review: ReviewMark | None = None
    """Where in the past the console stands; None: it shows what is now."""

    @property
    def known(self) -> Known:
        """What rows are made of."""
        return Known() if self.update is None else self.update.known


class Room(Unveiled):
    """One page of the console. It shows, moves and filters; what acts goes through the table of commands."""

    HORIZONTAL_BREAKPOINTS = [(0, "-normal"), (110, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (12, "-low"), (36, "-high")]

    NAME: ClassVar[str] = ""
    """The room's name, as commands, breadcrumb and `Action.room` have it."""
    FILTERS: ClassVar[bool] = True
    """Whether there is anything to filter."""
    FILTER_HINT: ClassVar[str] = "part of a line; Esc shows all"

    zone: var[Zone] = var(Zone.UTC)
    """Which zone times are shown in."""

    def __init__(self, kit: Kit, seen: Seen, actions: Sequence[Action], stage: PaneStage) -> None:
        """Make a room.

        Args:
            kit: the plan, the clock, the glyphs, the link.
            seen: what the console knows now.
            actions: those of this room, whose keys live here only, and those of the hint line.
            stage: its panes.
        """
        super().__init__()
        self.kit = kit
        self.seen = seen
        self.crumbs: tuple[str, ...] = ()
        self.panes = stage
        self.set_reactive(Room.zone, seen.zone)
        self.heading = Heading(kit, seen.banner)
        self.filter_box = FilterBox(self.FILTER_HINT)
        self._actions = tuple(action for action in actions if action.room in (None, self.NAME))
        self._hints = Band(widget_id="hints")
        for action in self._actions:
            if action.room is not None and action.keys:
                self._bind(action)

    def _bind(self, action: Action) -> None:
        keys = ",".join(action.keys)
        bound = Binding(keys, f"app.act('{action.id}')", action.title, id=action.id, show=False)
        for each in Binding.make_bindings([bound]):
            self._bindings.key_to_bindings.setdefault(each.key, []).insert(0, each)

    def compose(self) -> ComposeResult:
        """Lines at the top, panes, hints at the bottom."""
        yield self.heading
        yield self.panes
        yield self.filter_box
        yield self._hints

    def on_mount(self) -> None:
        """First paint: everything that is known already."""
        super().on_mount()
        self.heading.show(banner=self.seen.banner, update=self.seen.update, armed=self.seen.armed)
        self.heading.show_trouble(self.seen.trouble)
        self.heading.show_review(self.seen.review, self.zone)
        self._show_hints()

    def on_screen_resume(self) -> None:
        """In sight again: times have moved on meanwhile."""
        if self.is_mounted:
            self.tick()

    # what arrives

    def show_update(self, update: FeedUpdate) -> None:
        """The journal says something new."""
        self.seen = replace(self.seen, update=update)
        self.heading.show(update=update)

    def show_metrics(self, snapshot: MetricsSnapshot, banner: Banner) -> None:
        """Other readings, or other facts about where we are."""
        self.seen = replace(self.seen, snapshot=snapshot, banner=banner)
        self.heading.show(banner=banner)

    def show_armed(self, armed: frozenset[str]) -> None:
        """Whether the console may act."""
        self.seen = replace(self.seen, armed=armed)
        self.heading.show(armed=armed)
        self._show_hints()

    def show_trouble(self, problem: str | None) -> None:
        """Something cannot be read."""
        self.seen = replace(self.seen, trouble=problem)
        self.heading.show_trouble(problem)

    def show_review(self, mark: ReviewMark | None) -> None:
        """Another moment of the journal is shown, or the same goes on; None: it is now again."""
        self.seen = replace(self.seen, review=mark)
        self.heading.show_review(mark, self.zone)
        if self.is_mounted:
            self._show_hints()

    def tick(self) -> None:
        """Time has passed: running times and ages."""
        self.heading.redraw()

    def watch_zone(self, zone: Zone) -> None:
        """Times in the other zone."""
        self.seen = replace(self.seen, zone=zone)
        if self.is_mounted:
            self.heading.show_review(self.seen.review, zone)

    def _show_hints(self) -> None:
        review = self.seen.review
        means = Means(
            bool(self.seen.armed), self.kit.shut is None, review is not None and review.seq is not None
        )
        self._hints.present(lambda width: self._hint(width, means))

    def _hint(self, width: int, means: Means) -> Line:
        crumb = crumb_line(self.crumbs)
        room = width - line_width(crumb)
        return (*crumb, *hint_line(self._hinted(), room, means))

    def _hinted(self) -> tuple[Action, ...]:
        """What moves in time comes first, where the past is shown; then the room's own keys."""
        return tuple(
            sorted(self._actions, key=lambda each: (each.scope is not Scope.TIME, each.room is None))
        )

    # what is looked at

    @property
    def looking_on(self) -> bool:
        """Whether the cursor has moved on and what it stands on is not shown yet."""
        return False

    @property
    def chosen_operations(self) -> tuple[str, ...]:
        """The operations that the cursor stands for; what `run` and `rollback` mean without an argument."""
        return ()

    @property
    def chosen_text(self) -> str:
        """What copying takes: the line under the cursor of the pane that has the focus, else its lines in sight."""
        body = self.panes.current.body
        return body.chosen_text if isinstance(body, LineView) else ""

    def move(self, move: Move) -> None:
        """Move in the pane that has the focus."""
        move_in(self.panes.current.body, move)

    @property
    def opens(self) -> bool:
        """Whether Enter does anything here: a pane that is alone has the whole screen already."""
        return not self.panes.alone

    def open_chosen(self) -> None:
        """What Enter does in the pane that has the focus."""
        self.panes.zoomed = not self.panes.zoomed

    def start_filter(self, text: str = "") -> None:
        """Ask what to show, or show what matches a text."""
        self.filter_box.open(text)

    def step_back(self) -> bool:
        """What Esc ends here: the filter, then the zoom. False when there was nothing to end: the room is left."""
        if self.filter_box.end():
            self.panes.focus_pane(self.panes.current.number)
            return True
        if self.panes.zoomed:
            self.panes.zoomed = False
            return True
        return False


def crumb_line(crumbs: Sequence[str]) -> Line:
    """Where we are, how we came here and how to leave: `Cutover > Journal  Esc back`; nothing in the first room."""
    if len(crumbs) < 2:
        return ()
    *before, here = (crumb.capitalize().replace("-", " ") for crumb in crumbs)
    back = (piece("  Esc", Role.STRONG), piece(" back", Role.MUTED))
    return (piece(f" {' > '.join(before)} > ", Role.MUTED), piece(here, Role.STRONG), *back, piece(" "))
