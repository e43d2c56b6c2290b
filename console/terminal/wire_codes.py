"""Sequences that a console sends to its terminal beside the picture: OSC 52, OSC 9, and their wrapping for tmux."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from state.text import clean

ESC = "\x1b"
BEL = "\x07"
LONGEST_NOTICE = 200
"""Characters of a desktop notification; those who show them cut them anyway."""


def osc52(text: str) -> str:
    """The sequence that puts a text on the clipboard of the terminal, however far away that is.

    Format: xterm's ctlseqs, "Operating System Commands", 52. The text goes as base64, so nothing in it can end the
    sequence or begin another.
    """
    return f"{ESC}]52;c;{base64.b64encode(text.encode('utf-8', 'replace')).decode('ascii')}{BEL}"


def osc9(text: str) -> str:
    """The sequence that asks for a desktop notification (iTerm2's OSC 9; kitty, WezTerm, foot, Ghostty and others know it).

    The text is cleaned, so that nothing in it ends the sequence. It must not begin with a digit and a semicolon,
    which ConEmu and Windows Terminal take for another command (`9;4` is a progress bar); the program's name goes first.
    """
    return f"{ESC}]9;cutover: {clean(text, LONGEST_NOTICE)}{BEL}"


def in_tmux(environment: Mapping[str, str]) -> bool:
    """Whether tmux stands between this program and the terminal."""
    return bool(environment.get("TMUX"))


def through_tmux(sequence: str) -> str:
    """A sequence that tmux hands on to its own terminal, where `allow-passthrough` is on (tmux(1), since 3.3 off by default)."""
    return f"{ESC}Ptmux;{sequence.replace(ESC, ESC + ESC)}{ESC}\\"
