"""The lines that stand on every screen: where we are, whether we can go back, what is running."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from screens.action import Action, Scope
from screens.glyphs import Glyphs
from screens.lines import Line, Piece, Role, cut, first_that_fits, joined, line, line_width, piece, spread
from screens.ports import Banner, FeedUpdate
from screens.text import clean
from screens.times import age_of, minutes_text, seconds_since, stopwatch
from screens.words import RUN_ROLE, state_word
from state.events import Direction
from state.projections.states import OperationState, PlanStatus, RunState, RunStatus

ARM = "arm"
"""The command that is hinted at only while the console is read-only."""
ASKED_FOR = "asked for"
"""The reason of a pause that an operator wanted; any other is worth a word."""
SHORT_LIFE = 30.0
"""Minutes of credentials below which their end is worth looking at."""
LIVE = "LIVE"
"""The setting that gets the loudest badge; every other one (DRILL, SANDBOX, REVIEW) gets the quiet one."""


def badge(setting: str) -> Piece:
    """Live or not, as a word in a badge."""
    name = clean(setting).upper()
    return piece(f" {name} ", Role.LIVE if name == LIVE else Role.DRILL)


def armed_badge(armed: Iterable[str], *, short: bool = False) -> Piece:
    """Whether the console may act, and on which phases."""
    phases = sorted(armed)
    if not phases:
        return piece(" READ-ONLY ", Role.READ_ONLY)
    where = "" if short else " all" if "*" in phases else f" {','.join(phases)}"
    return piece(f" ARMED{where} ", Role.ARMED)


def header_line(banner: Banner, armed: Iterable[str], width: int) -> Line:
    """Plan, live or drill, account, region, armed or not."""
    mode = armed_badge(armed)
    plan = piece(f" {clean(banner.plan)}", Role.STRONG)
    tag = badge(banner.setting)
    alias = banner.alias or ""
    account, region = piece(banner.account), piece(banner.region)
    named = (piece(alias, Role.STRONG),) if alias else ()
    places = [
        joined([named, (account,), (region,)]),
        joined([named, (piece(f"{banner.account[:4]}…{banner.account[-4:]}"),), (region,)]),
        joined([named or (account,), (region,)]),
        named or (account,),
    ]
    bodies = [(plan, *_gap(), tag, *_gap(), *place) for place in places]
    room = width - len(mode.text) - 1
    return spread(first_that_fits([*bodies, (tag, *_gap(), *places[-1])], room), (mode,), width)


def _gap() -> Line:
    return (Piece("  "),)


def run_line(
    update: FeedUpdate | None, banner: Banner, glyphs: Glyphs, now: datetime, width: int, ahead: Line = ()
) -> Line:
    """What runs, what is `ahead` of it, who we are, the journal's head; a problem comes first.

    Where room is short, `ahead` goes before who we are and how long our credentials live.
    """
    head = _head(update)
    who = _who(banner, now)
    until = _login_by(banner.login_by, now)
    if banner.problem:
        left = line(piece(f" {glyphs.warning} {clean(banner.problem)}", Role.ATTENTION))
        return spread(left, head, width) if head else cut(left, width)
    run = (piece(" "), *_run(update, glyphs, now))
    if ahead:
        told = ahead[-1:]
        orders = [
            [run, ahead, until, who],
            [run, told, until, who],
            [run, until, who] if until else [run, told, who],
            [run, ahead],
            [run, told],
        ]
        lefts = [joined(order) for order in orders]
        room = width - line_width(head) - 1
        return spread(first_that_fits([*lefts, run], room), head, width)
    return first_that_fits(
        [
            spread(joined([run, until, who]), head, width) if head else joined([run, until, who]),
            spread(run, head, width),
        ],
        width,
    )


def _who(banner: Banner, now: datetime) -> Line:
    """Who we are, and how old AWS's word for it is; `ago` would read as if it were about the run beside it."""
    if not banner.identity:
        return ()
    age = f", {age_of(banner.identity_at.isoformat(), now)} old" if banner.identity_at else ""
    return (piece(f"as {short_identity(banner.identity)}{age}", Role.MUTED),)


def _login_by(end: datetime | None, now: datetime) -> Line:
    """How long the credentials live, where a person has to renew them."""
    if end is None:
        return ()
    minutes = max(0.0, (end - now).total_seconds() / 60)
    role = Role.ATTENTION if minutes < SHORT_LIFE else Role.MUTED
    return (piece(f"login {minutes_text(minutes)} left", role),)


