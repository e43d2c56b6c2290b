"""Rules about the go/no-go decision: every verdict can come out."""

from __future__ import annotations

from collections.abc import Iterable

from operations.plan.audit.context import AuditContext
from operations.plan.audit.finding import Severity
from operations.plan.audit.rule import Defect, rule
from operations.plan.audit.words import did_you_mean

OVERALL = "overall"
"""The threshold on all categories together."""
_MOST_SUMS = 20_000


def _weights(context: AuditContext) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for criterion in context.plan.criteria:
        found.setdefault(criterion.category, []).append(criterion.weight)
    return found


@rule(
    "gate/unknown-category",
    Severity.ERROR,
    "A gate's thresholds and its conditional band name categories that criteria have.",
    "A category without criteria has no score. It never reaches its threshold, so the gate can never say GO.",
    "name a category of `criteria`",
)
def unknown_category(context: AuditContext) -> Iterable[Defect]:
    """Categories of gates are looked up."""
    known = set(_weights(context))
    for number, gate in enumerate(context.plan.gate):
        for category in gate.thresholds:
            if category not in known | {OVERALL}:
                fix = did_you_mean(category, sorted(known), "name a category of `criteria`")
                message = f"`{gate.id}` has a threshold for `{category}`, in which there is no criterion"
                yield Defect(("gate", number, "thresholds", category), message, fix)
        if gate.conditional is not None and gate.conditional.category not in known:
            fix = did_you_mean(gate.conditional.category, sorted(known), "name a category of `criteria`")
            message = (
                f"the conditional band is on `{gate.conditional.category}`, in which there is no criterion"
            )
            yield Defect(("gate", number, "conditional", "category"), message, fix)


@rule(
    "gate/unjudged-category",
    Severity.WARNING,
    "Every category of the criteria has a threshold in the gate.",
    "Criteria of a category without a threshold are run and weigh nothing by themselves: all may fail.",
    "add the category to `thresholds`, or correct its name",
)
def unjudged(context: AuditContext) -> Iterable[Defect]:
    """Categories that no gate judges."""
    if not context.plan.gate:
        return
    judged = {category for gate in context.plan.gate for category in gate.thresholds}
    seen: set[str] = set()
    for number, criterion in enumerate(context.plan.criteria):
        if criterion.category not in judged | seen:
            fix = did_you_mean(criterion.category, sorted(judged), "add it to `thresholds`")
            message = f"no gate has a threshold for `{criterion.category}`"
            yield Defect(("criteria", number, "category"), message, fix)
        seen.add(criterion.category)


@rule(
    "gate/empty-band",
    Severity.ERROR,
    "The band of a conditional go is not empty, and lies below the threshold of its category.",
    "From 90 to 85 nothing lies in between, and above the threshold it is a GO anyway.",
    "make `from` less than `to`, and `to` at most the threshold",
)
def empty_band(context: AuditContext) -> Iterable[Defect]:
    """Bounds of conditional bands."""
    for number, gate in enumerate(context.plan.gate):
        band = gate.conditional
        if band is None:
            continue
        threshold = gate.thresholds.get(band.category)
        if band.lower >= band.upper:
            message = f"no score is at least {band.lower:g} and below {band.upper:g}"
            yield Defect(("gate", number, "conditional"), message)
        elif threshold is not None and band.lower >= threshold:
            message = (
                f"the band begins at {band.lower:g}, where `{band.category}` is a GO already ({threshold:g})"
            )
            yield Defect(("gate", number, "conditional"), message)


@rule(
    "gate/unreachable-band",
    Severity.ERROR,
    "Some outcome of the criteria falls into the conditional band.",
    "A score is the weight that passed, in percent. With five criteria of equal weight it is 0, 20, 40, 60, 80 or 100, and a "
    "band from 85 to 90 never comes out, whatever is said about it in the plan.",
    "give the criteria other weights, or move the band",
)
def unreachable_band(context: AuditContext) -> Iterable[Defect]:
    """All scores that subsets of the weights can give, against the band."""
    weights = _weights(context)
    for number, gate in enumerate(context.plan.gate):
        band = gate.conditional
        each = weights.get(band.category) if band else None
        if band is None or not each or band.lower >= band.upper:
            continue
        scores = _scores(each)
        if scores is not None and not any(band.lower <= score < band.upper for score in scores):
            near = sorted(scores, key=lambda score: abs(score - band.lower))[:2]
            shown = " and ".join(f"{score:.4g}" for score in sorted(near))
            message = f"no outcome of `{band.category}` scores from {band.lower:g} up to {band.upper:g}; the nearest are {shown}"
            yield Defect(("gate", number, "conditional"), message)


def _scores(weights: list[float]) -> set[float] | None:
    sums = {0.0}
    for weight in weights:
        sums |= {round(each + weight, 9) for each in sums}
        if len(sums) > _MOST_SUMS:
            return None
    total = sum(weights)
    return {round(100 * each / total, 6) for each in sums}


RULES = (unknown_category, unjudged, empty_band, unreachable_band)
