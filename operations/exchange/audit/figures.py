"""Rules about figures in trackers: totals, percentages, counts, durations, and who is accountable."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final

from operations.exchange.audit.rule import Folder, Spot, file_rule
from operations.exchange.documents import Document, Kind
from operations.exchange.markdown import Section, Table, Value
from operations.exchange.statuses import percent_of, value_status
from operations.exchange.tracker import ENDED, STARTED, Entry, entries, number_of
from operations.plan.audit.finding import Severity

_NUMBER: Final = re.compile(
    r"^[^\w-]*\$?\s*(-?\d[\d,]*(?:\.\d+)?)\s*(?:min(?:ute)?s?|hours?|h|days?|%|usd|\$)?\W*$", re.IGNORECASE
)
_TOTAL: Final = re.compile(r"^\W*(?:grand\s+)?(?:total|sum|overall)\b", re.IGNORECASE)
_CHANGE: Final = re.compile(
    r"(?P<percent>\d{1,3}(?:\.\d+)?)\s?%[^()|]{0,50}?\b(?:reduc\w+|faster|less|savings?|saved|shorter|decrease\w*)\b[^()|]{0,20}"
    r"\(\s*(?P<old>\d+(?:\.\d+)?)\s*(?P<unit>[a-zA-Z]*)\s*(?:→|->|=>|to)\s*(?P<new>\d+(?:\.\d+)?)\s*[a-zA-Z]*\s*\)"
)
_SHARE: Final = re.compile(
    r"(?<![\d.])(\d+)\s*(?:/|of|out of)\s*(\d+)[^()|\d%]{0,20}\(\s*(\d+(?:\.\d+)?)\s?%\s*\)"
)
_LENGTH: Final = re.compile(
    r"(\d+(?:\.\d+)?)\s*(d(?:ays?)?|h(?:(?:ou)?rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)\b", re.IGNORECASE
)
_SECONDS: Final = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_COUNTED: Final = r"(?:discovered|documented|found|identified|listed)"
_FOUND_NAME: Final = re.compile(rf"(?P<noun>[a-z]+s)\s+{_COUNTED}$", re.IGNORECASE)
_FOUND_ITEM: Final = re.compile(rf"(?P<count>\d+)\+?\s+(?P<noun>[a-z]+s)\s+{_COUNTED}\b", re.IGNORECASE)
TOLERANCE: Final = 0.6
"""Percentage points: what rounding explains."""


@file_rule(
    "tracker/total",
    Severity.ERROR,
    "Totals are the sum of what they add up.",
    "A summary that counts other phases than stand beneath it, or a row of totals that is not the sum of its column, was written "
    "once and not kept. Counted are the numbered sections (`Phase 1` …) by status, and the columns of tables.",
    "count again",
)
def total(folder: Folder) -> Iterable[Spot]:
    """Summaries against sections, rows of totals against columns."""
    for document in folder.of(Kind.TRACKER):
        each = list(entries(document.markdown))
        for entry in each:
            yield from _summary(document, entry.section, each)
            for table in entry.section.tables:
                yield from _columns(document, table)


def _summary(document: Document, section: Section, each: list[Entry]) -> Iterator[Spot]:
    counted = [
        entry for entry in each if entry.noun == "phase" and entry.told and entry.section is not section
    ]
    whole: float | None = None
    found: list[tuple[Value, float]] = []
    for value in section.values:
        number, name = number_of(value), value.name.lower()
        if number is None:
            continue
        if re.search(r"\btotal phases\b", name):
            whole = number
            if counted and number != len(counted):
                yield Spot(
                    document, value.line, f"{number:g} phases in total; {len(counted)} stand in this file"
                )
        elif whole is not None and (status := value_status(value.name)) is not None:
            found.append((value, number))
            these = sum(entry.status is status for entry in counted)
            if counted and all(e.status for e in counted) and number != these:
                yield Spot(
                    document,
                    value.line,
                    f"{number:g} are said to be {status.value}; {these} are, by their own status",
                )
            percent = percent_of(value.text)
            if percent is not None and whole and abs(percent - 100 * number / whole) > TOLERANCE:
                share = 100 * number / whole
                yield Spot(
                    document, value.line, f"{number:g} of {whole:g} are {share:.3g} %, not {percent:g} %"
                )
    if whole is not None and len(found) > 1 and sum(number for _, number in found) != whole:
        parts = sum(number for _, number in found)
        yield Spot(document, found[0][0].line, f"the parts add up to {parts:g}, the total is {whole:g}")


def _columns(document: Document, table: Table) -> Iterator[Spot]:
    if len(table.rows) < 3:
        return
    line, last = table.rows[-1]
    if not last or not _TOTAL.match(last[0]):
        return
    for column in range(1, len(table.head)):
        cells = [row[column] if column < len(row) else "" for _, row in table.rows]
        numbers = [_cell(cell) for cell in cells]
        if "%" in "".join(cells) or any(number is None for number in numbers):
            continue
        parts, whole = sum(n for n in numbers[:-1] if n is not None), numbers[-1]
        if whole is not None and abs(parts - whole) > 0.005 * max(1, len(cells)):
            title = table.head[column] or f"column {column + 1}"
            yield Spot(document, line, f"`{title}` adds up to {parts:g}, the row of totals says {whole:g}")


def _cell(text: str) -> float | None:
    found = _NUMBER.match(text.replace("*", ""))
    return float(found[1].replace(",", "")) if found else None


@file_rule(
    "tracker/percentage",
    Severity.WARNING,
    "A percentage is that of the figures beside it.",
    "`44 % less (88 min → 50 min)` is 43 %; `3 of 4 (80 %)` is 75. One of the three figures is wrong.",
    "work it out again",
)
def percentage(folder: Folder) -> Iterable[Spot]:
    """Percentages that stand beside the two figures they come from."""
    for document in folder.of(Kind.TRACKER):
        for number, line in document.markdown.words():
            for match in _CHANGE.finditer(line):
                old, new, said = float(match["old"]), float(match["new"]), float(match["percent"])
                if old > new and abs(100 * (old - new) / old - said) > TOLERANCE:
                    is_percent = 100 * (old - new) / old
                    yield Spot(
                        document,
                        number,
                        f"from {old:g} to {new:g} is {is_percent:.3g} % less, not {said:g} %",
                    )
            for part, whole, percent in _SHARE.findall(line):
                if int(whole) and abs(100 * int(part) / int(whole) - float(percent)) > TOLERANCE:
                    share = 100 * int(part) / int(whole)
                    yield Spot(document, number, f"{part} of {whole} are {share:.3g} %, not {percent} %")


@file_rule(
    "tracker/count",
    Severity.WARNING,
    "A number of things is the number of things that stand there.",
    "`8 state components` over a list of seven, `15+ verification commands` over a block of eight: somebody counted, or nobody. "
    "Compared are counts with the list or block under the heading that names the same things, figures that the phases give "
    "one by one with the one given for all of them, and what was found here (`Risks found: 10+`) with what was found there "
    "(`25 risks identified`): `10+` may be a few more, not twice as many.",
    "count again, or say what else was counted",
)
def count(folder: Folder) -> Iterable[Spot]:
    """Figures in lists and fields against what can be counted."""
    for document in folder.of(Kind.TRACKER):
        by_title = {_words(section.title): section for section in document.markdown.sections if section.title}
        for section in document.markdown.sections:
            for value in section.values:
                yield from _listed(document, value, by_title.get(_words(value.name)))
        yield from _summed(document)
        yield from _told_twice(document)


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z]+", text.lower()))


def _listed(document: Document, value: Value, section: Section | None) -> Iterator[Spot]:
    claimed = re.match(r"(\d+)(\+?)(?!\d|[.,:/%-]\d|\s?%)", value.text)
    if section is None or claimed is None or len(_words(value.name)) < 2:
        return
    there = _counted(section)
    number = int(claimed[1])
    wrong = there < number if claimed[2] else there != number
    if there and wrong:
        message = f"`{value.name}: {claimed[0]}`; {there} stand under the heading of that name in line {section.line}"
        yield Spot(document, value.line, message)


def _counted(section: Section) -> int:
    """The items at the top of a section's list; where it has none, the commands in its blocks."""
    if section.items:
        least = min(item.indent for item in section.items)
        return sum(item.indent == least for item in section.items)
    lines = [line for block in section.blocks for line in block.text.splitlines()]
    return sum(bool(line.strip()) and not line.lstrip().startswith("#") for line in lines)


