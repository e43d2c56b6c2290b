"""Puts together a console that only reviews a journal: no AWS, no credentials, no runner, nothing written."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from console.settings import LoadedSettings, cache_folder, is_slow_link, state_folder

if TYPE_CHECKING:
    from console.app import CutoverApp
    from console.previews import Previewer
    from operations.plan.models import Plan

NEVER = "http://127.0.0.1:9"
"""An address that is never called: a review has nobody to call."""


def make_review(
    journal: Path, named: str | None, user: LoadedSettings, stack: ExitStack, *, pictures: bool = True
) -> CutoverApp:
    """The console over a journal that may be growing, not yet running.

    Args:
        journal: the journal, opened for reading only.
        named: the plan that somebody has given; None: the one that the journal was written for, if it is at hand.
        user: the settings.
        stack: closes what was opened.
        pictures: whether screenshots may be kept.

    Raises:
        JournalError: the journal cannot be read.
        PlanError: the plan cannot.
    """
    from console import openers
    from console.actions import ACTIONS
    from console.app import CutoverApp, Link
    from console.feed import JournalFeed
    from console.journal_book import JournalBook
    from console.keymap import read_keys
    from console.login import Login
    from console.looks import theme_name
    from console.outside_world import OutsideWorld
    from console.past import JournalPast
    from console.ports import Ports
    from console.review import NoMetrics, ReviewDesk, ReviewFeed, ReviewMetrics
    from console.review_plan import plan_for
    from console.snapshot import Snapshots
    from screens.ports import Banner
    from state.pages import JournalPages

    settings = user.values
    with JournalPages(journal) as pages:
        reviewed = plan_for(pages, named)
    plan = reviewed.plan
    previewer = _previewer(plan)
    past = JournalPast(journal, previewer, offline=True)
    book = JournalBook(journal, cache_folder(os.environ))
    stack.callback(past.close)
    stack.callback(book.close)
    place = Banner(plan.plan, "review", plan.account, plan.alias, plan.region, "")
    metrics = NoMetrics(place, lambda: past.metrics_at(past.last()))
    return CutoverApp(
        plan,
        ReviewFeed(JournalFeed(journal, previewer, Snapshots(cache_folder(os.environ) / "folds")), past),
        ReviewDesk(None, past, previewer),
        ReviewMetrics(metrics, past),
        clock=openers.now,
        theme=theme_name(user, os.environ),
        link=Link.SLOW if is_slow_link(settings) else Link.FAST,
        utc=settings.utc,
        themes_folder=user.file.parent / "themes",
        idle_minutes=settings.idle_minutes,
        login=Login(refused="this console reviews a journal: it needs no credentials"),
        ports=Ports(
            outside=OutsideWorld(
                environment=os.environ,
                copy_limit=settings.copy_limit,
                pictures=_pictures(os.environ) if pictures else None,
            ),
            journal=book,
            past=past,
            greeting=reviewed.note or "a review: nothing can act; [ ] step, P plays, :at TIME",
        ),
        keys=read_keys(user.keys, user.file, ACTIONS),
    )


def _pictures(environment: Mapping[str, str]) -> Path:
    return state_folder(environment) / "screenshots"


def _previewer(plan: Plan) -> Previewer:
    from console.compose import Setting, made_up_secrets
    from console.previews import Previewer
    from operations.aws.sessions import SandboxSessions
    from operations.engine.hands import LiveHands

    sessions = SandboxSessions(endpoint=NEVER, region=plan.region, account=plan.account)
    return Previewer.of(plan, Setting(sessions, LiveHands(), made_up_secrets, 1.0))
