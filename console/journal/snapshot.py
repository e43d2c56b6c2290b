"""A fold of a long journal, kept beside it so that the next console need not read it all again; never believed over it.

A snapshot says of which journal it is and how the journal's row ended at which it was made. A row's hash covers every row
before it, so a snapshot whose row has another hash now, or is not there, is of another history: it is thrown away, and so is
one that another version of this program made or whose text is not as it was written. Only what screens show comes from here;
whoever acts folds the journal.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from console.journal.told import Told
from state.reader import JournalReader

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Span = tuple[int, int]
"""The first and the last row that is about an operation."""


@dataclass(frozen=True, slots=True)
class Folded:
    """What a journal told up to a row, and where each operation's rows are."""

    told: Told = field(default_factory=Told)
    spans: Mapping[str, Span] = field(default_factory=dict)

    @property
    def seq(self) -> int:
        """The last row that was taken in."""
        return self.told.status.seq


class Snapshots:
    """Snapshots in a folder, one for a journal; what goes wrong with them only costs time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, reader: JournalReader) -> Folded | None:
        """The newest snapshot of a journal, None where there is none that fits it."""
        path = self._path(reader)
        try:
            head, body = path.read_bytes().split(b"\n", 1)
            if json.loads(head) == _head(reader, _seq_of(head), body):
                return _adapter().validate_json(body)
        except (OSError, ValueError, TypeError, KeyError):
            pass
        with suppress(OSError):
            path.unlink(missing_ok=True)
        return None

    def save(self, folded: Folded, reader: JournalReader) -> None:
        """Keep a snapshot in place of an older one."""
        path = self._path(reader)
        body = _adapter().dump_json(folded)
        text = json.dumps(_head(reader, folded.seq, body)).encode() + b"\n" + body
        beside = path.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            beside.touch(mode=0o600)
            beside.write_bytes(text)
            beside.replace(path)

    def _path(self, reader: JournalReader) -> Path:
        name = "".join(char for char in reader.meta.get("journal_id", "") if char.isalnum())
        return self._folder / f"{name}.fold"


def _seq_of(head: bytes) -> int:
    return int(json.loads(head)["seq"])


def _head(reader: JournalReader, seq: int, body: bytes) -> dict[str, object]:
    """What must be said of a body now for it to be believed."""
    return {
        "code": _code(),
        "journal": reader.meta.get("journal_id"),
        "seq": seq,
        "hash": reader.hash_of(seq),
        "body": hashlib.sha256(body).hexdigest(),
    }


@lru_cache(maxsize=1)
def _code() -> str:
    """The digest of the sources that make a fold: another version may tell the same rows otherwise."""
    import state

    sources = [
        *sorted(Path(state.__file__).parent.rglob("*.py")),
        Path(__file__),
        Path(__file__).with_name("told.py"),
    ]
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Folded]:
    from pydantic import TypeAdapter

    return TypeAdapter(Folded)
