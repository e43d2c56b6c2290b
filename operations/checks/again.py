"""Reads asked again where the failure may pass: a throttle or a lost connection is no verdict about the account."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from operations.aws.outcome import Answer, CallFailedError
from operations.checks.evaluate import Read

ATTEMPTS = 3
FIRST_PAUSE = 0.5
"""Seconds before the second attempt; the pause before the third is twice as long."""


def asking_again(read: Read, sleep: Callable[[float], Awaitable[object]]) -> Read:
    """The same reads, up to three attempts each; `sleep` waits so many seconds."""

    async def again(api: str, params: Mapping[str, Any]) -> Answer:
        for attempt in range(1, ATTEMPTS):
            try:
                return await read(api, params)
            except CallFailedError as error:
                if not error.retryable:
                    raise
            await sleep(FIRST_PAUSE * 2 ** (attempt - 1))
        return await read(api, params)

    return again
