"""How things are timed, and how figures are written."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: what was measured, and the figures as text."""

    what: str
    figures: str


def seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def spread(what: str, times: list[float]) -> Line:
    """Median and 99th percentile of single acts, in milliseconds."""
    p99 = quantiles(times, n=100)[98]
    return Line(what, f"p50 {median(times) * 1e3:8.3f} ms   p99 {p99 * 1e3:8.3f} ms   n {len(times)}")


def best(what: str, times: list[float]) -> Line:
    """The best and the median of a few repetitions of something long, in milliseconds."""
    return Line(
        what, f"best {min(times) * 1e3:8.1f} ms   median {median(times) * 1e3:8.1f} ms   n {len(times)}"
    )


def rate(what: str, count: int, took: float) -> Line:
    """So many in so many seconds."""
    return Line(what, f"{count / took:10,.0f} a second   {took:.2f} s for {count:,}")
