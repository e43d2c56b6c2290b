"""Results and enums of the API model; importing them loads no AWS library."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class ApiModelError(Exception):
    """A question that the API model cannot answer; the text is one line for the user."""


class UnknownApiError(ApiModelError):
    """No service, action or waiter of that name exists in the bundled AWS models.

    Attributes:
        api: The name that was asked for.
        nearest: The closest name that exists, or None.
    """

    def __init__(self, api: str, nearest: str | None) -> None:
        hint = f"; did you mean {nearest}?" if nearest else "; write it as service:Action, e.g. ec2:CreateVpc"
        super().__init__(f"AWS has no {api}{hint}")
        self.api = api
        self.nearest = nearest


class Rule(Enum):
    """Which rule of a shape a value breaks."""

    UNKNOWN_MEMBER = "unknown-member"
    MISSING = "missing"
    TYPE = "type"
    LENGTH = "length"
    RANGE = "range"
    ENUM = "enum"
    PATTERN = "pattern"
    UNION = "union"
    EXPRESSION = "expression"
    NO_SUCH_FIELD = "no-such-field"


@dataclass(frozen=True, slots=True)
class ShapeProblem:
    """Something that is surely wrong with a call's parameters or with an expression on its answer.

    Attributes:
        path: Where, as `TagSpecifications[0].Tags[1].Key`; empty for the whole.
        message: What, without the path; never holds the value of a sensitive member.
        rule: Which rule is broken.
    """

    path: str
    message: str
    rule: Rule

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class Effect(Enum):
    """Whether a call can change anything in the account."""

    READ = "read"
    MUTATE = "mutate"


class Direction(Enum):
    """Which side of a call is meant."""

    INPUT = "input"
    OUTPUT = "output"


class WaiterVerdict(Enum):
    """What one answer means for a waiter."""

    SUCCESS = "success"
    FAILURE = "failure"
    RETRY = "retry"


class Matcher(Enum):
    """How an acceptor looks at an answer; the names are botocore's."""

    STATUS = "status"
    ERROR = "error"
    PATH = "path"
    PATH_ALL = "pathAll"
    PATH_ANY = "pathAny"


@dataclass(frozen=True, slots=True)
class Acceptor:
    """One rule of a waiter: when the answer matches, the verdict holds.

    Attributes:
        verdict: What a match means.
        matcher: Which part of the answer is looked at.
        expected: What it must be; for `ERROR` a code, or True for any error and False for none.
        argument: The JMESPath expression of the three path matchers, else None.
    """

    verdict: WaiterVerdict
    matcher: Matcher
    expected: object
    argument: str | None


@dataclass(frozen=True, slots=True)
class WaiterSpec:
    """What a botocore waiter polls and how it judges the answers.

    Attributes:
        name: `service:waiter_name`, as the plan writes it.
        api: The read that is polled, as `service:Action`.
        delay_seconds: Default pause between two polls, in seconds.
        max_attempts: Default number of polls.
        acceptors: Tried in this order; the first match decides.
    """

    name: str
    api: str
    delay_seconds: float
    max_attempts: int
    acceptors: tuple[Acceptor, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A waiter's verdict on one answer, and why."""

    verdict: WaiterVerdict
    reason: str
