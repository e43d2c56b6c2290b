"""Sealed journals for tests: keys that are known, anchors in a folder of the test's own."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from state.anchors import Anchor, LocalAnchor, local_file, read_kept
from state.chain import ExpectedHead
from state.events import RunResult
from state.journal import Journal
from state.request_events import RequestNote
from state.run_events import RunFinished
from state.seal_keys import Signer
from state.seal_watch import Trust
from state.sealer import SealParts
from tests.state.making import PLAN, ticking

JOURNAL_ID = "01JD0000000000000000000000"
FINISHED = RunFinished(result=RunResult.SUCCEEDED, counts={"succeeded": 1}, seconds=1.0)


def signer(seed: int = 1) -> Signer:
    key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return Signer(key.public_key().public_bytes_raw().hex(), key.sign)


class Moving:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def on(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def parts(folder: Path, *more: Anchor, seed: int = 1, **others: Any) -> SealParts:
    def anchors(journal_id: str) -> Sequence[Anchor]:
        file = local_file(folder, journal_id)
        assert file is not None
        return (LocalAnchor(file), *more)

    return SealParts(lambda: signer(seed), anchors, **others)


def open_sealed(path: Path, folder: Path, *more: Anchor, clock: Any = None, **others: Any) -> Journal:
    return Journal(
        path,
        PLAN,
        clock=clock or ticking(),
        new_id=lambda: JOURNAL_ID,
        actor="ana@bastion",
        seal=parts(folder, *more, **others),
    )


def sealed_journal(path: Path, folder: Path, notes: int = 195) -> Path:
    """A closed journal: notes of a run a second apart, a run's end half way and at the end, heads as they fall due."""
    with open_sealed(path, folder) as journal:
        for number in range(notes):
            journal.append(
                RequestNote(text=f"note {number}"), run="R", operation="vpc", identity="arn:aws:iam::1"
            )
            if number == notes // 2:
                journal.append(FINISHED, run="R")
        journal.append(FINISHED, run="R")
    return path


def trust(folder: Path) -> Trust:
    """What the anchors in a folder say."""
    file = local_file(folder, JOURNAL_ID)
    assert file is not None
    kept = read_kept(file, JOURNAL_ID)
    assert not kept.unreadable
    heads = tuple(ExpectedHead(head.seq, head.hash, signed=True) for head in kept.heads)
    return Trust(heads, frozenset(head.public_key for head in kept.heads))
