"""Rules about files as such: they can be read, and no key in them stands twice."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from operations.exchange.audit.rule import Folder, Spot, file_rule
from operations.exchange.documents import MAX_FILES, Kind
from operations.plan.audit.finding import Severity


@file_rule(
    "file/unreadable",
    Severity.ERROR,
    "Every file is what its name says: text in UTF-8, and JSON or YAML where it is called so.",
    "What cannot be read is not audited, and whoever relies on the file cannot read it either. Comments, trailing commas, "
    "tags and `${placeholders}` are let pass; a template (`.tpl`) need not be JSON before it is rendered.",
    "mend the file, or give it the name of what it is",
)
def unreadable(folder: Folder) -> Iterable[Spot]:
    """Files without text, and data that cannot be parsed."""
    for document in folder.collection.documents:
        if document.problem is not None:
            yield Spot(document, None, f"cannot be read: {document.problem}")
        elif document.kind is Kind.UNREADABLE and document.tree_problem is not None:
            yield Spot(
                document, document.tree_problem.line, f"neither JSON nor YAML: {document.tree_problem}"
            )


@file_rule(
    "file/key-twice",
    Severity.ERROR,
    "No key stands twice in one mapping.",
    "The second one wins without a word, so that one of two states, alarms or steps of the same name does not exist.",
    "give one of them another name",
)
def key_twice(folder: Folder) -> Iterable[Spot]:
    """Keys of JSON and YAML files."""
    for document in folder.collection.documents:
        if document.form in {"tree", "template"} and document.problem is None:
            for key, line in document.tree.doubles:
                yield Spot(document, line, f"the key `{key}` stands here twice")


@file_rule(
    "file/left-out",
    Severity.NOTE,
    "The folder has no more files than are looked at.",
    f"The first {MAX_FILES} files in order of their paths are audited, so that a home folder given by mistake does not take "
    "for ever.",
    "give a folder further down",
)
def left_out(folder: Folder) -> Iterable[Spot]:
    """How many files were not looked at."""
    if folder.collection.left_out:
        last = folder.collection.documents[-1]
        yield Spot(last, None, f"{folder.collection.left_out} files after this one were not looked at")


@file_rule(
    "script/python-syntax",
    Severity.ERROR,
    "A Python script parses.",
    "A syntax error is found by whoever starts the script. The file is parsed and never run, by the Python that cutover runs "
    "on.",
    "mend the line",
)
def python_syntax(folder: Folder) -> Iterable[Spot]:
    """Python files, parsed only."""
    for document in folder.of(Kind.PYTHON):
        try:
            ast.parse(document.text)
        except SyntaxError as error:
            yield Spot(document, error.lineno, f"not Python: {error.msg}")
        except (ValueError, RecursionError, MemoryError):
            yield Spot(document, None, "not Python: it cannot be parsed")


RULES = (unreadable, key_twice, left_out, python_syntax)
