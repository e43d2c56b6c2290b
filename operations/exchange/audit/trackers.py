"""Rules about trackers: dates that can be, statuses that fit what stands beneath them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from operations.exchange.audit.rule import Folder, Spot, file_rule
from operations.exchange.documents import Document, Kind
from operations.exchange.markdown import Item
from operations.exchange.statuses import Status, leading_status, moments, percent_of, tail_status
from operations.exchange.tracker import (
    CREATED,
    ENDED,
    STARTED,
    UPDATED,
    Entry,
    entries,
    item_status,
)
from operations.plan.audit.finding import Severity

WHOLE: Final = 100
OPEN: Final = frozenset({Status.PENDING, Status.IN_PROGRESS, Status.BLOCKED, Status.FAILED})
_AHEAD: Final = re.compile(
    r"\b(?:next|remaining|outstanding|open)\s+(?:actions?|steps?|tasks?|items?|work)\b|\bto[\s-]?do\b",
    re.IGNORECASE,
)
_PHASE: Final = re.compile(r"\b(phase|stage|milestone|sprint)\s+(\d{1,3})\b(?!\.\d)", re.IGNORECASE)


@file_rule(
    "tracker/no-such-date",
    Severity.ERROR,
    "Every date in a tracker is one that the calendar has.",
    "The 30th of February is a slip of somebody who wrote it by hand, or of a program that made it up; nothing that is worked out "
    "from it holds.",
    "correct the date",
)
def no_such_date(folder: Folder) -> Iterable[Spot]:
    """Dates outside of fenced blocks."""
    for document in folder.of(Kind.TRACKER):
        for number, line in document.markdown.words():
            for moment in moments(line):
                if moment.at is None:
                    yield Spot(document, number, f"there is no {moment.text}")


@file_rule(
    "tracker/impossible-dates",
    Severity.ERROR,
    "Nothing ends before it starts, is reported after the report, or lies in the future when it is said to be over.",
    "Dates that cannot be are the first sign that a tracker was filled in, not kept: a phase that was completed half a year before "
    "the one that it builds on was begun, a completion later than the file's own last update.",
    "find out when it was, and correct the date",
)
def impossible_dates(folder: Folder) -> Iterable[Spot]:
    """Start and end of each section, against each other, the file's update and today."""
    for document in folder.of(Kind.TRACKER):
        each = list(entries(document.markdown))
        yield from _within(folder, document, each)
        yield from _between(document, each)


def _within(folder: Folder, document: Document, each: list[Entry]) -> Iterator[Spot]:
    update = next((found for entry in each if (found := entry.moment(UPDATED))), None)
    for entry in each:
        start = entry.moment(STARTED) or entry.moment(CREATED)
        for names, word in ((ENDED, "completed"), (UPDATED, "updated")):
            end = entry.moment(names)
            if end is None or end[0].at is None:
                continue
            if start and start[0].at and end[0].at < start[0].at:
                message = f"{entry.name} was {word} {end[0].text}, before it was started {start[0].text}"
                yield Spot(document, end[1], message)
            if end[0].at > folder.now:
                yield Spot(document, end[1], f"{entry.name} was {word} {end[0].text}, which is in the future")
            elif update and update[0].at and update[0].exact and end[0].at > update[0].at and names is ENDED:
                message = f"{entry.name} was completed {end[0].text}, after the tracker's last update {update[0].text}"
                yield Spot(document, end[1], message)


def _between(document: Document, each: list[Entry]) -> Iterator[Spot]:
    """Numbered entries that were over before an earlier one began."""
    latest: dict[str, tuple[Entry, str]] = {}
    for entry in each:
        if entry.noun is None:
            continue
        start, end = entry.moment(STARTED), entry.moment(ENDED)
        before = latest.get(entry.noun)
        if before and end and end[0].at:
            begun = before[0].moment(STARTED)
            later = (before[0].number or 0) < (entry.number or 0)
            if later and begun and begun[0].at and end[0].at < begun[0].at:
                message = f"{entry.name} was completed {end[0].text}, before {before[0].name} was started {begun[0].text}"
                yield Spot(document, end[1], message)
        if start and start[0].at and (before is None or start[0].at.isoformat() > before[1]):
            latest[entry.noun] = (entry, start[0].at.isoformat())


@file_rule(
    "tracker/status-percent",
    Severity.ERROR,
    "A status, its glyph and its percent say the same.",
    "`COMPLETE (80%)` and a tick before `PENDING` leave it to the reader what to believe.",
    "correct one of the two",
)
def status_percent(folder: Folder) -> Iterable[Spot]:
    """Statuses of sections and items against glyphs and percents."""
    for document in folder.of(Kind.TRACKER):
        for entry in entries(document.markdown):
            if len({told.status for told in entry.told}) > 1:
                first, other = (
                    entry.told[0],
                    next(t for t in entry.told if t.status is not entry.told[0].status),
                )
                message = f"{entry.name} is {other.status.value} here, and {first.status.value} in line {first.line}"
                yield Spot(document, other.line, message)
            elif entry.percent and (wrong := _contradiction(entry.status, entry.percent[0])):
                yield Spot(document, entry.percent[1], f"{entry.name} is {wrong}")
            for item in entry.section.items:
                head, tail = leading_status(item.text), tail_status(item.text)
                if head is not None and tail is not None and head is not tail:
                    yield Spot(document, item.line, f"marked {head.value}, and called {tail.value}")


