"""What went wrong with a call, in this project's words: whether it was applied is what matters most."""

from __future__ import annotations

from typing import Any

from operations.aws.outcome import (
    CallFailedError,
    Certainty,
    CredentialsError,
    GatewayError,
    RefusedError,
    judge,
)
from operations.aws.redaction import Redactor


def without_secrets(error: GatewayError, redactor: Redactor) -> GatewayError:
    """The same error; services quote parameters in their messages, secret ones too."""
    if isinstance(error, CallFailedError):
        error.message = redactor.redact_text(error.message)
    error.args = tuple(redactor.redact_text(str(part)) for part in error.args)
    return error


def translate(problem: Exception, seconds: float) -> GatewayError:
    """Botocore's and the transport's errors as ours; bugs are raised as they are."""
    import aiohttp
    from botocore import exceptions as aws
    from botocore.parsers import ResponseParserError

    name = type(problem).__name__
    match problem:
        case GatewayError():
            return problem
        case aws.ClientError():
            error = problem.response.get("Error", {})
            status = int(problem.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400))
            code = str(error.get("Code", name))
            certainty, retryable = judge(code, status)
            return CallFailedError(code, str(error.get("Message", "")), certainty, retryable, seconds)
        case (
            aws.NoCredentialsError()
            | aws.PartialCredentialsError()
            | aws.ProfileNotFound()
            | aws.TokenRetrievalError()
            | aws.NoAuthTokenError()
            | aws.SSOError()
            | aws.LoginError()
            | aws.RefreshWithMFAUnsupportedError()
            | aws.InvalidConfigError()
            | aws.MetadataRetrievalError()
        ):
            said = " ".join(str(problem).split())
            return CredentialsError(f"no usable AWS credentials: {said}; log in, or use --sandbox")
        case RuntimeError() if "refreshed credentials are still expired" in str(problem):
            return CredentialsError("the AWS credentials have expired, and fetching them again gave the same")
        case aws.NoRegionError() | aws.InvalidRegionError() | aws.UnknownServiceError():
            return RefusedError(str(problem))
        case aws.EndpointConnectionError() if not _never_connected(problem):
            return CallFailedError("ConnectionReset", str(problem), Certainty.UNKNOWN, True, seconds)
        case (
            aws.EndpointConnectionError()
            | aws.ConnectTimeoutError()
            | aws.ParamValidationError()
            | aws.ProxyConnectionError()
        ):
            return CallFailedError(
                name, str(problem), Certainty.NOT_APPLIED, name != "ParamValidationError", seconds
            )
        case ResponseParserError():  # its text quotes the whole answer
            return CallFailedError(name, "the answer cannot be read", Certainty.UNKNOWN, True, seconds)
        case aws.BotoCoreError() | aiohttp.ClientError() | TimeoutError() | OSError():
            return CallFailedError(name, str(problem), Certainty.UNKNOWN, True, seconds)
    raise problem


def _never_connected(problem: Any) -> bool:
    """Whether a connection could not be made: aiobotocore says the same of one that broke while a call was on it."""
    import aiohttp

    cause = problem.kwargs.get("error")
    return not isinstance(cause, aiohttp.ClientError) or isinstance(cause, aiohttp.ClientConnectorError)
