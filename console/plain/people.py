"""Commands about people: who answers for what, who is on, the handing over of the watch."""

from __future__ import annotations

from collections.abc import Mapping

from console.acts.watch_forms import ABSENT, accept_form, offer_form, read_out, summary_of
from console.plain.here import Handler, Here
from console.plain.pages import WIDTH
from operations.plan.registers import RaciRow
from screens.glyphs import WORDS
from screens.raci_lines import NOBODY, ORDERS, task_lines
from screens.watch_lines import watch_lines
from state.projections.watch import Watch


class People:
    """Roles and the watch."""

    def __init__(self, here: Here) -> None:
        self._here = here

    def handlers(self) -> Mapping[str, Handler]:
        """By the command's word."""
        return {"roles": self._roles, "handover": self._hand_over, "accept": lambda _: self._accept()}

    @property
    def _watch(self) -> Watch:
        return self._here.update.watch if self._here.update else Watch()

    def _roles(self, argument: str) -> None:
        here = self._here
        row = next((each for each in here.plan.raci if each.task == argument), None)
        if row is not None:
            here.chosen = row.operations or here.chosen
            here.talk.say_lines(task_lines(here.plan, row, here.status, WORDS, WIDTH))
            return
        if argument:
            here.talk.say(f"no task is called {argument}")
            return
        alive = here.update.runner_alive if here.update else False
        here.talk.say_lines(
            watch_lines(here.plan, self._watch, here.status, alive, WORDS, here.clock(), WIDTH)
        )
        if here.plan.raci:
            here.number((f"roles {each.task}", _row_text(each)) for each in self._tasks())
        else:
            here.talk.say(NOBODY)

    def _tasks(self) -> list[RaciRow]:
        """The rows in the order that `sort` has chosen; at first those of what is chosen come first."""
        here, about = self._here, frozenset(self._here.chosen)
        rows, order = list(here.plan.raci), here.ordered("roles", ORDERS, lambda: self._roles(""))
        if order == "chosen":
            rows.sort(key=lambda each: not about & set(each.operations))
        elif order == "accountable":
            rows.sort(key=lambda each: each.accountable)
        return rows

    def _hand_over(self, argument: str) -> None:
        here, desk = self._here, self._here.parts.ports.watch
        if desk is None:
            here.talk.say(ABSENT)
            return
        summary = summary_of(here.plan, here.status, here.update, here.clock())
        done = here.answers.form(lambda: offer_form(desk, argument, summary))
        if done is None:
            return
        phrase, given = done
        if here.asker.armed:
            here.asker.disarm(f"the watch was offered to {given['to']}")
        for text in read_out(given["to"], phrase):
            here.talk.say(text)

    def _accept(self) -> None:
        here, desk = self._here, self._here.parts.ports.watch
        if desk is None:
            here.talk.say(ABSENT)
        else:
            here.answers.signed(lambda: accept_form(desk, self._watch, here.clock()))


def _row_text(row: RaciRow) -> str:
    return f"{row.task}: {row.accountable} answers"
