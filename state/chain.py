"""The hash chain: how a row's hash is made, and where a chain is broken.

A row's hash is the lower-case hex SHA-256 of the RFC 8785 form of
`[seq, at, run, kind, operation, actor, identity, data, prev]`, `data` being the decoded object.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from state.canonical import canonical, is_canonical
from state.chain_flaws import Finding, Flaw, Lookup, broken_link, nowhere
from state.rows import GENESIS, Row, is_sound, row_hash
from state.seal_watch import SealWatch, Trust

__all__ = ["GENESIS", "ChainReport", "ExpectedHead", "Row", "canonical", "row_hash", "spoken", "verify_chain"]

_CONSONANTS = "bdfghjklmnprstvz"
_VOWELS = "aiou"


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a walk along the chain found.

    Attributes:
        ok: whether nothing is wrong.
        rows: how many rows before the first bad one are good.
        first_bad: seq of the first row that is wrong, or of the first that is missing from the end.
        problem: what is wrong, in a line.
        flaw: the same as a word.
        suspect: first and last row among which the change was made, as far as that can be told.
        signed_through: the last row that a genuine signed head covers, None when nothing is signed.
        heads: how many signed heads there are before the first bad row.
        key: the public key of the heads, hex.
    """

    ok: bool
    rows: int
    first_bad: int | None = None
    problem: str | None = None
    flaw: Flaw | None = None
    suspect: tuple[int, int] | None = None
    signed_through: int | None = None
    heads: int = 0
    key: str | None = None


@dataclass(frozen=True, slots=True)
class ExpectedHead:
    """A head that was kept elsewhere: what the chain must still contain; `signed`: a head must follow that row."""

    seq: int
    hash: str
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Begun:
    """A walk whose first rows were found sound elsewhere: how many, the last one's hash, and what their heads said."""

    watch: SealWatch
    prev: str = GENESIS
    count: int = 0


def verify_chain(
    rows: Iterable[Row],
    expected: ExpectedHead | None = None,
    *,
    trust: Trust | None = None,
    find: Lookup = nowhere,
    begun: Begun | None = None,
) -> ChainReport:
    """Walk the rows in order of seq and report the first that does not fit.

    Without an expected head a cut or wholly rewritten tail cannot be seen: no chain can tell that alone.

    Args:
        rows: the rows.
        expected: one head kept elsewhere.
        trust: more of them, and keys that the signed heads must be of.
        find: the seq of the row that has a hash, to tell what became of a row.
        begun: the walk that these rows go on with; it has seen `expected` and `trust` then.
    """
    walk = begun or Begun(SealWatch((trust or Trust()).and_head(expected)))
    watch, prev, count = walk.watch, walk.prev, walk.count
    for row in rows:
        if row[8] == prev and row[0] == count + 1 and is_sound(row):
            found = watch.see(row)
        else:
            broken = _problem(row, count + 1, prev, find)
            found = watch.sooner(broken) if broken is not None else watch.see(row)
        if found is not None:
            return _report(found, count, watch)
        count, prev = count + 1, row[9]
    return _report(watch.finish(count), count, watch)


def _report(found: Finding | None, count: int, watch: SealWatch) -> ChainReport:
    if found is None:
        report = ChainReport(True, count)
    else:
        first, last = found.suspect or (found.seq, found.seq)
        first = max(first, min(watch.proven + 1, last))
        good = min(count, first - 1)
        report = ChainReport(False, good, found.seq, found.problem, found.flaw, (first, last))
    return replace(report, signed_through=watch.signed_through, heads=watch.heads, key=watch.key)


def _problem(row: Row, expected_seq: int, prev: str, find: Lookup) -> Finding | None:
    if row[0] == expected_seq and row[8] != prev and _fits((*row[:8], prev, row[9]), expected_seq):
        return Finding(Flaw.CHANGED, row[0], "changed: it does not continue the row before it any more")
    if row[0] != expected_seq or row[8] != prev:
        return broken_link(row, expected_seq, find, _fits)
    try:
        if type(row[7]) is not str:  # a flipped bit in the file can make a text a blob
            raise ValueError("its data is not text")
        if not is_canonical(row[7]):
            return Finding(Flaw.CHANGED, row[0], "changed: its data is not in canonical form")
        fits = row_hash(row) == row[9]
    except (ValueError, RecursionError) as error:
        return Finding(Flaw.CHANGED, row[0], f"cannot be read: {error}")
    return None if fits else Finding(Flaw.CHANGED, row[0], "changed: its hash does not fit its content")


def _fits(row: Row, seq: int) -> bool:
    """Whether a row would be sound under another number."""
    try:
        return row_hash((seq, *row[1:])) == row[9]
    except ValueError:
        return False


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
