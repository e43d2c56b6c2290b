"""A gate as lines: the decision and why, scores against thresholds, what would make it GO, signatures, samples."""

from __future__ import annotations

from datetime import datetime

from operations.checks.gate import CategoryScore, Sample
from operations.checks.gate_papers import PaperState
from operations.checks.gate_standing import GateStanding, need_text
from screens.glyphs import Glyphs
from screens.lines import Line, Piece, Role, cut, line, line_width, piece, spread, wrapped
from screens.text import clean, pad
from screens.times import age_of, aged, day_and_time, parsed
from state.events import Verdict
from state.gate_events import GateDecision

DECISION_ROLE = {
    GateDecision.GO: Role.SUCCEEDED,
    GateDecision.CONDITIONAL: Role.ATTENTION,
    GateDecision.NO_GO: Role.FAILED,
}
PAPER_ROLE = {
    PaperState.VALID: Role.SUCCEEDED,
    PaperState.MISSING: Role.ATTENTION,
    PaperState.EXPIRED: Role.FAILED,
    PaperState.CHANGED: Role.FAILED,
    PaperState.VOID: Role.FAILED,
}
VERDICT_ROLE = {
    Verdict.PASS: Role.SUCCEEDED,
    Verdict.FAIL: Role.FAILED,
    Verdict.INCONCLUSIVE: Role.ATTENTION,
    Verdict.ERROR: Role.FAILED,
}
ROOM_FOR_COLUMNS = 50
"""Columns from which verdict, age, title and weight each get their own."""
_SAID = 11
_SHORTER = {Verdict.INCONCLUSIVE.value: "unsure"}
"""Columns of verdict and age together, and words that would take all of them."""
_CATEGORY, _SCORE, _WORD, _AGE = 15, 6, 13, 7


def verdict_glyph(verdict: Verdict | None, glyphs: Glyphs) -> str:
    """A verdict's glyph; what was never made is unsure."""
    if verdict is Verdict.PASS:
        return glyphs.good
    return glyphs.bad if verdict is Verdict.FAIL else glyphs.unsure


def _decision_glyph(decision: GateDecision, glyphs: Glyphs) -> str:
    marks = {
        GateDecision.GO: glyphs.good,
        GateDecision.CONDITIONAL: glyphs.warning,
        GateDecision.NO_GO: glyphs.bad,
    }
    return marks[decision]


def gate_lines(standing: GateStanding, glyphs: Glyphs, now: datetime, width: int) -> list[Line]:
    """Everything but the samples."""
    rows = _decision(standing, glyphs, now, width)
    rows.append(line(piece("scores", Role.HEADING)))
    every = (*standing.categories, *([standing.overall] if standing.overall else []))
    for score in every:
        rows += _score(score, glyphs, width)
    rows += _needs(standing, width)
    rows += _sign_offs(standing, glyphs, now, width)
    rows += _waivers(standing, glyphs, now, width)
    for text in standing.conditions:
        if standing.decision is GateDecision.CONDITIONAL:
            rows += wrapped(f"on condition: {text}", width, Role.ATTENTION)
    return rows


def _decision(standing: GateStanding, glyphs: Glyphs, now: datetime, width: int) -> list[Line]:
    role = DECISION_ROLE[standing.decision]
    word = piece(f"{_decision_glyph(standing.decision, glyphs)} {standing.decision.value}", role)
    passing = ("open: one may pass", Role.SUCCEEDED) if standing.open else ("closed", Role.FAILED)
    rows = [spread((word,), (piece(*passing),), width)]
    last = standing.last
    if last is None:
        rows += wrapped("no verdict was taken yet; :take makes every criterion now", width, Role.MUTED)
    else:
        said = f"taken {aged(last.at, now)} by {last.actor}: {last.decision.value}, event {last.seq}"
        changed = last.decision is not standing.decision
        rows += wrapped(said, width, Role.ATTENTION if changed else Role.MUTED)
        if changed:
            rows += wrapped(f"by the samples of now it is {standing.decision.value}", width, Role.ATTENTION)
    for each in standing.blockers:
        rows += wrapped(f"{glyphs.bad} {each}", width, Role.ATTENTION)
    return rows


def _score(score: CategoryScore, glyphs: Glyphs, width: int) -> list[Line]:
    bound = "" if score.threshold is None else f" of {score.threshold:g}"
    head = piece(f" {_decision_glyph(score.decision, glyphs)} ", DECISION_ROLE[score.decision])
    name, reached = clean(score.id), f"{score.score:g}"
    short = line(head, piece(name), piece(f" {reached}", Role.STRONG))
    left = line(head, piece(pad(name, _CATEGORY)), piece(f"{reached:>{_SCORE}}", Role.STRONG))
    waived = f"{score.waived_score:g} waived" if score.waived_score > score.score else ""
    word = (piece(waived or score.decision.value, DECISION_ROLE[score.decision]),)
    lefts = (line(*left, piece(bound, Role.MUTED)), left, short)
    fits = next((each for each in lefts if line_width(each) + line_width(word) < width), short)
    return [spread(fits, word, width)]


