"""Rules about shell: it parses, its AWS commands and scripts exist, and a rollback does not destroy data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from operations.exchange.audit.rule import Folder, Spot, also_in_files, file_rule
from operations.exchange.commands import aws_commands, scripts
from operations.exchange.documents import Document, Kind
from operations.plan.audit.aws_cli import aws_problem
from operations.plan.audit.finding import Severity
from operations.plan.audit.losses import command_loss
from operations.plan.audit.rules import commands as plan_commands

LANGUAGES: Final = frozenset({"bash", "sh", "shell"})
_PROMPT: Final = re.compile(r"\s*(?:[\w@:~./-]*[$%]|[\w.-]+@[\w.:~/-]+#|>) ")
_PLACEHOLDER: Final = re.compile(r"<[A-Za-z][\w .:/|-]*>")
_BACK: Final = re.compile(
    r"roll[\s_-]?back|revert|undo|inverse|back[\s_-]?out|fall[\s_-]?back", re.IGNORECASE
)
_SPOKEN_OF: Final = re.compile(r"\b(?:scripts?|runs?|executes?|generated|created|written)\b", re.IGNORECASE)
"""Words by which a line says that the script is there, or is to be run."""
_SCRIPT_NAME: Final = re.compile(r"(?<![\w./-])[A-Za-z][\w-]*\.sh\b")


def _shell_texts(folder: Folder) -> Iterator[tuple[Document, str, int, str]]:
    """Shell text with its first line, and a title that says what it is for."""
    for document in folder.of(Kind.SHELL):
        yield document, document.text, 1, document.path.stem
    for document in folder.of(Kind.TRACKER):
        for section in document.markdown.sections:
            for block in section.blocks:
                if block.language in LANGUAGES and not _transcript(block.text):
                    yield document, block.text, block.line, section.title


def _transcript(text: str) -> bool:
    """Whether a block shows commands with their answers, which no shell would take."""
    return any(_PROMPT.match(line) for line in text.splitlines())


@file_rule(
    "script/shell-syntax",
    Severity.ERROR,
    "Shell scripts, and blocks of shell in Markdown, parse.",
    "A script that does not parse stops half way, after what stands before the error was done. bash reads it with `-n` and "
    "runs nothing; `<placeholders>` are taken for words, and blocks that show a session are left out.",
    "mend the line; try `bash -n FILE`",
)
def shell_syntax(folder: Folder) -> Iterable[Spot]:
    """Scripts and blocks, through bash's parser."""
    for document, text, first, _ in _shell_texts(folder):
        problem = (
            folder.shell.problem(_PLACEHOLDER.sub(lambda m: "x" * len(m[0]), text)) if text.strip() else None
        )
        if problem is not None:
            last = first + max(0, len(text.splitlines()) - 1)
            yield Spot(
                document, min(first + problem.line - 1, last), f"bash does not parse this: {problem.message}"
            )


@file_rule(
    "script/no-bash",
    Severity.NOTE,
    "There is a bash to parse shell scripts with.",
    "Without one, scripts are audited but for their syntax.",
    "install bash, or check the scripts elsewhere",
)
def no_bash(folder: Folder) -> Iterable[Spot]:
    """The first script that could not be parsed."""
    if not folder.shell.there:
        for document, _, first, _ in _shell_texts(folder):
            yield Spot(document, first, "no bash here: the syntax of shell scripts was not checked")
            return


@also_in_files(plan_commands.unknown_aws_command)
def unknown_aws_command(folder: Folder) -> Iterable[Spot]:
    """`aws` commands in scripts and blocks."""
    for document, text, first, _ in _shell_texts(folder):
        for command in aws_commands(text, first):
            problem = aws_problem(command.words, folder.knowledge)
            if problem is not None:
                yield Spot(document, command.line, problem.message, problem.fix)


@file_rule(
    "script/loses-data",
    Severity.WARNING,
    "What is called a rollback destroys no data for good.",
    "`--skip-final-snapshot` in a script that is run at 3 am to get back to safety leaves nothing to get back to. Looked at are "
    "scripts and sections whose name speaks of rolling back, reverting, undoing or falling back.",
    "keep a final snapshot and a recovery window, or say loudly what is lost",
)
def loses_data(folder: Folder) -> Iterable[Spot]:
    """Destroying options in what goes back."""
    for document, text, first, title in _shell_texts(folder):
        for command in aws_commands(text, first) if _BACK.search(title) else ():
            loss = command_loss(command.words)
            if loss is not None:
                yield Spot(document, command.line, f"`{title}` destroys data for good: {loss}")


@file_rule(
    "script/no-such-file",
    Severity.WARNING,
    "Scripts that are started, or said to be there, are in the folder.",
    "The verification script that a tracker ticks off, the rollback script that a runbook calls: if it is not there, it is found "
    "out about when it is needed. A path is looked for from the file that names it and from the folder; a mere name "
    "anywhere in the folder.",
    "write the script, correct its name, or keep it in the folder",
)
def no_such_file(folder: Folder) -> Iterable[Spot]:
    """Scripts in shell text by path, scripts in the words of a tracker by name."""
    for document, text, first, _ in _shell_texts(folder):
        for command in scripts(text, first):
            path = command.words[0]
            places = (document.path.parent, folder.root, *document.path.parents[1:3])
            if not any((place / path).exists() for place in places):
                yield Spot(document, command.line, f"there is no `{path}`")
    for document in folder.of(Kind.TRACKER):
        seen: set[str] = set()
        for number, line in document.markdown.lines():
            for name in _SCRIPT_NAME.findall(line) if _SPOKEN_OF.search(line) else ():
                if name not in folder.names | seen:
                    yield Spot(document, number, f"there is no `{name}` in this folder")
                seen.add(name)


RULES = (shell_syntax, no_bash, unknown_aws_command, loses_data, no_such_file)
