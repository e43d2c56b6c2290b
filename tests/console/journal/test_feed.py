"""A long journal: read in pieces, told of only when it is whole; a snapshot spares the reading and is never believed over it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from console import openers
from console.acts.previews import Previewer
from console.compose import sandbox_setting
from console.journal import feed
from console.journal.feed import JournalFeed
from console.journal.first_picture import FirstPicture
from console.journal.snapshot import Snapshots
from console.journal.told import read_told
from console.terminal import at_a_glance
from operations.plan.loader import LoadedPlan
from screens.ports import CatchingUpError, FeedUpdate
from state.events import Direction, Payload, RunResult, Verdict
from state.run_events import RunFinished, RunPaused, RunStarted
from tests.console.journal.test_told import STARTED, checked, write

SMALL = Path(__file__).parents[2] / "e2e" / "plans" / "small.yaml"

BEGUN = RunStarted(
    direction=Direction.FORWARD,
    operations=("network",),
    digest="0" * 64,
    setting="DRILL",
    account="123456789012",
    region="us-east-1",
    endpoint=None,
    max_parallel=1,
    request=1,
    pid=1,
)


@pytest.fixture
def loaded() -> LoadedPlan:
    return openers.open_plan(str(SMALL))


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for kind in ("STATE", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    monkeypatch.setattr(feed, "PIECE", 4)
    monkeypatch.setattr(feed, "SNAPSHOT_EVERY", 4)
    return tmp_path / "j.journal"


def feed_on(path: Path, loaded: LoadedPlan, snapshots: Snapshots | None = None) -> JournalFeed:
    setting = sandbox_setting(loaded.plan, "http://127.0.0.1:1", 1.0)
    return JournalFeed(path, Previewer.of(loaded.plan, setting), snapshots)


def whole(followed: JournalFeed) -> FeedUpdate:
    """The first update, however many pieces it takes."""
    for _ in range(100):
        try:
            update = followed.poll()
        except CatchingUpError:
            continue
        assert update is not None
        return update
    raise AssertionError("it never came to an end")


def a_long_one(path: Path, loaded: LoadedPlan) -> None:
    rows = [(STARTED, "network"), *[(checked(loaded, "network"), "network")] * 9]
    write(path, loaded, *rows)


def test_half_a_journal_is_not_told(path: Path, loaded: LoadedPlan) -> None:
    """While it is read nobody hears where the plan stands, and nothing can be asked for."""
    a_long_one(path, loaded)
    followed = feed_on(path, loaded)
    shares = []
    while not shares or shares[-1] < 1:
        with pytest.raises(CatchingUpError) as caught:
            followed.poll()
        shares.append(caught.value.share)
        assert followed.status.seq == 0
        with pytest.raises(CatchingUpError):
            followed.require_read()
        with pytest.raises(CatchingUpError):
            followed.detail("network")
    assert shares == sorted(shares)
    update = followed.poll()
    assert update is not None
    assert update.status == read_told(path).status
    assert len(update.entries) == update.status.seq
    followed.require_read()
    assert followed.detail("network").checks


def test_a_snapshot_says_what_the_journal_says(path: Path, loaded: LoadedPlan, tmp_path: Path) -> None:
    """With it the next console reads only what came later, and tells the same."""
    snapshots = Snapshots(tmp_path / "folds")
    a_long_one(path, loaded)
    whole(feed_on(path, loaded, snapshots))
    write(path, loaded, (checked(loaded, "network", Verdict.FAIL), "network"))
    followed = feed_on(path, loaded, snapshots)
    update = followed.poll()
    assert update is not None
    told = read_told(path)
    assert (update.status, update.evidence, dict(update.gates)) == (
        told.status,
        told.evidence,
        dict(told.gates),
    )
    assert len(update.entries) == update.status.seq
    assert followed.detail("network") == feed_detail(path, loaded)


def feed_detail(path: Path, loaded: LoadedPlan) -> object:
    followed = feed_on(path, loaded)
    whole(followed)
    return followed.detail("network")


@pytest.mark.parametrize("what", ["hash", "code", "body", "nonsense"])
def test_a_snapshot_that_does_not_fit_is_thrown_away(
    what: str, path: Path, loaded: LoadedPlan, tmp_path: Path
) -> None:
    """Of another history, another version, or damaged: the journal is read instead."""
    snapshots = Snapshots(tmp_path / "folds")
    a_long_one(path, loaded)
    whole(feed_on(path, loaded, snapshots))
    (file,) = (tmp_path / "folds").iterdir()
    head, body = file.read_bytes().split(b"\n", 1)
    said = json.loads(head)
    if what in said and what != "body":
        said[what] = "0" * 64
    if what == "body":
        body = body.replace(b'"running"', b'"succeeded"').replace(b'"verifying"', b'"succeeded"')
    file.write_bytes(b"" if what == "nonsense" else json.dumps(said).encode() + b"\n" + body)
    followed = feed_on(path, loaded, Snapshots(tmp_path / "folds"))
    with pytest.raises(CatchingUpError):
        followed.poll()
    assert not file.exists()
    assert whole(followed).status == read_told(path).status


def test_a_quiet_journal_is_not_opened_again(
    path: Path, loaded: LoadedPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looks at a journal that nobody writes cost three calls of stat."""
    write(path, loaded, (STARTED, "network"))
    later = path.stat().st_mtime + 60
    setting = sandbox_setting(loaded.plan, "http://127.0.0.1:1", 1.0)
    followed = JournalFeed(path, Previewer.of(loaded.plan, setting), clock=lambda: later)
    whole(followed)
    followed.poll()
    monkeypatch.setattr(feed, "JournalReader", None)
    assert followed.poll() is None


