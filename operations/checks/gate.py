"""The rule of a go/no-go gate: from samples to scores, from scores to a decision, and what would make it GO.

No data is not a pass: a criterion that was never made, or whose sample does not count, weighs as if it had failed.
A waiver never makes a GO: it lifts a NO-GO to a CONDITIONAL-GO at best.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from operations.plan.registers import Conditional, Gate
from state.events import Verdict
from state.gate_events import GateDecision

OVERALL = "overall"
"""The threshold on the mean of all categories."""
HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a gate demands, in percent: thresholds by category, `overall` among them, and the conditional band."""

    thresholds: tuple[tuple[str, Fraction], ...]
    conditional: Conditional | None = None

    def threshold(self, category: str) -> Fraction | None:
        """The threshold of a category, None where it has none."""
        return dict(self.thresholds).get(category)

    def band(self, category: str) -> tuple[Fraction, Fraction] | None:
        """From which score to below which the category is a conditional go, None where it never is.

        What lies between the band and a threshold above it is no worse than the band; a band that begins where the
        threshold is reached already, or that ends before it begins, is none.
        """
        band = self.conditional
        if band is None or band.category != category:
            return None
        lower, upper = exact(band.lower), exact(band.upper)
        threshold = self.threshold(category)
        if lower >= upper or (threshold is not None and lower >= threshold):
            return None
        return lower, max(upper, threshold or upper)

    def wants(self, category: str) -> Fraction | None:
        """The least score with which a category is a GO."""
        band = self.band(category)
        return band[1] if band else self.threshold(category)


def rule_of(gate: Gate) -> Rule:
    """The rule as the plan has it."""
    return Rule(tuple((key, exact(value)) for key, value in gate.thresholds.items()), gate.conditional)


def exact(value: float) -> Fraction:
    """A figure of a plan as it was written: 0.1 is a tenth, so that equal scores compare equal."""
    return Fraction(str(value))


@dataclass(frozen=True, slots=True)
class Sample:
    """One criterion as the gate sees it.

    Attributes:
        id: of the criterion.
        category: of the criterion.
        title: of the criterion.
        weight: its share in the category's score.
        verdict: what its check came to, None where it was never made.
        at: when, as events tell time.
        seq: the event that says so, None where it is not in a journal.
        message: what was seen.
        stands_for: the step in whose place a sandbox made it.
        by: who attested it, where it is made by hand.
        problem: why it does not count although it was made: too old, or from before a way back.
        waived: somebody answers for it, signed and not expired.
    """

    id: str
    category: str
    title: str
    weight: float
    verdict: Verdict | None = None
    at: str | None = None
    seq: int | None = None
    message: str = ""
    stands_for: str | None = None
    by: str | None = None
    problem: str | None = None
    waived: bool = False

    @property
    def passes(self) -> bool:
        """Whether its weight counts by itself."""
        return self.verdict is Verdict.PASS and self.problem is None

    @property
    def counts(self) -> bool:
        """Whether it passes, or is waived."""
        return self.passes or self.waived


