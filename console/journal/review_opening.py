"""What stands behind a console that only reviews a journal: no AWS, no credentials, no runner, nothing written."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from console.behind import open_book
from console.parts import ConsoleParts
from console.settings import LoadedSettings, cache_folder, state_folder

if TYPE_CHECKING:
    from console.acts.previews import Previewer
    from operations.plan.models import Plan

NEVER = "http://127.0.0.1:9"
"""An address that is never called: a review has nobody to call."""
GREETING = "a review: nothing can act; [ ] step, P plays, :at TIME"
NO_LOGIN = "this console reviews a journal: it needs no credentials"


def review_parts(
    journal: Path, named: str | None, user: LoadedSettings, stack: ExitStack, *, pictures: bool = True
) -> ConsoleParts:
    """The parts of a console over a journal that may be growing and is only read; the stack closes what was opened.

    `named` is the plan that somebody has given; None: the one that the journal was written for, if it is at hand.
    `pictures`: whether screenshots may be kept.

    Raises:
        JournalError: the journal cannot be read.
        PlanError: the plan cannot.
    """
    from console.journal.feed import JournalFeed
    from console.journal.past import JournalPast
    from console.journal.review import NoMetrics, ReviewDesk, ReviewFeed, ReviewMetrics
    from console.journal.review_plan import plan_for
    from console.journal.snapshot import Snapshots
    from console.ports import Ports
    from console.terminal.login import Login
    from console.terminal.outside_world import OutsideWorld
    from screens.ports import starting
    from state.pages import JournalPages

    with JournalPages(journal) as pages:
        reviewed = plan_for(pages, named)
    plan, previewer = reviewed.plan, _previewer(reviewed.plan)
    past = JournalPast(journal, previewer, offline=True)
    stack.callback(past.close)
    place = replace(starting(plan), setting="review")
    kept = state_folder(os.environ) / "screenshots" if pictures else None
    outside = OutsideWorld(environment=os.environ, copy_limit=user.values.copy_limit, pictures=kept)
    greeting = reviewed.note or GREETING
    return ConsoleParts(
        plan,
        ReviewFeed(JournalFeed(journal, previewer, Snapshots(cache_folder(os.environ) / "folds")), past),
        ReviewDesk(None, past, previewer),
        ReviewMetrics(NoMetrics(place, lambda: past.metrics_at(past.last())), past),
        Login(refused=NO_LOGIN),
        Ports(outside=outside, journal=open_book(journal, stack), past=past, greeting=greeting),
    )


def _previewer(plan: Plan) -> Previewer:
    from console.acts.previews import Previewer
    from console.compose import Setting, made_up_secrets
    from operations.aws.sessions import SandboxSessions
    from operations.engine.hands import LiveHands

    sessions = SandboxSessions(endpoint=NEVER, region=plan.region, account=plan.account)
    return Previewer.of(plan, Setting(sessions, LiveHands(), made_up_secrets, 1.0))
