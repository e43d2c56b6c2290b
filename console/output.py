"""What commands print: JSON to stdout alone, messages to stderr, tables for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click

_HIDDEN = {c: None for c in range(0x20) if c not in (0x09, 0x0A)} | dict.fromkeys(range(127, 160))


def clean(text: str) -> str:
    """Text from outside without control characters, so that it cannot act on the terminal."""
    return text.translate(_HIDDEN)


def say(text: str) -> None:
    """A message for the person, on stderr."""
    click.echo(clean(text), err=True)


def show(text: str) -> None:
    """The answer, on stdout."""
    click.echo(clean(text))


def show_json(value: object) -> None:
    """The answer for a program: one line of JSON on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, separators=(", ", ": ")) + "\n")
    sys.stdout.flush()


def table(rows: Iterable[Sequence[Any]], header: Sequence[str]) -> str:
    """Rows as aligned columns under a header."""
    cells = [list(header), *([clean(str(cell)) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    return "\n".join(lines)
