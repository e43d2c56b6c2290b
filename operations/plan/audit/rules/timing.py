"""Rules about time: windows that open, operations that fit into them, watches that look more than once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from operations.plan.audit.context import AuditContext
from operations.plan.audit.finding import Severity
from operations.plan.audit.rule import Defect, rule
from operations.plan.audit.words import did_you_mean, listed
from operations.plan.models import OperationKind
from operations.plan.registers import Window
from operations.plan.steps import ApiStep, HttpStep, WaitStep
from operations.plan.yaml_source import KeyPath

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_DAY = 24 * 60
"""Minutes."""


def _minutes(text: str) -> int | None:
    return int(text[:2]) * 60 + int(text[3:]) if _TIME.fullmatch(text) else None


def _length(window: Window) -> int | None:
    """Minutes that a window is open at a time; one that closes before it opens does so the next day."""
    opens, closes = _minutes(window.opens), _minutes(window.closes)
    return None if opens is None or closes is None else (closes - opens) % _DAY


@rule(
    "window/no-such-time",
    Severity.ERROR,
    "A window opens and closes at times of day, on days of the week, for kinds of operations that exist.",
    "A window that opens at 25:00 or on `mondays` never opens, and what it allows never runs.",
    "times are 00:00 to 23:59 in UTC, days mon to sun",
)
def no_such_time(context: AuditContext) -> Iterable[Defect]:
    """Times, days and kinds of windows."""
    kinds = [kind.value for kind in OperationKind]
    for number, window in enumerate(context.plan.windows):
        path = ("windows", number)
        for key, text in (("opens", window.opens), ("closes", window.closes)):
            if _minutes(text) is None:
                yield Defect((*path, key), f"`{window.id}` {key} at {text}, which is no time of day")
        if _length(window) == 0:
            yield Defect((*path, "closes"), f"`{window.id}` closes at {window.closes}, when it opens")
        yield from _strangers((*path, "days"), window.days, DAYS, "day")
        yield from _strangers((*path, "allows"), window.allows, kinds, "kind of operation")


def _strangers(path: KeyPath, given: Iterable[str], known: Iterable[str], noun: str) -> Iterator[Defect]:
    for index, word in enumerate(given):
        if word not in known:
            yield Defect(
                (*path, index), f"there is no {noun} `{word}`", did_you_mean(word, known, listed(known))
            )


@rule(
    "window/too-short",
    Severity.WARNING,
    "Some window for its kind is long enough for each operation.",
    "An operation that takes longer than every window it may run in is still running when the window closes, or is never "
    "begun. `estimate` is what is compared.",
    "make a window longer, or split the operation",
)
def too_short(context: AuditContext) -> Iterable[Defect]:
    """Estimates against the windows for the operation's kind."""
    longest: dict[str, int] = {}
    for window in context.plan.windows:
        for kind in window.allows:
            longest[kind] = max(longest.get(kind, 0), _length(window) or 0)
    for key, operation in context.plan.operations.items():
        most = longest.get(operation.kind)
        if most and operation.estimate > most:
            message = f"`{key}` takes {operation.estimate:g} minutes; no window for {operation.kind} is longer than {most}"
            yield Defect((*context.paths[key], "estimate"), message)


@rule(
    "plan/bake-looks-once",
    Severity.ERROR,
    "A bake looks more often than once, and the estimate has room for it.",
    "A bake of two minutes that looks every five sees nothing; one of an hour in an operation of ten minutes makes every "
    "schedule and every estimate of the way wrong.",
    "correct `bake` or `estimate`",
)
def bake(context: AuditContext) -> Iterable[Defect]:
    """Bakes against their interval and the estimate."""
    for key, operation in context.plan.operations.items():
        if operation.bake is None:
            continue
        minutes, seconds = operation.bake.minutes, operation.bake.every_seconds
        path = (*context.paths[key], "bake")
        if seconds > minutes * 60:
            yield Defect(path, f"`{key}` bakes {minutes:g} minutes and looks every {seconds:g} seconds")
        elif "estimate" in operation.model_fields_set and operation.estimate < minutes:
            message = f"`{key}` is estimated at {operation.estimate:g} minutes, of which it bakes {minutes:g}"
            yield Defect(path, message)


@rule(
    "plan/polls-once",
    Severity.WARNING,
    "A step that repeats has time to.",
    "When the pause is longer than the time-out, it looks once, and waits for nothing.",
    "make `timeout_seconds` several times `every_seconds`",
)
def polls_once(context: AuditContext) -> Iterable[Defect]:
    """Intervals of repeated steps against their time-outs."""
    for site in context.sites:
        step = site.step
        repeats = isinstance(step, (WaitStep, HttpStep)) or (
            isinstance(step, ApiStep) and (step.until is not None or step.until_error is not None)
        )
        every, limit = getattr(step, "every_seconds", None), getattr(step, "timeout_seconds", None)
        if repeats and every is not None and limit is not None and every > limit:
            key = "timeout_seconds" if "timeout_seconds" in step.model_fields_set else "every_seconds"
            yield Defect((*site.path, key), f"it looks every {every:g} seconds and gives up after {limit:g}")


RULES = (no_such_time, too_short, bake, polls_once)
