"""No text goes round the sanitiser, as far as the source shows: into widgets, and out to the terminal."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("console", "screens", "operations", "state", "themes")

SINKS = {
    "Button", "DataTable", "Field", "Input", "Label", "ListItem", "Markdown", "Option", "Piece", "Rule", "Segment", "Static",
    "add_column", "add_columns", "add_leaf", "add_option", "add_row", "add_rows", "notify", "set_label", "update_cell",
}  # fmt: skip
"""Calls whose text reaches a terminal."""
SINK_ATTRIBUTES = {"border_subtitle", "border_title", "label", "placeholder", "sub_title", "tooltip"}
SINK_KEYWORDS = {"label", "placeholder", "prompt", "renderable", "content", "tooltip", "title"}
CLEANERS = {"as_content", "ascii_only", "clean", "content", "cut", "fit", "piece", "plain", "width_of"}
"""What makes text harmless, or takes only harmless text and gives such back. `pad` and `fit` only measure."""
OWN = {
    "glyphs",
    "_glyphs",
    "_edge",
    "_joint",
    "_rule",
    "keys",
    "shown_keys",
    "edge",
    "gap",
    "glyph",
    "mark",
    "toggle",
}
"""Names of what the program itself draws: glyphs, edges, keys."""
WRITERS = {
    "console/output.py": "the one door",
    "console/commands/doctor.py": "swatches of colour, which are the terminal's own sequences and no data",
    "console/terminal/login.py": "tells of the login command, cleaned, while the console has stepped aside",
    "console/runner_process.py": "marks a runner's last line with its process id",
    "operations/drill/application.py": "the sandbox's own log, cleaned",
    "operations/drill/server.py": "the sandbox's address, and why it cannot start, cleaned",
    "state/chain_pieces.py": "two hashes as JSON, for the process that asked",
}
"""Who may write to standard output or error."""
KNOWN = {
    ("screens/lines.py", "Piece(row)"): "rows of text that `wrapped` has cleaned",
    ("screens/lines.py", "Piece(row, role)"): "rows of text that `wrapped` has cleaned",
    (
        "screens/lines.py",
        "Piece(fit(part.text + ' ', left) if taken == left else fit(part.text, left), part.role)",
    ): "of a Piece",
    ("screens/widgets/field.py", "super().__init__"): "typed, and cleaned by `validate_value`",
    ("console/acts/drilling.py", "Rule(kind, times=SINGLE)"): "a fault's rule; the kind is one of an enum",
    (
        "console/notify/endpoints.py",
        "self._apprise.notify(body=body, title=title, notify_type=urgency)",
    ): "goes to a service, and the words were cleaned when the notice was made",
    (
        "screens/wire.py",
        "Segment(text, None if style is None else _without_colour(style), control)",
    ): "drawn already",
    (
        "screens/wire.py",
        "Segment(text, None if style is None else _in_sixteen(style), control)",
    ): "drawn already",
}


def sources(*rooms: str) -> list[Path]:
    """The source files of rooms."""
    return sorted(file for room in rooms for file in (ROOT / room).rglob("*.py"))


def name_of(function: ast.expr) -> str:
    """The last part of what is called."""
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


class Safe:
    """Judges whether an expression can only be harmless text, in one function."""

    def __init__(self, function: ast.AST) -> None:
        self._assigned: dict[str, list[ast.expr]] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    self._note(target, node.value)
            elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
                self._note(node.target, node.value)

    def _note(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._assigned.setdefault(target.id, []).append(value)
        elif (
            isinstance(target, ast.Tuple)
            and isinstance(value, ast.Tuple)
            and len(target.elts) == len(value.elts)
        ):
            for each, its in zip(target.elts, value.elts, strict=True):
                self._note(each, its)

    def __call__(self, node: ast.expr, depth: int = 0) -> bool:
        """Whether it is."""
        return depth <= 12 and self._is_clean(node, lambda inner: self(inner, depth + 1))

    def _is_clean(self, node: ast.expr, again: Callable[[ast.expr], bool]) -> bool:
        match node:
            case ast.Constant():
                return True
            case ast.Call():
                return name_of(node.func) in CLEANERS or (name_of(node.func) == "str" and again(node.args[0]))
            case ast.Attribute():
                return node.attr in OWN or again_in(node, OWN) or node.attr == "text"
            case ast.Name():
                values = self._assigned.get(node.id, [])
                return node.id in OWN or (bool(values) and all(map(again, values)))
            case ast.BinOp():
                return again(node.left) and (isinstance(node.op, ast.Mult) or again(node.right))
            case ast.IfExp():
                return again(node.body) and again(node.orelse)
            case ast.BoolOp():
                return all(map(again, node.values))
            case ast.JoinedStr():
                return all(
                    again(part.value) if isinstance(part, ast.FormattedValue) else True
                    for part in node.values
                )
            case ast.Subscript():
                return again(node.value)
        return False


def again_in(node: ast.Attribute, names: set[str]) -> bool:
    """Whether a dotted name goes through one of these."""
    inner: ast.expr = node
    while isinstance(inner, ast.Attribute):
        if inner.attr in names:
            return True
        inner = inner.value
    return isinstance(inner, ast.Name) and inner.id in names


def raw_texts(file: Path) -> Iterator[str]:
    """What goes raw into a sink in a file."""
    tree = ast.parse(file.read_text())
    where = file.relative_to(ROOT).as_posix()
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    for function in functions:
        safe = Safe(function)
        for node in ast.walk(function):
            for sink, value in into_sinks(node):
                if not safe(value) and (where, sink) not in KNOWN:
                    yield f"{where}:{value.lineno}: {sink} gets {ast.unparse(value)}: clean it (screens.text.content)"


def into_sinks(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """What one node puts into a sink, with the sink's own text."""
    if isinstance(node, ast.Assign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            if isinstance(target, ast.Attribute) and target.attr in SINK_ATTRIBUTES:
                yield target.attr, node.value
    if isinstance(node, ast.Call) and name_of(node.func) in SINKS:
        sink = ast.unparse(node)
        several = name_of(node.func).startswith("add_")
        for argument in node.args if several else node.args[:1]:
            yield sink, argument
        for keyword in node.keywords:
            if keyword.arg in SINK_KEYWORDS:
                yield sink, keyword.value


def direct_writes(file: Path) -> Iterator[str]:
    """Where a file writes to the terminal by itself."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            to_stream = called.endswith((".write", ".writelines")) and (
                "std" in called or called.startswith("out.")
            )
            if called in {"print", "click.echo", "click.secho", "echo"} or to_stream:
                yield f"{file.relative_to(ROOT)}:{node.lineno}: {called}: use console.output"


@pytest.mark.parametrize(
    "file", sources("console", "screens"), ids=lambda file: file.relative_to(ROOT).as_posix()
)
def test_widgets_get_clean_text(file: Path) -> None:
    """Widgets parse markup and let control characters through, so they get `content(…)`, pieces, or literals."""
    assert not list(raw_texts(file))


def test_only_known_places_write() -> None:
    """Everything that commands print goes through console/output.py."""
    found = [
        problem
        for file in sources(*ROOMS)
        if file.relative_to(ROOT).as_posix() not in WRITERS
        for problem in direct_writes(file)
    ]
    assert not found


@pytest.mark.parametrize(
    "code",
    [
        "def f(x): return Static(x)",
        "def f(x): return Static(f'{x}')",
        "def f(self, x): self.notify(x)",
        "def f(box, x): box.border_title = x.title",
        "def f(t, x): t.add_row('a', x)",
        "def f(x):\n    y = x\n    return Label(y)",
        "def f(x): return Field(widget_id='a', placeholder=x)",
        "def f(x): return Button('a' if x else x)",
    ],
)
def test_the_lint_finds_raw_text(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lint that finds nothing anywhere would be worth nothing."""
    monkeypatch.setattr("tests.hostile.test_lint.ROOT", tmp_path)
    file = tmp_path / "sample.py"
    file.write_text(code)
    assert list(raw_texts(file))


def test_the_lint_finds_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Likewise for what is printed directly."""
    monkeypatch.setattr("tests.hostile.test_lint.ROOT", tmp_path)
    file = tmp_path / "sample.py"
    file.write_text(
        "import sys, click\nprint(1)\nclick.echo(1)\nsys.stdout.write('a')\nsys.stderr.writelines([])\n"
    )
    assert len(list(direct_writes(file))) == 4
