"""What the doctor found as lines, area by area."""

from __future__ import annotations

from collections.abc import Sequence

from screens.doctor_port import Area, Finding, Verdict
from screens.glyphs import Glyphs
from screens.lines import Line, Role, line, piece, wrapped
from screens.text import pad

_NAME = 20
"""Columns for what was looked at."""
VERDICT_ROLE = {Verdict.PASS: Role.SUCCEEDED, Verdict.WARN: Role.ATTENTION, Verdict.FAIL: Role.FAILED}


def finding_lines(findings: Sequence[Finding], glyphs: Glyphs, width: int) -> list[Line]:
    """Findings by area: a glyph, the verdict's word, what was looked at, what was found, what to do."""
    marks = {Verdict.PASS: glyphs.good, Verdict.WARN: glyphs.warning, Verdict.FAIL: glyphs.bad}
    rows: list[Line] = []
    for area in Area:
        chosen = [each for each in findings if each.area is area]
        if not chosen:
            continue
        rows += [()] if rows else []
        rows.append(line(piece(f" {area.value}", Role.HEADING)))
        for each in chosen:
            rows += _finding(each, marks[each.verdict], width)
    return rows or [line(piece(" nothing matches", Role.MUTED))]


def _finding(each: Finding, mark: str, width: int) -> list[Line]:
    role = VERDICT_ROLE[each.verdict]
    before = f" {mark} {each.verdict.value} "
    indent = len(before) + _NAME
    body = wrapped(each.message, width - indent)
    first: Line = (piece(before, role), piece(pad(each.id, _NAME), Role.MUTED), *body[0])
    blank = piece(" " * indent)
    rows: list[Line] = [first, *((blank, *row) for row in body[1:])]
    if each.fix:
        rows += [(blank, *row) for row in wrapped(f"do: {each.fix}", width - indent, Role.STRONG)]
    return rows
