"""What AWS remembers of client tokens: the first answer for the same call, a refusal for another one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from operations.drill.faults.calls import Call
from operations.drill.faults.replying import Reply

VALID_SECONDS: Final = 8 * 3600.0
"""Sandbox seconds for which a token is remembered: the shortest that AWS documents for a service (Kotlin SDK docs, 8 h)."""

_MISMATCH: Final = {
    "acm": "InvalidParameterException",
    "backup": "AlreadyExistsException",
    "ecs": "ConflictException",
    "route53": "HostedZoneAlreadyExists",
    "secretsmanager": "ResourceExistsException",
    "servicediscovery": "DuplicateRequest",
}
"""Codes for a token that comes back with other parameters, where it is not `IdempotentParameterMismatch`."""

_TELLS: Final = {"route53:CreateHostedZone": "HostedZoneAlreadyExists"}
"""Calls that refuse a repeated token even with the same parameters, instead of giving the first answer again
(Route 53 API reference, CreateHostedZone)."""


@dataclass(slots=True)
class _Memory:
    digest: str
    reply: Reply
    at: float


@dataclass(slots=True)
class TokenMemory:
    """Remembers the answer to every tokened call.

    Args:
        clock: Sandbox seconds that only grow.
        valid_seconds: How long a token is remembered.
    """

    clock: Callable[[], float]
    valid_seconds: float = VALID_SECONDS
    _known: dict[tuple[str, str], _Memory] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _locks: dict[tuple[str, str], threading.Lock] = field(default_factory=dict)

    def answer(
        self, call: Call, carry_out: Callable[[], Reply], refuse: Callable[[str, str], Reply]
    ) -> Reply:
        """Carry a call out, or say what its token says.

        Args:
            call: The call.
            carry_out: Does it for real; an answer of success is remembered.
            refuse: Makes an error reply of a code and a message.
        """
        if call.token is None:
            return carry_out()
        key = (call.api, call.token)
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:  # the same token twice at once: the second waits for the first one's answer
            known = self._known.get(key)
            if known is not None and self.clock() - known.at <= self.valid_seconds:
                return self._again(call, known, refuse)
            reply = carry_out()
            if reply.ok:
                self._known[key] = _Memory(call.digest, reply, self.clock())
            return reply

    def _again(self, call: Call, known: _Memory, refuse: Callable[[str, str], Reply]) -> Reply:
        if call.digest != known.digest:
            code = _MISMATCH.get(call.service, "IdempotentParameterMismatch")
            return refuse(code, f"the client token {call.token} was used with other parameters")
        if call.api in _TELLS:
            return refuse(_TELLS[call.api], f"{call.token} was used already")
        return known.reply
