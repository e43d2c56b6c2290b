"""One operation as lines: its state, every call with its outcome, its checks, its way back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from operations.plan.backing import Backing, backing_of, backing_of_group, uncovered
from operations.plan.models import Operation, Phase, SubPhase
from screens.evidence_words import claimed, evidence_sentence
from screens.glyphs import Glyphs
from screens.known import Known
from screens.lines import Line, Piece, Role, cut, joined, line, piece, spread, wrapped
from screens.ports import PreviewCall
from screens.proof_lines import PROOF_ROLE, proof_glyph
from screens.proof_words import WORD, proof_brief, proof_text, whole_text
from screens.summary import done_words, group_row, running_for, shown_state, waits_for
from screens.times import about, minutes_text, seconds_between, took
from screens.words import STATE_ROLE, STEP_STATE, state_word
from state.events import CheckStage, Direction, Verdict
from state.projections.detail import CheckStatus, OperationDetail, StepStatus
from state.projections.states import OperationState, PlanStatus
from state.text import as_json

SECTIONS = ("forward", "verify", "watch", "guard", "inverse")
"""The parts of an operation that are shown, in this order."""
_WAYS = {"forward": Direction.FORWARD, "inverse": Direction.INVERSE}


@dataclass(frozen=True, slots=True)
class OperationView:
    """What was read about one operation; `problem` says in a line why something is missing."""

    id: str
    detail: OperationDetail | None = None
    calls: Mapping[str, tuple[PreviewCall, ...]] = field(default_factory=dict)
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class DetailPage:
    """Draws one operation at one moment, `width` columns wide; `full` shows parameters whole."""

    operation: Operation
    known: Known
    view: OperationView
    glyphs: Glyphs
    now: datetime
    width: int
    full: bool = False

    @property
    def status(self) -> PlanStatus:
        """Where the plan stands."""
        return self.known.status

    def lines(self) -> list[Line]:
        """All lines, top to bottom."""
        ways = [self._flow, self._going_back]
        if self._goes_back:
            ways.reverse()
        told = [row for way in ways for row in way()]
        return [*self._head(), *self._doubt(), *told, *self._evidence(), *self._notes()]

    @property
    def _goes_back(self) -> bool:
        """Whether it was begun last on the way back: then that is what is looked for."""
        return self.status.of(self.operation.id).direction is Direction.INVERSE

    def _head(self) -> list[Line]:
        operation, status = self.operation, self.status.of(self.operation.id)
        state = shown_state(operation, self.status)
        word = piece(f"{self.glyphs.states[state]} {state_word(state)}", STATE_ROLE[state])
        rows = wrapped(operation.title, self.width, Role.STRONG, most=2)
        rows.append(spread((word, piece(self._timing())), (piece(self._attempt(), Role.MUTED),), self.width))
        if status.why:
            rows += wrapped(status.why, self.width, Role.ATTENTION, most=None if self.full else 3)
        rows += self._badge(whole=False)
        waits = waits_for(operation, self.status)
        if waits and not status.state.active and not status.state.satisfied:
            rows += wrapped(f"waits for {', '.join(waits)}", self.width, Role.MUTED, most=2)
        if operation.point_of_no_return:
            rows += wrapped("point of no return: after this there is no way back", self.width, Role.FAILED)
        if self.view.problem:
            rows += wrapped(self.view.problem, self.width, Role.ATTENTION, most=2)
        return rows

    def _badge(self, *, whole: bool) -> list[Line]:
        """What is proven of the way back: in one line, or all of it."""
        proof = self.known.proof(self.operation)
        text = proof_text(proof, self.now) if whole else proof_brief(proof, self.now)
        shown = f"{proof_glyph(proof.standing, self.glyphs)} {text}"
        return wrapped(shown, self.width, PROOF_ROLE[proof.standing], int(whole), most=None if whole else 1)

    def _checked(self) -> list[Line]:
        """What checks have seen of the operation, with their age."""
        backing = backing_of((self.operation,), self.known.evidence)
        return wrapped(evidence_sentence(backing, self.now), self.width, _backing_role(backing))

    def _timing(self) -> str:
        status = self.status.of(self.operation.id)
        running = running_for(status, self.now)
        planned, guess = minutes_text(self.operation.estimate), about(self.operation.estimate)
        seconds = seconds_between(status.started_at, status.ended_at)
        if self._goes_back:  # the plan estimates the way forward only
            return f" {running}" if running else "" if seconds is None else f" in {took(seconds)}"
        if running:
            return f" {running} of {guess}"
        return f"  {guess}" if seconds is None else f" in {took(seconds)}, planned {planned}"

    def _attempt(self) -> str:
        """How often it was gone forward; an attempt at the way back counts on, so that its number would mislead."""
        attempt = self.status.of(self.operation.id).attempt
        return f"attempt {attempt}" if attempt > 1 and not self._goes_back else ""

    def _doubt(self) -> list[Line]:
        """What was seen about a step in doubt, what that suggests, and the command that settles it."""
        doubt = self.view.detail.doubt if self.view.detail is not None else None
        if doubt is None or self.status.of(self.operation.id).state is not OperationState.IN_DOUBT:
            return []
        seen = {
            name: "; ".join(map(str, value)) if isinstance(value, list) else value
            for name, value in doubt.evidence.items()
        }
        rows = _values("seen", seen, self.width, full=self.full)
        word = doubt.proposal or "none; the reads do not tell"
        rows += wrapped(f"proposal: {word}", self.width, Role.ATTENTION, most=1)
        command = f"look with `cutover resolve PLAN {self.operation.id}`; settle with --as done|not-done --reason TEXT"
        return rows + wrapped(command, self.width, Role.MUTED, most=3)

    def _flow(self) -> list[Line]:
        rows = self._section("forward", "forward")
        rows += self._section("verify", "verify")
        bake = self.operation.bake
        if bake is not None:
            every = f"every {bake.every_seconds:g} s"
            rows += self._section("watch", f"watch for {bake.minutes:g} min, {every}")
        return rows + self._checked()

    def _going_back(self) -> list[Line]:
        if not self.operation.reversible:
            return [line(piece("way back", Role.HEADING)), *self._badge(whole=True)]
        rows = self._section("guard", "before going back")
        rows += self._section("inverse", "way back") + self._badge(whole=True)
        lost = self.operation.loses
        role = Role.PLAIN if lost.startswith("nothing") else Role.ATTENTION
        rows += wrapped(f"loses {lost}", self.width, role, 1, most=None if self.full else 2)
        for kept in self.operation.retains:
            rows += wrapped(f"keeps {kept}", self.width, Role.MUTED, 1, most=None if self.full else 1)
        return rows

    def _section(self, name: str, title: str) -> list[Line]:
        calls = self.view.calls.get(name, ()) or self._planned(name)
        if not calls:
            return []
        rows = [line(piece(title, Role.HEADING))]
        for number, call in enumerate(calls, start=1):
            rows += self._call(self._as_sent(name, number, call), *self._outcome(name, number, call))
        return rows

    def _as_sent(self, section: str, number: int, call: PreviewCall) -> PreviewCall:
        """What was sent, where what is known now no longer fills the call in: a way back gives up what it undoes."""
        detail = self.view.detail
        way = _WAYS.get(section)
        step = detail.steps.get((way, number)) if detail is not None and way is not None else None
        if step is None or not step.params or "${" not in call.params:
            return call
        return replace(call, params=as_json(step.params))

    def _planned(self, name: str) -> tuple[PreviewCall, ...]:
        steps = self.operation.sections()[name]
        return tuple(PreviewCall(self.operation.id, step.title, "") for step in steps)

    def _outcome(self, section: str, number: int, call: PreviewCall) -> tuple[Piece, Line, Line]:
        detail = self.view.detail
        if detail is not None and section in _WAYS:
            step = detail.steps.get((_WAYS[section], number))
            return (self._unrun(), (), ()) if step is None else self._step(step)
        check = detail.checks.get((section, call.title)) if detail is not None else None
        return (self._unrun(), (), ()) if check is None else self._check(check)

    def _unrun(self) -> Piece:
        return piece(self.glyphs.step, Role.PENDING)

    def _step(self, step: StepStatus) -> tuple[Piece, Line, Line]:
        state = STEP_STATE[step.state]
        role = STATE_ROLE[state]
        seconds = step.seconds
        running = seconds_between(step.started_at, self.now.isoformat()) if seconds is None else seconds
        timing = took(running) if running is not None else ""
        word = step.state.value if not timing else f"{step.state.value} {timing}"
        again = f" (attempt {step.attempt})" if step.attempt > 1 else ""
        return piece(self.glyphs.states[state], role), (piece(word + again, role),), self._said(step.error)

    def _check(self, check: CheckStatus) -> tuple[Piece, Line, Line]:
        passed = check.verdict == Verdict.PASS
        failed = check.verdict == Verdict.FAIL
        glyph = self.glyphs.good if passed else self.glyphs.bad if failed else self.glyphs.unsure
        role = Role.SUCCEEDED if passed else Role.FAILED if failed else Role.ATTENTION
        times = f" {check.times}x" if check.times > 1 and check.stage == CheckStage.WATCH else ""
        said = (piece(check.message, Role.MUTED if passed else Role.ATTENTION),) if check.message else ()
        return piece(glyph, role), (piece(check.verdict + times, role),), said

    def _said(self, text: str | None) -> Line:
        return (piece(text, Role.ATTENTION),) if text else ()

    def _call(self, call: PreviewCall, glyph: Piece, outcome: Line, said: Line) -> list[Line]:
        left: Line = (piece(" "), glyph, piece(" "), piece(call.title))
        rows = [spread(left, outcome, self.width) if outcome else cut(left, self.width)]
        if call.stands_for:
            rows += wrapped(f"in place of {call.stands_for}", self.width, Role.MUTED, 3, most=1)
        if call.params:
            rows += wrapped(call.params, self.width, Role.MUTED, 3, most=None if self.full else 1)
        for part in said:
            rows += wrapped(part.text, self.width, part.role, 3, most=None if self.full else 2)
        return rows

    def _evidence(self) -> list[Line]:
        detail = self.view.detail
        if detail is None:
            return []
        saved = {
            name: value for step in detail.going(Direction.FORWARD) for name, value in step.saved.items()
        }
        rows = _values("checkpoint", detail.checkpoint, self.width, full=self.full)
        rows += _values("saved", saved, self.width, full=self.full)
        requests = [step.request_id for step in detail.steps.values() if step.request_id]
        if self.full and requests:
            rows.append(line(piece("request ids", Role.HEADING)))
            rows += [row for request in requests for row in wrapped(request, self.width, Role.MUTED, 1)]
        return rows

    def _notes(self) -> list[Line]:
        rows: list[Line] = []
        if self.operation.sandbox_gap:
            rows += wrapped(f"sandbox: {self.operation.sandbox_gap}", self.width, Role.MUTED)
        for note in self.operation.notes:
            rows += wrapped(note, self.width, Role.MUTED)
        return rows


def _values(title: str, values: Mapping[str, object], width: int, *, full: bool) -> list[Line]:
    if not values:
        return []
    rows = [line(piece(title, Role.HEADING))]
    for name, value in values.items():
        rows += wrapped(f"{name} = {value}", width, Role.PLAIN, 1, most=None if full else 1)
    return rows


def _backing_role(backing: Backing) -> Role:
    return Role.MUTED if backing.newest is None else Role.SUCCEEDED if backing.whole else Role.ATTENTION


def group_lines(
    group: Phase | SubPhase, known: Known, glyphs: Glyphs, now: datetime, width: int
) -> list[Line]:
    """A phase or sub-phase as lines: what is claimed, what checks bear out, what belongs to it."""
    backing = backing_of_group(group, known.evidence)
    row = group_row(group, known, backing, glyphs, now)
    rows = wrapped(group.title, width, Role.STRONG, most=2)
    by = f" (by {group.claim.by})" if group.claim.by else ""
    rows += wrapped(f"{glyphs.claimed} {claimed(group.claim)}{by}", width, Role.MUTED)
    rows += wrapped(evidence_sentence(backing, now), width, _backing_role(backing))
    if isinstance(group, Phase) and backing.total and (bare := uncovered(group)):
        rows += wrapped(f"no check covers {', '.join(bare)}", width, Role.ATTENTION)
    if group.operations:
        done = done_words([known.status.of(each.id).state for each in group.operations])
        rows.append(joined([(piece(f"{row.glyph} {done}", row.role),)]))
        minutes = sum(operation.estimate for operation in group.operations)
        rows += wrapped(f"{len(group.operations)} operations, {minutes_text(minutes)} one by one", width)
        rows += wrapped(_standings(group.operations, known), width)
        if known.whole.badge is not None:
            rows += wrapped(whole_text(known.whole, now), width, PROOF_ROLE[known.whole.standing])
    if group.note:
        rows += wrapped(group.note, width)
    return rows + _documents(group, width)


def _standings(operations: Sequence[Operation], known: Known) -> str:
    """How many ways back are proven and how many are not."""
    counts = Counter(WORD[known.proof(operation).standing] for operation in operations)
    return f"ways back: {', '.join(f'{count} {word}' for word, count in counts.most_common())}"


def _documents(group: Phase | SubPhase, width: int) -> list[Line]:
    subs: Sequence[SubPhase] = group.subphases if isinstance(group, Phase) else (group,)
    rows: list[Line] = []
    for sub in subs:
        if not sub.deliverables and not sub.evidence:
            continue
        evidence = f" (found: {sub.evidence})" if sub.evidence else ""
        rows += wrapped(f"{sub.id} {sub.title}{evidence}", width, Role.HEADING)
        for text in sub.deliverables:
            rows += wrapped(text, width, Role.MUTED, 1)
    return rows