def _head(update: FeedUpdate | None) -> Line:
    if update is None or not update.status.seq:
        return ()
    return (piece(f"#{update.status.seq} {update.status.hash[:8]} ", Role.MUTED),)


def _run(update: FeedUpdate | None, glyphs: Glyphs, now: datetime) -> Line:
    if update is None:
        return (piece("reading the journal", Role.MUTED),)
    run = update.status.run
    if run is None or run.state is RunState.NONE:
        return (piece("no run yet", Role.MUTED),)
    done, total = _progress(update.status)
    word = state_word(run.state)
    role, glyph = RUN_ROLE[run.state], _run_glyph(run.state, glyphs)
    if run.state is RunState.RUNNING and not update.runner_alive:
        word, role, glyph = "runner gone: :resume", Role.ATTENTION, glyphs.warning
    seconds = seconds_since(run.started_at, now)
    elapsed = f" {stopwatch(seconds)}" if run.state is RunState.RUNNING and seconds is not None else ""
    word = _run_word(run, word)
    stopping = ", stopping" if run.cancelled and run.state.open else ""
    return (piece(f"{glyph} {word}{stopping}", role), piece(f" {done}/{total}{elapsed}"))


def run_words(status: PlanStatus) -> str:
    """The run in words: which way it goes, how it stands, how much of it is done; empty where there was none."""
    run = status.run
    if run is None or run.state is RunState.NONE:
        return ""
    done, total = _progress(status)
    return f"{_run_word(run, state_word(run.state))} {done}/{total}"


def _run_word(run: RunStatus, word: str) -> str:
    back = run.direction is Direction.INVERSE
    if run.state is RunState.RUNNING:
        return word if word != "running" else "rolling back" if back else "running"
    if run.state is RunState.PAUSED and run.why not in (None, ASKED_FOR):
        return f"{'rollback' if back else 'run'} {clean(run.why)}"
    return f"{'rollback' if back else 'run'} {word}"


def _run_glyph(state: RunState, glyphs: Glyphs) -> str:
    shared = {
        RunState.RUNNING: OperationState.RUNNING,
        RunState.SUCCEEDED: OperationState.SUCCEEDED,
        RunState.FAILED: OperationState.FAILED,
        RunState.IN_DOUBT: OperationState.IN_DOUBT,
    }
    return glyphs.states[shared.get(state, OperationState.HELD)]


def _progress(status: PlanStatus) -> tuple[int, int]:
    run = status.run
    if run is None:
        return 0, 0
    ends = {OperationState.ROLLED_BACK} if run.direction is Direction.INVERSE else None
    states = [status.of(key).state for key in run.operations]
    return sum(state in ends if ends else state.satisfied for state in states), len(states)


def short_identity(identity: str) -> str:
    """The end of an ARN that tells people apart: `oncall/kim` of an assumed role."""
    text = clean(identity)
    return text.rpartition(":")[2].removeprefix("assumed-role/") or text


@dataclass(frozen=True, slots=True)
class Means:
    """What can be done from here: `armed`, `arms` whether it can be armed, `past` whether the past is shown."""

    armed: bool = False
    arms: bool = True
    past: bool = False

    def allow(self, action: Action) -> bool:
        """Whether a hint at this command would be true."""
        if action.scope is Scope.TIME:
            return self.past
        if self.past and action.scope in (Scope.RUN, Scope.SAFETY):
            return False
        if action.id == ARM:
            return self.arms and not self.armed
        return self.armed or not action.mutates


def hint_line(actions: Sequence[Action], width: int, means: Means) -> Line:
    """The keys worth knowing, as many as fit; those that would only be refused are left out."""
    kept: list[Line] = []
    used = 1
    for action in actions:
        if action.hint is None or not means.allow(action):
            continue
        key = action.shown_keys.split(" ", maxsplit=1)[0] or action.usage.split(" ", maxsplit=1)[0]
        size = len(key) + len(action.hint) + 3
        if used + size > width:
            break
        kept.append((piece(key, Role.STRONG), piece(f" {action.hint}", Role.MUTED)))
        used += size
    return (Piece(" "), *joined(kept))
