"""The plan as a tree: phases, sub-phases, operations, each with its glyph, name and words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from rich.style import Style
from rich.text import Text
from textual.message import Message
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from operations.plan.backing import Backing, backing_of_group
from operations.plan.models import Operation, Phase, SubPhase
from screens.kit import Kit
from screens.known import Known
from screens.lines import merged
from screens.plan_row import row_line
from screens.summary import Row, group_row, group_state, operation_row, running_for
from screens.text import ascii_only
from screens.widgets.line_view import MARK
from screens.widgets.roles import role_style
from state.projections.states import OperationState, PlanStatus

Item = Phase | SubPhase | Operation

_URGENT = frozenset(
    {
        OperationState.IN_DOUBT,
        OperationState.FAILED,
        OperationState.HELD,
        OperationState.ROLLING_BACK,
        OperationState.RUNNING,
        OperationState.VERIFYING,
        OperationState.BAKING,
    }
)


class NodeKind(Enum):
    """What a row of the tree stands for."""

    PHASE = "phase"
    SUBPHASE = "subphase"
    OPERATION = "operation"


@dataclass(frozen=True, slots=True)
class NodeKey:
    """Which item of the plan a node shows."""

    kind: NodeKind
    id: str


class PlanTree(Tree[NodeKey]):
    """Phases first; their children are added when they are opened."""

    DEFAULT_CSS = (
        "PlanTree { background: $background; height: 1fr; scrollbar-size: 0 0; overflow: hidden; }\n"
        "PlanTree:focus { background-tint: $background 0%; }\n"
        "PlanTree > .tree--cursor { background: $cursor-blurred; text-style: none; }\n"
        "PlanTree:focus > .tree--cursor { background: $cursor; color: $cursor-text; text-style: bold; }\n"
        "PlanTree:focus:nocolor > .tree--cursor { text-style: bold reverse; }\n"
    )

    @dataclass
    class Chosen(Message):
        """The cursor stands on another item."""

        key: NodeKey

    class Opened(Message):
        """Enter was pressed on an operation."""

    def __init__(self, kit: Kit) -> None:
        super().__init__("", id="plan-tree")
        self.show_root = False
        self.show_guides = False
        self.guide_depth = 2
        self.auto_expand = False
        self._kit = kit
        self._known = Known()
        self._backings: dict[NodeKey, Backing] = {}
        self._items: dict[NodeKey, Item] = {}
        self._shown: dict[NodeKey, TreeNode[NodeKey]] = {}
        self._rows: dict[NodeKey, Row] = {}
        self._filter = ""
        self._opened_first = False
        self._told: NodeKey | None = None

    def on_mount(self) -> None:
        """Show the phases before anything is known about them."""
        self._build_tree()

    @property
    def chosen(self) -> NodeKey | None:
        """What the cursor stands on."""
        node = self.cursor_node
        return node.data if node is not None else None

    @property
    def filtered(self) -> bool:
        """Whether only what matches a filter is shown."""
        return bool(self._filter)

    @property
    def _status(self) -> PlanStatus:
        return self._known.status

    def show_known(self, known: Known) -> None:
        """Draw the rows again that read differently now."""
        self._known = known
        self._backings.clear()
        if not self._opened_first and known.status.seq:
            self._opened_first = True
            self._open_where_it_matters()
        self._draw_changed(self._shown)

    def tick(self) -> None:
        """Time has passed: draw the rows in sight whose words have changed, such as running times."""
        first = round(self.scroll_offset.y)
        nodes = (self.get_node_at_line(line) for line in range(first, first + self.size.height))
        self._draw_changed([node.data for node in nodes if node is not None and node.data is not None])

    def _draw_changed(self, keys: Iterable[NodeKey]) -> None:
        for key in keys:
            row = self._row(key)
            if self._rows.get(key) != row:
                self._rows[key] = row
                self._shown[key].refresh()

    def filter_by(self, text: str) -> int:
        """Show only operations that match; answers how many. Nothing shows all again."""
        kept = self.chosen
        self._filter = text.strip().lower()
        self._build_tree()
        stays = (
            kept in self._shown and (not self._filter or kept.kind is NodeKind.OPERATION) if kept else False
        )
        if kept is not None and stays:
            self.call_after_refresh(self._put_cursor, self._shown[kept])
        else:
            self.call_after_refresh(self._cursor_to_first_match)
        return sum(key.kind is NodeKind.OPERATION for key in self._shown)

    def _cursor_to_first_match(self) -> None:
        for key, node in self._shown.items():
            if not self._filter or key.kind is NodeKind.OPERATION:
                self._put_cursor(node)
                return

    def _put_cursor(self, node: TreeNode[NodeKey]) -> None:
        """Move it, and tell of it also where another item has come to stand on the very line that it stood on."""
        self.move_cursor(node)
        if node.data is not None and node.data != self._told:
            self._tell(node.data)

    def _tell(self, key: NodeKey) -> None:
        self._told = key
        self.post_message(self.Chosen(key))

    def go_to(self, operation_id: str) -> bool:
        """Open what an operation is in and put the cursor on it; False when it is not shown."""
        place = self._kit.plan.place.get(operation_id)
        if place is None:
            return False
        for key in (NodeKey(NodeKind.PHASE, place[0].id), NodeKey(NodeKind.SUBPHASE, place[1].id)):
            if (node := self._shown.get(key)) is not None:
                self._fill(node)
                node.expand()
        found = self._shown.get(NodeKey(NodeKind.OPERATION, operation_id))
        if found is None:
            return False
        self.call_after_refresh(self._put_cursor, found)
        return True

    def _open_where_it_matters(self) -> None:
        for phase in self._kit.plan.phases:
            states = [self._status.of(operation.id).state for operation in phase.operations]
            if states and group_state(states) is not OperationState.SUCCEEDED:
                target = next(
                    (op.id for op, state in zip(phase.operations, states, strict=True) if state in _URGENT),
                    next(op.id for op in phase.operations if not self._status.of(op.id).state.satisfied),
                )
                self.go_to(target)
                return

    def _build_tree(self) -> None:
        self.clear()
        self._shown.clear()
        self._rows.clear()
        for phase in self._kit.plan.phases:
            if not self._filter or any(self._matches(operation) for operation in phase.operations):
                self._add(self.root, NodeKey(NodeKind.PHASE, phase.id), phase, leaf=not phase.subphases)
        if self._filter:
            for node in list(self.root.children):
                self._open_all(node)

    def _open_all(self, node: TreeNode[NodeKey]) -> None:
        self._fill(node)
        node.expand()
        for child in list(node.children):
            if child.allow_expand:
                self._open_all(child)

    def _add(self, parent: TreeNode[NodeKey], key: NodeKey, item: Item, *, leaf: bool) -> None:
        self._items[key] = item
        node = parent.add("", key, allow_expand=not leaf)
        self._shown[key] = node
        self._rows[key] = self._row(key)

    def _fill(self, node: TreeNode[NodeKey]) -> None:
        if node.data is None or node.children:
            return
        item = self._items[node.data]
        for key, child in _children(item):
            operations = (child,) if isinstance(child, Operation) else child.operations
            if not self._filter or any(self._matches(operation) for operation in operations):
                self._add(node, key, child, leaf=isinstance(child, Operation) or not child.operations)

    def _matches(self, operation: Operation) -> bool:
        state = self._status.of(operation.id).state.value.replace("_", " ")
        return any(self._filter in text.lower() for text in (operation.id, operation.title, state))

    def on_tree_node_expanded(self, event: Tree.NodeExpanded[NodeKey]) -> None:
        """Children appear when they are first asked for."""
        self._fill(event.node)

    def on_tree_node_highlighted(self, event: Tree.NodeHighlighted[NodeKey]) -> None:
        """Tell the screen what to show of it."""
        event.stop()
        if event.node.data is not None:
            self._tell(event.node.data)

    def on_tree_node_selected(self, event: Tree.NodeSelected[NodeKey]) -> None:
        """Enter and a click open and close."""
        event.stop()
        if event.node.allow_expand:
            event.node.toggle()
        else:
            self.post_message(self.Opened())

    def item(self, key: NodeKey) -> Item | None:
        """What a node stands for."""
        return self._items.get(key)

    def go_in(self) -> None:
        """Show what is in the phase or sub-phase under the cursor."""
        node = self.cursor_node
        if node is not None and node.allow_expand:
            self._fill(node)
            node.expand()

    def go_out(self) -> None:
        """Close what is under the cursor, or go to what holds it."""
        node = self.cursor_node
        if node is None:
            return
        if node.allow_expand and node.is_expanded:
            node.collapse()
        elif node.parent is not None and not node.parent.is_root:
            self.move_cursor(node.parent)

    def _row(self, key: NodeKey) -> Row:
        item = self._items[key]
        if isinstance(item, Operation):
            elapsed = running_for(self._status.of(item.id), self._kit.clock())
            return operation_row(item, self._known, self._kit.glyphs, elapsed)
        return group_row(item, self._known, self._backing(key, item), self._kit.glyphs, self._kit.clock())

    def _backing(self, key: NodeKey, group: Phase | SubPhase) -> Backing:
        """Counted once for every look at the journal; only its age changes between two of them."""
        if key not in self._backings:
            self._backings[key] = backing_of_group(group, self._known.evidence)
        return self._backings[key]

    def get_label_width(self, node: TreeNode[NodeKey]) -> int:
        """Rows are cut to the pane, so no row is wider."""
        return max(1, self.size.width - self._indent(node))

    def _indent(self, node: TreeNode[NodeKey]) -> int:
        depth, parent = 0, node.parent
        while parent is not None and not parent.is_root:
            depth, parent = depth + 1, parent.parent
        return depth * 2

    def render_label(self, node: TreeNode[NodeKey], base_style: Style, style: Style) -> Text:  # noqa: ARG002 - Tree's signature
        """Glyph and name at the left, words at the right."""
        if node.data is None:
            return Text("")
        row = self._rows.get(node.data) or self._row(node.data)
        chosen = node is self.cursor_node and self.has_focus
        toggle = self._toggle(node)[:-1] + (MARK if chosen else " ")
        pieces = merged(row_line(row, toggle, self.get_label_width(node)))
        text = Text(no_wrap=True, end="")
        plain = ascii_only if self._kit.glyphs.ascii else str
        for part in pieces:
            text.append(plain(part.text), style if chosen else style + role_style(self, part.role))
        return text

    def _toggle(self, node: TreeNode[NodeKey]) -> str:
        if not node.allow_expand:
            return "  "
        return (self._kit.glyphs.opened if node.is_expanded else self._kit.glyphs.closed) + " "


def _children(item: Item) -> Iterator[tuple[NodeKey, SubPhase | Operation]]:
    if isinstance(item, Phase):
        for sub in item.subphases:
            yield NodeKey(NodeKind.SUBPHASE, sub.id), sub
    elif isinstance(item, SubPhase):
        for operation in item.operations:
            yield NodeKey(NodeKind.OPERATION, operation.id), operation