def _summed(document: Document) -> Iterator[Spot]:
    """A field that numbered sections give one by one, against one for all with the same noun."""
    parts: dict[str, list[float]] = {}
    each = list(entries(document.markdown))
    inside = {id(entry.section) for entry in each if entry.noun is not None}
    for entry in each:
        for value in entry.section.values:
            number = number_of(value)
            if entry.noun is not None and number is not None and value.bold:
                parts.setdefault(value.name.lower(), []).append(number)
    nouns = {name.split()[0]: (name, sum(numbers)) for name, numbers in parts.items() if len(numbers) > 1}
    for entry in each:
        for value in entry.section.values if id(entry.section) not in inside else ():
            words = value.name.lower().split()
            number = number_of(value)
            found = nouns.get(words[-1]) if words else None
            if found and number is not None and number != found[1] and words[0] in {"active", "total", "all"}:
                message = f"`{value.name}: {number:g}`; `{found[0]}` adds up to {found[1]:g} over the phases"
                yield Spot(document, value.line, message)


def _told_twice(document: Document) -> Iterator[Spot]:
    """`Constraints Discovered: 10+` against an item `25 constraints identified`: somebody has gone on counting."""
    told = {
        found["noun"].lower(): (int(found["count"]), item.line, found[0])
        for section in document.markdown.sections
        for item in section.items
        if (found := _FOUND_ITEM.match(item.text))
    }
    for section in document.markdown.sections:
        for value in section.values:
            name, number = _FOUND_NAME.match(value.name), re.match(r"(\d+)(\+?)(?![\d.,:/%-])", value.text)
            other = told.get(name["noun"].lower()) if name else None
            if other is None or number is None or other[1] == value.line:
                continue
            claimed, there = int(number[1]), other[0]
            if there < claimed or (there > claimed and not number[2]) or there >= 2 * claimed:
                yield Spot(
                    document, value.line, f"`{value.name}: {number[0]}`; line {other[1]} says `{other[2]}`"
                )


