"""What commands print, through the one sanitiser: JSON to stdout alone, messages to stderr, tables for people."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click

from state.text import as_json, ascii_json, clean, clean_lines

__all__ = ["clean", "json_text", "say", "say_error", "show", "show_json", "table", "write_lines"]


def say(text: str) -> None:
    """A message for the person, on stderr: every line feed in it stands there on purpose."""
    click.echo(_writable(clean_lines(text)), err=True)


def say_error(message: str) -> None:
    """The one line that says what went wrong, on stderr."""
    click.echo(_writable(f"error: {clean(message)}"), err=True)


def show(text: str) -> None:
    """The answer, on stdout."""
    click.echo(_writable(clean_lines(text)))


def show_json(value: object) -> None:
    """The answer for a program: one line of JSON on stdout."""
    write_lines([json_text(value)])


def write_lines(lines: Iterable[str]) -> None:
    """Lines for a program, each made by `json_text`, on stdout."""
    for text in lines:
        sys.stdout.write((text if _writable(text) == text else ascii_json(text)) + "\n")
    sys.stdout.flush()


def json_text(value: object, *, indent: int | None = None) -> str:
    """JSON that a terminal does not act on when it is shown there; it parses back to the same value."""
    return as_json(value, indent=indent)


def table(rows: Iterable[Sequence[Any]], header: Sequence[str]) -> str:
    """Rows as aligned columns under a header."""
    cells = [list(header), *([clean(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    return "\n".join(lines)


def _writable(text: str) -> str:
    """Without what the stream's encoding cannot hold: a terminal without UTF-8 is no reason to fail."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)
