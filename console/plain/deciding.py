"""Commands about what stands in the way: constraints, the gate and what people sign there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from console.acts.forms import REFUSALS, Form
from console.acts.gate_forms import ABSENT, GateForms, chosen_gate, standing_of
from console.acts.waiver_form import SIGNS_NOTHING, USAGE, parsed, waiver_form
from console.exit_codes import CommandError
from console.plain import pages
from console.plain.here import Handler, Here
from console.plain.talk import words_of
from operations.checks.gate_standing import GateStanding
from screens.constraint_view import ORDERS, ConstraintView
from screens.gate_lines import gate_lines, sample_line, sample_lines
from screens.glyphs import WORDS
from screens.lines import Line
from screens.sample_orders import SAMPLE_ORDERS


class Deciding:
    """Constraints and one gate, the plan's first until another one is named."""

    def __init__(self, here: Here) -> None:
        self._here = here
        self._gate_id = ""
        self._criterion = ""

    def handlers(self) -> Mapping[str, Handler]:
        """By the command's word."""
        return {
            "constraints": self._constraints,
            "waive": self._waive,
            "gate": self._gate,
            "take": lambda _: self._take(),
            "sign": lambda role: self._sign(lambda forms: forms.sign(role)),
            "attest": lambda said: self._sign(lambda forms: forms.attest(said, self._criterion)),
        }

    # constraints

    def _constraints(self, argument: str) -> None:
        here = self._here
        view = ConstraintView(here.plan, here.status, WORDS, here.clock())
        one = next((each for each in here.plan.constraints if each.id == argument), None)
        if one is not None:
            here.talk.say(one.id)
            here.talk.say_lines(view.page(one, pages.WIDTH))
        elif argument:
            here.talk.say(f"the plan has no constraint {argument}")
        elif not here.plan.constraints:
            here.talk.say("no constraints in this plan")
        else:
            order = here.ordered("constraints", ORDERS, lambda: self._constraints(""))
            here.number(
                (f"constraints {each.id}", pages.constraint_text(each)) for each in view.sorted_by(order)
            )

    def _waive(self, argument: str) -> None:
        here, signatory = self._here, self._here.parts.ports.signatory
        key, until, reason = parsed(argument)
        constraint = {each.id: each for each in here.plan.constraints}.get(key)
        if constraint is None and key in {each.id for each in here.plan.criteria}:
            self._sign(lambda forms: forms.waive(key, until, reason))
        elif constraint is None:
            here.talk.say(USAGE if not key else f"nothing called {key} to waive")
        elif signatory is None:
            here.talk.say(SIGNS_NOTHING)
        else:
            said = (until, reason)
            here.answers.signed(
                lambda: waiver_form(here.plan, here.status, constraint, signatory, here.real_clock, said)
            )

    # the gate

    def _gate(self, argument: str) -> None:
        here = self._here
        if argument in {each.id for each in here.plan.criteria}:
            self._criterion = argument
            here.talk.say_lines(self._sample(argument))
            return
        try:
            self._gate_id = chosen_gate(here.plan, argument or self._gate_id)
        except CommandError as error:
            here.talk.say(str(error))
            return
        standing, now = self._standing(), here.clock()
        here.talk.say_lines(gate_lines(standing, WORDS, now, pages.WIDTH))
        order = here.ordered("gate", SAMPLE_ORDERS, lambda: self._gate(""))
        here.number(
            (f"gate {each.id}", words_of(sample_line(each, WORDS, now, pages.WIDTH)))
            for each in sorted(standing.samples, key=SAMPLE_ORDERS[order])
        )

    def _sample(self, key: str) -> list[Line]:
        standing = self._standing()
        found = next(each for each in standing.samples if each.id == key)
        return sample_lines(found, standing, self._here.clock(), pages.WIDTH)

    def _standing(self) -> GateStanding:
        here, work = self._here, self._here.parts.ports.gate
        self._gate_id = chosen_gate(here.plan, self._gate_id)
        digest = work.digest if work is not None else here.parts.digest
        return standing_of(here.plan, self._gate_id, here.update, digest, here.clock())

    def _take(self) -> None:
        from operations.aws.outcome import GatewayError

        here, work = self._here, self._here.parts.ports.gate
        if work is None:
            here.talk.say(ABSENT)
            return
        try:
            gate = self._gate_id = chosen_gate(here.plan, self._gate_id)
            here.talk.say("making every criterion, reads only")
            here.talk.say(here.talk.busy(lambda: work.take(gate)))
        except (*REFUSALS, GatewayError) as error:
            here.talk.say(f"no verdict: {error}")

    def _sign(self, make: Callable[[GateForms], Form]) -> None:
        here, work = self._here, self._here.parts.ports.gate
        if work is None:
            here.talk.say(ABSENT)
        else:
            here.answers.signed(
                lambda: make(GateForms(here.plan, self._gate_id, self._standing(), work, here.real_clock))
            )
