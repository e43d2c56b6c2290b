"""Hostile text: what a tag, a plan, a journal or an environment variable may hold, made from a seed."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

ATOMS = (
    "\x1b]52;c;cm0gLXJmIH4=\x07", "\x1b]0;PWNED\x07", "\x1b]2;PWNED\x1b\\", "\x1b]8;;http://evil.example\x1b\\x\x1b]8;;\x1b\\",
    "\x1bP+q544e\x1b\\", "\x1b_Gi=1;AAAA\x1b\\", "\x1b^pm\x1b\\", "\x1b[31;5m", "\x1b[2J\x1b[H", "\x1b[6n", "\x1b[?1049l", "\x1bc",
    "\x9b31m", "\x9d52;c;AAAA\x9c", "\x90q\x9c", "\x85", "\x84", "\x8d",
    "\x00", "\x07", "\x08\x08", "\x0b", "\x0c", "\r", "\n", "\t", "\x0e", "\x0f", "\x7f", "\x1a",
    "\u202e", "\u202d", "\u2066", "\u2067", "\u2069", "\u200e", "\u061c", "\u200b", "\u200d", "\ufeff", "\u2060", "\u00ad",
    "\u2028", "\u2029", "\ufe0f", "\ufe0e", "\U000e0041\U000e007f", "\U000e0100", "\u180e", "\u034f", "\u3164", "\ue000",
    "\U000f0000", "\U0010ffff", "\ufffe", "\ud800", "\udfff",
    "[/", "[/x]", "[@click=app.quit]", "[@click=app.bell]x[/]", "[@click='screen.yes']y[/]", "[bold", "[link=http://evil.example]l[/link]",
    "[red on blue]", "[[", "]", "\\[", "[$error]", "[b]", "{}", "{0}", "%s%n", "${now}", "$(reboot)", "`id`", "' OR 1=1 --",
    "😀", "👩‍👩‍👧", "日本語", "\uff21", "ﷺ", "e\u0301", "o" + "\u0336" * 30, "נס", "é", "ß", "plain words", "ok", "-rf", "../..",
)  # fmt: skip
"""Parts of hostile text: OSC 52/0/8, DCS, APC, CSI in both forms, C0 and C1, bidi, unseen characters, markup, templates."""

OURS = re.compile(
    r"\x1b\[[0-9;:]*m"  # colours
    r"|\x1b\[\d+;\d+H"  # where to write
    r"|\x1b\[\?2026[hl]"  # drawing held back
    r"|\x1b\[\?25[hl]|\x1b\[\d* q|\x1b\]22;[a-z-]+\x07"  # the cursor, and the mouse's pointer
)
"""What the console itself may send while it draws."""


def hostile(chance: random.Random) -> str:
    """One hostile text; now and then a huge one."""
    text = "".join(chance.choice(ATOMS) for _ in range(chance.randint(1, 9)))
    return text * 2000 if chance.random() < 0.02 else text


def harm_in(written: str) -> str | None:
    """What of some output a terminal would act on although the console did not send it; None when nothing is left."""
    return control_in(OURS.sub("", written))


def control_in(written: str) -> str | None:
    """What of some output a terminal would act on, or nobody would see; None when nothing is left."""
    for at, char in enumerate(written):
        if char != "\n" and unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}:
            return f"{char!r} in {written[max(0, at - 20) : at + 20]!r}"
    return None


def poisoned(value: Any, text: Callable[[], str], kept: frozenset[str] = frozenset()) -> Any:
    """The same data with hostile text in every field that holds text; fields named in `kept` stay as they are."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return text()
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            each.name: poisoned(getattr(value, each.name), text, kept)
            for each in fields(value)
            if each.init and each.name not in kept
        }
        return replace(value, **changed)
    if isinstance(value, tuple):
        return tuple(poisoned(item, text, kept) for item in value)
    if isinstance(value, dict):
        return {key: poisoned(item, text, kept) for key, item in value.items()}
    return value
