"""Keeps secrets and control characters out of every log line and crash report of a process, at any level.

`guard_logs` is called once where a process begins; redactors tell it what they learn with `learn`.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from threading import RLock
from typing import Any, Final

from operations.aws.model.catalog import ApiCatalog
from operations.aws.redaction import Redactor
from operations.aws.secret_words import is_secret_name, mask_written_secrets
from state.text import clean_lines

PINNED: Final = (
    "aiobotocore",
    "aiohttp",
    "asyncio",
    "boto3",
    "botocore",
    "charset_normalizer",
    "s3transfer",
    "urllib3",
    "werkzeug",
)
"""Libraries that log requests, headers, bodies and signatures below WARNING."""
CREDENTIAL_LOGGERS: Final = (
    "botocore.credentials",
    "aiobotocore.credentials",
    "botocore.tokens",
    "aiobotocore.tokens",
)
"""Their warnings carry what a `credential_process` wrote to stderr in the traceback (pr-agent#3622)."""
SECRET_ENDINGS: Final = ("TOKEN", "SECRET", "PASSWORD", "CREDENTIALS")
"""Ends of the names of environment variables that hold a secret."""
WITHHELD: Final = "\u2039withheld: may hold secrets\u203a"


class LogGuard:
    """Masks what is logged, and any text that is about to be shown or written.

    A secret once learnt is masked for as long as the process lives: records about it may come late, e.g. when what
    a call left behind is collected, long after its redactor is gone. Any thread may log and learn.

    Args:
        environment: its credentials, and whatever has a secret's name, are masked from the start.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._redactor = Redactor(ApiCatalog())
        for name, value in environment.items():
            if is_secret_name(name) or name.endswith(SECRET_ENDINGS):
                self._redactor.learn(value)
        self._lock = RLock()

    def learn(self, secret: str) -> None:
        """Remember a secret; from now on it is masked."""
        with self._lock:
            self._redactor.learn(secret)

    def text(self, text: str) -> str:
        """A text of several lines without secrets and without anything that a terminal acts on."""
        with self._lock:
            text = self._redactor.redact_text(text)
        return clean_lines(text)

    def record(self, make: Callable[..., logging.LogRecord], *args: Any, **more: Any) -> logging.LogRecord:
        """Make a log record; what it says is masked before any handler sees it."""
        record = make(*args, **more)
        record.msg, record.args = self._said(record), ()
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = self._traceback(record)
            record.exc_info = None
        return record

    def _said(self, record: logging.LogRecord) -> str:
        if record.levelno < logging.WARNING and _is_pinned(record.name):
            return WITHHELD
        try:
            said = record.getMessage()
        except (TypeError, ValueError, KeyError):
            said = str(record.msg)
        return self.text(said)

    def _traceback(self, record: logging.LogRecord) -> str:
        if record.name in CREDENTIAL_LOGGERS:
            return WITHHELD
        assert record.exc_info is not None  # noqa: S101 - the caller has looked
        return self.text("".join(traceback.format_exception(*record.exc_info)).rstrip())


def _is_pinned(name: str) -> bool:
    return name.partition(".")[0] in PINNED


_guard: LogGuard | None = None


def guard_logs(environment: Mapping[str, str]) -> LogGuard:
    """Guard this process's logs from here on; the same guard when it was called before."""
    global _guard  # noqa: PLW0603 - logging is the process's own, and so is its guard
    if _guard is None:
        _guard = LogGuard(environment)
        logging.setLogRecordFactory(partial(_guard.record, logging.getLogRecordFactory()))
        for name in PINNED:
            logging.getLogger(name).setLevel(logging.WARNING)
    return _guard


def remember(secret: str) -> None:
    """Have the process's guard mask a secret for good, where it has one."""
    if _guard is not None:
        _guard.learn(secret)


def safe_text(text: str) -> str:
    """A text for a crash report or a last message: masked by the process's guard, or by what it says itself."""
    if _guard is not None:
        return _guard.text(text)
    return clean_lines(mask_written_secrets(text))


__all__ = ["WITHHELD", "LogGuard", "guard_logs", "remember", "safe_text"]