def _contradiction(status: Status | None, percent: float) -> str | None:
    if status is Status.COMPLETE and percent != WHOLE:
        return f"complete at {percent:g} %"
    if status is Status.PENDING and percent != 0:
        return f"pending at {percent:g} %"
    if status is Status.IN_PROGRESS and percent == WHOLE:
        return "in progress at 100 %"
    return None


@file_rule(
    "tracker/parts",
    Severity.ERROR,
    "What is complete has no part that is not.",
    "The headline is what is read aloud; what stands beneath it is what was done. Looked at are the items beneath a section and "
    "the sections beneath it, not lists of what comes next.",
    "correct the headline, or the part",
)
def parts(folder: Folder) -> Iterable[Spot]:
    """Items and sections beneath what is called complete."""
    for document in folder.of(Kind.TRACKER):
        each = list(entries(document.markdown))
        for place, entry in enumerate(each):
            if entry.status is not Status.COMPLETE or not entry.section.level:
                continue
            for part in _beneath(each, place):
                for item in part.section.items:
                    status = item_status(item)
                    if status in OPEN and not _AHEAD.search(part.section.title):
                        message = f"{entry.name} is complete, and this part of it is {status.value}"
                        yield Spot(document, item.line, message)
                if part is not entry and part.status in OPEN and part.status is not None:
                    message = f"{entry.name} is complete, and this part of it is {part.status.value}"
                    yield Spot(document, part.section.line, message)


def _beneath(each: list[Entry], place: int) -> Iterator[Entry]:
    yield each[place]
    for entry in each[place + 1 :]:
        if entry.section.level <= each[place].section.level:
            return
        yield entry


@file_rule(
    "tracker/still-pending",
    Severity.ERROR,
    "When everything is complete, nothing is left to be done.",
    "A list of next actions under a tracker at 100 % is either done and not ticked, or the 100 % is not true. An action that "
    "begins a phase which is called complete is such a contradiction by itself.",
    "tick the action, or correct the total",
)
def still_pending(folder: Folder) -> Iterable[Spot]:
    """Open items of lists of next actions."""
    for document in folder.of(Kind.TRACKER):
        each = list(entries(document.markdown))
        done: dict[tuple[str | None, int | None], Entry] = {
            (e.noun, e.number): e for e in each if e.noun and e.status is Status.COMPLETE
        }
        whole = _whole(each)
        for entry in each:
            if not _AHEAD.search(entry.section.title):
                continue
            for item in entry.section.items:
                if item_status(item) is not Status.COMPLETE:
                    reason = _already(item, done) or whole
                    if reason and item_status(item) in OPEN:
                        yield Spot(
                            document, item.line, f"still {_word(item)}: `{item.text[:70]}`, while {reason}"
                        )


def _word(item: Item) -> str:
    status = item_status(item)
    return status.value if status else "open"


def _already(item: Item, done: dict[tuple[str | None, int | None], Entry]) -> str | None:
    for noun, number in _PHASE.findall(item.text):
        if (noun.lower(), int(number)) in done:
            return f"{noun.lower()} {number} is complete"
    return None


def _whole(each: list[Entry]) -> str | None:
    """Why the tracker as a whole counts as complete; None when it does not."""
    top = next((e for e in each if e.section.level <= 1 and e.status is Status.COMPLETE), None)
    if top is not None:
        return "the tracker is complete"
    for entry in each:
        for value in entry.section.values:
            if (
                value.name.lower().lstrip("✅ ☑✔✓").startswith("completed")
                and percent_of(value.text) == WHOLE
            ):
                return f"line {value.line} says 100 %"
    numbered = [e for e in each if e.noun is not None and e.told]
    return (
        "every phase is complete" if numbered and all(e.status is Status.COMPLETE for e in numbered) else None
    )


@file_rule(
    "tracker/other-file",
    Severity.ERROR,
    "What a tracker says of another one is what that one says of itself.",
    "A master tracker that calls complete what its own tracker calls in progress was not read from it. The first `Status` and "
    "percent of the linked file count.",
    "bring the two into line",
)
def other_file(folder: Folder) -> Iterable[Spot]:
    """Items with a status and a link to a file of the folder that has one too."""
    for document in folder.of(Kind.TRACKER):
        links = {link.line: link for link in document.markdown.links}
        for section in document.markdown.sections:
            for item in section.items:
                link, said = links.get(item.line), item_status(item)
                other = folder.by_path.get((document.path.parent / link.target).resolve()) if link else None
                if other is None or said is None or other.kind is not Kind.TRACKER:
                    continue
                own = _own(other)
                if own is not None and own[0] is not said:
                    message = f"called {said.value} here; {other.path.name} calls itself {own[0].value} in line {own[1]}"
                    yield Spot(document, item.line, message)


def _own(document: Document) -> tuple[Status, int] | None:
    for entry in entries(document.markdown):
        if entry.told:
            told = entry.told[0]
            return told.status, told.line
        if entry.percent and entry.percent[0] < WHOLE:
            return Status.IN_PROGRESS, entry.percent[1]
    return None


RULES = (no_such_date, impossible_dates, status_percent, parts, still_pending, other_file)