@dataclass(frozen=True, slots=True)
class CategoryScore:
    """A category's score, or the mean of all, in percent rounded down to two places: 94.999 is not shown as 95.

    `waived_score` counts what was waived too; `why` is the comparison that decided.
    """

    id: str
    score: float
    waived_score: float
    threshold: float | None
    decision: GateDecision
    why: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a gate comes to: the worst of its categories and of the overall score."""

    decision: GateDecision
    categories: tuple[CategoryScore, ...]
    overall: CategoryScore | None


@dataclass(frozen=True, slots=True)
class Need:
    """What a category, or the overall score, lacks for a GO: `least` is a smallest set of criteria that would do.

    `of` are all that do not pass there. Where `least` is empty, nothing that can pass is left: the plan must change.
    """

    category: str
    score: float
    threshold: float
    least: tuple[str, ...]
    of: tuple[str, ...]


def judge(rule: Rule, samples: Sequence[Sample]) -> Judgement:
    """Score every category and decide."""
    names = categories(rule, samples)
    plain = {name: _score(samples, name, waived=False) for name in names}
    waived = {name: _score(samples, name, waived=True) for name in names}
    scores = tuple(_category(rule, name, plain[name], waived[name]) for name in names)
    bound = rule.threshold(OVERALL)
    overall = None
    if bound is not None:
        overall = _category(rule, OVERALL, _mean(plain.values()), _mean(waived.values()))
    decisions = [each.decision for each in (*scores, *([overall] if overall else []))]
    worst = min(decisions, key=lambda each: each.rank) if decisions and samples else GateDecision.NO_GO
    return Judgement(worst, scores, overall)


def categories(rule: Rule, samples: Iterable[Sample]) -> tuple[str, ...]:
    """The categories that are judged: those with a threshold or a band, then those that only have criteria."""
    named = [name for name, _ in rule.thresholds if name != OVERALL]
    if rule.conditional is not None:
        named.append(rule.conditional.category)
    return tuple(dict.fromkeys([*named, *(each.category for each in samples)]))


def needs(rule: Rule, samples: Sequence[Sample]) -> tuple[Need, ...]:
    """What would make it GO, a category at a time and the overall score last; empty when it is GO."""
    turned: set[str] = set()
    found = []
    for name in categories(rule, samples):
        bound = rule.wants(name)
        need = _category_need(samples, name, bound) if bound is not None else None
        if need is not None:
            turned.update(need.least)
            found.append(need)
    need = _overall_need(rule, samples, turned)
    return tuple([*found, need] if need else found)


def shown(score: Fraction) -> float:
    """A score for people and JSON: rounded down, so that it never seems to reach what it does not."""
    return floor(score * 100) / 100


def _score(
    samples: Iterable[Sample], category: str, *, waived: bool, turned: Collection[str] = ()
) -> Fraction:
    members = [each for each in samples if each.category == category]
    total = sum((exact(each.weight) for each in members), Fraction())
    if not total:
        return Fraction()
    kept = sum(
        (
            exact(each.weight)
            for each in members
            if (each.counts if waived else each.passes) or each.id in turned
        ),
        Fraction(),
    )
    return HUNDRED * kept / total


def _mean(scores: Collection[Fraction]) -> Fraction:
    return sum(scores, Fraction()) / len(scores) if scores else Fraction()


def _category(rule: Rule, name: str, plain: Fraction, waived: Fraction) -> CategoryScore:
    bound = rule.wants(name)
    threshold = rule.threshold(name)
    decision = GateDecision.GO
    if bound is not None and plain < bound:
        band = rule.band(name)
        passable = waived >= bound or (band is not None and waived >= band[0])
        decision = GateDecision.CONDITIONAL if passable else GateDecision.NO_GO
    why = _why(rule, name, plain, waived)
    shown_threshold = None if threshold is None else float(threshold)
    return CategoryScore(name, shown(plain), shown(waived), shown_threshold, decision, why)


def _why(rule: Rule, name: str, plain: Fraction, waived: Fraction) -> str:
    bound, band = rule.wants(name), rule.band(name)
    if bound is None:
        return "no threshold"
    if plain >= bound:
        return f"{shown(plain):g} >= {float(bound):g}"
    said = f"{shown(plain):g} < {float(bound):g}"
    if waived > plain:
        said += f", with waivers {shown(waived):g}"
    if band is not None and band[0] <= waived < bound:
        return f"{said}, in the conditional range from {float(band[0]):g}"
    if band is not None and waived < band[0]:
        return f"{said}, below the conditional range from {float(band[0]):g}"
    return said


def _heaviest_first(samples: Iterable[Sample]) -> list[Sample]:
    return sorted(samples, key=lambda each: (-each.weight, each.id))


def _category_need(samples: Sequence[Sample], name: str, bound: Fraction) -> Need | None:
    score = _score(samples, name, waived=False)
    if score >= bound:
        return None
    missing = _heaviest_first(each for each in samples if each.category == name and not each.passes)
    least: list[str] = []
    for each in missing:
        least.append(each.id)
        if _score(samples, name, waived=False, turned=least) >= bound:
            break
    else:
        least = []
    return Need(name, shown(score), float(bound), tuple(least), tuple(each.id for each in missing))


def _overall_need(rule: Rule, samples: Sequence[Sample], turned: set[str]) -> Need | None:
    """What the mean lacks beyond what the categories lack anyhow; None where that is enough."""
    bound, names = rule.threshold(OVERALL), categories(rule, samples)

    def mean(more: Collection[str]) -> Fraction:
        return _mean([_score(samples, name, waived=False, turned={*turned, *more}) for name in names])

    if bound is None or mean(()) >= bound:
        return None
    totals = {name: sum(each.weight for each in samples if each.category == name) for name in names}
    missing = [each for each in samples if not each.passes and each.id not in turned]
    missing.sort(key=lambda each: (-each.weight / totals[each.category], each.id))
    least: list[str] = []
    for each in missing:
        least.append(each.id)
        if mean(least) >= bound:
            break
    else:
        least = []
    return Need(OVERALL, shown(mean(())), float(bound), tuple(least), tuple(each.id for each in missing))
