"""Events: the rows of the journal and the frozen payloads that its writers may put into them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from state.kinds import Kind


@dataclass(frozen=True, slots=True)
class Event:
    """One row. `at` is UTC, RFC 3339 with microseconds and `Z`; `data` the decoded JSON object."""

    seq: int
    at: str
    run: str | None
    kind: str
    operation: str | None
    actor: str
    identity: str | None
    data: Mapping[str, Any]
    prev: str
    hash: str


class Direction(StrEnum):
    """Which way an operation is carried out."""

    FORWARD = "forward"
    INVERSE = "inverse"


class Result(StrEnum):
    """What became of a step: `unknown` puts its operation in doubt."""

    APPLIED = "applied"
    NOT_APPLIED = "not_applied"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """The answer of a check; no data is inconclusive, never a pass."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    ERROR = "error"


class CheckStage(StrEnum):
    """Where in an operation's life a check was made."""

    CHECKPOINT = "checkpoint"
    VERIFY = "verify"
    WATCH = "watch"
    GUARD = "guard"
    PROBE = "probe"
    LIBRARY = "library"
    ATTESTED = "attested"


class RunResult(StrEnum):
    """How a run ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    HELD = "held"
    CANCELLED = "cancelled"


class Payload(BaseModel):
    """Base of all payloads: frozen, and nothing goes into the journal that is not named."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: ClassVar[Kind]
