"""Fewer bytes, the same picture: what a terminal shows does not depend on how sparingly it was told."""

from __future__ import annotations

import random

import pyte
import pytest

from console.terminal.thrift import Thrift

SIZE = (40, 12)
LOOKS = (
    "\x1b[0m",
    "\x1b[m",
    "\x1b[38;2;139;152;169;48;2;16;21;28m",
    "\x1b[38;2;216;222;230;48;2;16;21;28m",
    "\x1b[1;38;2;255;255;255;48;2;47;95;150m",
    "\x1b[1;7;38;5;12m",
    "\x1b[1;4;32;45m",
    "\x1b[3;91;49m",
    "\x1b[39m",
)
TEXTS = ("text", "  ", "▸ ◌ ─┬", "a", "x y", "        ")
WIDE = ("日本", "本日", "a本b", "    ")
"""Four columns each: they are written over as wholes, as Textual does."""
OTHERS = ("\x1b[K", "\x1b[2J", "\x1b[?2026h", "\x1b[?2026l", "\x1b[?25l", "e\u0301")


def a_place(chance: random.Random) -> str:
    return f"\x1b[{chance.randrange(1, 12)};{chance.randrange(1, 25)}H"


def a_write(chance: random.Random) -> str:
    """A few pieces in places, now and then something that is not understood."""
    parts = [f"\x1b[12;5H{chance.choice(LOOKS)}{chance.choice(WIDE)}"]
    for _ in range(chance.randrange(1, 8)):
        parts.append(a_place(chance))
        for _ in range(chance.randrange(1, 3)):
            parts += [chance.choice(LOOKS), chance.choice(TEXTS)]
        if chance.random() < 0.1:
            parts.append(chance.choice(OTHERS))
    return "".join(parts) + "\x1b[0m" + a_place(chance)


class Seen:
    """What a terminal shows."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(*SIZE)
        self._stream = pyte.Stream(self.screen)

    def write(self, text: str) -> None:
        self._stream.feed(text)

    @property
    def cells(self) -> list[list[object]]:
        """Every cell; of a blank only what can be seen of it."""
        rows = [[self.screen.buffer[row][column] for column in range(SIZE[0])] for row in range(SIZE[1])]
        return [[(cell.data, cell.bg, cell.reverse) if cell.data == " " and not cell.underscore and not cell.reverse else cell
                 for cell in row] for row in rows]  # fmt: skip

    @property
    def cursor(self) -> tuple[int, int]:
        return self.screen.cursor.y, self.screen.cursor.x


@pytest.mark.parametrize("seed", range(4))
def test_the_picture_is_the_same(seed: int) -> None:
    """Whatever is written, also where much of it stands there already."""
    chance = random.Random(seed)
    thrift = Thrift(lambda: SIZE)
    whole, spared = Seen(), Seen()
    writes = [a_write(chance) for _ in range(12)]
    for _ in range(20):
        text = chance.choice(writes)
        whole.write(text)
        spared.write(thrift.spare(text))
        assert spared.cells == whole.cells
        assert spared.cursor == whole.cursor


STYLE = "\x1b[38;2;139;152;169;48;2;16;21;28m"


def test_what_stands_there_is_not_sent_again() -> None:
    """The same frame twice costs nothing, and one letter more than nothing."""
    thrift = Thrift(lambda: SIZE)
    frame = f"\x1b[?2026h\x1b[1;1H{STYLE}a line\x1b[0m\r\n\x1b[2;1H{STYLE}another\x1b[0m\x1b[1;1H"
    assert "another" in thrift.spare(frame)
    thrift.spare("\x1b[?2026l")
    assert thrift.spare(frame) == ""
    assert thrift.spare("\x1b[?2026l") == ""
    assert (
        thrift.spare(frame.replace("another", "anather")) == f"\x1b[?2026h\x1b[2;3H{STYLE}a\x1b[1;1H\x1b[0m"
    )
    assert thrift.spare("\x1b[?2026l") == "\x1b[?2026l"


def test_everything_is_sent_after_something_unknown() -> None:
    """Another size, an order to forget, or a sequence that is not understood: the screen may be anything."""
    size = [SIZE]
    thrift = Thrift(lambda: size[0])
    frame = f"\x1b[1;1H{STYLE}a line\x1b[0m\x1b[1;1H"
    for change in (
        lambda: size.__setitem__(0, (50, 12)),
        thrift.forget,
        lambda: thrift.spare("\x1b[2J"),
        lambda: thrift.spare("\x1b[?1049h"),
    ):
        thrift.spare(frame)
        assert thrift.spare(frame) == ""
        change()
        assert "a line" in thrift.spare(frame)
