"""Previews: exactly what would happen, resolved as far as is known, and why it may not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from console.acts.previews import Previewer
from console.compose import sandbox_setting
from operations.plan.digest import digest_of
from operations.plan.loader import load_plan
from operations.plan.models import ConfirmLevel
from state.drill_events import Proof
from state.projections.badges import Badge
from state.projections.states import OperationState, OperationStatus, PlanStatus
from tests.screens.fakes import a_plan

SMALL = Path(__file__).parents[2] / "e2e" / "plans" / "small.yaml"


@pytest.fixture(scope="module")
def previewer() -> Previewer:
    plan = load_plan(SMALL).plan
    return Previewer.of(plan, sandbox_setting(plan, "http://127.0.0.1:1", 1.0))


def status(**states: OperationState) -> PlanStatus:
    """A status with operations in these states; the network has saved its id."""
    saved: Mapping[str, str] = {"vpc_id": "vpc-7"}
    return PlanStatus(
        operations={
            key: OperationStatus(key, state, saved=saved if key == "network" else {}, started_at="2026")
            for key, state in states.items()
        }
    )


def test_what_is_not_known_yet_stays_as_it_is_written(previewer: Previewer) -> None:
    preview = previewer.run(["network", "setting"], status())
    assert preview.operations == ("network", "setting")
    assert [call.title for call in preview.calls] == [
        "ec2:CreateVpc",
        "wait ec2:vpc_available",
        "ssm:PutParameter",
    ]
    assert "${vpc_id}" in preview.calls[1].params
    assert preview.way_back == ("setting: ssm:DeleteParameter", "network: ec2:DeleteVpc")
    assert preview.refused is None
    assert preview.level is ConfirmLevel.REVERSIBLE


def test_what_is_known_is_filled_in(previewer: Previewer) -> None:
    back = previewer.rollback(["network"], status(network=OperationState.SUCCEEDED))
    assert back.calls[0].params == '{"VpcId": "vpc-7"}'
    assert back.refused is None


@pytest.mark.parametrize(
    ("wanted", "states", "words"),
    [
        (["setting"], {}, "must be carried out first: network"),
        (["network"], {"network": OperationState.SUCCEEDED}, "nothing to do"),
    ],
)
def test_a_run_that_cannot_be(
    previewer: Previewer, wanted: list[str], states: dict[str, OperationState], words: str
) -> None:
    assert words in (previewer.run(wanted, status(**states)).refused or "")


def test_no_way_back_must_be_typed(previewer: Previewer) -> None:
    done = status(network=OperationState.SUCCEEDED, setting=OperationState.SUCCEEDED)
    preview = previewer.run(["farewell"], done)
    assert (preview.level, preview.phrase) == (ConfirmLevel.IRREVERSIBLE, "farewell")
    assert preview.way_back == ("farewell: none: what was said cannot be unsaid",)


def test_a_rollback_that_cannot_be(previewer: Previewer) -> None:
    both = status(network=OperationState.SUCCEEDED, setting=OperationState.SUCCEEDED)
    assert "still stand on it" in (previewer.rollback(["network"], both).refused or "")
    past = status(**dict.fromkeys(("network", "setting", "farewell"), OperationState.SUCCEEDED))
    assert "point of no return" in (
        previewer.rollback(["network", "setting", "farewell"], past).refused or ""
    )
    assert previewer.back_out(past).blocked_by == ("farewell",)
    assert previewer.back_out(both).possible


def test_a_rollback_goes_in_reverse(previewer: Previewer) -> None:
    both = status(network=OperationState.SUCCEEDED, setting=OperationState.FAILED)
    assert previewer.rollback(["network", "setting"], both).operations == ("setting", "network")


def test_what_no_rehearsal_has_proven_is_said(previewer: Previewer) -> None:
    operations = previewer.plan.operations
    proven = Badge(
        Proof.PROVEN, "2026-11-20T01:25:00.000000Z", digest_of(operations["network"]), None, 2, (0.4, 0.5)
    )
    proofs = previewer.proofs({"network": proven})
    preview = previewer.run(["network", "setting", "farewell"], status(), proofs)
    assert [line.partition(":")[0] for line in preview.unproven] == ["setting", "farewell"]
    assert "never rehearsed" in preview.unproven[0]
    assert "not reversible" in preview.unproven[1]
    assert "1 of 3 proven" in (preview.proven or "")
    both = status(network=OperationState.SUCCEEDED, setting=OperationState.SUCCEEDED)
    back = previewer.rollback(["network", "setting"], both, proofs)
    assert [line.partition(":")[0] for line in back.unproven] == ["setting"]
    assert "p95 0.5 s in the sandbox" in (back.proven or "")


def test_a_badge_ends_with_the_form_that_was_rehearsed(previewer: Previewer) -> None:
    older = Badge(Proof.PROVEN, "2026-11-20T01:25:00.000000Z", "another digest", None, 2, (0.4, 0.5))
    preview = previewer.run(["network"], status(), previewer.proofs({"network": older}))
    assert preview.proven is None
    assert "changed since it was proven on 2026-11-20 01:25Z" in preview.unproven[0]


def test_without_badges_nothing_is_proven(previewer: Previewer) -> None:
    preview = previewer.run(["network", "setting"], status())
    assert len(preview.unproven) == 2
    assert preview.proven is None


def test_a_title_fits_a_small_screen_and_says_how_many() -> None:
    """A phase by its name, a handful by the first of them: what is cut off at the right would be the count."""
    plan = a_plan()
    previewer = Previewer.of(plan, sandbox_setting(plan, "http://127.0.0.1:1", 1.0))
    every, phase = tuple(plan.operations), plan.in_phase("9")
    assert previewer.run(every, status()).title == f"Run everything: {len(every)} operations"
    assert previewer.run(phase, status()).title == f"Run phase 9: {len(phase)} operations"
    assert previewer.run(every[:3], status()).title == f"Run 3 operations: {every[0]}, {every[1]} and 1 more"
    assert previewer.run(every[:1], status()).title == f"Run {every[0]}"
    warnings = previewer.run(phase, status()).warnings
    assert any(line.startswith("C-04 critical, open: ") for line in warnings)
