"""The console and credentials: logging in, arming with little life left, falling back to read-only, the header."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.screens.driving import SMALL, Driven, make, text_of, until
from tests.screens.fakes import NOW, a_run, a_status, an_update

from console.compose import login_command  # isort: skip
from console.exit_codes import CommandError  # isort: skip
from console.terminal.login import Login, log_in  # isort: skip
from screens.messages import MetricsArrived  # isort: skip
from screens.ports import ArmPreview  # isort: skip
from state.projections.states import RunState  # isort: skip


class Lent:
    """An app whose terminal can be lent, and that remembers it."""

    def __init__(self) -> None:
        self.lent = 0

    @contextmanager
    def suspend(self) -> Iterator[None]:
        self.lent += 1
        yield


@pytest.mark.parametrize(
    ("command", "problem", "after"),
    [
        (("true",), None, 1),
        (("/no/such/program",), "cannot be started: No such file", 0),
    ],
)
def test_a_login_is_an_argument_vector(command: tuple[str, ...], problem: str | None, after: int) -> None:
    called: list[int] = []
    app = Lent()
    before = signal.getsignal(signal.SIGINT)
    found = log_in(app, Login(command, None, lambda: called.append(1)))  # type: ignore[arg-type]
    assert (found is None) if problem is None else problem in (found or "")
    assert (len(called), app.lent) == (after, 1)
    assert signal.getsignal(signal.SIGINT) is before


def test_where_there_is_nothing_to_log_in_to_the_terminal_is_not_lent() -> None:
    app = Lent()
    assert log_in(app, Login(refused="DRILL: made up")) == "DRILL: made up"  # type: ignore[arg-type]
    assert app.lent == 0


@pytest.mark.parametrize(
    ("setting", "profile", "command"),
    [
        (None, None, ("aws", "sso", "login")),
        (None, "prod; id", ("aws", "sso", "login", "--profile", "prod; id")),
        ("corp-login 'the account' $(id)", "prod", ("corp-login", "the account", "$(id)")),
    ],
)
def test_the_login_command(setting: str | None, profile: str | None, command: tuple[str, ...]) -> None:
    assert login_command(setting, profile) == command


def test_over_ssh_a_login_shows_an_address_and_a_code() -> None:
    """The browser is elsewhere, and loopback there is not loopback here; a command of one's own stays as it is."""
    assert login_command(None, "prod", far=True) == (
        *("aws", "sso", "login", "--profile", "prod"), "--use-device-code", "--no-browser",
    )  # fmt: skip
    assert login_command("corp-login", None, far=True) == ("corp-login",)


def test_a_login_command_that_is_none() -> None:
    with pytest.raises(CommandError, match="login_command"):
        login_command("corp 'login", None)


async def _arm(driven: Driven, pilot: object) -> None:
    from textual.pilot import Pilot

    assert isinstance(pilot, Pilot)
    await pilot.press(":", *"arm", "enter")
    await until(pilot, lambda: type(driven.app.screen).__name__ == "ArmScreen")
    await pilot.pause()
    driven.ticker.pass_seconds(1)
    await until(pilot, lambda: "To arm, type" in text_of(driven.app))


async def test_too_short_to_run_arms_for_the_way_back_only() -> None:
    driven = make()
    driven.desk.armable = ArmPreview(
        ("credentials 12 min left", "armed for the way back only"), way_back_only=True
    )
    async with driven.app.run_test(size=SMALL, notifications=True) as pilot:
        await driven.settle(pilot)
        await _arm(driven, pilot)
        assert "credentials 12 min left" in text_of(driven.app)
        await pilot.press(*driven.app.banner.alias or "", "enter")
        await until(pilot, lambda: bool(driven.app.armed))
        await pilot.press("r")
        await until(pilot, lambda: "for the way back only" in text_of(driven.app))
        assert type(driven.app.screen).__name__ == "CutoverScreen"
        await driven.dialog(pilot, "R")
        assert type(driven.app.screen).__name__ == "ConfirmScreen"


async def test_another_identity_disarms() -> None:
    driven = make()
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.armed = frozenset({"*"})
        place = driven.metrics.place
        driven.metrics.place = replace(place, problem="no credentials, :login")
        await until(pilot, lambda: "no credentials, :login" in text_of(driven.app))
        assert driven.app.armed
        driven.metrics.place = replace(place, identity="arn:aws:sts::123456789012:assumed-role/admin/sam")
        await until(pilot, lambda: not driven.app.armed)
        await until(pilot, lambda: bool(driven.desk.asked))
        assert driven.desk.asked[-1][0] == "disarm"


async def test_the_header_says_until_when_and_why_a_run_is_parked() -> None:
    driven = make()
    driven.metrics.place = replace(driven.metrics.place, login_by=NOW + timedelta(minutes=42))
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        await until(pilot, lambda: "login 42 min left" in text_of(driven.app))
        parked = replace(a_run(RunState.PAUSED), why="parked: credentials expired, log in with `x`")
        driven.feed.pending.append(
            replace(an_update(), status=replace(a_status(parked), seq=3000), entries=())
        )
        await until(pilot, lambda: "run parked: credentials expired" in text_of(driven.app))


async def test_credentials_renewed_from_elsewhere_disarm() -> None:
    driven = make()
    first = replace(driven.metrics.place, login_by=NOW + timedelta(hours=1))
    driven.metrics.place = first
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.armed = frozenset({"9"})
        driven.app.post_message(MetricsArrived(driven.metrics.now, first))
        await pilot.pause()
        assert driven.app.armed == {"9"}
        renewed = replace(first, login_by=NOW + timedelta(hours=9))
        driven.app.post_message(MetricsArrived(driven.metrics.now, renewed))
        await until(pilot, lambda: not driven.app.armed)
        await until(pilot, lambda: ("disarm", "new credentials") in driven.desk.asked)
