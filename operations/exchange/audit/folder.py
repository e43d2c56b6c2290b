"""Runs the rules about files over a folder, or over one file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from operations.exchange.audit.catalogue import FILE_RULES
from operations.exchange.audit.rule import FileRule, Folder, ShellParser
from operations.exchange.documents import Collection, Kind, collect
from operations.plan.audit.audit import in_order
from operations.plan.audit.finding import Finding
from operations.plan.audit.knowledge import ApiKnowledge
from operations.plan.errors import Place


def audit_files(
    collection: Collection,
    knowledge: ApiKnowledge,
    now: datetime,
    shell: ShellParser,
    rules: Iterable[FileRule] = FILE_RULES,
) -> tuple[Finding, ...]:
    """What contradicts itself in files that were collected, by file, line and severity.

    Args:
        collection: the files.
        knowledge: what is known about AWS.
        now: the time in UTC; what is said to be over later than that is not.
        shell: parses shell scripts.
        rules: what to check.
    """
    folder = Folder(collection, knowledge, now, shell)
    return in_order(
        {
            Finding(
                each.rule.id,
                each.rule.severity,
                Place(spot.document.path, spot.line),
                spot.message,
                spot.fix or each.rule.mend,
            )
            for each in rules
            for spot in each.check(folder)
        }
    )


def collect_auditable(origin: Path, without: frozenset[Path] = frozenset()) -> Collection:
    """The files of a folder, or one file, without data of which nothing is known."""
    found = collect(origin, without)
    known = tuple(each for each in found.documents if each.kind is not Kind.DATA)
    return Collection(found.root, known, found.left_out)
