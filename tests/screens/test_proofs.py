"""What is proven, claimed and evidenced, in words; the plan's map; what a cursor key costs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.screens.driving import SMALL, make
from tests.screens.fakes import NOW, a_plan, a_status, an_update, at, badges, some_evidence

from textual._compositor import CompositorUpdate  # isort: skip
from textual.app import App  # isort: skip

from operations.plan.backing import Backing, backing_of  # isort: skip
from operations.plan.digest import Digests  # isort: skip
from operations.plan.proofs import Standing, proof_of, proofs_of  # isort: skip
from screens.detail_lines import group_lines  # isort: skip
from screens.evidence_words import evidence_sentence  # isort: skip
from screens.glyphs import ASCII, UNICODE  # isort: skip
from screens.known import Known  # isort: skip
from screens.lines import Line, Piece, Role, line_width, merged  # isort: skip
from screens.map_lines import Mapped, MapView  # isort: skip
from screens.preview_lines import preview_lines  # isort: skip
from screens.proof_words import proof_brief, proof_text, proven_line, unproven_lines  # isort: skip
from screens.summary import operation_row  # isort: skip
from screens.plan_row import row_line  # isort: skip
from state.drill_events import Proof  # isort: skip
from state.events import Verdict  # isort: skip
from state.projections.badges import Badge  # isort: skip
from state.projections.evidence import Evidence, LastVerdict  # isort: skip
from tests.screens.fakes import FakeDesk, FakeMetrics  # isort: skip

PLAN = a_plan()
DIGESTS = Digests(PLAN)
COST_BEFORE = 19_775
"""Bytes of nine presses of `j` through the small plan before rows had badges."""


def said(pieces: Line) -> str:
    return "".join(part.text for part in pieces)


def standing(key: str, badge: Badge | None) -> Standing:
    return proof_of(PLAN.operations[key], badge, DIGESTS).standing


def test_a_badge_holds_for_what_was_rehearsed_and_nothing_else() -> None:
    now = DIGESTS.of("vpc")
    assert standing("vpc", None) is Standing.UNPROVEN
    assert standing("vpc", Badge(Proof.PROVEN, at(0), now, None, 1, (1.0,))) is Standing.PROVEN
    assert standing("vpc", Badge(Proof.PROVEN, at(0), "older", None, 1, (1.0,))) is Standing.CHANGED
    assert standing("vpc", Badge(Proof.FAILED, at(0), now, "why")) is Standing.FAILED
    assert standing("vpc", Badge(Proof.FAILED, at(0), "older", "why")) is Standing.UNPROVEN
    assert standing("vpc", Badge(Proof.GAP, at(0), now, "why")) is Standing.GAP
    assert standing("vpc", Badge(Proof.IRREVERSIBLE, at(0), now, "why")) is Standing.UNPROVEN
    proven = Badge(Proof.PROVEN, at(0), DIGESTS.of("freeze-writes"), None, 1, (1.0,))
    assert standing("freeze-writes", proven) is Standing.IRREVERSIBLE


@pytest.mark.parametrize(
    ("key", "whole", "brief"),
    [
        ("traffic-10", "proven 3 times, last on 2026-11-20 01:25Z, 2 d ago, way back p95 1.2 s in the sandbox",
         "proven 3 times, 2 d ago, p95 1.2 s"),
        ("subnets", "changed since it was proven on 2026-11-17 01:25Z, 5 d ago: rehearse it again",
         "changed since it was proven 5 d ago"),
        ("traffic-25", "unproven: the rehearsal on 2026-11-21 22:25Z, 3 h ago failed: 2 resources differ afterwards",
         "unproven: rehearsal failed 3 h ago"),
        ("cutover-checkpoint", "unproven: the way back was never rehearsed", "unproven: never rehearsed"),
        ("freeze-writes", "not reversible: writes that were refused are gone", "no way back"),
    ],
)  # fmt: skip
def test_a_proof_in_words_has_its_age(key: str, whole: str, brief: str) -> None:
    proof = an_update().proofs[key]
    assert proof_text(proof, NOW) == whole
    assert proof_brief(proof, NOW) == brief


def test_every_standing_has_words() -> None:
    """A badge whose time says nothing is of an unknown day, never of today."""
    for result in Proof:
        for digest in ("older", DIGESTS.of("vpc")):
            proof = proof_of(PLAN.operations["vpc"], Badge(result, "?", digest, None, 1, ()), DIGESTS)
            assert "an unknown day" in proof_text(proof, NOW)
            assert "unknown ago" in proof_brief(proof, NOW)


def test_what_is_not_proven_is_a_line_each_and_the_rest_one_line() -> None:
    proofs = an_update().proofs
    everything = list(PLAN.operations.values())
    warned = [line.partition(":")[0] for line in unproven_lines(everything, proofs, NOW)]
    assert warned == ["subnets", "cutover-checkpoint", "traffic-25", "freeze-writes"]
    told = proven_line(everything, proofs, NOW)
    assert told is not None
    assert told.startswith("2 of 6 proven, the oldest proof of 2026-11-13 01:25Z, 9 d ago;")
    assert told.endswith("p95 1.2 s in the sandbox (traffic-10)")
    assert proven_line([PLAN.operations["subnets"]], proofs, NOW) is None
    assert len(unproven_lines(everything, {}, NOW)) == 6


def test_many_warnings_never_hide_the_question() -> None:
    preview = replace(
        FakeDesk().preview_run(["traffic-25"]),
        unproven=tuple(f"op-{n}: unproven" for n in range(40)),
        proven=None,
    )
    rows = [said(row) for row in preview_lines(preview, FakeMetrics().place, 76)]
    assert sum("no rehearsal has proven" in row for row in rows) == 1
    calls = next(index for index, row in enumerate(rows) if "in this order" in row)
    assert calls < 16
    assert sum(row.startswith("op-") for row in rows[calls:]) == 40


@pytest.mark.parametrize("width", [24, 34, 55, 76])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_a_badge_takes_only_room_that_is_left(width: int, glyphs: Any) -> None:
    update = an_update()
    for operation in PLAN.operations.values():
        row = operation_row(operation, update.known, glyphs, "3:12" if operation.id == "traffic-10" else "")
        shown = said(row_line(row, "  ", width))
        assert len(shown) == width
        assert any(word in shown for word in row.words) or width < 34
        if width >= 55:
            assert any(badge in shown for badge in row.badge)
            assert operation.id in shown


def test_evidence_counts_the_last_verdict_since_the_operation_was_begun() -> None:
    evidence = some_evidence()
    vpc, subnets, checkpoint = (PLAN.operations[key] for key in ("vpc", "subnets", "cutover-checkpoint"))
    assert backing_of([vpc], evidence) == Backing(1, 1, 1, at(4990), at(4990))
    assert backing_of([vpc, subnets, checkpoint], evidence) == Backing(2, 3, 3, at(600), at(3 * 86_400))
    begun_again = replace(evidence, begun={"subnets": 31})
    assert backing_of([subnets], begun_again) == Backing(total=1)
    failed = LastVerdict(Verdict.FAIL, at(5), 900, "vpc.1")
    newer = replace(evidence, checks={**evidence.checks, "vpc.1": failed})
    assert backing_of([vpc], newer).passed == 0
    renamed = replace(evidence, operations={"vpc": (replace(evidence.operations["vpc"][0], check="other"),)})
    assert backing_of([vpc], renamed) == Backing(total=1)
    assert backing_of([vpc], Evidence()) == Backing(total=1)


def test_evidence_in_a_sentence() -> None:
    assert evidence_sentence(Backing(), NOW) == "evidence: none; no check covers this"
    assert evidence_sentence(Backing(total=12), NOW) == "evidence: 0 of 12 checks passed, none has been made"
    some = Backing(9, 11, 12, at(600), at(3 * 86_400))
    assert evidence_sentence(some, NOW) == (
        "evidence: 9 of 12 checks passed, 2 did not pass, 1 without a verdict; newest 10 min old, oldest 3 d old"
    )


@pytest.mark.parametrize("width", [38, 76, 118])
def test_a_phase_tells_claim_and_evidence_apart(width: int) -> None:
    rows = [said(row) for row in group_lines(PLAN.phases[1], an_update().known, UNICODE, NOW, width)]
    text = " ".join(rows)
    assert "claimed 100 % (by tracker)" in text
    assert "evidence: 2 of 2 checks passed" in text
    assert "ways back:" in text
    assert all(len(row) <= width for row in rows)


@pytest.mark.parametrize("width", [40, 76, 96, 118])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_the_map_marks_the_critical_path_and_tells_slack(width: int, glyphs: Any) -> None:
    data = PLAN.model_dump(mode="json", exclude_none=True)
    data["phases"][2]["subphases"][0]["operations"][2]["depends_on"] = ["vpc"]
    plan = type(PLAN).model_validate(data)
    mapped = Mapped.of(plan)
    known = Known(a_status(), proofs_of(plan, badges(), Digests(plan)))
    made = [row for _, row in MapView(mapped, known, glyphs, NOW, width - 1).rows()]
    assert all(line_width(row) <= width for row in made)
    rows = [said(row) for row in made]
    assert sum(row.startswith("wave ") for row in rows) == len(mapped.schedule.waves)
    lines = (
        {
            key: next(row for row in rows if f" {key} " in f"{row} " and "wave" not in row)
            for key in plan.operations
        }
        if width >= 76
        else {}
    )
    for key, row in lines.items():
        critical = key in mapped.schedule.critical_path
        assert row.startswith(glyphs.critical) is critical
        assert row.endswith("critical") is critical
    if lines:
        assert (
            lines["subnets"].endswith(f"slack {mapped.schedule.slack['subnets']:g} min")
            or "subnets" in mapped.schedule.critical_path
        )
        assert "running" in lines["traffic-10"]


def test_merged_lines_show_the_same() -> None:
    """Blanks join their neighbours, a badge keeps its own."""
    made = merged(
        (
            Piece(" "),
            Piece("a", Role.MUTED),
            Piece("  "),
            Piece(""),
            Piece(" LIVE ", Role.LIVE),
            Piece(" "),
            Piece("b"),
        )
    )
    assert made == (Piece(" a  ", Role.MUTED), Piece(" LIVE ", Role.LIVE), Piece(" b"))


async def test_a_cursor_key_costs_no_more_than_before(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    original = App._display

    def display(app: App[int], screen: Any, renderable: Any) -> None:
        if isinstance(renderable, CompositorUpdate):
            written.append(renderable.render_segments(app.console))
        original(app, screen, renderable)

    monkeypatch.setattr(App, "_display", display)
    driven = make()
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        await pilot.press("g", "g", "l")
        await pilot.pause()
        written.clear()
        for _ in range(9):
            await pilot.press("j")
            await pilot.pause(0.05)
        cost = len("".join(written).encode())
    assert 0 < cost < COST_BEFORE
