"""A rule about files beside a plan, and what it looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Protocol

from operations.exchange.documents import Collection, Document, Kind
from operations.plan.audit.finding import Severity
from operations.plan.audit.knowledge import ApiKnowledge
from operations.plan.audit.rule import Rule


@dataclass(frozen=True, slots=True)
class ShellProblem:
    """What a shell's parser says about a script; `line` counts from 1 within the text."""

    line: int
    message: str


class ShellParser(Protocol):
    """Parses shell text and runs nothing of it."""

    @property
    def there(self) -> bool:
        """Whether there is such a parser on this host."""
        ...

    def problem(self, text: str) -> ShellProblem | None:
        """The first thing that does not parse, None when everything does or nobody can tell."""
        ...


@dataclass(frozen=True, slots=True)
class Spot:
    """A broken rule in a document; `fix` overrides the rule's own way to mend it."""

    document: Document
    line: int | None
    message: str
    fix: str | None = None


class Folder:
    """What the rules look at: documents, what AWS knows, the time, and a shell's parser."""

    def __init__(
        self, collection: Collection, knowledge: ApiKnowledge, now: datetime, shell: ShellParser
    ) -> None:
        self.collection = collection
        self.knowledge = knowledge
        self.now = now
        self.shell = shell

    @property
    def root(self) -> Path:
        """The folder itself."""
        return self.collection.root

    def of(self, *kinds: Kind) -> Iterator[Document]:
        """The documents of these kinds, in order of their paths."""
        return (each for each in self.collection.documents if each.kind in kinds)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all files that were found, without their folders."""
        return frozenset(each.path.name for each in self.collection.documents)

    @cached_property
    def by_path(self) -> dict[Path, Document]:
        """Every document by its whole path."""
        return {each.path.resolve(): each for each in self.collection.documents}


Check = Callable[[Folder], Iterable[Spot]]


@dataclass(frozen=True, slots=True)
class FileRule:
    """A rule of the catalogue with how files are checked against it."""

    rule: Rule
    check: Check


def file_rule(
    rule_id: str, severity: Severity, summary: str, explanation: str, mend: str
) -> Callable[[Check], FileRule]:
    """Make the function below it the check of a rule that is about files only."""
    return lambda check: FileRule(Rule(rule_id, severity, summary, explanation, mend), check)


def also_in_files(rule: Rule) -> Callable[[Check], FileRule]:
    """Make the function below it the check, in files, of a rule that plans have too."""
    return lambda check: FileRule(rule, check)
