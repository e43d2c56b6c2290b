"""The reliability catalogue: how many tries each of its tests makes, and the table that `make soak` prints."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

import pytest

PROPERTY = "catalogue"
FAILED = pytest.StashKey[bool]()
Row = tuple[int, str, int, int, str]
"""Number, title, tries, failures, target."""


@dataclass
class Tally:
    """Counts one catalogue test's tries and failures; the row is kept even when the test then fails."""

    whole: bool
    tries: int = 0
    failures: int = 0
    found: list[str] = field(default_factory=list)

    def count(self, slice_: int, sweep: int) -> int:
        """How many tries to make: a slice in `make test`, the sweep in `make soak`."""
        return sweep if self.whole else slice_

    def note(self, problem: str | None = None, *, tries: int = 1) -> None:
        """One try (or several) is over; `problem` says what was wrong with it."""
        self.tries += tries
        if problem is not None:
            self.failures += 1
            self.found.append(problem)

    def settle(self) -> None:
        """Fail the test when any try did, or when none was made."""
        assert self.tries, "nothing was tried"
        assert not self.found, f"{self.failures} of {self.tries} tries failed, the first: {self.found[0]}"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="whole sweeps of the reliability catalogue")


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Iterator[Tally]:
    """The tally of a test with the mark `catalogue(number, title, target)`; it is settled after the test."""
    mark = request.node.get_closest_marker("catalogue")
    assert mark is not None, "a tally needs @pytest.mark.catalogue(number, title, target)"
    number, title, target = mark.args
    counted = Tally(whole=request.config.getoption("--soak"))
    yield counted
    if request.node.stash.get(FAILED, False) and not counted.failures:
        counted.failures = 1
    row: Row = (number, title, counted.tries, counted.failures, target)
    request.node.user_properties.append((PROPERTY, row))
    counted.settle()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if call.when == "call":
        item.stash[FAILED] = report.failed
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if not config.getoption("--soak"):
        return
    rows: dict[tuple[int, str, str], list[int]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport) and report.when == "teardown":
                for name, value in report.user_properties:
                    if name == PROPERTY:
                        number, title, tries, failures, target = value
                        row = rows.setdefault((number, title, target), [0, 0])
                        row[0], row[1] = row[0] + tries, row[1] + failures
    terminalreporter.section("reliability catalogue")
    terminalreporter.write_line(f"{'#':>3}  {'test':<58} {'tries':>8} {'failures':>8}  target")
    for (number, title, target), (tries, failures) in sorted(rows.items()):
        terminalreporter.write_line(f"{number:>3}  {title:<58} {tries:>8} {failures:>8}  {target}")
