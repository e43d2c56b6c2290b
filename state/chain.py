"""The hash chain: how a row's hash is made, and where a chain is broken.

A row's hash is the lower-case hex SHA-256 of the RFC 8785 form of
`[seq, at, run, kind, operation, actor, identity, data, prev]`, `data` being the decoded object.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from json import encoder
from typing import Any

import rfc8785

from state.chain_flaws import Finding, Flaw, Lookup, broken_link, nowhere
from state.seal_watch import SealWatch, Trust
from state.storable import EXACT

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
    seq, at, run, kind, operation, actor, identity, data, prev, _ = row
    if type(seq) is not int or not -EXACT < seq < EXACT:
        raise ValueError("a row's number is not a whole number below 2**53")
    try:
        content = (
            f"[{seq},{_quoted(at)},{'null' if run is None else _quoted(run)},{_quoted(kind)},"
            f"{'null' if operation is None else _quoted(operation)},{_quoted(actor)},"
            f"{'null' if identity is None else _quoted(identity)},{data},{_quoted(prev)}]"
        )
    except TypeError as error:
        raise ValueError("a cell is not text") from error
    return hashlib.sha256(content.encode()).hexdigest()


class _NotPlain(Exception):  # noqa: N818 - no error: a sign that the long way must be gone
    pass


def _not_plain(_: str) -> Any:
    raise _NotPlain


def _plain_float(text: str) -> float:
    """A float whose shortest form Python and RFC 8785 write alike: neither whole nor with an exponent."""
    value = float(text)
    if "e" in text or "E" in text or value.is_integer():
        raise _NotPlain
    return value


def _plain_int(text: str) -> int:
    if len(text) > _EXACT_DIGITS:
        raise _NotPlain
    return int(text)


def _plain_writer() -> Callable[[Any], str]:
    """JSON's own encoder, made once: `JSONEncoder.encode` makes it anew for every text."""
    make: Any = getattr(encoder, "c_make_encoder", None)
    if make is None:
        writer = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return writer.encode
    write = make(None, _not_plain, _quoted, None, ":", ",", True, False, False)
    return lambda value: "".join(write(value, 0))


_quoted: Callable[[str], str] = encoder.encode_basestring
"""A string as RFC 8785 has it."""
_plain = _plain_writer()
"""For what `_plain_scan` takes, and in ASCII, this is RFC 8785, at a tenth of its time."""
_plain_decoder: Any = json.JSONDecoder(
    parse_float=_plain_float, parse_int=_plain_int, parse_constant=_not_plain
)
_plain_scan: Callable[[str, int], tuple[Any, int]] = _plain_decoder.scan_once
_EXACT_DIGITS = 15
"""A whole number of so many digits is exact as an IEEE double."""
_PROVEN_MOST, _PROVEN_LENGTH = 4096, 512
_proven: set[str] = set()
"""Short texts that were found to be canonical: a journal of looks at the same thing says the same over and over."""


def is_canonical(text: str) -> bool:
    """Whether JSON text is in RFC 8785 form.

    Raises:
        ValueError: it is not JSON, or has no such form.
        RecursionError: it is nested too deeply.
    """
    if text in _proven:
        return True
    if not _is_plain(text) and canonical(json.loads(text)) != text:
        return False
    if len(text) <= _PROVEN_LENGTH:
        if len(_proven) >= _PROVEN_MOST:
            _proven.clear()
        _proven.add(text)
    return True


def _is_plain(text: str) -> bool:
    """Whether text is in RFC 8785 form beyond doubt; what is not may be all the same."""
    if not text.isascii():
        return False
    try:
        value, end = _plain_scan(text, 0)
        return end == len(text) and _plain(value) == text
    except (_NotPlain, StopIteration):
        return False


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


def verify_chain(
    rows: Iterable[Row],
    expected: ExpectedHead | None = None,
    *,
    trust: Trust | None = None,
    find: Lookup = nowhere,
) -> ChainReport:
    """Walk the rows in order of seq and report the first that does not fit.

    Without an expected head a cut or wholly rewritten tail cannot be seen: no chain can tell that alone.

    Args:
        rows: the rows.
        expected: one head kept elsewhere.
        trust: more of them, and keys that the signed heads must be of.
        find: the seq of the row that has a hash, to tell what became of a row.
    """
    watch = SealWatch((trust or Trust()).and_head(expected))
    prev, count = GENESIS, 0
    for row in rows:
        if row[8] == prev and row[0] == count + 1 and _is_sound(row):
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


def _is_sound(row: Row) -> bool:
    """Whether a row's own content leaves nothing to be looked into."""
    try:
        return type(row[7]) is str and is_canonical(row[7]) and row_hash(row) == row[9]
    except (ValueError, RecursionError):
        return False


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
