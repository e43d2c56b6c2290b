"""The power goes at any moment: what was acknowledged is there, the rest is whole or not there at all."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import pytest

from state.errors import JournalError
from state.journal import Journal
from state.reader import JournalReader
from state.request_events import RequestNote
from tests.conftest import Tally
from tests.state.making import PLAN, open_journal, ticking
from tests.state.power.disk import Act, Disk, DiskReserve, Told, image, put
from tests.state.power.vfs import DiskVfs

APPENDS = 60
NAME = "j.journal"


@dataclass(frozen=True, slots=True)
class Recording:
    """What one writer told its disk, and the hashes of the rows it wrote."""

    log: list[Told]
    hashes: list[str]


def record(folder: Path, seed: int, *, careless: bool = False) -> Recording:
    """Let a journal write on a disk that remembers."""
    chance = random.Random(seed)
    disk = Disk()
    vfs = DiskVfs(disk)
    folder.mkdir()
    with Journal(
        folder / NAME,
        PLAN,
        clock=ticking(),
        new_id=lambda: "01JD0000000000000000000000",
        actor="ana@bastion",
        connect=vfs.connect_careless if careless else vfs.connect_writer,
        reserve=lambda _: DiskReserve(disk, 0),
        checkpoint_every=chance.choice([5, 13, 40]),
    ) as journal:
        disk.acknowledge(1)
        for number in range(APPENDS):
            text = "x" * chance.choice([10, 500, 3000, 20000]) if chance.random() < 0.3 else str(number)
            disk.acknowledge(journal.append(RequestNote(text=text)).seq)
    with JournalReader(folder / NAME) as reader:
        return Recording(disk.log, [event.hash for event in reader.events()])


def problem(recording: Recording, cut: int, seed: int, folder: Path) -> str | None:
    """What is wrong with a journal whose power was cut after so many acts, None when nothing is."""
    log = recording.log[:cut]
    acknowledged = max((told.at for told in log if told.act is Act.ACKNOWLEDGED), default=0)
    put(image(log, random.Random(seed)), folder)
    where = f"cut {cut} of {len(recording.log)}, seed {seed}"
    try:
        if acknowledged == 0 or seed % 10 == 0:
            with open_journal(folder / NAME):
                pass
        with JournalReader(folder / NAME) as reader:
            report, found = reader.verify(), [event.hash for event in reader.events()]
    except JournalError as error:
        return f"{where}: {error}"
    if not report.ok:
        return f"{where}: {report.problem}"
    if acknowledged and found[:acknowledged] != recording.hashes[:acknowledged]:
        return f"{where}: {acknowledged} rows were acknowledged, {len(found)} are there"
    return None


@pytest.mark.catalogue(3, "power cut at any write or sync", "0 acknowledged rows lost, 0 corrupt")
def test_no_power_cut_loses_what_was_acknowledged(tmp_path: Path, tally: Tally) -> None:
    image_folder = tmp_path / "image"
    image_folder.mkdir()
    recordings = [record(tmp_path / str(seed), seed) for seed in range(tally.count(3, 8))]
    for seed in range(tally.count(150, 2000)):
        recording = recordings[seed % len(recordings)]
        cut = random.Random(f"cut {seed}").randint(1, len(recording.log))
        tally.note(problem(recording, cut, seed, image_folder))


def test_a_writer_that_does_not_wait_for_the_disk_loses_rows_here(tmp_path: Path) -> None:
    """The control: were this to pass, the test above would show nothing."""
    image_folder = tmp_path / "image"
    image_folder.mkdir()
    recording = record(tmp_path / "careless", 1, careless=True)
    cuts = [random.Random(f"cut {seed}").randint(1, len(recording.log)) for seed in range(40)]
    found = [problem(recording, cut, seed, image_folder) for seed, cut in enumerate(cuts)]
    lost = [each for each in found if each is not None]
    assert len(lost) > 5
    assert all("rows were acknowledged" in each for each in lost), lost
