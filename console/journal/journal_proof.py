"""What `cutover journal verify` goes by besides the journal, and how its verdict is said."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from console.exit_codes import CommandError
from console.journal.sealing import anchor_folder
from console.settings import load_settings
from state.anchors import AnchorError, KeptHeads, local_file, read_kept
from state.chain import ChainReport, ExpectedHead
from state.seal_keys import SealKeyError, read_public_key
from state.seal_watch import Trust
from state.seals import SignedHead, fingerprint, read_head


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known from outside a journal: what to trust, how far it was anchored, and what to say about that."""

    trust: Trust
    anchored_through: int | None
    notes: tuple[str, ...]


def evidence(journal_id: str, head_files: Sequence[str], key_files: Sequence[str]) -> Evidence:
    """Everything there is about a journal: its local anchor, heads and keys that were given.

    Raises:
        CommandError: a file that was given cannot be used.
    """
    folder = anchor_folder(load_settings(os.environ).values, os.environ)
    local, notes = _local(folder, journal_id)
    kept = [ExpectedHead(head.seq, head.hash, signed=True) for head in local.heads]
    for file in head_files:
        kept += _given(file, journal_id)
    pinned = frozenset(_key(file) for file in key_files)
    keys = pinned or frozenset(head.public_key for head in local.heads)
    if not kept:
        notes = (
            *notes,
            "no head of it is kept here: a cut end, or an older copy in its place, would not show",
        )
    trust = Trust(tuple(kept), keys, pinned=bool(pinned))
    return Evidence(trust, max((head.seq for head in kept), default=None), notes)


def _local(folder: Path, journal_id: str) -> tuple[KeptHeads, tuple[str, ...]]:
    file = local_file(folder, journal_id)
    if file is None:
        return KeptHeads(()), ("its id can be no file's name, so no anchor was looked for",)
    try:
        kept = read_kept(file, journal_id)
    except AnchorError as error:
        return KeptHeads(()), (str(error),)
    notes = (f"{file}: {kept.unreadable} lines are no genuine heads of it",) if kept.unreadable else ()
    return kept, notes


def _given(file: str, journal_id: str) -> list[ExpectedHead]:
    """The heads in a file: one as `cutover journal head` prints it, or lines as anchors keep them."""
    try:
        text = Path(file).read_text(encoding="utf-8")
        values = _objects(text)
        heads = [head for value in values for head in _expected(value)]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise CommandError(
            f"{file}: not a head; keep what `cutover journal head --format json` prints"
        ) from error
    for value in values:
        if value.get("journal_id") not in (None, journal_id):
            raise CommandError(f"{file}: the head of another journal, {value['journal_id']}")
    return heads


def _objects(text: str) -> list[Mapping[str, Any]]:
    try:
        found = [json.loads(text)]
    except ValueError:
        found = [json.loads(line) for line in text.splitlines() if line.strip()]
    if not found or not all(isinstance(value, dict) for value in found):
        raise ValueError("not JSON objects")
    return found


def _expected(value: Mapping[str, Any]) -> list[ExpectedHead]:
    heads = [ExpectedHead(int(value["seq"]), str(value["hash"]), signed=_genuine(read_head(value)))]
    signed = read_head(value.get("signed"))
    if signed is not None and _genuine(signed):
        heads.append(ExpectedHead(signed.seq, signed.hash, signed=True))
    return heads


def _genuine(head: SignedHead | None) -> bool:
    return head is not None and head.is_genuine()


def _key(file: str) -> str:
    try:
        return read_public_key(Path(file))
    except SealKeyError as error:
        raise CommandError(str(error)) from error


def with_notes(report: ChainReport, known: Evidence) -> Evidence:
    """The evidence with what is to be said about the journal's own heads."""
    notes = list(known.notes)
    if report.key is None:
        notes.append("nothing in it is signed: it is short, of an older build, or was stripped of its heads")
    else:
        unsigned = report.rows - (report.signed_through or 0) - 1
        if report.ok and unsigned > 0:
            notes.append(f"{unsigned} row{'s' * (unsigned > 1)} behind the newest head not signed yet")
        if report.key not in known.trust.keys and not _published(report.key):
            notes.append(
                f"key {fingerprint(report.key)} is not known here; ask for it and give it with --key"
            )
    return replace(known, notes=tuple(notes))


def _published(key: str) -> bool:
    folder = anchor_folder(load_settings(os.environ).values, os.environ)
    return (folder / f"{fingerprint(key)}.pub").exists()


def as_json(report: ChainReport, known: Evidence) -> dict[str, Any]:
    """The verdict for programs."""
    return {
        "ok": report.ok,
        "rows": report.rows,
        "first_bad": report.first_bad,
        "problem": report.problem,
        "flaw": report.flaw.value if report.flaw else None,
        "suspect": list(report.suspect) if report.suspect else None,
        "signed_through": report.signed_through,
        "anchored_through": known.anchored_through,
        "heads": report.heads,
        "key": fingerprint(report.key) if report.key else None,
        "notes": list(known.notes),
    }


def as_text(report: ChainReport, known: Evidence) -> str:
    """The verdict for people."""
    if report.ok:
        lines = [f"ok: {report.rows} rows, every one follows the one before"]
    else:
        lines = [f"damaged: row {report.first_bad}: {report.problem}; {report.rows} rows before it are good"]
        if report.suspect and report.suspect != (report.first_bad, report.first_bad):
            lines.append("the change lies in rows {} to {}".format(*report.suspect))
    if report.key is not None:
        anchored = f", kept elsewhere through row {known.anchored_through}" if known.anchored_through else ""
        lines.append(
            f"signed through row {report.signed_through} with key {fingerprint(report.key)}{anchored}"
        )
    return "\n".join([*lines, *(f"note: {note}" for note in known.notes)])
