"""What can come of one AWS call: an answer, a definite no, or not knowing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """A call that was answered with success; `seconds` on the wire, `date` as the answer's header has it."""

    response: Mapping[str, Any]
    request_id: str | None
    seconds: float
    date: str | None = None


class Certainty(Enum):
    """What a failed call says about its effect."""

    NOT_APPLIED = "not applied"
    UNKNOWN = "unknown"


class GatewayError(Exception):
    """Base of what the gateway raises; the text is one line."""


class RefusedError(GatewayError):
    """The gateway did not let the call out: read-only, wrong account, an address that is not allowed."""


class OtherAccountError(RefusedError):
    """The credentials are of another account than the only one that may be touched."""


class CredentialsError(GatewayError):
    """No usable credentials."""


class CallFailedError(GatewayError):
    """One call that failed.

    Attributes:
        certainty: whether the call may have had an effect all the same.
        code: the service's error code, or the name of the transport's error.
        retryable: whether the same call may succeed a little later (throttling, a dependency still settling).
        seconds: how long the call took.
    """

    def __init__(
        self, code: str, message: str, certainty: Certainty, retryable: bool, seconds: float = 0.0
    ) -> None:
        self.code = code
        self.message = " ".join(message.split())
        self.certainty = certainty
        self.retryable = retryable
        self.seconds = seconds
        super().__init__(f"{code}: {self.message}")


THROTTLES = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottled",
        "RequestThrottledException",
        "TooManyRequestsException",
        "RequestLimitExceeded",
        "BandwidthLimitExceeded",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "TransactionInProgressException",
        "SlowDown",
        "PriorRequestNotComplete",
        "EC2ThrottledException",
    }
)
"""Codes that mean 'later', as botocore's standard retry mode counts them."""

SETTLING = frozenset({"DependencyViolation", "OperationAborted"})
"""Codes of a dependency that is still being made or removed: the same call holds a little later."""

EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
"""Codes that say the credentials are over: surely not applied, and no retry helps before a new login."""

REJECTED = frozenset(
    {
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "AuthFailure",
        "InvalidAccessKeyId",
        "InvalidToken",
    }
)
"""Codes for keys that AWS does not know: where they were known a moment ago, they have been taken back."""


INDEFINITE = frozenset(
    {
        "DependencyTimeoutException",
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "InternalServerErrorException",
        "InternalServerException",
        "InternalServiceError",
        "InternalServiceException",
        "KMSInternalException",
        "OperationTimeoutException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "StatementTimeoutException",
        "UnsupportedResultException",
    }
)
"""Codes that say nothing about the effect, whatever the status: a statement of RDS Data that took too long may go on, and
one whose result cannot be returned (both 400 in botocore's model) was carried out."""


_WRAPPED = {CredentialsError.__name__, OtherAccountError.__name__}


def credentials_over(error: Exception) -> bool:
    """Whether a call failed only for want of credentials, so that it surely had no effect and a login helps."""
    match error:
        case CredentialsError() | OtherAccountError():
            return True
        case CallFailedError():
            return error.code in EXPIRED | REJECTED | _WRAPPED
    return False


def judge(code: str, status: int) -> tuple[Certainty, bool]:
    """What an error answer says: 4xx was surely not applied, 5xx nobody knows."""
    if code in EXPIRED | REJECTED:
        return Certainty.NOT_APPLIED, False
    if code in THROTTLES:
        return Certainty.NOT_APPLIED, True
    if status >= 500 or code in INDEFINITE:
        return Certainty.UNKNOWN, True
    return Certainty.NOT_APPLIED, code in SETTLING
