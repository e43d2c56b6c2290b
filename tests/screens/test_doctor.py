"""How the doctor's room, the tour and a copy look."""

from __future__ import annotations

from textual.pilot import Pilot

from console.ports import Ports
from screens.doctor_port import Area, Finding, Verdict
from tests.screens.driving import SMALL, Driven, make, text_of, until
from tests.screens.fakes import HOSTILE
from tests.screens.rooms import SIZES, Compare, look

FINDINGS = (
    Finding("term", Area.TERMINAL, Verdict.PASS, "TERM is xterm-256color"),
    Finding(
        "tmux-clipboard",
        Area.TERMINAL,
        Verdict.WARN,
        "set-clipboard is off: copies stay in tmux",
        "`tmux set -g set-clipboard on`",
    ),
    Finding("python", Area.HOST, Verdict.PASS, "3.11.7, /usr/bin/python3"),
    Finding(
        "journal-filesystem",
        Area.JOURNAL,
        Verdict.FAIL,
        f"/srv/{HOSTILE}.journal on nfs4: its locks are not reliable",
        "use a local disk: --journal FILE, CUTOVER_JOURNAL or XDG_STATE_HOME",
    ),
    Finding("credentials", Area.ACCOUNT, Verdict.PASS, "IAM Identity Center (SSO) (config, profile prod)"),
)


class FakeDoctor:
    """Finds the same each time."""

    def examine(self, *, sync: bool | None = None) -> tuple[Finding, ...]:
        """What it always finds."""
        del sync
        return FINDINGS


def with_doctor() -> Driven:
    return make(ports=Ports(doctor=FakeDoctor()))


async def the_doctor(driven: Driven, pilot: Pilot[int]) -> None:
    driven.app.run_command("doctor")
    await until(pilot, lambda: "do: use a local disk" in text_of(driven.app))


async def the_tour(driven: Driven, pilot: Pilot[int]) -> None:
    driven.app.run_command("tour")
    await pilot.press("n", "n")
    await until(pilot, lambda: "3 of 8" in text_of(driven.app))


async def a_copy(driven: Driven, pilot: Pilot[int]) -> None:
    await driven.dialog(pilot, "y")


@SIZES
def test_doctor(snap_compare: Compare, size: tuple[int, int]) -> None:
    """Every finding with a glyph, a word and what to do."""
    assert look(snap_compare, with_doctor(), size, the_doctor)


@SIZES
def test_tour(snap_compare: Compare, driven: Driven, size: tuple[int, int]) -> None:
    """The tour stands above the hints and covers no pane whole."""
    assert look(snap_compare, driven, size, the_tour)


def test_copy(snap_compare: Compare, driven: Driven) -> None:
    """The text that was copied can be marked by hand."""
    assert look(snap_compare, driven, SMALL, a_copy)