def test_the_first_picture_is_of_this_plan_and_this_journal(
    path: Path, loaded: LoadedPlan, tmp_path: Path
) -> None:
    """What stands on the screen first was true at a row that the journal still has."""
    write(path, loaded, (STARTED, "network"))
    update = whole(feed_on(path, loaded))
    folder = tmp_path / "first"
    FirstPicture(folder, loaded, path).keep(update)
    outline = at_a_glance.outline_of(str(SMALL))
    assert outline is not None
    seen = at_a_glance.standing_of(folder, path, outline)
    assert "not known" not in seen.answer
    lines = at_a_glance.picture(outline, seen, "DRILL", 80, 24, plain=True)
    assert len(lines) == 24
    assert all(line.isascii() and len(line) <= 80 for line in lines)
    write(path, loaded, (checked(loaded, "network"), "network"))
    later = at_a_glance.standing_of(folder, path, outline)
    assert later.answer.startswith(f"at row {update.status.seq}: ")
    kept = at_a_glance.picture_file(folder, path)
    kept.write_text(kept.read_text().replace(update.status.hash, "0" * 64))
    assert at_a_glance.standing_of(folder, path, outline).answer == at_a_glance.UNKNOWN.answer
    assert at_a_glance.standing_of(folder, tmp_path / "new.journal", outline) == at_a_glance.NEW


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((), "reading the journal"),
        ((BEGUN,), "running"),
        ((BEGUN, RunPaused(why="asked")), "paused"),
        ((BEGUN, RunFinished(result=RunResult.HELD, counts={}, seconds=1.0)), "ended: held"),
    ],
)
def test_the_first_picture_says_how_the_run_stands(
    path: Path, loaded: LoadedPlan, tmp_path: Path, rows: tuple[Payload, ...], said: str
) -> None:
    """Also where nothing was kept: whoever comes back to a run sees at once that it goes on."""
    write(path, loaded, *((row, None) for row in rows))
    outline = at_a_glance.outline_of(str(SMALL))
    assert outline is not None
    assert at_a_glance.standing_of(tmp_path / "first", path, outline).run.partition(",")[0] == said
    other = replace(outline, head={"plan": "another"})
    assert at_a_glance.standing_of(tmp_path / "first", path, other) == at_a_glance.UNKNOWN
