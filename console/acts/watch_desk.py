"""Hands the watch over from console to console; adapter of `screens.watch_port.WatchDesk`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from console import openers
from console.journal.told import read_told
from operations.plan.loader import LoadedPlan
from screens.ports import DeskError
from state.chain import spoken
from state.lease import held_by, is_held
from state.projections.watch import Handover
from state.reader import JournalReader
from state.request_events import RequestHandover


@dataclass(frozen=True, slots=True)
class JournalWatch:
    """For one plan and journal."""

    loaded: LoadedPlan
    path: Path
    read_only: bool = False

    @property
    def actor(self) -> str:
        """Who is at this console."""
        return openers.actor()

    def offer(self, to: str, summary: str) -> str:
        """Offer the watch; answers the phrase of the newest row, to be read out.

        Raises:
            DeskError: read-only.
            JournalError: the journal cannot be read or written.
        """
        self._refuse_read_only()
        with JournalReader(self.path) as reader:
            head = reader.head()
        phrase = spoken(head.hash)
        with openers.open_journal(self.path, self.loaded) as journal:
            journal.append(RequestHandover(to=to, summary=summary, head=head.seq, phrase=phrase))
        return phrase

    def accept(self, seq: int, typed: str) -> str:
        """Accept an offer; the phrase that was heard is compared with this journal's own row.

        Raises:
            DeskError: nobody offers, it was offered by the same person, or the phrase is another one.
            JournalError: the journal cannot be read or written.
        """
        self._refuse_read_only()
        offer = self._offer(seq)
        with JournalReader(self.path) as reader:
            mine = spoken(reader.hash_of(offer.head) or "0" * 64)
        if typed.casefold().replace(" ", "-") != mine:
            raise DeskError(
                f"that is not the phrase of row {offer.head} here: ask again, or you look at another journal"
            )
        accepted = RequestHandover(
            to=self.actor, summary=offer.summary, head=offer.head, phrase=mine, accepts=seq
        )
        with openers.open_journal(self.path, self.loaded) as journal:
            journal.append(accepted)
        return held_by(self.path).partition(": ")[2] if is_held(self.path) else "no runner is at work"

    def _offer(self, seq: int) -> Handover:
        offer = read_told(self.path).watch.offer
        if offer is None or offer.seq != seq:
            raise DeskError("nobody offers the watch any more")
        if offer.actor == self.actor:
            raise DeskError("you offered it yourself: somebody else must accept it")
        return offer

    def _refuse_read_only(self) -> None:
        if self.read_only:
            raise DeskError(
                "read-only: --read-only, CUTOVER_READ_ONLY or the settings say so; nothing was written"
            )
