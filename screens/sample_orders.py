"""What the samples of a gate can be sorted by; at first those that keep it shut stand on top."""

from __future__ import annotations

from collections.abc import Callable

from operations.checks.gate import Sample
from state.events import Verdict

_WORST = [Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE, None, Verdict.PASS]


def _oldest(each: Sample) -> tuple[object, ...]:
    return each.at is not None, each.at or "", each.id


SAMPLE_ORDERS: dict[str, Callable[[Sample], tuple[object, ...]]] = {
    "verdict": lambda each: (each.counts, _WORST.index(each.verdict if each.problem is None else None)),
    "plan": lambda _: (),
    "weight": lambda each: (each.counts, -each.weight),
    "age": _oldest,
}
