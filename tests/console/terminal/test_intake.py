"""What a terminal sends, in every cut: keys stay keys, and what is pasted is text whatever stands in it."""

from itertools import combinations

import pytest
from textual import events
from textual.message import Message

from console.terminal.intake import PASTE_MOST, PASTE_SECONDS, Intake

BEGIN, END = "\x1b[200~", "\x1b[201~"
STREAM = (
    f"j\x1b[A/x[bold\r\x1bOB{BEGIN}a\x1b[31m\x1b]0;t\x07\x1b\x1b[2~\x1b[20\rqY{END}:q\r\x1b[<0;5;6M\x1b[15~"
)


def told(messages: list[Message]) -> list[str]:
    return [_word(message) for message in messages]


def _word(message: Message) -> str:
    match message:
        case events.Key():
            return message.character if message.is_printable and message.character else message.key
        case events.Paste():
            return f"paste {message.text!r}"
    return type(message).__name__


def taken(*pieces: str) -> list[str]:
    intake = Intake()
    return told([message for piece in pieces for message in intake.feed(piece)])


EXPECTED = [
    *"j", "up", *"/x[bold", "enter", "down", f"paste {STREAM.partition(BEGIN)[2].partition(END)[0]!r}",
    *":q", "enter", "MouseDown", "f5",
]  # fmt: skip


def test_every_cut_into_three_tells_the_same() -> None:
    for first, second in combinations(range(len(STREAM) + 1), 2):
        pieces = [piece for piece in (STREAM[:first], STREAM[first:second], STREAM[second:]) if piece]
        assert taken(*pieces) == EXPECTED, (first, second)
    assert taken(*STREAM) == EXPECTED


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b:q\r", ["escape", ":", "q", "enter"]),
        ("\x1bjk", ["escape", "j", "k"]),
        (":q\n", [":", "q", "enter"]),
        ("\x1b\x1b[A", ["escape", "up"]),
        ("\x1bb", ["ctrl+left"]),
        ("\x1b[99;99zq", ["q"]),
        ("\x1b[?62;22cq", ["q"]),
        ("\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\q", ["q"]),
        ("\x1bP>|term 1.0\x1b\\q", ["q"]),
        ("\x1b[2\rq", ["enter", "q"]),
        (f"{END}q", ["q"]),
        (f"{BEGIN}{END}q", ["paste ''", "q"]),
        (f"{BEGIN}{BEGIN}q\0{END}q", [f"paste {BEGIN + 'q'!r}", "q"]),
        ("\x1b[[Aq", ["f1", "q"]),
        ("\x1b[Mabcq", ["q"]),
        ("\x1b[97;5uq", ["ctrl+a", "q"]),
        ("\x1b[I\x1b[O", ["AppFocus", "AppBlur"]),
    ],
)
def test_what_stands_behind_a_sequence_is_never_eaten(text: str, expected: list[str]) -> None:
    assert taken(text) == expected
    assert taken(*text) == expected


@pytest.mark.parametrize(
    ("held", "expected"),
    [("\x1b", ["escape"]), ("\x1b[", ["escape", "["]), ("\x1bO", ["escape", "O"]), ("\x1b[20", []),
     ("\x1b]a", ["escape", "]", "a"]), ("\x1b]a\x1b", ["escape", "]", "a"])],
)  # fmt: skip
def test_silence_behind_an_escape_character_makes_it_a_key(held: str, expected: list[str]) -> None:
    intake = Intake()
    assert not intake.feed(held)
    assert intake.patience is not None
    messages = intake.give_up()
    if intake.patience is not None:
        assert told(intake.give_up()) == ["escape"]
    assert told(messages) == expected
    assert told(intake.feed("q")) == ["q"]
    assert intake.patience is None


def test_a_paste_that_never_ends_is_over_after_a_while() -> None:
    intake = Intake()
    assert not intake.feed(f"{BEGIN}text\x1b[20")
    assert intake.patience == PASTE_SECONDS
    assert told(intake.give_up()) == ["paste 'text'"]
    assert told(intake.feed("q")) == ["q"]


def test_an_endless_paste_takes_no_endless_memory() -> None:
    intake = Intake()
    intake.feed(BEGIN)
    for _ in range(3):
        intake.feed("x" * PASTE_MOST)
    (paste, key) = intake.feed(f"{END}q")
    assert isinstance(paste, events.Paste)
    assert len(paste.text) == PASTE_MOST
    assert told([key]) == ["q"]
