"""Keeps pictures of the screen: SVG and text files for their owner alone, without anything a viewer would fetch or act on."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from state.text import clean, clean_lines

if TYPE_CHECKING:
    from textual.app import App

_FONT_FACES = re.compile(r"@font-face\s*\{[^}]*\}\s*")
"""Rich's SVG names fonts on a server of somebody's: whoever opened the picture would ask there."""
_COMMENTS = re.compile(r"<!--.*?-->\s*", re.DOTALL)
"""Rich's own advertisement."""
_NAME = re.compile(r"[^A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class Picture:
    """One screen, as SVG and as text."""

    svg: str
    text: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a picture was put."""

    svg: Path
    text: Path


def picture(app: App[int], title: str) -> Picture:
    """What the terminal shows now, every screen and dialog of it."""
    svg = app.export_screenshot(title=clean(title), simplify=True)
    return Picture(harmless_svg(svg), screen_text(app))


def screen_text(app: App[int]) -> str:
    """What the terminal shows, row by row, as text without trailing blanks."""
    strips = app.screen._compositor.render_strips()  # noqa: SLF001 - what the driver sends is made of it; there is no other door
    return clean_lines("\n".join(strip.text.rstrip() for strip in strips)) + "\n"


def harmless_svg(svg: str) -> str:
    """An SVG that refers to nothing elsewhere and holds no control characters.

    Its text is escaped by Rich already; there are no scripts in it.
    """
    return clean_lines(_COMMENTS.sub("", _FONT_FACES.sub("", svg)))


def keep(shown: Picture, folder: Path, plan: str, now: datetime) -> Kept:
    """Write a picture into a folder of the owner's alone, with its time to the microsecond in the name.

    Raises:
        OSError: the folder or a file cannot be made.
    """
    stem = _stem(folder, plan, now)
    kept = Kept(stem.with_name(f"{stem.name}.svg"), stem.with_name(f"{stem.name}.txt"))
    _write(kept.svg, shown.svg)
    _write(kept.text, shown.text)
    return kept


def keep_text(text: str, folder: Path, plan: str, now: datetime) -> Path:
    """Write lines into the same folder, where there is no picture of them.

    Raises:
        OSError: the folder or the file cannot be made.
    """
    stem = _stem(folder, plan, now)
    file = stem.with_name(f"{stem.name}.txt")
    _write(file, clean_lines(text))
    return file


def _stem(folder: Path, plan: str, now: datetime) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{_NAME.sub('-', plan)[:60]}-{now.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}"


def _write(file: Path, content: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(content)
