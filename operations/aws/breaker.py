"""A circuit breaker for each service: after several calls in a row without a definite answer, stop asking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from operations.aws.outcome import Certainty, GatewayError


class CircuitOpenError(GatewayError):
    """Too many calls to a service went unanswered; nothing is sent to it for a while."""


@dataclass(slots=True)
class Breaker:
    """Opens after `limit` unanswered calls in a row; `cool_down` seconds later one call may try again."""

    monotonic: Callable[[], float]
    limit: int = 5
    cool_down: float = 30.0
    _misses: dict[str, int] = field(default_factory=dict)
    _opened: dict[str, float] = field(default_factory=dict)

    def check(self, service: str) -> None:
        """Let a call through.

        Raises:
            CircuitOpenError: the circuit of this service is open.
        """
        opened = self._opened.get(service)
        if opened is None:
            return
        left = self.cool_down - (self.monotonic() - opened)
        if left > 0:
            raise CircuitOpenError(
                f"{service}: {self.limit} calls in a row went unanswered; next try in {left:.0f} s"
            )

    def note(self, service: str, certainty: Certainty | None) -> None:
        """Count a call: None for an answer, else what its failure said."""
        if certainty is not Certainty.UNKNOWN:
            self._misses.pop(service, None)
            self._opened.pop(service, None)
            return
        self._misses[service] = self._misses.get(service, 0) + 1
        if self._misses[service] >= self.limit:
            self._opened[service] = self.monotonic()
