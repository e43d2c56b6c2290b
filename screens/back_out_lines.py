"""The line that answers the first question: can we go back, how long, by when, what would be lost."""

from __future__ import annotations

from datetime import datetime, timedelta

from operations.plan.models import Plan
from operations.plan.windows import is_bound, next_for, open_for
from screens.glyphs import Glyphs
from screens.lines import Line, Piece, Role, cut, first_that_fits, line, piece
from screens.ports import BackOut
from screens.text import clean
from screens.times import minutes_text


def back_out_line(back: BackOut | None, glyphs: Glyphs, width: int, deadline: Line = ()) -> Line:
    """Can we go back, how long it takes, by when to begin, how many operations and guards, what is lost."""
    name = piece(f" {glyphs.back} BACK OUT ", Role.STRONG)
    if back is None:
        return cut(line(name, piece(" not known yet", Role.MUTED)), width)
    if back.operations == 0 and back.possible:
        return cut(line(name, piece(" nothing to undo", Role.SUCCEEDED)), width)
    count = counted(back.operations, "operation")
    if not back.possible:
        reasons = "; ".join(clean(reason) for reason in back.blocked_by) or "no reason given"
        return cut(line(name, piece(" NO ", Role.FAILED), piece(f" {count}  blocked by: {reasons}")), width)
    yes = piece(" YES ", Role.SUCCEEDED)
    takes = piece(f" {minutes_text(back.minutes)}", Role.STRONG)
    by = (Piece("  "), *deadline) if deadline else ()
    guards = (piece(f"  {counted(back.guards, 'guard')}", Role.MUTED),) if back.guards else ()
    loses = "; ".join(clean(loss) for loss in back.loses) or "nothing"
    role = Role.PLAIN if loses.startswith("nothing") else Role.ATTENTION
    lost = piece(f"  loses: {loses}", role)
    told = piece(f"  {len(back.loses)} lose something", role) if len(back.loses) > 1 else lost
    short = piece(f"  {back.operations} op")
    long = (name, yes, takes, *by, piece(f"  {count}"))
    return first_that_fits(
        [
            (*long, *guards, lost),
            (*long, *guards, told),
            (*long, told),
            (name, yes, takes, *by, short, told),
        ],
        width,
    )


def counted(count: int, noun: str) -> str:
    """Such as `1 guard`, `4 operations`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def deadline_line(plan: Plan, back: BackOut | None, now: datetime) -> Line:
    """By when to begin, so that everything is undone before the change window closes.

    The window is the one for the operation begun last. A rollback is allowed outside of it too; the line says what is so.
    """
    if back is None or back.last is None or back.last not in plan.operations:
        return ()
    kind = plan.operations[back.last].kind
    if not is_bound(plan, kind):
        return ()
    opening = open_for(plan, kind, now)
    if opening is None:
        return (piece("window closed", Role.MUTED),)
    latest = opening.closes - timedelta(minutes=back.minutes)
    if latest <= now:
        return (piece(f"too late for {opening.closes:%H:%MZ}", Role.ATTENTION),)
    soon = latest - now < timedelta(minutes=back.minutes)
    return (piece(f"by {latest:%H:%MZ}", Role.ATTENTION if soon else Role.PLAIN),)


def window_words(plan: Plan, back: BackOut | None, now: datetime) -> str:
    """The window that counts, in full: which, until when, how much of it is left."""
    if back is None or back.last is None or back.last not in plan.operations:
        return "nothing stands, so no window counts"
    kind = plan.operations[back.last].kind
    opening = open_for(plan, kind, now)
    if opening is not None:
        left = minutes_text((opening.closes - now).total_seconds() / 60)
        return f"change window {opening.window.id} closes at {opening.closes:%H:%MZ}, {left} left"
    coming = next_for(plan, kind, now)
    if coming is None:
        return f"the plan names no change window for {kind.value} operations"
    return (
        f"outside every change window for {kind.value} operations; {coming.window.id} opens {coming.opens:%a %H:%MZ}; "
        "going back is allowed all the same"
    )
