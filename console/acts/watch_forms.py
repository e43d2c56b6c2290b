"""The handing over of the watch as questions, and where it stands in a line."""

from __future__ import annotations

from datetime import datetime

from console.acts.forms import Form
from console.exit_codes import CommandError
from operations.plan.models import Plan
from screens.entry import Entry, Given
from screens.head_lines import run_words
from screens.ports import BackOut, FeedUpdate
from screens.times import age_of, minutes_text
from screens.watch_lines import pending_approvals
from screens.watch_port import WatchDesk
from screens.words import state_word
from state.projections.states import OperationState, PlanStatus
from state.projections.watch import Watch

ABSENT = "this console hands nothing over"
TELLING = (OperationState.IN_DOUBT, OperationState.FAILED, OperationState.HELD, OperationState.RUNNING)
"""States that a summary names operations of."""


def offer_form(desk: WatchDesk, argument: str, summary: str) -> Form:
    """Offer the watch: `TO SUMMARY`; the answer of its `send` is the phrase to be read out."""
    to, _, said = argument.strip().partition(" ")
    texts = (
        f"You are {desk.actor}. Whoever takes over sees this summary, and accepts it with the phrase that you read out.",
        "A run goes on meanwhile: a runner carries it, not this console. This console goes back to read-only.",
    )

    def send(given: Given) -> str:
        return desk.offer(given["to"], given["summary"])

    entries = (
        Entry("to", "who takes over", to),
        Entry("summary", "where it stands and what comes next", said.strip() or summary),
    )
    return Form("Hand over", texts, "offer", send, entries)


def read_out(to: str, phrase: str) -> tuple[str, str, str]:
    """What whoever offers has to do next: a lead, the phrase, what becomes of it."""
    return (f"Read this out to {to}:", phrase, "They type it after :accept, and then have the watch.")


def accept_form(desk: WatchDesk, watch: Watch, now: datetime) -> Form:
    """Ask for the phrase of the open offer.

    Raises:
        CommandError: nobody offers the watch, or whoever asks does.
    """
    offer = watch.offer
    if offer is None:
        raise CommandError("nobody offers the watch")
    if offer.actor == desk.actor:
        raise CommandError("you offered it yourself: somebody else must accept it")
    texts = (
        f"{offer.actor} offers the watch to {offer.to}, {age_of(offer.at, now)} ago: {offer.summary}",
        f"You take over as {desk.actor}. Let {offer.actor} read the phrase of row {offer.head} out, and type it.",
        "It is compared with this journal's row: so you both know that you look at the same.",
        "A run that is going is not touched.",
    )
    seq = offer.seq

    def send(given: Given) -> str:
        return f"you have the watch; {desk.accept(seq, given['phrase'])}"

    entries = (Entry("phrase", "four words with hyphens, as you hear them"),)
    return Form("Accept the watch", texts, "accept", send, entries)


def _back_words(back: BackOut) -> str:
    if not back.possible:
        return "no way back"
    return f"back out in {minutes_text(back.minutes)}" if back.operations else "nothing to undo"


def summary_of(plan: Plan, status: PlanStatus, update: FeedUpdate | None, now: datetime) -> str:
    """Where it stands, in a line: the run, what needs somebody, whether one can go back."""
    parts = []
    if run_words(status):
        parts.append(run_words(status))
    for state in TELLING:
        keys = status.in_state(state)
        if keys:
            parts.append(f"{state_word(state)}: {', '.join(keys[:4])}")
    waiting = pending_approvals(plan, status, now)
    if waiting:
        parts.append(f"to approve: {', '.join(each.operation for each in waiting)}")
    if update is not None:
        back = update.back_out
        parts.append(_back_words(back))
    return "; ".join(parts) or "nothing has been run yet"
