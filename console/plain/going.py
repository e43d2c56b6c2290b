"""Commands that ask for something that changes the account or a run, and the following of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from console.acts.cancel_words import cancel_texts
from console.plain.here import Handler, Here
from console.plain.source import Came
from console.terminal.login import log_in_here
from screens.by_hand_port import HandAct
from state.events import Direction

PAUSE = "Nothing new is started. What is in flight is finished. resume goes on."
RESUME = "The run goes on where it was; what is in doubt is settled first."


class Going:
    """Runs, the way back, answers by hand, arming; `do` carries out a line that ended a following."""

    def __init__(self, here: Here, do: Callable[[str], None]) -> None:
        self._here = here
        self._do = do

    def handlers(self) -> Mapping[str, Handler]:
        """By the command's word."""
        here = self._here
        by_hand: dict[str, Handler] = {act.value: partial(self._by_hand, act) for act in HandAct}
        return {
            **by_hand,
            "run": partial(self._act, Direction.FORWARD),
            "rollback": partial(self._act, Direction.INVERSE),
            "pause": lambda _: self._pause(),
            "resume": lambda _: self._resume(),
            "cancel": lambda _: self._cancel(),
            "arm": here.asker.arm,
            "disarm": lambda text: here.asker.disarm(text or "asked for"),
            "login": lambda _: self._login(),
            "note": here.asker.note,
            "follow": lambda _: self._follow(),
        }

    def _act(self, direction: Direction, argument: str) -> None:
        run = self._here.status.run
        if self._here.asker.act(direction, argument, self._here.chosen):
            self._follow(before=run.id if run else "")

    def _by_hand(self, act: HandAct, argument: str) -> None:
        here = self._here
        here.answers.by_hand(here.parts.ports.hands, act, argument, here.chosen)

    def _pause(self) -> None:
        self._here.asker.plainly("pause", (PAUSE,), self._here.parts.desk.pause)

    def _resume(self) -> None:
        if self._here.asker.plainly("resume", (RESUME,), self._here.parts.desk.go_on):
            self._follow()

    def _cancel(self) -> None:
        here = self._here
        texts = cancel_texts(here.plan, here.status, here.clock())
        here.asker.plainly("cancel", texts, here.parts.desk.cancel)

    def _login(self) -> None:
        here = self._here
        problem = log_in_here(here.parts.login)
        here.talk.say(problem or "logged in; the credentials are read anew")
        if problem is None and here.asker.armed:
            here.asker.disarm("new credentials")

    def _follow(self, before: str | None = None) -> None:
        """Say every event until the run ends or somebody presses Enter; `before` is the run that was there before."""
        here = self._here
        if here.moment is not None:
            here.talk.say("the past is shown: now follows again, play says what came after")
            return
        here.talk.say("following; Enter comes back to the prompt, the run goes on")
        here.teller.following = True
        problem = here.banner.problem
        try:
            while True:
                heard = here.talk.hear()
                if heard.came is Came.LINE:
                    here.asker.touch()
                    self._after_following(heard.text)
                    return
                if self._ended(before):
                    return
                now = here.banner.problem
                if now is not None and now != problem and not here.teller.running:
                    here.talk.say(now)
                    return
        finally:
            here.teller.following = False

    def _ended(self, before: str | None) -> bool:
        """Whether the followed run has ended, which is said."""
        here, run = self._here, self._here.status.run
        begun = before is None or (run is not None and run.id != before)
        if not begun or here.teller.running:
            return False
        if run is None:
            here.talk.say("nothing runs")
        else:
            name = "rollback" if run.direction is Direction.INVERSE else "run"
            why = f": {run.why}" if run.why else ""
            here.talk.say(f"the {name} {run.state.value.replace('_', ' ')}{why}")
        return True

    def _after_following(self, text: str) -> None:
        here = self._here
        going = here.teller.running
        here.talk.say("the run goes on; follow takes it up again" if going else "nothing runs")
        if text:
            self._do(text)
