"""Copies: OSC 52 that no text can leave, tmux's buffer where tmux is in between, a cap, and words about what became of it."""

import base64
import re

import pytest

from console.terminal.clipboard import TMUX_COMMANDS, Clipboard, Reach, feed
from console.terminal.wire_codes import in_tmux, osc9, osc52, through_tmux
from tests.screens.fakes import HOSTILE

TMUX = {"TMUX": "/tmp/tmux-0/default,1,0"}


def a_clipboard(
    environment: dict[str, str], answers: list[bool] | None = None, limit: int = 100
) -> tuple[Clipboard, list[str], list[tuple[str, ...]]]:
    sent: list[str] = []
    ran: list[tuple[str, ...]] = []
    left = list(answers or [])

    def run(command: tuple[str, ...], text: bytes) -> bool:
        ran.append((*command, text.decode()))
        return left.pop(0)

    return Clipboard(environment, limit, sent.append, run), sent, ran


def test_a_copy_is_one_osc_52_that_holds_the_text() -> None:
    clipboard, sent, _ = a_clipboard({})
    assert clipboard.copy("vpc succeeded ☕").reach is Reach.TERMINAL
    (sequence,) = sent
    found = re.fullmatch("\x1b]52;c;([A-Za-z0-9+/=]+)\x07", sequence)
    assert found is not None
    assert base64.b64decode(found[1]).decode() == "vpc succeeded ☕"


@pytest.mark.parametrize("text", [HOSTILE, "\x07\x1b\\\x1b]0;x\x07", "a\nb\x00c"])
def test_no_text_ends_the_sequence(text: str) -> None:
    sequence = osc52(text)
    assert sequence.count("\x1b") == 1
    assert sequence.count("\x07") == 1
    assert sequence.isprintable() is False
    assert sequence[7:-1].isascii()
    assert sequence[7:-1].isprintable()


def test_a_notification_holds_no_control_characters_and_no_command() -> None:
    sequence = osc9("4;3;100" + HOSTILE)
    assert sequence.startswith("\x1b]9;cutover: ")
    assert sequence.endswith("\x07")
    assert "\x1b" not in sequence[1:]
    assert "\x07" not in sequence[:-1]
    assert "\u202e" not in sequence


def test_tmux_is_told_to_hand_a_sequence_on() -> None:
    assert through_tmux("\x1b]9;x\x07") == "\x1bPtmux;\x1b\x1b]9;x\x07\x1b\\"


def test_in_tmux_the_text_goes_into_its_buffer_and_on_to_the_terminal() -> None:
    clipboard, sent, ran = a_clipboard(TMUX, [True])
    assert clipboard.needs_thread
    assert clipboard.copy("vpc").reach is Reach.TMUX
    assert ran == [("tmux", "load-buffer", "-w", "-", "vpc")]
    assert not sent


def test_an_old_tmux_keeps_it_and_one_that_fails_is_told_of() -> None:
    clipboard, _, ran = a_clipboard(TMUX, [False, True])
    assert clipboard.copy("vpc").reach is Reach.TMUX_ONLY
    assert [run[:-1] for run in ran] == list(TMUX_COMMANDS)
    clipboard, _, _ = a_clipboard(TMUX, [False, False])
    assert clipboard.copy("vpc").reach is Reach.NOWHERE


def test_what_is_longer_than_the_cap_is_not_sent_and_said() -> None:
    clipboard, sent, _ = a_clipboard({}, limit=10)
    copied = clipboard.copy("é" * 6)
    assert copied.reach is Reach.TOO_LONG
    assert "12 bytes" in copied.told
    assert "10" in copied.told
    assert not sent
    assert clipboard.copy("é" * 5).reach is Reach.TERMINAL


def test_a_tmux_that_is_not_there_fails_without_a_trace() -> None:
    assert feed(("no-such-program-anywhere",), b"x") is False
    assert feed(("false",), b"x") is False
    assert feed(("cat",), b"x") is True


def test_only_the_variable_says_that_tmux_is_there() -> None:
    assert in_tmux(TMUX)
    assert not in_tmux({"TMUX": ""})
    assert not in_tmux({"TERM": "tmux-256color"})
