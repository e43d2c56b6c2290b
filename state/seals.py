"""Signed heads: what a signature covers, how one is made, read back and checked.

The signature is Ed25519 (RFC 8032) over the RFC 8785 form of `[journal_id, seq, hash, previous, at]`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from state.canonical import canonical
from state.run_events import HeadReason, JournalHead

Sign = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head as it stands in a `journal.head` event and in an anchor: it says that row `seq` has this hash.

    `previous` is the row of the head before it, None for the first; `at` as events carry time; `public_key` (32
    bytes) and `signature` (64 bytes) are lower-case hex.
    """

    journal_id: str
    seq: int
    hash: str
    previous: int | None
    at: str
    public_key: str
    signature: str

    def content(self) -> bytes:
        """The bytes that are signed."""
        return canonical([self.journal_id, self.seq, self.hash, self.previous, self.at]).encode()

    def is_genuine(self) -> bool:
        """Whether the signature is that of the key that the head itself names."""
        from cryptography.exceptions import InvalidSignature

        try:
            _public(self.public_key).verify(bytes.fromhex(self.signature), self.content())
        except (InvalidSignature, ValueError):
            return False
        return True

    def as_dict(self) -> dict[str, Any]:
        """The head as JSON: what anchors keep and `cutover journal head` prints."""
        return {name: getattr(self, name) for name in _FIELDS}


_FIELDS: Mapping[str, type | tuple[type, ...]] = {
    "journal_id": str,
    "seq": int,
    "hash": str,
    "previous": (int, type(None)),
    "at": str,
    "public_key": str,
    "signature": str,
}


def read_head(data: object) -> SignedHead | None:
    """The head in the data of an event or in a line of an anchor; None when it is none."""
    if not isinstance(data, Mapping):
        return None
    values: dict[str, Any] = {name: data.get(name) for name in _FIELDS}
    fits = all(
        isinstance(values[name], kind) and not isinstance(values[name], bool)
        for name, kind in _FIELDS.items()
    )
    return SignedHead(**values) if fits else None


def sealed(head: SignedHead, sign: Sign, reason: HeadReason, unanchored: tuple[str, ...]) -> JournalHead:
    """The event of a head whose `signature` is still to be made."""
    values = head.as_dict() | {"signature": sign(head.content()).hex()}
    return JournalHead(**values, reason=reason, unanchored=unanchored)


def fingerprint(public_key: str) -> str:
    """Sixteen hex digits that stand for a key where people read: the start of the SHA-256 of its 32 bytes."""
    return hashlib.sha256(bytes.fromhex(public_key)).hexdigest()[:16]


@lru_cache(maxsize=64)
def _public(public_key: str) -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
