"""What a journal tells: badges and evidence for the console's feed and for `status`, folded bit by bit or at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console import openers
from console.acts.previews import Previewer
from console.compose import sandbox_setting
from console.journal.feed import JournalFeed
from console.journal.told import Told, read_told
from console.status_json import status_object
from console.status_text import status_text
from operations.plan.backing import backing_of
from operations.plan.digest import digest_of
from operations.plan.loader import LoadedPlan, load_plan
from operations.plan.proofs import Standing
from state.drill_events import DrillScore, Proof
from state.events import CheckStage, Payload, Verdict
from state.operation_events import CheckResult, OperationStarted, OperationSucceeded
from state.projections.badges import fold_badges
from state.projections.evidence import fold_evidence
from state.projections.states import OperationState, OperationStatus, PlanStatus
from state.reader import JournalReader
from state.run_events import RunResumed

SMALL = Path(__file__).parents[2] / "e2e" / "plans" / "small.yaml"
STARTED = OperationStarted(attempt=1, estimate_minutes=1, steps=("a",), way_back=("b",))


@pytest.fixture
def loaded() -> LoadedPlan:
    return openers.open_plan(str(SMALL))


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "j.journal"


def write(path: Path, loaded: LoadedPlan, *rows: tuple[Payload, str | None]) -> None:
    with openers.open_journal(path, loaded) as journal:
        for payload, operation in rows:
            journal.append(payload, operation=operation)


def proven(loaded: LoadedPlan, key: str, seconds: float) -> DrillScore:
    digest = digest_of(loaded.plan.operations[key])
    return DrillScore(result=Proof.PROVEN, digest=digest, back_seconds=seconds)


def checked(loaded: LoadedPlan, key: str, verdict: Verdict = Verdict.PASS) -> CheckResult:
    title = loaded.plan.operations[key].verify[0].title
    return CheckResult(stage=CheckStage.VERIFY, check=title, verdict=verdict)


def feed_on(path: Path, loaded: LoadedPlan) -> JournalFeed:
    return JournalFeed(
        path, Previewer.of(loaded.plan, sandbox_setting(loaded.plan, "http://127.0.0.1:1", 1.0))
    )


def test_the_feed_carries_badges_and_evidence_as_they_come(path: Path, loaded: LoadedPlan) -> None:
    write(path, loaded, (proven(loaded, "network", 0.5), "network"))
    feed = feed_on(path, loaded)
    first = feed.poll()
    assert first is not None
    assert first.proofs["network"].standing is Standing.PROVEN
    assert first.proofs["setting"].standing is Standing.UNPROVEN
    assert first.proofs["farewell"].standing is Standing.IRREVERSIBLE
    assert backing_of(loaded.plan.phases[0].operations, first.evidence).passed == 0
    write(
        path,
        loaded,
        (proven(loaded, "network", 0.9), "network"),
        (STARTED, "network"),
        (checked(loaded, "network"), "network"),
    )
    second = feed.poll()
    assert second is not None
    badge = second.proofs["network"].badge
    assert badge is not None
    assert (badge.proofs, badge.p95) == (2, 0.9)
    assert backing_of([loaded.plan.operations["network"]], second.evidence).passed == 1
    told = read_told(path)
    assert (second.status, dict(second.proofs), second.evidence) == (
        told.status,
        told.proofs(loaded.plan),
        told.evidence,
    )


def test_status_tells_claim_and_evidence_with_their_age(path: Path, loaded: LoadedPlan) -> None:
    write(path, loaded, (proven(loaded, "network", 0.5), "network"), (STARTED, "network"))
    write(path, loaded, (checked(loaded, "network"), "network"))
    later = datetime.now(UTC) + timedelta(days=3)
    made = status_object(loaded.plan, read_told(path), later, read_only=False)
    badge = made["operations"]["network"]["badge"]
    assert (badge["standing"], badge["proofs"], badge["p95_seconds"]) == ("proven", 1, 0.5)
    assert badge["age_seconds"] == pytest.approx(3 * 86_400, abs=3600)
    assert made["operations"]["setting"]["badge"]["standing"] == "unproven"
    assert {each["phase"] for each in made["operations"].values()} <= set(made["phases"])
    assert made["operations"]["farewell"]["badge"]["standing"] == "irreversible"
    phase = made["phases"]["1"]
    assert (phase["evidence"]["passed"], phase["evidence"]["made"]) == (1, 1)
    assert phase["evidence"]["total"] >= 1
    assert phase["evidence"]["newest_age_seconds"] == pytest.approx(3 * 86_400, abs=3600)
    assert set(phase["claim"]) == {"status", "percent", "by"}
    assert all(set(sub) == {"claim", "evidence"} for sub in phase["subphases"].values())
    text = status_text(loaded.plan, read_told(path), later)
    assert ", 3 d old" in text
    assert text.splitlines()[1].split() == ["phase", "done", "claim", "evidence"]
    assert "1 proven" in text


def test_an_empty_journal_is_no_evidence(loaded: LoadedPlan) -> None:
    made = status_object(loaded.plan, Told(), datetime.now(UTC), read_only=True)
    assert made["state"] == "none"
    assert all(phase["evidence"]["passed"] == 0 for phase in made["phases"].values())
    assert {each["badge"]["standing"] for each in made["operations"].values()} == {"unproven", "irreversible"}


def test_a_runner_that_takes_an_operation_up_verifies_it_anew(path: Path, loaded: LoadedPlan) -> None:
    """Half a verification and another half are not a whole one."""
    resumed = RunResumed(pid=7)
    rows = ((STARTED, "network"), (checked(loaded, "network"), "network"), (resumed, None))
    write(path, loaded, *rows)
    assert "network" not in read_told(path).evidence.operations
    ended = (OperationSucceeded(seconds=1.0), "network")
    write(path, loaded, (checked(loaded, "network"), "network"), ended, (resumed, None))
    assert len(read_told(path).evidence.operations["network"]) == 1


def test_folding_bit_by_bit_is_folding_at_once(path: Path, loaded: LoadedPlan) -> None:
    rows = [
        (proven(loaded, "network", 0.5), "network"),
        (STARTED, "network"),
        (checked(loaded, "network", Verdict.INCONCLUSIVE), "network"),
        (STARTED, "network"),
        (checked(loaded, "network"), "network"),
        (OperationSucceeded(seconds=1.0), "network"),
        (DrillScore(result=Proof.FAILED, digest="x", why="no"), "network"),
    ]
    write(path, loaded, *rows)
    with JournalReader(path) as reader:
        events = reader.events()
    whole = (fold_evidence(events), fold_badges(events))
    for cut in range(len(events) + 1):
        head, tail = events[:cut], events[cut:]
        assert fold_evidence(tail, fold_evidence(head)) == whole[0]
        assert fold_badges(tail, fold_badges(head)) == whole[1]


def test_the_status_of_the_reference_plan_fits_eighty_columns() -> None:
    loaded = load_plan("reference")
    states = {key: OperationStatus(key, OperationState.ROLLED_BACK) for key in loaded.plan.operations}
    told = Told(status=PlanStatus(operations=states))
    lines = status_text(loaded.plan, told, datetime.now(UTC)).splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 24
