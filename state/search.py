"""What is searched for in a journal: words and filters, as a text, as bound SQL, and as a test of one event."""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from typing import Any

from state.events import Event
from state.moments import MomentError, event_time, parse_moment

FORMS = "words, Change*, kind:step.intent, op:vpc, actor:kim, run:01J…, since:01:20, until:01:40"
_TOKEN = re.compile(r"[^\W_]+")
_FIELDS = {"kind": "kinds", "op": "operations", "operation": "operations", "actor": "actors", "run": "runs"}
_COLUMNS = ("data", "kind", "operation", "actor", "identity", "run")


class QueryError(ValueError):
    """A search that cannot be made, in one line."""


@dataclass(frozen=True)
class Query:
    """All of it must hold; of several values of one filter, one.

    Attributes:
        text: as it was typed.
        words: words of the event, whatever their case; `a-b` stands for both, one after the other, and one that
            ends in `*` for all that begin so.
        kinds: kinds, or families such as `step`.
        operations: ids; one that ends in `*` stands for all that begin so.
        actors: `user@host`, the user alone, or the last part of the identity.
        runs: run ids, or how they begin.
        since: the first time that counts, as events have it.
        until: the last one.
    """

    text: str = ""
    words: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None

    @property
    def selective(self) -> bool:
        """Whether an index can help: there is more than a span of time."""
        return bool(self.words or self.kinds or self.operations or self.actors or self.runs)

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(_pattern(word) for word in self.words)

    def matches(self, event: Event) -> bool:
        """Whether an event is meant."""
        if self.since is not None and event.at < self.since:
            return False
        if self.until is not None and event.at > self.until:
            return False
        if self.kinds and not any(kind in (event.kind, family_of(event.kind)) for kind in self.kinds):
            return False
        if self.operations and not any(_is_named(each, event.operation or "") for each in self.operations):
            return False
        if self.actors and names_of(event.actor, event.identity).isdisjoint(self.actors):
            return False
        if self.runs and not any((event.run or "").lower().startswith(each) for each in self.runs):
            return False
        if not self._patterns:
            return True
        text = text_of(event)
        return all(pattern.search(text) for pattern in self._patterns)

    def condition(self) -> tuple[str, tuple[Any, ...]]:
        """An SQL condition that no matching row fails, and its values; `matches` decides on what is left."""
        parts: list[str] = []
        values: list[Any] = []
        for choices in (
            [("(kind = ? OR substr(kind, 1, length(?) + 1) = ? || '.')", (each,) * 3) for each in self.kinds],
            [_operation_condition(each) for each in self.operations],
            [("substr(lower(run), 1, length(?)) = ?", (each,) * 2) for each in self.runs],
        ):
            if choices:
                parts.append("(" + " OR ".join(text for text, _ in choices) + ")")
                values += [value for _, found in choices for value in found]
        for word in self.words:
            longest = max((token for token in tokens_of(word) if token.isascii()), key=len, default="")
            if longest:
                parts.append("(" + " OR ".join(f"{column} LIKE ?" for column in _COLUMNS) + ")")
                values += [f"%{longest}%"] * len(_COLUMNS)
        return " AND ".join(parts) or "1", tuple(values)


def _operation_condition(wanted: str) -> tuple[str, tuple[Any, ...]]:
    if not wanted.endswith("*"):
        return "operation = ?", (wanted,)
    return "substr(operation, 1, length(?)) = ?", (wanted[:-1],) * 2


def parse_query(text: str, newest: datetime, zone: tzinfo = UTC) -> Query:
    """Read a search.

    Args:
        text: as it was typed.
        newest: time of the newest event: what `since:-5m` and times without a day count from.
        zone: of times that name none.

    Raises:
        QueryError: a quotation mark is not closed, a filter has no value, a time cannot be read, or it says nothing.
    """
    try:
        parts = shlex.split(text, posix=True)
    except ValueError as error:
        raise QueryError(f"`{text.strip()}`: a quotation mark is not closed") from error
    found: dict[str, list[str]] = {"words": [], **{name: [] for name in _FIELDS.values()}}
    times: dict[str, str] = {}
    for part in parts:
        name, colon, value = part.partition(":")
        if colon and name in ("since", "until"):
            times[name] = _time(name, value, newest, zone)
        elif colon and name in _FIELDS:
            if not value:
                raise QueryError(f"`{name}:` needs a value")
            found[_FIELDS[name]].append(value.lower() if name == "run" else value)
        elif tokens_of(part):
            found["words"].append(part)
    query = Query(
        text.strip(),
        words=tuple(found["words"]),
        kinds=tuple(found["kinds"]),
        operations=tuple(found["operations"]),
        actors=tuple(found["actors"]),
        runs=tuple(found["runs"]),
        since=times.get("since"),
        until=times.get("until"),
    )
    if not query.selective and not times:
        raise QueryError(f"nothing to search for: give {FORMS}")
    return query


def _time(name: str, value: str, newest: datetime, zone: tzinfo) -> str:
    try:
        moment = parse_moment(value, newest, zone)
    except MomentError as error:
        raise QueryError(f"{name}: {error}") from error
    if moment.at is None:
        raise QueryError(f"{name}: needs a time, such as 01:20 or -5m")
    return event_time(moment.at)


def _pattern(word: str) -> re.Pattern[str]:
    """The words of a text one after the other, whatever stands between; the last one whole, but for a `*`."""
    end = "" if word.endswith("*") else r"(?![^\W_])"
    return re.compile(r"(?<![^\W_])" + r"[\W_]+".join(map(re.escape, tokens_of(word))) + end, re.IGNORECASE)


def _is_named(wanted: str, operation: str) -> bool:
    return operation.startswith(wanted[:-1]) if wanted.endswith("*") else operation == wanted


def family_of(kind: str) -> str:
    """`step` of `step.intent`."""
    return kind.partition(".")[0]


def names_of(actor: str, identity: str | None) -> set[str]:
    """What an actor may be called by: whole, without the host, by the last part of the identity."""
    names = {actor, actor.partition("@")[0]}
    return names if identity is None else names | {identity.rpartition("/")[2]}


def tokens_of(text: str) -> list[str]:
    """The words of a text: runs of letters and digits, as SQLite's `unicode61` has them."""
    return _TOKEN.findall(plain(text))


def plain(text: str) -> str:
    """A text in which every letter is one character: letters composed, marks that stand alone taken out."""
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFC", text)
    return "".join(" " if unicodedata.category(char).startswith("M") else char for char in composed)


def text_of(event: Event) -> str:
    """Everything of an event that words are looked for in: its values, not the names of its fields."""
    own = (event.kind, event.operation, event.actor, event.identity, event.run)
    return plain("\n".join([*(part for part in own if part), *_values(event.data)]))


def _values(data: Any) -> Iterator[str]:
    match data:
        case dict():
            for value in data.values():
                yield from _values(value)
        case list():
            for value in data:
                yield from _values(value)
        case str():
            yield data
        case bool() | None:
            return
        case _:
            yield str(data)
