"""Reads the documentation and the tree of commands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from console import cli

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
HEADING = re.compile(r"^(#{1,6}) (.+)$", re.MULTILINE)


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next of any level; empty when there is no such heading."""
    found = list(HEADING.finditer(text))
    for number, match in enumerate(found):
        if match[2] == heading:
            end = found[number + 1].start() if number + 1 < len(found) else len(text)
            return text[match.end() : end]
    return ""


def outside_code(text: str) -> str:
    """The text without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def pages() -> list[Path]:
    """Every Markdown page of the repository."""
    return sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


@dataclass(frozen=True, slots=True)
class Command:
    """A command that does something, by its whole name."""

    name: str
    command: click.Command

    @property
    def options(self) -> list[str]:
        return [name for p in self.command.params if isinstance(p, click.Option) for name in p.opts]

    @property
    def arguments(self) -> list[str]:
        found = [p for p in self.command.params if isinstance(p, click.Argument)]
        return [re.sub(r"\W", "", p.metavar or str(p.name).upper()) for p in found]


def commands() -> list[Command]:
    """Every command of the tree but the groups."""
    context = click.Context(cli.cutover)
    return sorted(_leaves("cutover", cli.cutover, context), key=lambda command: command.name)


def _leaves(name: str, command: click.Command, context: click.Context) -> Iterator[Command]:
    if not isinstance(command, click.Group):
        yield Command(name, command)
        return
    for child in command.list_commands(context):
        found = command.get_command(context, child)
        assert found is not None
        yield from _leaves(f"{name} {child}", found, context)
