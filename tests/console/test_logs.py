"""A process's guard remembers every secret for as long as the process lives."""

import logging
import threading

from console.logs import LogGuard
from operations.aws.model.catalog import ApiCatalog
from operations.aws.redaction import REDACTED, Redactor

CATALOG = ApiCatalog()


def learnt(guard: LogGuard, secret: str) -> None:
    """A call whose answer holds a secret; its redactor is gone afterwards."""
    Redactor(CATALOG, tell=guard.learn).learn(secret)


def test_a_secret_is_masked_however_many_calls_came_after_it() -> None:
    guard = LogGuard({})
    for number in range(300):
        learnt(guard, f"canary-number-{number:03d}")
    for number in (0, 1, 150, 299):
        assert guard.text(f"late: canary-number-{number:03d}!") == f"late: {REDACTED}!"


def test_a_secret_inside_another_leaves_nothing_of_it() -> None:
    guard = LogGuard({})
    learnt(guard, "canary")
    learnt(guard, "canary-and-its-tail")
    assert guard.text("x canary-and-its-tail") == f"x {REDACTED}"


def test_what_is_learnt_while_others_log_is_masked_at_once() -> None:
    guard = LogGuard({})
    leaks: list[str] = []

    def work(thread: int) -> None:
        for number in range(60):
            secret = f"canary-{thread}-{number:03d}"
            learnt(guard, secret)
            record = guard.record(logging.LogRecord, "x", logging.WARNING, "f", 1, "said %s", (secret,), None)
            if secret in record.getMessage():
                leaks.append(secret)

    threads = [threading.Thread(target=work, args=(thread,)) for thread in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not leaks
