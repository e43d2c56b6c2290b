"""The journal as lines for people: when, who, what, and the one thing worth knowing about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from state.events import Event


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of the journal tail; `at` is the event's own time text."""

    seq: int
    at: str
    actor: str
    kind: str
    operation: str | None
    text: str


def timeline(events: Iterable[Event]) -> tuple[TimelineEntry, ...]:
    """A line for every event, in order."""
    return tuple(
        TimelineEntry(event.seq, event.at, event.actor, event.kind, event.operation, _text(event))
        for event in events
    )


def _text(event: Event) -> str:
    data = event.data
    family = event.kind.partition(".")[0]
    match family:
        case "drill" if isinstance(data.get("faults"), list):
            kinds = [fault.get("kind") for fault in data["faults"] if isinstance(fault, dict)]
            return _joined(data.get("scenario"), _some(kinds) or "no faults")
        case "step":
            return _step(event)
        case "check" | "guard":
            return _joined(data.get("verdict"), data.get("check"), data.get("message"))
        case "trigger":
            undoes = _some(data.get("operations"))
            return _joined(
                data.get("verdict"),
                data.get("check"),
                data.get("message"),
                data.get("why"),
                _some(data.get("triggers")),
                f"undoes {undoes}" if undoes else None,
            )
        case "request":
            said = (data.get(key) for key in ("reason", "why", "text", "to", "summary"))
            return _joined(_some(data.get("operations")), *said)
        case "run":
            return _joined(
                data.get("direction"),
                str(data.get("result") or "").replace("_", " "),
                data.get("signal"),
                _some(data.get("operations")),
                data.get("why"),
            )
        case "operation":
            return _operation(event)
        case "journal" if "signature" in data:
            return _joined(f"signs row {data.get('seq')}", data.get("reason"), _some(data.get("unanchored")))
        case "journal" | "plan":
            return _joined(data.get("plan"), str(data.get("digest", ""))[:12])
    tell = _lease if family == "lease" else _decided
    return tell(data)


def _decided(data: Mapping[str, Any]) -> str:
    """A gate's verdict, or what somebody signed: at a gate, for a constraint, for an operation."""
    what = (data.get(key) for key in ("decision", "gate", "criterion", "constraint", "reason", "role"))
    return _joined(*what, _some(data.get("blockers")))


def _lease(data: Mapping[str, Any]) -> str:
    number, over = data.get("number"), data.get("took_over")
    before = over if isinstance(over, dict) else {}
    was = f"after number {before.get('number')}: {before.get('why')}" if before else None
    which = f"number {number}" if number else None
    return _joined(f"pid {data.get('pid')}", data.get("host"), which, was, data.get("why"))


def _step(event: Event) -> str:
    data = event.data
    if event.kind == "step.intent":
        way = "inverse" if data.get("direction") == "inverse" else None
        attempt = data.get("attempt")
        again = f"attempt {attempt}" if isinstance(attempt, int) and attempt > 1 else None
        return _joined(way, data.get("api"), again)
    seconds = data.get("seconds")
    took = f"{seconds:.1f} s" if isinstance(seconds, (int, float)) else None
    result = str(data.get("result", "")).replace("_", " ")
    return _joined(result, took, data.get("code"), data.get("error"))


def _operation(event: Event) -> str:
    data = event.data
    seconds = data.get("seconds")
    took = f"{seconds:.0f} s" if isinstance(seconds, (int, float)) else None
    return _joined(took, data.get("error"), data.get("why"), data.get("reason"), _some(data.get("by")))


def _some(names: object) -> str | None:
    if isinstance(names, str):
        return names
    if not isinstance(names, (list, tuple)) or not names:
        return None
    shown = ", ".join(str(name) for name in names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"


def _joined(*parts: object) -> str:
    return "  ".join(str(part) for part in parts if part)
