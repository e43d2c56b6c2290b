"""The commands in shell text, as far as they can be told without a shell: word by word, with their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_BEFORE: Final = re.compile(
    r"(?:^|\$\(|[|;&({`!]|\b(?:then|do|else|if|while|until|time|sudo|exec|nohup|xargs)\b)\s*"
    r"(?:[A-Za-z_]\w*=(?:\"[^\"]*\"|'[^']*'|[^\s;|&()]*)\s+)*$"
)
_HEREDOC: Final = re.compile(r"<<-?\s*(['\"]?)([A-Za-z_]\w*)\1")
_WORD: Final = re.compile(r"\"(?:[^\"\\]|\\.)*\"?|'[^']*'?|[^\s;|&()<>`\"']+")
_END: Final = frozenset(";|&()<>`")
MAX_LINE: Final = 8_000
"""Characters; a longer line is data in a script, and is passed over."""
_PATH: Final = re.compile(r"(?:\.{1,2}/|[A-Za-z_][\w.-]*/)[\w./-]*\w|[A-Za-z_][\w.-]*\.(?:sh|py)")
_RUNNERS: Final = frozenset(
    {"bash", "sh", "source", ".", "python", "python3", "exec", "sudo", "nohup", "time"}
)


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its words without quotes, and its line."""

    words: tuple[str, ...]
    line: int


def logical_lines(text: str, first: int = 1) -> Iterator[tuple[int, str]]:
    """Lines with continued ones joined; comments and here-documents left out. `first` is the number of the first."""
    number, ending = first - 1, ""
    waiting: list[str] = []
    start = first
    for line in text.splitlines():
        number += 1
        if ending:
            ending = "" if line.strip() == ending else ending
            continue
        if not waiting:
            start = number
            if line.lstrip().startswith("#"):
                continue
        if line.endswith("\\"):
            waiting.append(line[:-1])
            continue
        whole = " ".join((*waiting, line))
        waiting = []
        heredoc = _HEREDOC.search(whole[:MAX_LINE])
        if heredoc:
            ending = heredoc[2]
        if len(whole) <= MAX_LINE:
            yield start, whole
    if waiting and sum(map(len, waiting)) <= MAX_LINE:
        yield start, " ".join(waiting)


def aws_commands(text: str, first: int = 1) -> Iterator[Command]:
    """Every `aws …` that stands where a command begins."""
    for number, line in logical_lines(text, first):
        for match in re.finditer(r"\baws(?=\s)", line):
            if _BEFORE.search(line[: match.start()]):
                words = tuple(_words(line[match.start() :]))
                if len(words) > 1:
                    yield Command(words, number)


def _words(rest: str) -> Iterator[str]:
    position = 0
    while position < len(rest):
        if rest[position].isspace():
            position += 1
            continue
        if rest[position] in _END:
            return
        match = _WORD.match(rest, position)
        if match is None:
            return
        position = match.end()
        yield match[0].strip("\"'")


def scripts(text: str, first: int = 1) -> Iterator[Command]:
    """Every script that a line starts by a relative path, or hands to a shell or Python."""
    for number, line in logical_lines(text, first):
        words = line.strip().split()
        runner = bool(words) and words[0] in _RUNNERS
        while words and (words[0] in _RUNNERS or re.fullmatch(r"[A-Za-z_]\w*=\S*", words[0])):
            words = words[1:]
        if words and _PATH.fullmatch(words[0]) and (runner or words[0].startswith(("./", "../", "scripts/"))):
            yield Command((words[0],), number)
