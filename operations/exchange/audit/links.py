"""Rules about links: what they lead to is there, for everybody."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from operations.exchange.audit.rule import Folder, Spot, file_rule
from operations.exchange.documents import Kind
from operations.plan.audit.finding import Severity

SCHEMES: Final = frozenset(
    {
        "http",
        "https",
        "mailto",
        "ftp",
        "ftps",
        "sftp",
        "ssh",
        "git",
        "s3",
        "tel",
        "slack",
        "vscode",
        "data",
        "arn",
        "file",
    }
)
"""What some program opens."""
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_HOME: Final = re.compile(
    r"(?<![\w/.~-])(?:/Users/[A-Za-z][\w.-]*|/home/[a-z][\w.-]*|[A-Z]:\\Users\\\w+)[/\\][^\s\"'`)>]*"
)


@file_rule(
    "link/dangling",
    Severity.WARNING,
    "A link to a file leads to one.",
    "What a tracker links to is its evidence. If the file is not there, the claim stands alone. Links into the web are not "
    "followed.",
    "add the file, or correct the link",
)
def dangling(folder: Folder) -> Iterable[Spot]:
    """Relative links of Markdown files."""
    for document in folder.of(Kind.TRACKER):
        for link in document.markdown.links:
            target = unquote(re.split(r"[#?]", link.target)[0])
            if not target or _SCHEME.match(target) or target.startswith("//") or _filled_in(target):
                continue
            base = folder.root if target.startswith("/") else document.path.parent
            if not _there(base / target.lstrip("/")):
                yield Spot(document, link.line, f"[{link.text}] leads to `{target}`, which is not there")


def _filled_in(target: str) -> bool:
    return any(mark in target for mark in ("${", "{{", "<"))


def _there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


@file_rule(
    "link/unknown-scheme",
    Severity.WARNING,
    "A link is of a kind that somebody can open.",
    "`memory://notes` meant something to the program that wrote it. To everybody else it leads nowhere.",
    "link to a file or to a page",
)
def unknown_scheme(folder: Folder) -> Iterable[Spot]:
    """Schemes of links."""
    for document in folder.of(Kind.TRACKER):
        for link in document.markdown.links:
            found = _SCHEME.match(link.target)
            if found and found[1].lower() not in SCHEMES and len(found[1]) > 1:
                yield Spot(document, link.line, f"[{link.text}] leads to `{found[1]}:`, which nothing opens")


@file_rule(
    "link/one-machine",
    Severity.NOTE,
    "Paths hold on other machines too.",
    "A command with somebody's home folder in it works for that person, on that machine.",
    "write it relative to the folder",
)
def one_machine(folder: Folder) -> Iterable[Spot]:
    """Home folders in trackers and scripts, each once a file."""
    for document in folder.of(Kind.TRACKER, Kind.SHELL):
        seen: set[str] = set()
        for number, line in enumerate(document.text.splitlines(), start=1):
            for path in _HOME.findall(line):
                home = "/".join(re.split(r"[/\\]", path)[:3])
                if home not in seen:
                    yield Spot(document, number, f"`{home}` is a folder of one machine")
                seen.add(home)


RULES = (dangling, unknown_scheme, one_machine)
