"""The first line of every room while the past is shown: the moment, the controls, the chain."""

from __future__ import annotations

from screens.glyphs import Glyphs
from screens.lines import Line, Role, first_that_fits, joined, piece, spread
from screens.review_port import ReviewMark
from screens.times import Zone, time_of_day

_SHOWN = ("◂◂", "◂", "▮▮", "▶", "▸", "▸▸")
TIMES = "\u00d7"
"""The sign of multiplication."""
_ASCII = ("<<", "<", "||", ">", ">", ">>")


def review_line(mark: ReviewMark, glyphs: Glyphs, zone: Zone, width: int) -> Line:
    """Which journal, which moment, whether it plays and how fast, and what the chain is worth."""
    name = piece(f" {mark.name}", Role.STRONG)
    tag = piece(" REVIEW ", Role.DRILL)
    when = time_of_day(mark.at, zone) if mark.at is not None else "no time"
    day = f"{mark.at:%Y-%m-%d} " if mark.at is not None and zone is Zone.UTC else ""
    row = f"#{mark.last if mark.seq is None else mark.seq:,}"
    end = " newest" if mark.seq is None else ""
    moment = (piece(when, Role.STRONG), piece(f" {row}{end}"))
    busy = (piece(mark.busy, Role.ATTENTION),) if mark.busy else ()
    chain = (piece(f"{mark.chain} ", Role.MUTED if mark.sound else Role.FAILED),)
    controls = busy or _controls(mark, glyphs)
    wide = joined([(tag,), (piece(day), *moment), controls])
    narrow = joined([(tag,), moment, controls])
    bodies = [(name, piece("  "), *wide), (name, piece("  "), *narrow), (piece(" "), *narrow)]
    room = width - sum(len(part.text) for part in chain) - 1
    return spread(first_that_fits(bodies, room), chain, width)


def _controls(mark: ReviewMark, glyphs: Glyphs) -> Line:
    far, back, pause, play, on, further = _ASCII if glyphs.ascii else _SHOWN
    state = piece(play if mark.playing else pause, Role.STRONG)
    word = "playing" if mark.playing else "paused"
    left, right = piece(f"{far} {back} ", Role.MUTED), piece(f" {on} {further}", Role.MUTED)
    return (
        left,
        state,
        right,
        piece(f"  {mark.speed}{TIMES} {word}", Role.ATTENTION if mark.playing else Role.PLAIN),
    )
