"""The door of a served console: the token, the cookie, whose name the host is, which page asks; and the child's read-only."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from console import openers
from console.exit_codes import CommandError
from console.ports import Ports
from console.serve import child
from console.serve.bridge import _envelope, _resized, child_environment
from console.serve.door import Door, is_own_name
from console.serve.page import page, policy
from console.serve.server import listen

SECRETS = re.compile(r"token=([\w-]{43})$")


class Served:
    """A door with a room behind it, and a visitor without anything."""

    def __init__(self, port: int, door: Door, http: aiohttp.ClientSession) -> None:
        self.port, self.door, self.http = port, door, http
        found = SECRETS.search(door.address)
        assert found is not None
        self.token = found[1]

    async def get(self, path: str = "/", **headers: str) -> aiohttp.ClientResponse:
        url = URL(f"http://127.0.0.1:{self.port}{path}", encoded=True)
        return await self.http.get(url, headers=headers, allow_redirects=False)


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    with listen(0) as listener:
        port = listener.getsockname()[1]
        door = Door(port)
        app = web.Application(middlewares=[door.middleware])

        async def inside(request: web.Request) -> web.StreamResponse:
            if request.headers.get("Upgrade"):
                socket = web.WebSocketResponse()
                await socket.prepare(request)
                await socket.close()
                return socket
            return web.Response(text="inside")

        app.router.add_get("/", inside)
        app.router.add_get("/ws", inside)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.SockSite(runner, listener).start()
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as http:
            yield Served(port, door, http)
        await runner.cleanup()


async def test_nobody_gets_in_without_the_token(served: Served) -> None:
    for path in (
        "/",
        "/ws",
        "/static/js/textual.js",
        "/nowhere",
        "/?token=",
        "/?token=x",
        f"/?token={served.token}x",
    ):
        answer = await served.get(path)
        assert answer.status == 403, path
        assert "inside" not in await answer.text()
        assert "Set-Cookie" not in answer.headers


async def test_the_token_opens_once_and_goes_out_of_the_address(served: Served) -> None:
    answer = await served.get(f"/?token={served.token}")
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert served.token not in cookie
    inside = await served.get("/")
    assert await inside.text() == "inside"
    assert inside.headers["Cache-Control"] == "no-store"
    assert inside.headers["X-Frame-Options"] == "DENY"
    assert (await served.get("/nowhere")).headers["Referrer-Policy"] == "no-referrer"


async def test_a_cookie_that_nobody_gave_opens_nothing(served: Served) -> None:
    for value in ("", "x", served.token):
        answer = await served.get("/", Cookie=f"cutover-{served.port}={value}")
        assert answer.status == 403


async def test_a_name_that_was_rebound_to_here_opens_nothing(served: Served) -> None:
    await served.get(f"/?token={served.token}")
    for host in ("evil.example", f"evil.example:{served.port}", "127.0.0.1.evil.example", "10.0.0.1", ""):
        assert (await served.get("/", Host=host)).status == 403, host
        assert (await served.get(f"/?token={served.token}", Host=host)).status == 403, host
    assert (await served.get("/", Host="localhost:9000")).status == 200


async def test_another_page_on_this_machine_opens_no_socket(served: Served) -> None:
    await served.get(f"/?token={served.token}")
    own = f"http://127.0.0.1:{served.port}"
    for origin in ("http://127.0.0.1:9", "http://evil.example", "null", f"https://127.0.0.1:{served.port}"):
        assert (await served.get("/", Origin=origin)).status == 403, origin
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await served.http.ws_connect(f"{own}/ws", origin=origin)
        assert refused.value.status == 403
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await served.http.ws_connect(f"{own}/ws")
    socket = await served.http.ws_connect(f"{own}/ws", origin=own)
    await socket.close()


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:80", "localhost", "localhost:8000", "[::1]:8000", "127.9.9.9:1"]
)
def test_loopback_by_its_own_names(host: str) -> None:
    assert is_own_name(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "example.com",
        "localhost.evil",
        "user@127.0.0.1",
        "127.0.0.1:x",
        "127.0.0.1/",
        "[::1",
        "0.0.0.0",
        "2130706433",
    ],
)
def test_and_by_no_other(host: str) -> None:
    assert not is_own_name(host)


def test_tokens_are_long_and_never_the_same() -> None:
    assert len({Door(1).address for _ in range(20)}) == 20


def test_it_listens_on_loopback_alone() -> None:
    with listen(0) as listener:
        address, port = listener.getsockname()
        assert address == "127.0.0.1"
        with pytest.raises(CommandError, match="another --port"), listen(port) as again:
            again.listen()


def test_the_page_refers_to_nothing_elsewhere_and_escapes_the_plan() -> None:
    shown = page('</title><script>alert(1)</script>"', "127.0.0.1:8000")
    assert "<script>alert" not in shown
    assert re.findall(r"https?://[^\"' ]+", shown) == []
    assert shown.count("<script") == 1
    assert "default-src 'none'" in policy("127.0.0.1:8000")
    assert "unsafe-eval" not in policy("127.0.0.1:8000")


def test_the_child_is_read_only_whatever_the_environment_says() -> None:
    made = child_environment({"CUTOVER_READ_ONLY": "0", "TMUX": "x", "HOME": "/h"})
    assert made["CUTOVER_READ_ONLY"] == "1"
    assert made["HOME"] == "/h"
    assert "TMUX" not in made


def test_a_child_that_is_not_read_only_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CUTOVER_CONFIG", str(tmp_path / "none.toml"))
    monkeypatch.delenv("CUTOVER_READ_ONLY", raising=False)
    with pytest.raises(CommandError, match="must be read-only"):
        child.open_served("reference", None, None, (80, 24))


def test_a_process_that_only_looks_opens_no_journal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from operations.plan.loader import load_plan
    from state.errors import JournalUnwritableError

    monkeypatch.setattr(openers, "_LOOKING", [])
    openers.only_look("a served console is read-only")
    with pytest.raises(JournalUnwritableError, match="read-only"):
        openers.open_journal(tmp_path / "j.journal", load_plan("reference"))
    assert not (tmp_path / "j.journal").exists()


def test_a_visitor_gets_nothing_that_does_something() -> None:
    acting = {
        "checks": object(),
        "gate": object(),
        "hands": object(),
        "signatory": object(),
        "watch": object(),
    }
    full = Ports(greeting="hello", **acting)  # type: ignore[arg-type]
    left = child.for_visitors(full)
    assert [getattr(left, name) for name in acting] == [None] * len(acting)
    assert left.greeting == "hello"


def test_what_is_no_message_is_dropped() -> None:
    for text in ("", "{", "{}", "[]", "[1, 2]", "null", '["stdin"]'):
        kind, rest = _envelope(text)
        assert kind in ("", "stdin")
        assert rest is None
    for size in ((0, 24), (80, 10**9), ("80", 24), (None, None), (True, -1)):
        assert json.loads(_resized(*size))["width"] == 80
    assert json.loads(_resized(132, 43)) == {"type": "resize", "width": 132, "height": 43}
