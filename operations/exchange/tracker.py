"""A tracker out of Markdown: what is reported on, how far it is said to be, and what stands beneath it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from operations.exchange.markdown import Item, Markdown, Section, Value
from operations.exchange.statuses import (
    Moment,
    Status,
    leading_status,
    moments,
    percent_of,
    tail_status,
    value_status,
)

STATUS_NAMES: Final = frozenset({"status", "overall status", "current status", "state", "phase status"})
PERCENT_NAMES: Final = frozenset(
    {"progress", "completion", "overall progress", "percent complete", "overall completion"}
)
STARTED: Final = frozenset({"started", "start", "start date", "start time", "begun", "start timestamp"})
ENDED: Final = frozenset(
    {"completed", "finished", "ended", "end", "end date", "end time", "completion date", "closed"}
)
CREATED: Final = frozenset({"generated", "created", "created on", "date created"})
UPDATED: Final = frozenset({"last updated", "updated", "last update", "last modified"})
_ONLY_PERCENT: Final = re.compile(
    r"[^\d%]{0,30}\d{1,3}(?:\.\d+)?\s?%\s*(?:complete[d]?|done)?\W*", re.IGNORECASE
)
"""A percent that is the thing's own: with more words behind it, it may be that of the tests."""
_NUMBER: Final = re.compile(
    r"\b(?P<noun>phase|stage|step|milestone|week|sprint|part)\s+(?P<number>\d{1,3})\b(?!\.\d)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Told:
    """A status with where it is written."""

    status: Status
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that the tracker reports on: a section with what it says of itself.

    Attributes:
        section: the heading with what stands directly beneath it.
        noun: `phase` of `Phase 3`, None for an unnumbered section.
        number: 3 of `Phase 3`.
        told: its status, wherever it is written.
        percent: how far it is said to be, with the line.
    """

    section: Section
    noun: str | None
    number: int | None
    told: tuple[Told, ...]
    percent: tuple[float, int] | None

    @property
    def status(self) -> Status | None:
        """The status, None when there is none or they differ."""
        each = {told.status for told in self.told}
        return each.pop() if len(each) == 1 else None

    @property
    def name(self) -> str:
        """What to call it in a message."""
        if self.noun is not None:
            return f"{self.noun} {self.number}"
        return f"`{self.section.title[:60]}`" if self.section.level else "the tracker"

    def moment(self, names: frozenset[str]) -> tuple[Moment, int] | None:
        """The first date behind one of these names, with its line."""
        for value in self.section.values:
            if value.name.lower() in names:
                found = next(moments(value.text), None)
                if found is not None:
                    return found, value.line
        return None


def entries(markdown: Markdown) -> Iterator[Entry]:
    """What a tracker reports on, in order; sections that say nothing of themselves too."""
    for section in markdown.sections:
        numbered = _NUMBER.search(section.title)
        told = tuple(_told(section))
        yield Entry(
            section,
            numbered["noun"].lower() if numbered else None,
            int(numbered["number"]) if numbered else None,
            told,
            _percent(section),
        )


def _told(section: Section) -> Iterator[Told]:
    head = leading_status(section.title) or tail_status(section.title)
    if head is not None:
        yield Told(head, section.line, section.title)
    for value in section.values:
        if value.name.lower() in STATUS_NAMES and value.bold:
            status = value_status(value.text)
            if status is not None:
                yield Told(status, value.line, value.text)


def _percent(section: Section) -> tuple[float, int] | None:
    for value in section.values:
        if value.name.lower() in STATUS_NAMES | PERCENT_NAMES and value.bold:
            percent = percent_of(value.text) if _ONLY_PERCENT.fullmatch(value.text) else None
            if percent is not None:
                return percent, value.line
    return None


def item_status(item: Item) -> Status | None:
    """The status of an item, by the mark at its head or the word at its end; None when it has none."""
    return leading_status(item.text) or tail_status(item.text)


def number_of(value: Value) -> float | None:
    """The number with which a value begins, None when it begins otherwise or says `more than`."""
    found = re.match(r"(\d[\d,]*(?:\.\d+)?)(?![\d+%:/.-]|\s*[-\u2013/]\s*\d)", value.text)
    return float(found[1].replace(",", "")) if found else None
