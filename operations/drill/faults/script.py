"""The fault script: which call meets which fault, how often, and after how many that pass."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from operations.drill.errors import SandboxError
from operations.drill.faults.calls import Call

_STEP = re.compile(r"op/(\S+) try/(\w+\.\d+)\.\d+")


class FaultKind(StrEnum):
    """What can go wrong with a call."""

    REPLY_LOST = "reply-lost"  # applied, then the connection closes without an answer
    REQUEST_LOST = "request-lost"  # not applied, the connection closes
    RESET_BEFORE = "reset-before"  # not applied, the connection is reset
    RESET_AFTER = "reset-after"  # applied, the connection is reset
    HANG_BEFORE = "hang-before"  # not applied, nothing is answered for `seconds`
    HANG_AFTER = "hang-after"  # applied, nothing is answered for `seconds`
    THROTTLED = "throttled"  # not applied, the service's throttling error
    EXPIRED = "expired"  # not applied, the credentials are over
    ERROR_BEFORE = "error-before"  # not applied, `status` 500 or 503
    ERROR_AFTER = "error-after"  # applied, `status` 500 or 503
    PARTIAL = "partial"  # a batch: its last item is left out and reported as failed in a 200
    LAG = "lag"  # applied; for `seconds` reads of the service answer from before


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the script.

    Attributes:
        kind: What happens.
        api: `service:Action`, with `*` as in file names.
        mutating: Only calls that may change something.
        times: How many calls meet it; with `each`, how many of every distinct request.
        after: How many matching calls pass before the first that meets it; with `each`, of every distinct request.
        each: Count every step by itself, and of calls that are marked with none every distinct request.
        chance: Probability for a call that would meet it.
        status: HTTP status of ERROR_BEFORE and ERROR_AFTER.
        seconds: For HANG: the wall's seconds; for LAG: plan seconds.
        code: For PARTIAL: what the failed item is said to have failed with.
        lag: For every kind whose call is carried out: plan seconds for which reads lag behind it as well.
    """

    kind: FaultKind
    api: str = "*"
    mutating: bool = True
    times: int = 1
    after: int = 0
    each: bool = False
    chance: float = 1.0
    status: int = 500
    seconds: float = 30.0
    code: str = "InternalFailure"
    lag: float = 0.0

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Rule:
        """A rule from JSON.

        Raises:
            SandboxError: It has a key that no rule has, or no kind that there is.
        """
        unknown = row.keys() - set(cls.__slots__)
        if unknown:
            raise SandboxError(f"a fault has no {', '.join(sorted(unknown))}; see docs/drill.md")
        try:
            return cls(**{**row, "kind": FaultKind(row.get("kind", ""))})
        except ValueError as error:
            kinds = ", ".join(kind.value for kind in FaultKind)
            raise SandboxError(f"{row.get('kind')!r} is no kind of fault; there are: {kinds}") from error

    def fits(self, call: Call) -> bool:
        """Whether a call is of those that the rule is about."""
        return (call.mutates or not self.mutating) and fnmatchcase(call.api, self.api)


@dataclass(slots=True)
class FaultScript:
    """The rules in force; the first that fits a call decides. Deterministic for a seed and an order of calls."""

    seed: int = 0
    rules: list[Rule] = field(default_factory=list)
    _seen: dict[tuple[int, str], int] = field(default_factory=dict)
    _chance: random.Random = field(default_factory=random.Random)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def set(self, rules: list[Rule], seed: int = 0) -> None:
        """Put other rules in force and count from nought."""
        with self._lock:
            self.rules, self.seed, self._seen = list(rules), seed, {}
            self._chance = random.Random(seed)  # noqa: S311 - faults, not secrets

    def meet(self, call: Call) -> Rule | None:
        """The rule that this call meets, which is counted."""
        with self._lock:
            for number, rule in enumerate(self.rules):
                if rule.fits(call) and self._due(number, rule, call):
                    return rule
        return None

    def _due(self, number: int, rule: Rule, call: Call) -> bool:
        key = (number, (_step(call) or call.digest) if rule.each else "")
        seen = self._seen.get(key, 0)
        self._seen[key] = seen + 1
        if not rule.after <= seen < rule.after + rule.times:
            return False
        return rule.chance >= 1 or self._chance.random() < rule.chance

    def shown(self) -> list[dict[str, Any]]:
        """The rules with how many calls each has seen."""
        with self._lock:
            return [
                {"kind": rule.kind.value, "api": rule.api, "seen": self._count(number)}
                for number, rule in enumerate(self.rules)
            ]

    def _count(self, number: int) -> int:
        return sum(count for (rule, _), count in self._seen.items() if rule == number)


def _step(call: Call) -> str:
    """The operation, direction and step that a call is marked with in its user agent, whatever the attempt; else nothing."""
    found = _STEP.search(call.user_agent)
    return f"{found[1]} {found[2]}" if found else ""
