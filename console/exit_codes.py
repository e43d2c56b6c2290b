"""The contract's exit codes, and which error ends a command with which."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command's end means to the program that called it."""

    DONE = 0
    NO = 1
    USAGE = 2
    IN_DOUBT = 3
    REFUSED = 4
    DAMAGED = 5
    INTERRUPTED = 130
    TERMINATED = 143


class CommandError(Exception):
    """Ends a command with one line on stderr and an exit code."""

    def __init__(self, message: str, code: ExitCode = ExitCode.USAGE) -> None:
        self.code = code
        super().__init__(message)


def code_for(error: Exception) -> ExitCode | None:
    """The exit code of a domain error, None for a bug."""
    from operations.drill.errors import SandboxError
    from operations.engine.errors import RunRefusedError
    from operations.plan.errors import PlanError
    from state.errors import JournalDamagedError, JournalError, JournalMissingError

    match error:
        case CommandError():
            return error.code
        case PlanError() | SandboxError() | JournalMissingError():
            return ExitCode.USAGE
        case JournalDamagedError():
            return ExitCode.DAMAGED
        case JournalError() | RunRefusedError():
            return ExitCode.REFUSED
    return _code_for_aws(error)


def _code_for_aws(error: Exception) -> ExitCode | None:
    from operations.aws.outcome import CallFailedError, GatewayError

    if isinstance(error, CallFailedError):
        return ExitCode.NO if error.code not in _REFUSALS else ExitCode.REFUSED
    return ExitCode.REFUSED if isinstance(error, GatewayError) else None


def told(error: Exception) -> str:
    """The one line about a domain error: what AWS or the network said does not say what to do next."""
    advice = _ADVICE.get(getattr(error, "code", None) or "")
    return f"{error}; {advice}" if advice else str(error)


_UNREACHED = "see that it runs there, and that this host reaches it"
_ADVICE = {
    "EndpointConnectionError": _UNREACHED,
    "ConnectTimeoutError": _UNREACHED,
    "ExpiredToken": "log in again",
    "ExpiredTokenException": "log in again",
    "AccessDenied": "log in as somebody who may",
    "AccessDeniedException": "log in as somebody who may",
    "UnauthorizedOperation": "log in as somebody who may",
}

_REFUSALS = {
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "SignatureDoesNotMatch",
    "EndpointConnectionError",
    "ConnectTimeoutError",
}
