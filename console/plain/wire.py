"""Commands about what a console has around it: metrics, the sandbox's wire, the doctor."""

from __future__ import annotations

from collections.abc import Mapping

from console.acts.drill_forms import NOT_HERE, clear_form, inject_form, named_choice
from console.exit_codes import CommandError
from console.metric_pace import toggled
from console.plain import pages
from console.plain.here import Handler, Here
from screens.drill_lines import choice_lines, wire_lines
from screens.finding_lines import finding_lines
from screens.glyphs import WORDS
from screens.metrics_port import cost_words


class Wire:
    """Metrics, drill, doctor."""

    def __init__(self, here: Here) -> None:
        self._here = here
        self._choice = ""

    def handlers(self) -> Mapping[str, Handler]:
        """By the command's word."""
        return {
            "metrics": self._metrics,
            "metric": self._metrics,
            "pause-metrics": lambda _: self._here.talk.say(toggled(self._here.parts.ports.metrics)),
            "drill": self._drill,
            "inject": self._inject,
            "clear-faults": lambda _: self._clear(),
            "doctor": lambda _: self._doctor(),
        }

    def _metrics(self, argument: str) -> None:
        here, control = self._here, self._here.parts.ports.metrics
        snapshot = here.parts.metrics.snapshot()
        for text in pages.metric_texts(snapshot, here.clock(), argument):
            here.talk.say(text)
        if control is not None and not argument:
            here.talk.say(control.why_not or f"every {control.every_seconds:g} s")
        if snapshot.asked and not argument:
            here.talk.say(cost_words(snapshot.asked))

    # the drill

    def _drill(self, argument: str) -> None:
        here, desk = self._here, self._here.parts.ports.drill
        if desk is None:
            here.talk.say(NOT_HERE)
            return
        if argument:
            try:
                choice = named_choice(desk, argument)
            except CommandError as error:
                here.talk.say(str(error))
                return
            self._choice = choice.id
            here.talk.say_lines(choice_lines(choice, pages.WIDTH))
            return
        state = here.talk.busy(desk.state)
        here.talk.say(f"scenario {state.scenario}, seed {state.seed}" if state.scenario else "no scenario")
        here.talk.say(f"faults in force: {len(state.faults)}")
        here.talk.say_lines(wire_lines(state, here.teller.zone, pages.WIDTH))
        here.number((f"drill {each.id}", f"{each.id}: {each.title}") for each in desk.choices())

    def _inject(self, argument: str) -> None:
        here, desk = self._here, self._here.parts.ports.drill
        wanted = argument or self._choice
        if desk is None:
            here.talk.say(NOT_HERE)
        elif not wanted:
            here.talk.say("which one? drill lists them, inject NAME")
        else:
            here.answers.signed(lambda: inject_form(desk, named_choice(desk, wanted)))

    def _clear(self) -> None:
        here, desk = self._here, self._here.parts.ports.drill
        if desk is None:
            here.talk.say(NOT_HERE)
        else:
            here.answers.signed(lambda: clear_form(desk))

    # the doctor

    def _doctor(self) -> None:
        here, doctor = self._here, self._here.parts.ports.doctor
        if doctor is None:
            here.talk.say("there is nobody to look here: cutover doctor does")
            return
        findings = here.talk.busy(
            lambda: doctor.examine(sync=False)
        )  # None would ask the terminal by a sequence
        here.talk.say_lines(finding_lines(findings, WORDS, pages.WIDTH))
