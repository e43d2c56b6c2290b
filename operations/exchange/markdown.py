"""Markdown as far as trackers need it: headings, fields, items, tables, links and fenced blocks, with their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

MAX_LINE: Final = 8_000
"""Characters of a line that are looked at; what is longer was not written by hand."""
_FENCE: Final = re.compile(r"^\s{0,12}(`{3,}|~{3,})\s*([A-Za-z0-9_+-]*)")
_HEADING: Final = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_FIELD: Final = re.compile(r"^\s*(?:[-*+]\s+)?\*\*(?P<name>[^*:]{1,60}):?\*\*\s*:?\s*(?P<value>.*?)\s*$")
_PLAIN_FIELD: Final = re.compile(r"^\s*[-*+]\s+(?P<name>[^:()\[\]`]{2,60}):\s+(?P<value>\S.*?)\s*$")
_ITEM: Final = re.compile(r"^(?P<indent>\s*)(?P<mark>[-*+]|\d{1,3}[.)])\s+(?P<text>.*?)\s*$")
_LINK: Final = re.compile(
    r"!?\[(?P<text>[^\[\]]*)\]\((?P<target><[^<>]*>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)(?:\s+\"[^\"]*\")?\)"
)
_CODE: Final = re.compile(r"`[^`]*`")
_RULE: Final = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language in lower case, its text, and the line of its first line of text."""

    language: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list; `ordered` for numbered ones, `indent` in columns."""

    text: str
    line: int
    indent: int
    ordered: bool


@dataclass(frozen=True, slots=True)
class Value:
    """What stands behind a name: `**Status**: COMPLETE`, or `- Total: 5`."""

    name: str
    text: str
    line: int
    bold: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A link: its words, where it leads, and its line."""

    text: str
    target: str
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table: head and rows as cells, with the line of each row."""

    head: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    line: int


@dataclass(slots=True)
class Section:
    """What stands beneath one heading, up to the next heading of any level; level 0 is before the first."""

    title: str
    level: int
    line: int
    values: list[Value] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    prose: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Markdown:
    """A whole file."""

    sections: tuple[Section, ...]
    links: tuple[Link, ...]

    def words(self) -> Iterator[tuple[int, str]]:
        """Every line outside of fenced blocks, without what is quoted as code in it."""
        for number, line in self.lines():
            yield number, _CODE.sub(" ", line)

    def lines(self) -> Iterator[tuple[int, str]]:
        """Every line outside of fenced blocks, with its number."""
        for section in self.sections:
            yield section.line, section.title
            yield from section.prose


def read_markdown(text: str) -> Markdown:
    """Read a file; whatever is no structure is prose."""
    sections = [Section("", 0, 1)]
    links: list[Link] = []
    lines = [line[:MAX_LINE] for line in text.splitlines()]
    number = 0
    while number < len(lines):
        line = lines[number]
        fence = _FENCE.match(line)
        if fence:
            number = _fenced(lines, number, fence, sections[-1])
            continue
        if (
            "|" in line
            and number + 1 < len(lines)
            and _RULE.match(lines[number + 1])
            and "|" in lines[number + 1]
        ):
            number = _table(lines, number, sections[-1], links)
            continue
        number += 1
        links += _links(line, number)
        heading = _HEADING.match(line)
        if heading:
            sections.append(Section(heading[2], len(heading[1]), number))
        else:
            _line(line, number, sections[-1])
    return Markdown(tuple(sections), tuple(links))


def _fenced(lines: list[str], start: int, fence: re.Match[str], section: Section) -> int:
    end = start + 1
    while end < len(lines) and not re.match(
        rf"^\s*{re.escape(fence[1][0])}{{{len(fence[1])},}}\s*$", lines[end]
    ):
        end += 1
    section.blocks.append(Block(fence[2].lower(), "\n".join(lines[start + 1 : end]), start + 2))
    return end + 1


def _table(lines: list[str], start: int, section: Section, links: list[Link]) -> int:
    rows = []
    end = start + 2
    while end < len(lines) and "|" in lines[end] and lines[end].strip():
        rows.append((end + 1, _cells(lines[end])))
        section.prose.append((end + 1, lines[end]))
        links += _links(lines[end], end + 1)
        end += 1
    section.tables.append(Table(_cells(lines[start]), tuple(rows), start + 1))
    return end


def _cells(line: str) -> tuple[str, ...]:
    inner = re.sub(r"`[^`]*`", lambda match: match[0].replace("|", "\u2502"), line.strip()).strip("|")
    return tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", inner))


def _line(line: str, number: int, section: Section) -> None:
    section.prose.append((number, line))
    bold = _FIELD.match(line)
    plain = None if bold else _PLAIN_FIELD.match(line)
    found = bold or plain
    if found:
        section.values.append(Value(found["name"].strip(), found["value"], number, bold is not None))
    item = _ITEM.match(line)
    if item:
        indent = len(item["indent"].expandtabs(4))
        section.items.append(Item(item["text"], number, indent, item["mark"][0].isdigit()))


def _links(line: str, number: int) -> Iterator[Link]:
    bare = re.sub(r"`[^`]*`", lambda match: " " * len(match[0]), line)
    for match in _LINK.finditer(bare):
        yield Link(match["text"], match["target"].strip("<>"), number)
