"""What the question before a cancel says: what is finished first, what stays, what is not begun."""

from __future__ import annotations

from tests.screens.driving import SMALL, make, text_of
from tests.screens.fakes import NOW, a_plan, a_run, a_status

from console.acts.cancel_words import cancel_texts  # isort: skip
from state.events import Direction  # isort: skip
from state.projections.states import PlanStatus, RunState  # isort: skip


def test_it_names_what_is_in_flight_and_what_stays() -> None:
    flying, stays, waiting = cancel_texts(a_plan(), a_status(), NOW)
    assert flying == "In flight, finished first: traffic-10 (3:12 of ~11 min)."
    assert stays == "Stays as it is: cutover-checkpoint. Cancelling undoes nothing; :rollback would."
    assert waiting == "Not begun any more: traffic-25."


def test_a_rollback_is_never_cancelled_and_nothing_is_not_either() -> None:
    back = a_status(a_run(direction=Direction.INVERSE))
    assert "never cancelled" in cancel_texts(a_plan(), back, NOW)[0]
    for status in (PlanStatus(), a_status(a_run(RunState.SUCCEEDED))):
        assert "nothing to cancel" in cancel_texts(a_plan(), status, NOW)[0]


async def test_the_dialog_says_it() -> None:
    driven = make()
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        driven.app.armed = frozenset({"*"})
        driven.app.run_command("cancel")
        await driven.dialog(pilot)
        assert "traffic-10 (3:12 of ~11 min)" in text_of(driven.app)
        await pilot.press("escape")
    assert driven.desk.asked == []
