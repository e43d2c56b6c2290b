"""The hash chain: how a row's hash is made, and where a chain is broken.

A row's hash is the lower-case hex SHA-256 of the RFC 8785 form of
`[seq, at, run, kind, operation, actor, identity, data, prev]`, `data` being the decoded object.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785

GENESIS = "0" * 64
_CONSONANTS = "bdfghjklmnprstvz"
_VOWELS = "aiou"

Row = tuple[int, str, str | None, str, str | None, str, str | None, str, str, str]
"""A row as stored: `data` is still text."""


def canonical(data: Mapping[str, Any]) -> str:
    """The RFC 8785 form of an event's data.

    Raises:
        rfc8785.CanonicalizationError: a number beyond 2**53 or not finite, or a value that is not JSON.
    """
    return rfc8785.dumps(data).decode()


def row_hash(row: Row) -> str:
    """The hash that belongs to a stored row, whatever it says itself.

    The row's data must be in canonical form already: then its text stands in the whole's canonical form as it is.

    Raises:
        ValueError: a cell is not text that can be encoded.
    """
    before = rfc8785.dumps(list(row[:7]))[:-1]
    content = b"%b,%b,%b]" % (before, row[7].encode(), rfc8785.dumps(row[8]))
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a walk along the chain found: `first_bad` is the seq of the first row that is wrong."""

    ok: bool
    rows: int
    first_bad: int | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class ExpectedHead:
    """A head that was kept elsewhere: what the chain must still contain."""

    seq: int
    hash: str


def verify_chain(rows: Iterable[Row], expected: ExpectedHead | None = None) -> ChainReport:
    """Walk the rows in order of seq and report the first that does not fit.

    Without an expected head a cut or wholly rewritten tail cannot be seen: no chain can tell that alone.
    """
    prev, count, kept = GENESIS, 0, expected is None
    for row in rows:
        problem = _problem(row, count + 1, prev)
        if problem is not None:
            return ChainReport(False, count, row[0] if row[0] > count else count + 1, problem)
        count, prev = count + 1, row[9]
        if expected is not None and count == expected.seq:
            if prev != expected.hash:
                return ChainReport(False, count, count, "rewritten: not the row that the kept head names")
            kept = True
    if not kept and expected is not None:
        return ChainReport(False, count, count + 1, f"cut: the kept head names row {expected.seq}")
    return ChainReport(True, count)


def _problem(row: Row, expected_seq: int, prev: str) -> str | None:
    if row[0] != expected_seq:
        return f"gap: row {expected_seq} is missing"
    if row[8] != prev:
        return "does not continue the row before it"
    try:
        if canonical(json.loads(row[7])) != row[7]:
            return "changed: its data is not in canonical form"
        fits = row_hash(row) == row[9]
    except (ValueError, RecursionError) as error:
        return f"cannot be read: {error}"
    return None if fits else "changed: its hash does not fit its content"


def spoken(hash_hex: str) -> str:
    """The first 64 bits of a hash as four words to read out on a call.

    The words are proquints (Wilkerson, arXiv:0901.4016): five letters for sixteen bits, no two sound alike.
    """
    words = (int(hash_hex[i : i + 4], 16) for i in range(0, 16, 4))
    return "-".join(_proquint(word) for word in words)


def _proquint(word: int) -> str:
    return (
        _CONSONANTS[word >> 12 & 15]
        + _VOWELS[word >> 10 & 3]
        + _CONSONANTS[word >> 6 & 15]
        + _VOWELS[word >> 4 & 3]
        + _CONSONANTS[word & 15]
    )
