"""Settles a step in doubt by a person's signed word."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from console import openers
from console.acts.doubts import Doubt, step_of
from console.exit_codes import CommandError, ExitCode
from console.journal import sealing
from console.settings import load_settings
from operations.plan.loader import LoadedPlan
from state.answers import signed
from state.events import Event
from state.journal import timestamp
from state.lease import held_by, is_held
from state.request_events import RequestResolve
from state.seal_keys import load_signer


def settle(
    loaded: LoadedPlan, path: Path, doubt: Doubt, answer: str, reason: str, saved: Mapping[str, str]
) -> Event:
    """Journal the answer, signed with this user's key; the event that holds it.

    Raises:
        CommandError: a runner has the journal.
        JournalError: it cannot be written.
    """
    if is_held(path):
        raise CommandError(held_by(path), ExitCode.REFUSED)
    folder = sealing.anchor_folder(load_settings(os.environ).values, os.environ)
    signer = load_signer(sealing.keys_folder(os.environ), folder)
    with openers.open_journal(path, loaded) as opened:
        opened.append(RequestResolve(answer=answer, reason=reason), operation=doubt.operation)
        at, by = timestamp(openers.now()), openers.actor()
        word = signed(
            opened.journal_id,
            doubt.operation,
            doubt.step,
            answer,
            reason,
            at=at,
            by=by,
            saved=dict(saved),
            signer=signer,
        )
        return opened.append(word, operation=doubt.operation)


def values_needed(loaded: LoadedPlan, path: Path, doubt: Doubt) -> tuple[str, ...]:
    """Names of what the step would have saved, which an answer `done` has to give; secrets are read again instead.

    Raises:
        CommandError: the plan has another step there.
    """
    step = step_of(loaded, path, doubt)
    secret = set(getattr(step, "sensitive", ()))
    return tuple(name for name in getattr(step, "save", {}) if name not in secret)