@file_rule(
    "tracker/duration",
    Severity.WARNING,
    "A duration is the time between the start and the end beside it.",
    "One of the three was guessed. Durations are what the next estimate is made of.",
    "work it out again",
)
def duration(folder: Folder) -> Iterable[Spot]:
    """`Duration` of sections with a start and an end."""
    for document in folder.of(Kind.TRACKER):
        for entry in entries(document.markdown):
            start, end = entry.moment(STARTED), entry.moment(ENDED)
            if not (start and end and start[0].at and end[0].at and start[0].exact and end[0].exact):
                continue
            took = end[0].at - start[0].at
            for value in entry.section.values:
                said = (
                    _length(value.text)
                    if value.name.lower() in {"duration", "elapsed", "time taken"}
                    else None
                )
                if said is not None and abs(said - took) > max(timedelta(minutes=1), said * 0.05):
                    message = f"{value.text} is said; from {start[0].text} to {end[0].text} it is {took}"
                    yield Spot(document, value.line, message)


def _length(text: str) -> timedelta | None:
    found = _LENGTH.findall(text)
    return (
        timedelta(seconds=sum(float(n) * _SECONDS[unit[0].lower()] for n, unit in found)) if found else None
    )


_ROLE: Final = re.compile(r"^\W*(?:[RACI](?:\s*[/,+&]\s*[RACI])*|[-\u2013\u2014]?)\W*$")
_LETTERS: Final = frozenset("RACI")


@file_rule(
    "tracker/accountable",
    Severity.ERROR,
    "Each row of a RACI table has exactly one A.",
    "With none, nobody decides; with two, each waits for the other. A table counts as one when its cells hold R, A, C and I only.",
    "leave one A in the row",
)
def accountable(folder: Folder) -> Iterable[Spot]:
    """Tables whose cells are letters of RACI."""
    for document in folder.of(Kind.TRACKER):
        for section in document.markdown.sections:
            for table in section.tables:
                if _is_raci(table):
                    for line, row in table.rows:
                        number = sum("A" in _letters(cell) for cell in row[1:])
                        if number != 1:
                            words = "nobody is" if not number else f"{number} are"
                            yield Spot(document, line, f"{words} accountable for `{row[0]}`")


def _is_raci(table: Table) -> bool:
    cells = [cell for _, row in table.rows for cell in row[1:]]
    used = {letter for cell in cells for letter in _letters(cell)}
    return len(table.rows) > 1 and {"R", "A"} <= used and all(map(_ROLE.match, cells))


def _letters(cell: str) -> set[str]:
    return set(re.findall(r"[A-Z]", cell)) & _LETTERS


RULES = (total, percentage, count, duration, accountable)
