"""Notifications: a follower tells every endpoint once, in order, across restarts; a dead or slow one delays nobody."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import SecretStr

from console import cli
from console.exit_codes import CommandError
from console.notice_words import MOST, message
from console.notices import Notice, Urgency
from console.notify.endpoints import endpoints, installed
from console.notify.follower import Follower, Pace
from console.notify.process import start_beside
from console.notify.progress import Progress, alone, progress_path
from console.settings import Settings
from state.events import Payload, RunResult
from state.operation_events import OperationFailed, OperationHeld
from state.request_events import RequestNote
from state.run_events import RunFinished
from tests.screens.fakes import HOSTILE
from tests.state.making import open_journal, written

QUICK = Pace(look=0.0, send=5.0, backoff=(0.0,), grace=1.0, start=0.0)
SECRET = "hunter2-not-to-be-shown"
needs_apprise = pytest.mark.skipif(not installed(), reason="the extra `notify` (apprise) is not installed")


def failed(number: int = 1) -> OperationFailed:
    return OperationFailed(step="1", error=f"error {number}")


def finished() -> RunFinished:
    return RunFinished(result=RunResult.FAILED, counts={"failed": 1}, seconds=3.0)


@dataclass
class FakeEndpoint:
    """Takes messages, or does what a test says."""

    name: str = "1 (fake)"
    key: str = "fake"
    answer: Callable[[], bool] = lambda: True
    got: list[tuple[str, str, str]] = field(default_factory=list)

    def send(self, title: str, body: str, urgency: str) -> bool:
        taken = self.answer()
        if taken:
            self.got.append((title, body, urgency))
        return taken

    @property
    def rows(self) -> list[int]:
        """The rows that it was told of, in the order in which it was."""
        lines = [line for _, body, _ in self.got for line in body.splitlines()]
        return [int(line.split()[0].removeprefix("#")) for line in lines if line.startswith("#")]


def a_journal(folder: Path, payloads: list[Payload] | None = None) -> Path:
    return written(
        folder / "j.journal",
        payloads or [failed(), RequestNote(text="x"), OperationHeld(why="approve"), finished()],
    )


def a_follower(
    journal: Path,
    *ends: FakeEndpoint,
    start: int = 0,
    pace: Pace = QUICK,
    running: Callable[[Path], bool] = lambda _: False,
) -> tuple[Follower, list[str]]:
    said: list[str] = []
    progress = Progress(journal, "01JD0000000000000000000000", start)
    return Follower(journal, "reference", ends, progress, said.append, pace, running=running), said


async def test_everybody_is_told_once_of_what_matters_and_a_restart_tells_nothing_again(
    tmp_path: Path,
) -> None:
    journal = a_journal(tmp_path)
    one, two = FakeEndpoint(), FakeEndpoint(key="other")
    assert await a_follower(journal, one, two)[0].follow()
    assert one.rows == two.rows == [2, 4, 5]
    (title, _, urgency), *more = one.got
    assert not more
    assert title.startswith("cutover reference: ")
    assert urgency == "failure"
    assert await a_follower(journal, one, two)[0].follow()
    assert len(one.got) == 1


async def test_what_happened_before_it_began_is_not_told(tmp_path: Path) -> None:
    end = FakeEndpoint()
    assert await a_follower(a_journal(tmp_path), end, start=3)[0].follow()
    assert end.rows == [4, 5]


async def test_a_dead_endpoint_is_tried_again_and_gets_all_of_it_at_once_later(tmp_path: Path) -> None:
    journal = a_journal(tmp_path)
    tries = iter([False, False, False, True])
    end = FakeEndpoint(answer=lambda: next(tries))
    follower, said = a_follower(journal, end)
    assert await follower.follow()
    assert end.rows == [2, 4, 5]
    assert len(said) == 1


async def test_one_that_stays_dead_holds_up_nobody_and_is_told_later(tmp_path: Path) -> None:
    journal = a_journal(tmp_path)
    dead, good = FakeEndpoint("1 (fake)", "dead", lambda: False), FakeEndpoint("2 (fake)", "good")
    follower, said = a_follower(journal, dead, good, pace=Pace(0.0, 5.0, (0.4,), 0.5, 0.0))
    assert not await follower.follow()
    assert good.rows == [2, 4, 5]
    assert not dead.got
    assert "1 (fake)" in said[-1]
    with open_journal(journal) as opened:
        opened.append(failed(2), operation="subnets", run="R")
    dead.answer = lambda: True
    assert await a_follower(journal, dead, good)[0].once()
    assert dead.rows[:3] == [2, 4, 5]
    assert len(dead.rows) == 4
    assert good.rows == dead.rows


async def test_one_that_hangs_or_breaks_counts_as_dead(tmp_path: Path) -> None:
    journal, gate = a_journal(tmp_path), threading.Event()

    def breaks() -> bool:
        raise OSError(SECRET)

    slow, broken, good = (
        FakeEndpoint(key="a", answer=lambda: gate.wait(30)),
        FakeEndpoint(key="b", answer=breaks),
        FakeEndpoint(key="c"),
    )
    follower, said = a_follower(journal, slow, broken, good, pace=Pace(0.0, 0.05, (0.0,), 1.0, 0.0))
    assert not await follower.once()
    gate.set()
    assert good.rows == [2, 4, 5]
    assert not any(SECRET in line for line in said)


async def test_it_follows_a_run_to_its_end_even_when_it_was_there_first(tmp_path: Path) -> None:
    journal = a_journal(tmp_path, [RequestNote(text="a run is asked for")])
    end, looks = FakeEndpoint(), 0

    def running(_: Path) -> bool:
        nonlocal looks
        looks += 1
        if looks == 3:
            with open_journal(journal) as opened:
                opened.append(failed(), operation="vpc", run="R")
        if looks == 5:
            with open_journal(journal) as opened:
                opened.append(finished(), run="R")
        return False

    follower, _ = a_follower(journal, end, start=2, pace=Pace(0.0, 5.0, (0.0,), 1.0, 30.0), running=running)
    assert await asyncio.wait_for(follower.follow(), 60)
    assert end.rows == [3, 4]
    assert len(end.got) == 2


def test_progress_is_kept_for_its_owner_and_damage_means_a_fresh_start(tmp_path: Path) -> None:
    journal = a_journal(tmp_path)
    progress = Progress(journal, "J", 7)
    progress.note("k", 9)
    file = progress_path(journal)
    assert file.stat().st_mode & 0o777 == 0o600
    assert Progress(journal, "J", 7).told("k") == 9
    assert Progress(journal, "OTHER", 7).told("k") == 7
    for damage in ("", "{", "[]", '{"journal_id": "J", "told": {"k": "x"}}'):
        file.write_text(damage)
        assert Progress(journal, "J", 7).told("k") == 7


def test_only_one_tells_of_a_journal(tmp_path: Path) -> None:
    journal = a_journal(tmp_path)
    with alone(journal) as first, alone(journal) as second:
        assert first
        assert not second
    with alone(journal) as again:
        assert again


def test_a_message_lists_the_newest_and_holds_no_control_characters() -> None:
    many = [Notice(f"{HOSTILE} {number}", Urgency.WARNING, number) for number in range(MOST + 5)]
    title, body, urgency = message("reference", many)
    assert urgency == "warning"
    assert "5 earlier ones" in body
    assert f"#{MOST + 4} " in body
    assert not any(char in title + body for char in "\x1b\x07\x9b\u202e\u200b")


def test_addresses_are_shown_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUTOVER_NOTIFY_URLS", f"json://user:{SECRET}@127.0.0.1:1/ nonsense://{SECRET}")
    for form in ("text", "json"):
        shown = CliRunner().invoke(cli.cutover, ["config", "show", "--origin", "--format", form])
        assert shown.exit_code == 0
        assert SECRET not in shown.output
        assert "CUTOVER_NOTIFY_URLS" in shown.output
    if not installed():
        return
    with pytest.raises(CommandError, match=r"address 2 \(nonsense\) is none that apprise knows") as refused:
        endpoints(Settings(notify_urls=SecretStr(f"json://127.0.0.1:1 nonsense://{SECRET}")))
    assert SECRET not in str(refused.value)


def test_a_run_without_addresses_starts_nobody(tmp_path: Path) -> None:
    assert start_beside(Settings(), tmp_path / "j", "p", 1, pytest.fail) is None


@dataclass
class Receiver:
    """A loopback HTTP server that keeps what it was sent."""

    server: HTTPServer
    got: list[dict[str, str]]
    arrived: threading.Event

    @property
    def url(self) -> str:
        return f"json://user:{SECRET}@127.0.0.1:{self.server.server_port}/hook"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    got: list[dict[str, str]] = []
    arrived = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()
            arrived.set()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield Receiver(server, got, arrived)
    server.shutdown()
    server.server_close()
    thread.join()


@needs_apprise
async def test_apprise_delivers_to_a_receiver_and_says_when_there_is_none(
    tmp_path: Path, receiver: Receiver
) -> None:
    nobody = "json://127.0.0.1:1/"
    good, dead = endpoints(Settings(notify_urls=SecretStr(f"{receiver.url} {nobody}")))
    assert good.name == "1 (json)"
    assert SECRET not in repr(good) + good.key
    journal = a_journal(tmp_path)
    said: list[str] = []
    progress = Progress(journal, "01JD0000000000000000000000", 0)
    follower = Follower(journal, "reference", (good, dead), progress, said.append, QUICK)
    assert not await follower.once()
    (message_,) = receiver.got
    assert message_["title"].startswith("cutover reference: ")
    assert "#2 vpc failed" in message_["message"]
    assert message_["type"] == "failure"
    assert progress.told(good.key) == 5
    assert progress.told(dead.key) == 0


@needs_apprise
def test_the_process_beside_a_run_delivers_and_ends(
    tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUTOVER_NOTIFY_URLS", receiver.url)
    journal = a_journal(tmp_path)
    settings = Settings(notify_urls=SecretStr(receiver.url))
    process = start_beside(settings, journal, "reference", 0, pytest.fail)
    assert process is not None
    assert SECRET not in " ".join(map(str, process.args))  # type: ignore[arg-type]
    assert receiver.arrived.wait(60)
    assert process.wait(60) == 0
    assert len(receiver.got) == 1
