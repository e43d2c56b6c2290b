"""Who is on, folded from events: people, the lease, offers of the watch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from state.errors import JournalDamagedError
from state.events import Event, Payload
from state.journal import Journal
from state.projections.watch import Watch, fold_watch
from state.reader import JournalReader
from state.request_events import RequestArm, RequestDisarm, RequestHandover, RequestNote
from state.run_events import LeaseReleased, LeaseTaken
from tests.state.making import PLAN, ticking

KIM, SAM = "kim@bastion", "sam@desk"


def journal_of(path: Path, *said: tuple[str, Payload]) -> list[Event]:
    """Events that people wrote, one after the other."""
    for actor, payload in said:
        with Journal(
            path, PLAN, clock=ticking(), new_id=lambda: "01JD0000000000000000000000", actor=actor
        ) as journal:
            journal.append(payload)
    with JournalReader(path) as reader:
        return reader.events()


def offer(to: str, accepts: int | None = None) -> RequestHandover:
    return RequestHandover(to=to, summary="all well", head=2, phrase="a-b-c-d", accepts=accepts)


def test_people_arming_and_the_lease(tmp_path: Path) -> None:
    events = journal_of(
        tmp_path / "j",
        (KIM, RequestArm(phase="9", alias="x")),
        (SAM, RequestArm(phase=None, alias="x")),
        (KIM, LeaseTaken(pid=7, host="bastion", number=3, boot="b")),
        (SAM, RequestDisarm(why="idle")),
        (KIM, LeaseReleased(pid=7, host="bastion", number=3)),
    )
    watch = fold_watch(events)
    assert watch.people[KIM].armed == {"9"}
    assert watch.people[SAM].armed == frozenset()
    assert watch.people[SAM].kind == "request.disarm"
    assert watch.lease is not None
    assert (watch.lease.kind, watch.lease.number, watch.lease.pid) == ("lease.released", 3, 7)
    assert watch.lease.since < watch.lease.at or watch.lease.since == events[3].at
    for cut in range(len(events)):
        assert fold_watch(events[cut:], fold_watch(events[:cut])) == watch


def test_an_offer_waits_until_it_is_accepted(tmp_path: Path) -> None:
    events = journal_of(
        tmp_path / "j", (KIM, offer(SAM)), (KIM, RequestNote(text="on the phone")), (SAM, offer(SAM, 2))
    )
    offered = fold_watch(events[:-1])
    assert offered.offer is not None
    assert (offered.offer.actor, offered.offer.to, offered.accepted) == (KIM, SAM, None)
    taken = fold_watch(events)
    assert taken.offer is None
    assert taken.accepted is not None
    assert taken.accepted.accepted_by == SAM


def test_nothing_is_known_of_an_empty_journal_and_damage_is_told(tmp_path: Path) -> None:
    assert fold_watch([]) == Watch()
    (event,) = journal_of(tmp_path / "j", (KIM, offer(SAM)))[1:]
    with pytest.raises(JournalDamagedError, match="2"):
        fold_watch([replace(event, data={"to": SAM})])