def _needs(standing: GateStanding, width: int) -> list[Line]:
    if not standing.needs:
        return []
    rows = [line(piece("what would make it GO", Role.HEADING))]
    for need in standing.needs:
        rows += wrapped(need_text(need, standing.samples), width, Role.PLAIN, 1)
    return rows


def _sign_offs(standing: GateStanding, glyphs: Glyphs, now: datetime, width: int) -> list[Line]:
    if not standing.sign_offs:
        return []
    rows = [line(piece("sign-off, each by another person", Role.HEADING))]
    for each in standing.sign_offs:
        valid = each.state is PaperState.VALID
        glyph = glyphs.good if valid else glyphs.unsure if each.state is PaperState.MISSING else glyphs.bad
        said = f"{each.actor}, {age_of(each.at, now)} ago" if valid else each.why
        rows += wrapped(f"{glyph} {each.role}: {said}", width, PAPER_ROLE[each.state], 1)
    return rows


def _waivers(standing: GateStanding, glyphs: Glyphs, now: datetime, width: int) -> list[Line]:
    if not standing.waivers:
        return []
    rows = [line(piece("waivers", Role.HEADING))]
    for each in standing.waivers:
        glyph = glyphs.warning if each.state is PaperState.VALID else glyphs.bad
        word = (
            f"waits for {', '.join(each.missing)}" if each.state is PaperState.MISSING else each.state.value
        )
        head = (
            f"{glyph} {each.criterion} {word}: until {until_text(each.until)} ({left_text(each.until, now)})"
        )
        rows += wrapped(head, width, PAPER_ROLE[each.state], 1)
        signed = ", ".join(f"{one.actor} as {one.role or 'nobody'}" for one in each.signed)
        rows += wrapped(f"{each.owner} sees to it; signed by {signed}: {each.reason}", width, Role.MUTED, 3)
    return rows


def until_text(at: str) -> str:
    """When something ends, with its zone."""
    moment = parsed(at)
    return "an unknown time" if moment is None else day_and_time(moment)


def left_text(at: str, now: datetime) -> str:
    """How long until then."""
    moment = parsed(at)
    if moment is None:
        return "unknown"
    minutes = (moment - now).total_seconds() / 60
    if minutes <= 0:
        return "over"
    return f"{minutes:.0f} min left" if minutes < 120 else f"{minutes / 60:.0f} h left"


def sample_line(sample: Sample, glyphs: Glyphs, now: datetime, width: int) -> Line:
    """One criterion: its verdict, the age of the sample, its title."""
    word, role = sample_word(sample)
    glyph = glyphs.warning if sample.waived and not sample.passes else verdict_glyph(sample.verdict, glyphs)
    if sample.problem is not None and not sample.waived:
        glyph = glyphs.unsure
    if width < ROOM_FOR_COLUMNS:
        return cut(_narrow(sample, glyph, now), width)
    left = line(
        piece(f"{glyph} {pad(clean(sample.id), 6)}", role),
        piece(pad(word, _WORD), role),
        piece(pad("-" if sample.at is None else age_of(sample.at, now), _AGE), Role.MUTED),
        piece(sample.title),
    )
    return spread(left, (piece(f" x{sample.weight:g}", Role.MUTED),), width)


def _narrow(sample: Sample, glyph: str, now: datetime) -> Line:
    """Verdict and age as one word or two, so that the title is what gets the room; its page has the rest."""
    word, role = sample_word(sample)
    age = "" if sample.at is None else f" {age_of(sample.at, now)}"
    said = f"{_SHORTER.get(word, word)}{age}"
    return line(
        piece(f"{glyph} {clean(sample.id)} ", role), piece(f"{pad(said, _SAID)} ", role), piece(sample.title)
    )


def sample_word(sample: Sample) -> tuple[str, Role]:
    """How a criterion stands, in one word or two."""
    if sample.waived and not sample.passes:
        return "waived", Role.ATTENTION
    if sample.verdict is None:
        return "never made", Role.ATTENTION
    if sample.problem is not None:
        return "void", Role.ATTENTION
    return sample.verdict.value, VERDICT_ROLE[sample.verdict]


def sample_lines(sample: Sample, standing: GateStanding, now: datetime, width: int) -> list[Line]:
    """One criterion in full."""
    word, role = sample_word(sample)
    rows = wrapped(f"{sample.id} {sample.title}", width, Role.STRONG)
    made = "" if sample.at is None else f", made {aged(sample.at, now)}"
    seq = "" if sample.seq is None else f" in event {sample.seq}"
    rows += wrapped(f"{word}{made}{seq}", width, role)
    if sample.problem:
        rows += wrapped(f"does not count: {sample.problem}", width, Role.ATTENTION)
    if sample.by:
        rows += wrapped(f"attested by {sample.by}", width)
    if sample.stands_for:
        rows += wrapped(f"made in place of {sample.stands_for}", width, Role.MUTED)
    if sample.message:
        rows += wrapped(sample.message, width, Role.PLAIN)
    weight: Piece = piece(f"category {sample.category}, weight {sample.weight:g}", Role.MUTED)
    rows.append((weight,))
    if sample.id in {key for need in standing.needs for key in need.least}:
        rows += wrapped("one of those that would make it GO", width, Role.ATTENTION)
    return rows
