"""Anchors: heads kept outside the journal's file, in a local file and by syslog, and what happens when one fails."""

import json
import os
import re
import resource
import socket
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from state.anchors import AnchorError, LocalAnchor, SyslogAnchor, local_file, read_kept, syslog_target
from state.kinds import Kind
from state.reader import JournalReader
from state.request_events import RequestNote
from state.run_events import HeadReason
from state.seals import SignedHead, read_head, sealed
from tests.state.sealing import FINISHED, JOURNAL_ID, open_sealed, signer

AT = "2026-11-20T03:00:00.000000Z"
RFC_5424 = re.compile(rf"<109>1 {AT} bastion cutover \d+ journal\.head - (\{{.*\}})")


def head(seq: int, journal_id: str = JOURNAL_ID) -> SignedHead:
    bare = SignedHead(journal_id, seq, "a" * 64, None, AT, signer().public_key, "")
    made = read_head(sealed(bare, signer().sign, HeadReason.COUNT, ()).model_dump(mode="json"))
    assert made is not None
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = local_file(tmp_path / "anchors", JOURNAL_ID)
    assert found is not None
    return found


def test_the_local_anchor_appends_lines_for_its_owner_alone(file: Path) -> None:
    for seq in (100, 201):
        LocalAnchor(file).keep(head(seq))
    assert [kept.seq for kept in read_kept(file, JOURNAL_ID).heads] == [100, 201]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text().splitlines()[0]) == head(100).as_dict()


def test_half_a_line_that_a_crash_left_spoils_no_other(file: Path) -> None:
    LocalAnchor(file).keep(head(100))
    with file.open("a") as opened:
        opened.write('{"journal_id":"01JD')
    LocalAnchor(file).keep(head(201))
    kept = read_kept(file, JOURNAL_ID)
    assert ([each.seq for each in kept.heads], kept.unreadable) == ([100, 201], 1)


def test_only_genuine_heads_of_the_journal_count(file: Path) -> None:
    file.parent.mkdir()
    forged = replace(head(100), hash="b" * 64)
    lines = [head(100), forged, head(101, "another")]
    file.write_text(
        "".join(json.dumps(each.as_dict()) + "\n" for each in lines) + "[]\n" + "[" * 9_000 + "\n"
    )
    kept = read_kept(file, JOURNAL_ID)
    assert ([each.seq for each in kept.heads], kept.unreadable) == ([100], 4)


@pytest.mark.parametrize("journal_id", ["", "../x", "a/b", ".", "a" * 65, "a\n", "\0"])
def test_an_id_that_is_no_file_name_has_no_anchor(tmp_path: Path, journal_id: str) -> None:
    assert local_file(tmp_path, journal_id) is None


def test_a_link_in_place_of_the_file_is_not_followed(file: Path, tmp_path: Path) -> None:
    file.parent.mkdir()
    file.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(AnchorError):
        LocalAnchor(file).keep(head(100))
    assert not (tmp_path / "elsewhere").exists()


def test_a_head_that_fits_only_in_part_is_not_kept(file: Path) -> None:
    """The disk takes what it has room for and says how much; a head cut short counted as one that was kept."""
    anchor, before = LocalAnchor(file), resource.getrlimit(resource.RLIMIT_FSIZE)
    anchor.keep(head(100))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size + 20, before[1]))
    try:
        with pytest.raises(AnchorError, match="cannot be written"):
            anchor.keep(head(200))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    anchor.keep(head(300))
    assert [each.seq for each in read_kept(file, JOURNAL_ID).heads] == [100, 300]


def test_a_new_file_of_heads_is_there_after_a_power_cut(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is synced in a folder that is not may be gone, and the end of the journal with it."""
    synced: list[int] = []
    sync = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_ino)
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    anchor = LocalAnchor(file)
    anchor.keep(head(100))
    anchor.keep(head(200))
    assert synced == [file.stat().st_ino, file.parent.stat().st_ino, file.stat().st_ino]


@pytest.fixture
def udp() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(10)
        yield receiver


def test_syslog_gets_the_head_as_one_rfc_5424_datagram_over_udp(udp: socket.socket) -> None:
    address = f"udp://127.0.0.1:{udp.getsockname()[1]}"
    SyslogAnchor(address, lambda: AT, "bastion").keep(head(100))
    message = RFC_5424.fullmatch(udp.recv(4096).decode())
    assert message is not None
    assert read_head(json.loads(message[1])) == head(100)


def test_syslog_gets_the_head_over_a_unix_socket(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(str(tmp_path / "log"))
        receiver.settimeout(10)
        SyslogAnchor(f"unix://{tmp_path}/log", lambda: AT, "bastion").keep(head(100))
        assert RFC_5424.fullmatch(receiver.recv(4096).decode())


@pytest.mark.parametrize("address", ["", "tcp://h:1", "udp://", "udp://h:x", "unix://log", "/dev/log"])
def test_what_is_no_syslog_address_is_refused(address: str) -> None:
    with pytest.raises(AnchorError, match="not an address"):
        syslog_target(address)


def test_an_anchor_that_fails_stops_nothing_is_said_once_and_named_in_the_next_head(tmp_path: Path) -> None:
    said: list[str] = []
    nobody = SyslogAnchor(f"unix://{tmp_path}/nobody", lambda: AT)
    path = tmp_path / "j.journal"
    with open_sealed(path, tmp_path / "anchors", nobody, say=said.append) as journal:
        for _ in range(3):
            journal.append(RequestNote(text="on it goes"), run="R")
            journal.append(FINISHED, run="R")
    with JournalReader(path) as reader:
        heads = [event.data for event in reader.events() if event.kind == Kind.JOURNAL_HEAD]
    assert [data["unanchored"] for data in heads] == [[], ["syslog"], ["syslog"]]
    assert len(said) == 1
    assert said[0].startswith("anchor syslog: ")
    assert len(read_kept(tmp_path / "anchors" / f"{JOURNAL_ID}.heads", JOURNAL_ID).heads) == 3
