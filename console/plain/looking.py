"""Commands that look at the plan: where it stands, phases, operations, the map, the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from console.journal.reader import read_view
from console.plain import pages
from console.plain.here import Handler, Here
from operations.plan.errors import PlanError
from screens.map_lines import Mapped, MapView
from screens.proof_words import whole_brief
from screens.times import Zone
from screens.way_lines import way_rows


class Looking:
    """The plan, from all sides."""

    def __init__(self, here: Here) -> None:
        self._here = here
        self._mapped: Mapped | None = None

    def handlers(self) -> Mapping[str, Handler]:
        """By the command's word."""
        return {
            "status": lambda _: self.status(),
            "cutover": lambda _: self.status(),
            "list": self._list,
            "show": self._show,
            "goto": self._show,
            "filter": self._filter,
            "sort": self._sort,
            "map": lambda _: self._map(),
            "way-back": lambda _: self._way_back(),
            "zone": lambda _: self._zone(),
        }

    def status(self) -> None:
        """Where the plan stands."""
        here = self._here
        lines = pages.status_lines(here.plan, here.update, here.banner, here.asker.armed, here.clock())
        here.talk.say_lines(lines)

    def _list(self, argument: str) -> None:
        here, known, now = self._here, self._here.known, self._here.clock()
        wanted = argument.removeprefix("phase ").strip()
        if not wanted:
            here.number(
                (f"list {phase.id}", pages.phase_text(phase, known, now)) for phase in here.plan.phases
            )
            return
        keys = here.plan.in_phase(wanted)
        if not keys:
            here.talk.say(f"no operations in a phase {wanted}")
        else:
            self._number_operations(keys)

    def _number_operations(self, keys: Sequence[str]) -> int:
        here = self._here
        known, now = here.known, here.clock()
        return here.number(
            (f"show {key}", pages.operation_text(here.plan.operations[key], known, now)) for key in keys
        )

    def _filter(self, argument: str) -> None:
        here, wanted = self._here, argument.lower()
        known, now = here.known, here.clock()
        count = self._number_operations(
            [
                key
                for key, each in here.plan.operations.items()
                if wanted in pages.operation_text(each, known, now).lower()
            ]
        )
        here.talk.say(f"{count} match{'' if count == 1 else 'es'}")

    def _sort(self, argument: str) -> None:
        """Say the last list again, in the next order or the one that is named."""
        sorting = self._here.sorting
        if sorting is None:
            self._here.talk.say("there is nothing to sort: list constraints, gate, verify or roles first")
        elif argument and argument not in sorting.orders:
            self._here.talk.say(f"sort by {', '.join(sorting.orders)}")
        else:
            after = (sorting.orders.index(sorting.order) + 1) % len(sorting.orders)
            wanted = argument or sorting.orders[after]
            self._here.talk.say(f"by {wanted}")
            sorting.again(wanted)

    def _show(self, argument: str) -> None:
        here, parts = self._here, self._here.parts
        operation = here.plan.operations.get(argument)
        if operation is None:
            here.talk.say(f"the plan has no operation {argument}" if argument else "which one? show ID")
            return
        here.chosen = (operation.id,)
        view = read_view(parts.feed, parts.desk, operation.id)
        here.talk.say_lines(pages.operation_lines(operation, here.known, view, here.clock()))

    def _map(self) -> None:
        here = self._here
        try:
            mapped = self._mapped = self._mapped or Mapped.of(here.plan)
        except PlanError as error:
            here.talk.say(str(error))
            return
        view = MapView(mapped, here.known, here.kit.glyphs, here.clock(), pages.WIDTH)
        for text in (*view.texts(), whole_brief(here.known.whole)):
            here.talk.say(text)
        rows: list[tuple[str, str]] = []
        for number, wave in enumerate(mapped.schedule.waves, start=1):
            rows += [(f"show {key}", f"wave {number}, {view.told(key)}") for key in wave]
        here.number(rows)

    def _way_back(self) -> None:
        here = self._here
        here.talk.say_lines(row for _, row in way_rows(here.kit, here.update, pages.WIDTH))

    def _zone(self) -> None:
        teller = self._here.teller
        teller.zone = teller.zone.other
        self._here.talk.say(f"times are in {'UTC' if teller.zone is Zone.UTC else 'local time'} now")
