"""Where a movement key goes, whatever pane it is pressed in."""

from __future__ import annotations

from enum import StrEnum


class Move(StrEnum):
    """One movement."""

    DOWN = "down"
    UP = "up"
    INTO = "into"
    OUT = "out"
    TOP = "top"
    BOTTOM = "bottom"
    PAGE_DOWN = "page_down"
    PAGE_UP = "page_up"
