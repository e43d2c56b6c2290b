"""What a tracker says about how far something is: words, glyphs, boxes and percents, and when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Final


class Status(Enum):
    """How far somebody says that something is."""

    COMPLETE = "complete"
    IN_PROGRESS = "in progress"
    PENDING = "pending"
    BLOCKED = "blocked"
    FAILED = "failed"


GLYPHS: Final[Mapping[str, Status]] = {
    "✅": Status.COMPLETE,
    "☑": Status.COMPLETE,
    "✔": Status.COMPLETE,
    "✓": Status.COMPLETE,
    "🟢": Status.COMPLETE,
    "[x]": Status.COMPLETE,
    "[X]": Status.COMPLETE,
    "🔄": Status.IN_PROGRESS,
    "🚧": Status.IN_PROGRESS,
    "🟡": Status.IN_PROGRESS,
    "⏳": Status.PENDING,
    "⭕": Status.PENDING,
    "⬜": Status.PENDING,
    "⚪": Status.PENDING,
    "📋": Status.PENDING,
    "[ ]": Status.PENDING,
    "❌": Status.BLOCKED,
    "🚫": Status.BLOCKED,
    "🛑": Status.BLOCKED,
    "🔴": Status.BLOCKED,
}
"""Marks at the head of a heading or of an item."""

WORDS: Final[Mapping[str, Status]] = {
    "complete": Status.COMPLETE,
    "completed": Status.COMPLETE,
    "done": Status.COMPLETE,
    "finished": Status.COMPLETE,
    "in progress": Status.IN_PROGRESS,
    "in_progress": Status.IN_PROGRESS,
    "in-progress": Status.IN_PROGRESS,
    "ongoing": Status.IN_PROGRESS,
    "wip": Status.IN_PROGRESS,
    "started": Status.IN_PROGRESS,
    "pending": Status.PENDING,
    "not started": Status.PENDING,
    "not_started": Status.PENDING,
    "not-started": Status.PENDING,
    "planned": Status.PENDING,
    "todo": Status.PENDING,
    "to do": Status.PENDING,
    "blocked": Status.BLOCKED,
    "failed": Status.FAILED,
}
"""Words that stand for a status where a status is expected, lower case."""

_GLYPH: Final = re.compile("|".join(map(re.escape, GLYPHS)))
_WORDS: Final = "|".join(sorted((re.escape(word) for word in WORDS), key=len, reverse=True))
_VALUE: Final = re.compile(rf"^\W*(?:{_GLYPH.pattern})?\W*(?P<word>{_WORDS})\b", re.IGNORECASE)
_TAIL: Final = re.compile(
    rf"(?:[-\u2013\u2014:|(\[*]|\s)\s*\**(?P<word>{_WORDS})\**[)\]*.]*\s*(?:\(\s*\d+(?:\.\d+)?\s*%\s*\))?\s*$",
    re.IGNORECASE,
)
_PERCENT: Final = re.compile(r"(?<![\d.,<>~≤≥+-])(\d{1,3}(?:\.\d+)?)\s?%")
_STAMP: Final = re.compile(
    r"(?<![\d-])(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)"
    r"(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?)?(?![\d-])"
)


def leading_status(text: str) -> Status | None:
    """The status that a glyph or a box at the head of a text stands for."""
    found = _GLYPH.match(text.lstrip(" *_"))
    return GLYPHS[found[0]] if found else None


def value_status(text: str) -> Status | None:
    """The status with which a value begins: `COMPLETE (100%)`, `🔄 In progress`."""
    found = _VALUE.match(text)
    return WORDS[found["word"].lower()] if found else leading_status(text)


def tail_status(text: str) -> Status | None:
    """The status that is written in capitals behind a dash at the end of a text: `… - COMPLETE`."""
    found = _TAIL.search(text)
    return WORDS[found["word"].lower()] if found and found["word"].isupper() else None


def percent_of(text: str) -> float | None:
    """The only percentage in a text, None when there are none or several, or it is no share of a whole."""
    found = _PERCENT.findall(text)
    value = float(found[0]) if len(found) == 1 else None
    return value if value is not None and value <= 100 else None


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as it was written, and the moment in UTC, None when there is no such date."""

    text: str
    at: datetime | None
    exact: bool


def moments(text: str) -> Iterator[Moment]:
    """Every date in a text, `2025-01-31` or `2025-01-31T09:52:00Z`; zones other than UTC are not told apart."""
    for match in _STAMP.finditer(text):
        parts = [int(match[name] or 0) for name in ("year", "month", "day", "hour", "minute", "second")]
        try:
            at = datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]
        except ValueError:
            at = None
        yield Moment(match[0], at, match["hour"] is not None)
