"""Stand-ins for the parts of a plan's parameters whose value is known only when the call is made."""

from __future__ import annotations

from enum import Enum
from typing import Final, Literal


class Unknown(Enum):
    """The type of `UNKNOWN`; an enum so that type checkers can narrow on it."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final[Literal[Unknown.UNKNOWN]] = Unknown.UNKNOWN
"""Stands for a whole-string reference such as `${vpc_id}`: any type, any value."""


class PartlyKnown(str):
    """Text that still holds an unresolved reference: a string for certain, of unknown length and content."""

    __slots__ = ()
