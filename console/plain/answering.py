"""What people sign and settle, in lines: questions with fields, and answers by hand about one operation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from console.acts.arming import Arming
from console.acts.forms import Form
from console.acts.meaning import hand_unfit
from console.plain.questions import NOTHING_DONE, READ_ONLY, WIDTH, Questions
from operations.plan.models import Plan
from screens.by_hand_port import HandAct, HandDesk, HandPreview
from screens.entry import Entry, Given
from screens.hand_lines import hand_lines

ABSENT = "answers by hand are not to be had here"
REASON = Entry("reason", "needed; it stands in the journal")


@dataclass(frozen=True, slots=True)
class Answers:
    """Asks for one thing at a time; `arming` answers what is armed now."""

    plan: Plan
    questions: Questions
    arming: Callable[[], Arming]

    def form(self, make: Callable[[], Form]) -> tuple[str, Given] | None:
        """Ask a question with fields: everything that decides it, each field, then a whole word.

        What was done and what was typed is answered, None when it was not to be.
        """
        ask = self.questions
        form = ask.tried(make)
        if form is None:
            return None
        ask.talk.say(form.title)
        ask.place()
        for text in (form.head, *form.texts):
            if text:
                ask.talk.say(text)
        given = ask.given(form.entries)
        if given is None or not ask.yes(form.verb):
            return None
        said = ask.tried(lambda: form.send(given))
        return None if said is None else (said, given)

    def signed(self, make: Callable[[], Form]) -> None:
        """The same, and say what was done."""
        done = self.form(make)
        if done is not None:
            self.questions.talk.say(done[0])

    def by_hand(self, hands: HandDesk | None, act: HandAct, argument: str, chosen: tuple[str, ...]) -> None:
        """Ask for an answer by hand: what it means, what was seen, the answer, why, a whole word."""
        ask, wanted = self.questions, (argument,) if argument else chosen
        arming = self.arming()
        if hands is None:
            ask.talk.say(ABSENT)
        elif not arming.phases:
            ask.talk.say(READ_ONLY)
        elif (problem := hand_unfit(self.plan, arming, act, wanted)) is not None:
            ask.talk.say(problem)
        else:
            preview = ask.tried(lambda: hands.look(act, wanted[0]))
            if preview is not None:
                self._settle(hands, preview)

    def _settle(self, hands: HandDesk, preview: HandPreview) -> None:
        ask = self.questions
        ask.talk.say(preview.title)
        ask.talk.say_lines(hand_lines(preview, ask.banner(), WIDTH))
        if preview.refused is not None:
            ask.talk.say(NOTHING_DONE)
            return
        choice = None
        if preview.choices:
            choice = ask.talk.ask(f"answer, {' or '.join(preview.choices)}:")
            if choice not in preview.choices:
                ask.talk.say(NOTHING_DONE)
                return
        given = ask.given((REASON,))
        if given is not None and ask.yes(preview.act.value):
            said = ask.tried(lambda: hands.answer(preview, given["reason"], choice))
            if said is not None:
                ask.talk.say(said)
