"""Long lists and long nights: a key costs what is in sight, and drawing for hours takes no more memory."""

from __future__ import annotations

import gc
import tracemalloc
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.screens.driving import SMALL, make, text_of, until
from tests.screens.fakes import NOW, a_plan, readings

from operations.plan.models import Plan  # isort: skip
from screens.widgets import plan_tree  # isort: skip
from screens.times import Zone  # isort: skip
from screens.widgets.plot import Plot  # isort: skip

MANY = 1000


def a_long_plan() -> Plan:
    """The small plan, with a thousand operations beside its last one."""
    data = a_plan().model_dump(mode="json", exclude_none=True)
    operations = data["phases"][2]["subphases"][0]["operations"]
    operations += [{**operations[0], "id": f"again-{number}", "depends_on": []} for number in range(MANY)]
    return Plan.model_validate(data)


async def test_a_key_makes_no_row_that_is_not_in_sight(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the list is."""
    made: list[str] = []
    row = plan_tree.operation_row
    driven = make(a_long_plan())
    monkeypatch.setattr(driven.desk, "calls", lambda *_: ())
    async with driven.app.run_test(size=SMALL) as pilot:
        await driven.settle(pilot)
        await pilot.press("G")
        await until(pilot, lambda: driven.app.chosen_operations == (f"again-{MANY - 1}",))
        monkeypatch.setattr(
            plan_tree, "operation_row", lambda *given: made.append(given[0].id) or row(*given)
        )
        await pilot.press("k", "k")
        await until(pilot, lambda: driven.app.chosen_operations == (f"again-{MANY - 3}",))
        assert f"again-{MANY - 3}" in text_of(driven.app)
        assert len(made) <= SMALL[1]


@pytest.mark.soak
def test_plots_drawn_for_hours_take_no_more_memory() -> None:
    """Three hundred plots, as many as a pane draws in five hours on the minute."""
    first = next(each for each in readings() if each.values)
    plot = Plot(ascii_only=False, zone=Zone.UTC)

    def draw(number: int) -> None:
        times = tuple(NOW + timedelta(minutes=number + at) for at in range(len(first.values)))
        plot._build(
            first.values, replace(first, times=times), 60, 15
        )  # the terminal's part is not what grows

    for number in range(30):
        draw(number)
    tracemalloc.start()
    draw(30)
    gc.collect()  # a console collects seldom, and so may whatever ran here before
    before = tracemalloc.get_traced_memory()[0]
    for number in range(31, 331):
        draw(number)
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 500_000
