"""The files of a folder as people keep it: which there are, and what kind each is of."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from operations.exchange.markdown import Markdown, read_markdown
from operations.exchange.trees import Tree, UnreadableTreeError, read_tree

MAX_FILES: Final = 5_000
MAX_BYTES: Final = 2_000_000
SKIPPED: Final = frozenset(
    {".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", ".terraform"}
)
_SUFFIXES: Final = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".sh": "shell",
    ".bash": "shell",
    ".py": "python",
    ".json": "tree",
    ".json5": "tree",
    ".yaml": "tree",
    ".yml": "tree",
    ".asl": "tree",
    ".tpl": "template",
}


class Kind(Enum):
    """What a file is, told from its name and from what is in it."""

    TRACKER = "Markdown"
    SHELL = "shell script"
    PYTHON = "Python script"
    STATE_MACHINE = "Step Functions definition"
    RUNBOOK = "SSM document"
    DASHBOARD = "CloudWatch dashboard"
    TEMPLATE = "CloudFormation template"
    DATA = "other data"
    UNREADABLE = "unreadable"


class Document:
    """One file; its text is read at once, its structure when it is asked for."""

    def __init__(self, path: Path, text: str | None, problem: str | None = None) -> None:
        self.path = path
        self.text = text or ""
        self.problem = problem
        """Why the file could not be read as text, None when it could."""

    @cached_property
    def form(self) -> str:
        """How the file is written: markdown, shell, python, tree or template."""
        return _SUFFIXES.get(self.path.suffix.lower(), "") or _script_form(self.text)

    @cached_property
    def markdown(self) -> Markdown:
        """The file as Markdown."""
        return read_markdown(self.text)

    @cached_property
    def _tree(self) -> Tree | UnreadableTreeError:
        try:
            return read_tree(self.text)
        except UnreadableTreeError as error:
            return error

    @property
    def tree(self) -> Tree:
        """The file as data; empty when it cannot be read."""
        return self._tree if isinstance(self._tree, Tree) else Tree(None)

    @property
    def tree_problem(self) -> UnreadableTreeError | None:
        """Why the file is no data, None when it is; templates need not be."""
        error = self._tree if isinstance(self._tree, UnreadableTreeError) else None
        return None if self.form == "template" else error

    @cached_property
    def kind(self) -> Kind:
        """What the file is."""
        if self.problem is not None:
            return Kind.UNREADABLE
        match self.form:
            case "markdown":
                return Kind.TRACKER
            case "shell":
                return Kind.SHELL
            case "python":
                return Kind.PYTHON
        if isinstance(self._tree, UnreadableTreeError):
            return Kind.UNREADABLE
        return _kind_of(self._tree.data)


def _script_form(text: str) -> str:
    """What the first line of a script says that it is for: shell, python, or neither of them."""
    first = text[:100].partition("\n")[0].rstrip()
    if not first.startswith("#!"):
        return ""
    if "bash" in first or first.endswith("/sh"):
        return "shell"
    return "python" if re.search(r"[/ ]python3?(\.\d+)?$", first) else ""


def _kind_of(data: Any) -> Kind:
    if not isinstance(data, dict):
        return Kind.DATA
    if "StartAt" in data and isinstance(data.get("States"), dict):
        return Kind.STATE_MACHINE
    if isinstance(data.get("mainSteps"), list) and "schemaVersion" in data:
        return Kind.RUNBOOK
    if isinstance(data.get("widgets"), list):
        return Kind.DASHBOARD
    resources = data.get("Resources")
    if isinstance(resources, dict) and any(isinstance(r, dict) and "Type" in r for r in resources.values()):
        return Kind.TEMPLATE
    return Kind.DATA


@dataclass(frozen=True, slots=True)
class Collection:
    """The documents that were found, and whether there were more than are looked at."""

    root: Path
    documents: tuple[Document, ...]
    left_out: int = 0


def collect(origin: Path, without: frozenset[Path] = frozenset()) -> Collection:
    """The documents of a folder and what is beneath it, or one file; in order of their paths.

    Args:
        origin: a folder or a file.
        without: files that are read elsewhere.
    """
    if origin.is_file():
        return Collection(origin.parent, (_read(origin),))
    paths = [path for path in _walk(origin) if path not in without]
    return Collection(origin, tuple(map(_read, paths[:MAX_FILES])), max(0, len(paths) - MAX_FILES))


def _walk(root: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(root):
        names[:] = sorted(name for name in names if name not in SKIPPED)
        for name in sorted(files):
            path = Path(folder, name)
            if not path.is_file():  # a pipe would be waited for, a device has no end
                continue
            if path.suffix.lower() in _SUFFIXES or (not path.suffix and _looks_like_script(path)):
                yield path


def _looks_like_script(path: Path) -> bool:
    """Whether it is a script of a kind that is audited: one in Perl is no data that cannot be read."""
    try:
        with path.open("rb") as file:
            return bool(_script_form(file.read(100).decode(errors="replace")))
    except OSError:
        return False


def _read(path: Path) -> Document:
    try:
        if path.stat().st_size > MAX_BYTES:
            return Document(path, None, f"larger than {MAX_BYTES // 1_000_000} MB")
        return Document(path, path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Document(path, None, "not UTF-8 text")
    except OSError as error:
        return Document(path, None, error.strerror or "cannot be read")
