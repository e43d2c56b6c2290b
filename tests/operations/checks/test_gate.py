"""The gate's rule: monotone, no data is not a pass, and what would make it GO does make it GO."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from operations.checks.gate import OVERALL, Judgement, Rule, Sample, exact, judge, needs, rule_of
from operations.plan.loader import load_plan
from operations.plan.registers import Conditional
from state.events import Verdict
from state.gate_events import GateDecision

NAMES = ("performance", "data")
percents = st.sampled_from((0.0, 20.0, 33.3, 50.0, 75.0, 80.0, 95.0, 100.0))
verdicts = st.one_of(st.none(), st.sampled_from(Verdict))


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Rules of any kind, sensible or not: bands above their threshold, inverted ones, none."""
    thresholds = draw(st.dictionaries(st.sampled_from((*NAMES, OVERALL)), percents, max_size=3))
    band = None
    if draw(st.booleans()):
        band = Conditional.model_validate(
            {"category": draw(st.sampled_from(NAMES)), "from": draw(percents), "to": draw(percents)}
        )
    return Rule(tuple((key, exact(value)) for key, value in thresholds.items()), band)


@st.composite
def sampled(draw: st.DrawFn) -> tuple[Sample, ...]:
    size = draw(st.integers(0, 6))
    return tuple(
        Sample(
            f"T{number}",
            draw(st.sampled_from(NAMES)),
            "",
            draw(st.sampled_from((0.1, 1.0, 3.0))),
            draw(verdicts),
            problem=draw(st.sampled_from((None, "too old"))),
            waived=draw(st.booleans()),
        )
        for number in range(size)
    )


def passing(sample: Sample) -> Sample:
    return replace(sample, verdict=Verdict.PASS, problem=None)


@given(rules(), sampled(), st.data())
@settings(max_examples=40, deadline=None)
def test_a_sample_that_turns_to_pass_never_worsens_the_verdict(
    rule: Rule, samples: tuple[Sample, ...], data: st.DataObject
) -> None:
    turned = data.draw(st.sets(st.sampled_from([each.id for each in samples] or ["none"])))
    better = tuple(passing(each) if each.id in turned else each for each in samples)
    assert judge(rule, better).decision.rank >= judge(rule, samples).decision.rank


@given(rules(), sampled(), st.data())
@settings(max_examples=40, deadline=None)
def test_what_is_not_known_any_more_never_improves_the_verdict(
    rule: Rule, samples: tuple[Sample, ...], data: st.DataObject
) -> None:
    lost = data.draw(st.sets(st.sampled_from([each.id for each in samples] or ["none"])))

    def seen_as(**change: object) -> Judgement:
        changed = [replace(each, **change) if each.id in lost else each for each in samples]  # type: ignore[arg-type]
        return judge(rule, changed)

    known, blind = judge(rule, samples), seen_as(verdict=None)
    assert blind.decision.rank <= known.decision.rank
    for before, after in zip(known.categories, blind.categories, strict=True):
        assert after.score <= before.score
    assert seen_as(verdict=Verdict.INCONCLUSIVE) == seen_as(problem="too old") == blind


@given(rules(), sampled())
@settings(max_examples=40, deadline=None)
def test_a_waiver_never_makes_a_go_and_never_worsens(rule: Rule, samples: tuple[Sample, ...]) -> None:
    bare = tuple(replace(each, waived=False) for each in samples)
    without, with_all = judge(rule, bare), judge(rule, tuple(replace(each, waived=True) for each in samples))
    assert with_all.decision.rank >= without.decision.rank
    assert (with_all.decision is GateDecision.GO) == (without.decision is GateDecision.GO)


