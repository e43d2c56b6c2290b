"""Glyphs in two tables, Unicode and ASCII; a glyph never stands without its word."""

from __future__ import annotations

import locale
from collections.abc import Mapping
from dataclasses import dataclass, replace

from state.projections.states import OperationState


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One table of glyphs, each one column wide.

    Attributes:
        states: a glyph for every operation state.
        claimed: told by somebody, without proof.
        opened: a tree node that shows its children.
        closed: a tree node that hides them.
        back: the way back.
        good: a check that passes.
        bad: a check that does not.
        unsure: no data.
        warning: something to look at.
        one_way: no way back.
        critical: on the critical path.
        step: a step that has not run.
        more_above: there are lines above.
        more_below: there are lines below.
        rule: between groups.
        dot: between words.
        bars: steps of a sparkline, lowest first.
        at_most: `<=` as people write it.
        at_least: `>=` likewise.
        ascii: whether borders and plots must do without line drawing too.
    """

    states: Mapping[OperationState, str]
    claimed: str
    opened: str
    closed: str
    back: str
    good: str
    bad: str
    unsure: str
    warning: str
    one_way: str
    critical: str
    step: str
    more_above: str
    more_below: str
    rule: str
    dot: str
    bars: str
    at_most: str
    at_least: str
    ascii: bool

    def bound(self, threshold: str) -> str:
        """A threshold with this table's signs."""
        return threshold.replace("<=", self.at_most).replace(">=", self.at_least)


ASCII_CLASS = "-ascii"
"""The app's class where only ASCII may be drawn."""

_S = OperationState

UNICODE = Glyphs(
    states={
        _S.PENDING: "○",
        _S.READY: "◇",
        _S.BLOCKED: "▲",
        _S.RUNNING: "●",
        _S.VERIFYING: "◑",
        _S.BAKING: "◕",
        _S.SUCCEEDED: "✔",
        _S.FAILED: "✘",
        _S.IN_DOUBT: "?",
        _S.HELD: "■",
        _S.ROLLING_BACK: "↺",
        _S.ROLLED_BACK: "↩",
        _S.SKIPPED: "╌",
        _S.MARKED_DONE: "✓",
        _S.ORPHANED: "∅",
    },
    claimed="◌",
    opened="▾",
    closed="▸",
    back="↩",
    good="✔",
    bad="✘",
    unsure="?",
    warning="▲",
    one_way="⇥",
    critical="◆",
    step="○",
    more_above="▴",
    more_below="▾",
    rule="─",
    dot="·",
    bars="▁▂▃▄▅▆▇█",
    at_most="≤",
    at_least="≥",
    ascii=False,
)

ASCII = Glyphs(
    states={
        _S.PENDING: ".",
        _S.READY: ">",
        _S.BLOCKED: "^",
        _S.RUNNING: "*",
        _S.VERIFYING: "~",
        _S.BAKING: "%",
        _S.SUCCEEDED: "+",
        _S.FAILED: "x",
        _S.IN_DOUBT: "?",
        _S.HELD: "#",
        _S.ROLLING_BACK: "<",
        _S.ROLLED_BACK: "<",
        _S.SKIPPED: "-",
        _S.MARKED_DONE: "+",
        _S.ORPHANED: "0",
    },
    claimed=":",
    opened="v",
    closed=">",
    back="<",
    good="+",
    bad="x",
    unsure="?",
    warning="!",
    one_way="]",
    critical="=",
    step=".",
    more_above="^",
    more_below="v",
    rule="-",
    dot="-",
    bars="_.-=+*#@",
    at_most="<=",
    at_least=">=",
    ascii=True,
)

WORDS = replace(
    ASCII,
    states=dict.fromkeys(OperationState, " "),
    claimed=" ",
    opened=" ",
    closed=" ",
    back=" ",
    good=" ",
    bad=" ",
    unsure=" ",
    warning=" ",
    one_way=" ",
    critical=" ",
    step=" ",
    dot=" ",
)
"""No glyphs at all: for lines that are read aloud, where each has its word anyway."""


def choose_glyphs(environ: Mapping[str, str], encoding: str | None = None) -> Glyphs:
    """The table for a terminal: ASCII when `CUTOVER_ASCII` is set or the locale is not UTF-8."""
    if environ.get("CUTOVER_ASCII", "") not in ("", "0"):
        return ASCII
    encoding = encoding or locale.getencoding()
    return UNICODE if encoding.replace("-", "").replace("_", "").lower() == "utf8" else ASCII
