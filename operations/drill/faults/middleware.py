"""The layer itself, a WSGI application around the sandbox's: log, faults, tokens, lag, then the call."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from operations.aws.model.catalog import ApiCatalog
from operations.drill.faults import transport
from operations.drill.faults.calls import Call, CallReader
from operations.drill.faults.clock import SandboxClock
from operations.drill.faults.control import Control, is_control
from operations.drill.faults.lag import Gate, Lag
from operations.drill.faults.log import WireLog
from operations.drill.faults.partial import leave_out
from operations.drill.faults.replying import Reply, Wsgi, give, refusal, take
from operations.drill.faults.script import FaultKind, FaultScript, Rule
from operations.drill.faults.tokens import TokenMemory
from operations.drill.world import World

_AFTER = {
    FaultKind.REPLY_LOST,
    FaultKind.RESET_AFTER,
    FaultKind.HANG_AFTER,
    FaultKind.ERROR_AFTER,
    FaultKind.PARTIAL,
    FaultKind.LAG,
}
"""Faults of calls that were carried out; the others are met before."""
_CARRIED = "cutover.carried"
"""Key of the request's surroundings: the status that the service itself answered with."""


def in_front_of(application: Wsgi, world: World) -> FaultLayer:
    """The layer with nothing scripted: tokens hold, and every call is logged.

    Args:
        application: The sandbox's services.
        world: Its pace; token validity and lag are in its seconds.
    """
    clock = SandboxClock(world)
    gate = Gate()
    lag = Lag(application, gate, clock.now)
    script, log = FaultScript(), WireLog()
    control = Control(script, log, clock, lag.end)
    return FaultLayer(
        application, CallReader(ApiCatalog()), script, log, TokenMemory(clock.now), lag, gate, control
    )


@dataclass(frozen=True, slots=True)
class FaultLayer:
    """A WSGI application; the parts are put together by `in_front_of`."""

    application: Wsgi
    reader: CallReader
    script: FaultScript
    log: WireLog
    tokens: TokenMemory
    lag: Lag
    gate: Gate
    control: Control

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        if is_control(environ):
            return give(self.control.answer(environ), start_response)
        call = self.reader.read(environ)
        rule = self.script.meet(call) if call.action else None
        status = 0
        try:
            reply = self._fault(rule, call, environ) if rule else self._carry_out(call, environ)
            status = reply.code
        finally:
            carried = environ.get(_CARRIED, 0)
            self.log.note(call, rule.kind.value if rule else None, status, carried)
        return give(reply, start_response)

    def _fault(self, rule: Rule, call: Call, environ: dict[str, Any]) -> Reply:
        carried_out = self._spoilt(rule, call, environ) if rule.kind in _AFTER else None
        match rule.kind:
            case FaultKind.THROTTLED:
                code = "Throttling" if call.service != "ec2" else "RequestLimitExceeded"
                json_code = "ThrottlingException" if "HTTP_X_AMZ_TARGET" in environ else code
                return refusal(environ, json_code, "Rate exceeded")
            case FaultKind.EXPIRED:
                return refusal(environ, "ExpiredTokenException", "The security token is expired", 403)
            case FaultKind.ERROR_BEFORE | FaultKind.ERROR_AFTER:
                code = "ServiceUnavailable" if rule.status == 503 else "InternalFailure"
                return refusal(environ, code, "the fault script says so", rule.status)
            case FaultKind.REPLY_LOST | FaultKind.REQUEST_LOST:
                transport.close(environ)
            case FaultKind.RESET_BEFORE | FaultKind.RESET_AFTER:
                transport.reset(environ)
            case FaultKind.HANG_BEFORE | FaultKind.HANG_AFTER:
                transport.hang(environ, rule.seconds)
        assert carried_out is not None  # noqa: S101 - what is left are PARTIAL and LAG, carried out above
        return carried_out

    def _spoilt(self, rule: Rule, call: Call, environ: dict[str, Any]) -> Reply:
        carry_out: Callable[[], Reply] = lambda: self._carry_out(call, environ)  # noqa: E731
        lag = rule.seconds if rule.kind is FaultKind.LAG else rule.lag
        if lag > 0:
            self.lag.begin(call, lag)
        if rule.kind is FaultKind.PARTIAL:
            return leave_out(call.api, environ, rule.code, carry_out) or carry_out()
        return carry_out()

    def _carry_out(self, call: Call, environ: dict[str, Any]) -> Reply:
        if not call.mutates and call.action:
            stale = self.lag.answer(call, environ)
            if stale is not None:
                return stale

        def for_real() -> Reply:
            with self.gate.passing():
                reply = take(self.application, environ)
            environ[_CARRIED] = reply.code
            return reply

        return self.tokens.answer(call, for_real, lambda code, text: refusal(environ, code, text))