@given(rules(), sampled())
@settings(max_examples=40, deadline=None)
def test_what_would_make_it_go_makes_it_go(rule: Rule, samples: tuple[Sample, ...]) -> None:
    wanted = needs(rule, samples)
    decision = judge(rule, samples).decision
    if decision is GateDecision.GO:
        assert wanted == ()
        return
    turned = {key for need in wanted for key in need.least}
    after = judge(rule, tuple(passing(each) if each.id in turned else each for each in samples))
    hopeless = not samples or any(not need.least for need in wanted)
    assert hopeless or after.decision is GateDecision.GO
    assert turned.isdisjoint(each.id for each in samples if each.passes)


@lru_cache(maxsize=1)
def bundled() -> Rule:
    return rule_of(load_plan("reference").plan.gate[0])


def by(outcome: dict[str, float]) -> Judgement:
    """The bundled plan's rule where so much of each category's weight passes."""
    samples = tuple(
        Sample(f"{name}-{verdict}", name, "", weight, verdict)
        for name, score in outcome.items()
        for verdict, weight in ((Verdict.PASS, score), (Verdict.FAIL, 100 - score))
        if weight
    )
    return judge(bundled(), samples)


LEAST = {"infrastructure": 100, "application": 95, "performance": 90, "data_integrity": 100, "operations": 95}


@pytest.mark.parametrize(
    ("changed", "decision"),
    [
        ({}, "GO"),
        ({"performance": 89}, "CONDITIONAL-GO"),
        ({"performance": 85}, "CONDITIONAL-GO"),  # the mean is exactly 95
        ({"performance": 84}, "NO-GO"),
        ({"infrastructure": 99}, "NO-GO"),
        ({"application": 94}, "NO-GO"),
        ({"data_integrity": 99, "performance": 100}, "NO-GO"),
        ({"operations": 94, "performance": 89}, "NO-GO"),
        ({"performance": 0}, "NO-GO"),
    ],
)
def test_the_bundled_plans_rule_at_its_edges(changed: dict[str, float], decision: str) -> None:
    assert by({**LEAST, **changed}).decision.value == decision


@pytest.mark.parametrize(
    ("band", "score", "decision"),
    [
        ((80, 85), 79, "NO-GO"),
        ((80, 85), 87, "CONDITIONAL-GO"),  # better than the band, below the threshold: no worse than the band
        ((80, 85), 90, "GO"),
        ((85, 95), 92, "CONDITIONAL-GO"),  # the band goes beyond the threshold
        ((95, 99), 96, "GO"),  # it begins where it is a GO already: no band
        ((89, 80), 85, "NO-GO"),  # it ends before it begins: no band
    ],
)
def test_bands_beside_the_threshold(band: tuple[int, int], score: float, decision: str) -> None:
    conditional = Conditional.model_validate({"category": "performance", "from": band[0], "to": band[1]})
    rule = Rule((("performance", exact(90)),), conditional)
    samples = (
        Sample("T1", "performance", "", score, Verdict.PASS),
        Sample("T2", "performance", "", 100 - score, Verdict.FAIL),
    )
    assert judge(rule, samples).decision.value == decision


def test_a_score_is_rounded_down_and_compared_exactly() -> None:
    rule = Rule((("data", exact(33.34)),))
    thirds = [Sample(f"T{n}", "data", "", 0.1, Verdict.PASS if n == 0 else None) for n in range(3)]
    judged = judge(rule, thirds)
    assert (judged.categories[0].score, judged.decision) == (33.33, GateDecision.NO_GO)
    assert judged.categories[0].why == "33.33 < 33.34"
    tenths = [Sample(f"T{n}", "data", "", 0.1, Verdict.PASS if n < 3 else None) for n in range(10)]
    assert (
        judge(Rule((("data", exact(30.0)),)), tenths).decision is GateDecision.GO
    )  # 0.1 + 0.1 + 0.1 is not 0.3


def test_nothing_to_decide_by_is_no_go() -> None:
    assert judge(Rule(()), ()).decision is GateDecision.NO_GO
    empty = judge(Rule((("data", exact(0.1)),)), ())
    assert empty.decision is GateDecision.NO_GO
    assert needs(Rule((("data", exact(50)),)), ())[0].least == ()
