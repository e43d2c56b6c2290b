"""What the rooms of the screens show, as lines: numbered where something can be chosen, nothing that only a screen can."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.console.plain.piped import Listening, listening
from tests.screens.fakes import FakeFeed, an_update
from tests.screens.furnished import FakeDoctor, FakeWire, a_full_plan
from tests.screens.test_constraints import waiver
from tests.screens.test_gate import evidence, history
from tests.screens.test_roles import watch

from console.terminal.outside_world import OutsideWorld  # isort: skip
from console.pace import MetricsPace  # isort: skip
from console.ports import Ports  # isort: skip
from screens.ports import CatchingUpError, FeedUpdate  # isort: skip


@pytest.fixture
def talked() -> Iterator[Listening]:
    """A console in lines over fakes in which everything has something to say."""
    update = an_update()
    status = replace(update.status, waivers=(waiver("kim@bastion"),))
    full = replace(update, status=status, evidence=evidence(), gates={"go-no-go": history()}, watch=watch())
    outside = OutsideWorld(phrase=lambda: "lusab-babad (row 1842)")
    ports = Ports(doctor=FakeDoctor(), drill=FakeWire(), metrics=MetricsPace(60), outside=outside)
    with listening(FakeFeed([full]), plan=a_full_plan(), ports=ports) as listened:
        yield listened


def test_the_way_back_and_the_map(talked: Listening) -> None:
    said = talked.answer("way-back", "YES: 4 operations", "traffic-10", "loses nothing; cached answers")
    assert "11 min" in said
    said = talked.answer(
        "map", "3 of 6 operations in 6 waves done", "wave 4, traffic-10: running, planned 11:00"
    )
    assert "#" not in said
    talked.answer("4", "route53:ChangeResourceRecordSets")


def test_constraints_with_their_waivers_in_any_order(talked: Listening) -> None:
    talked.answer("constraints", "1. C-04 critical", "cutover>")
    talked.answer(
        "1", "critical and open", "waived by kim@bastion", "1 more must sign", "blocks 4 operations"
    )
    talked.answer("sort owner", "by owner", "1. C-04")
    talked.answer("sort", "by severity")
    talked.answer("sort size", "sort by severity, status, week, owner")


def test_the_gate_and_its_criteria(talked: Listening) -> None:
    said = talked.answer("gate", "T3.2 (fail) must pass", "1. T3.2, fail", "cutover>")
    assert "what would make it GO" in said
    talked.answer("1", "It bears the load", "attested by sam@desk", "7 % errors at 200 users")
    talked.answer("gate other", "no gate other; there are: go-no-go")


def test_the_checks(talked: Listening) -> None:
    talked.answer("verify performance", "T3.1", "2 of ", "cutover>")
    talked.answer("verify T3.1", "It is quick enough", "p95 412 ms", "must hold")
    talked.answer("verify nothing-like-it", "0 of ")
    talked.answer("make all", "this console makes no checks")


def test_roles_and_who_is_on(talked: Listening) -> None:
    talked.answer("roles", "hand-over offered", "sam@desk", "number 7", "1. Network: tech_lead answers")
    talked.answer("2", "accountable migration_manager", "stand-in tech_lead", "traffic-25")
    talked.answer("roles Nothing", "no task is called Nothing")


def test_what_is_around(talked: Listening) -> None:
    talked.answer("drill", "scenario lossy, seed 7", "3 of 31 calls", "1. scenario lossy")
    talked.answer("1", "to practise: what in doubt means")
    talked.answer("doctor", "warn locale", "do: set LC_ALL=C.UTF-8")
    talked.answer("metrics", "every 60 s")
    talked.answer("pause-metrics", "metrics are paused")
    talked.answer("metrics", "paused")
    talked.answer("pause-metrics", "read again")


def test_a_copy_says_the_text_and_writes_no_sequence(talked: Listening) -> None:
    talked.answer("copy phrase", "lusab-babad (row 1842)", "only lines are written here")
    talked.answer("screenshot", "no screenshots are kept from here")
    assert "\x1b" not in talked.said.getvalue()


def test_what_was_said_can_be_kept(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    with listening(ports=Ports(outside=OutsideWorld(pictures=folder))) as talked:
        talked.answer("list", "3. phase 9 Cutover")
        talked.answer("screenshot", "reference-20261122T012512")
    (kept,) = folder.iterdir()
    assert "3. phase 9 Cutover" in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o077 == 0


def test_a_room_that_is_not_there_says_so() -> None:
    with listening() as talked:
        for line, words in (
            ("drill", "`cutover drill` has a sandbox"),
            ("inject lag", "`cutover drill` has a sandbox"),
            ("take", "takes no verdicts"),
            ("attest T1 pass", "takes no verdicts"),
            ("make all", "makes no checks"),
            ("handover sam", "hands nothing over"),
            ("accept", "hands nothing over"),
            ("waive C-04", "signs nothing"),
            ("search word", "no journal to read"),
            ("at -5m", "no journal to go back in"),
            ("roles", "says of nobody who answers"),
            ("gate", "this plan has no gate"),
            ("stop", "nothing is being made"),
            ("sort", "nothing to sort"),
        ):
            talked.answer(line, words, "cutover>")


def test_nobody_here_lets_the_metrics_rest() -> None:
    pace = MetricsPace(60)
    with listening(FakeFeed([]), ports=Ports(metrics=pace)) as talked:
        talked.clock.pass_minutes(16)
        talked.wait(lambda: pace.why_not is not None)
        talked.answer("zone", "local time")
        talked.wait(lambda: pace.why_not is None)


class LongFeed(FakeFeed):
    """Reads a journal in three pieces."""

    left = 3

    def poll(self) -> FeedUpdate | None:
        self.left -= 1
        if self.left >= 0:
            raise CatchingUpError(1 - self.left / 3)
        return super().poll()


def test_a_long_journal_is_read_piece_by_piece() -> None:
    with listening(LongFeed()) as talked:
        talked.answer("status", "BACK OUT, YES")
