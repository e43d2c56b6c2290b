"""The operator's requests: look at what would happen, ask, and pass it on to the desk."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from console.acts.arming import ALL, ends_by
from console.acts.asking import BUSY, worked_out
from console.acts.cancel_words import cancel_texts
from console.acts.meaning import meant, unfit
from console.terminal.login import Login, log_in
from operations.plan.errors import PlanError
from screens.arm import ArmScreen, Typed
from screens.ask import Answer, AskScreen
from screens.confirm import Confirmed, ConfirmScreen
from screens.ports import ActPreview, Banner, Desk, DeskError
from state.events import Direction
from state.projections.states import RunState

if TYPE_CHECKING:
    from console.app import CutoverApp

Seen = TypeVar("Seen")
READ_ONLY = "read-only: :arm to act"


class Requests:
    """Everything that changes the account or a run goes through here, one question at a time."""

    def __init__(self, app: CutoverApp, desk: Desk, login: Login) -> None:
        self._app = app
        self._desk = desk
        self._login = login
        self._back_only: frozenset[str] = frozenset()
        self._asking = False

    def handlers(self) -> Mapping[str, Callable[[str], None]]:
        """By action id."""
        return {
            "run": self.run,
            "rollback": self.rollback,
            "pause": self.pause,
            "resume": self.resume,
            "cancel": self.cancel,
            "arm": self.arm,
            "disarm": self.disarm,
            "login": self.login,
            "note": self.note,
        }

    def run(self, argument: str = "") -> None:
        """Ask to run an operation, a phase, or what is chosen."""
        self._act(Direction.FORWARD, argument)

    def rollback(self, argument: str = "") -> None:
        """Ask to roll back an operation, a phase, everything, or what is chosen."""
        self._act(Direction.INVERSE, argument)

    def pause(self, _argument: str = "") -> None:
        """Ask to start nothing new."""
        texts = ["Nothing new is started. What is in flight is finished. :resume goes on."]
        idle = "nothing runs: there is nothing to pause" if self._nothing_runs else None
        self._plain("Pause", texts, "pause", self._desk.pause, "pause asked for", idle)

    def resume(self, _argument: str = "") -> None:
        """Ask to go on."""
        texts = ["The run goes on where it was; what is in doubt is settled first."]
        run = self._app.status.run
        over = run is None or run.state is RunState.SUCCEEDED
        idle = "no run stopped half-way: there is nothing to resume" if over and self._nothing_runs else None
        self._plain("Resume", texts, "resume", self._desk.go_on, "resume asked for", idle)

    def cancel(self, _argument: str = "") -> None:
        """Ask to stop."""
        texts = cancel_texts(self._app.plan, self._app.status, self._app.clock())
        idle = "nothing runs: there is nothing to cancel" if self._nothing_runs else None
        self._plain("Cancel the run", texts, "cancel the run", self._desk.cancel, "cancel asked for", idle)

    @property
    def _nothing_runs(self) -> bool:
        """Whether the journal has told of no run that goes on, and no runner is at work that may yet tell of one."""
        update = self._app.main.update_seen
        run = None if update is None else update.status.run
        return update is not None and not update.runner_alive and (run is None or not run.state.open)

    def arm(self, argument: str = "") -> None:
        """Ask for the alias, then arm a phase or all."""
        phase = argument.removeprefix("phase ").strip() or None
        if phase is not None and phase not in {each.id for each in self._app.plan.phases}:
            self._app.say(f"the plan has no phase {phase}", error=True)
            return
        self._start(self._arm(phase))

    def disarm(self, argument: str = "") -> None:
        """Back to read-only, at once; the journal learns of it after."""
        if not self._app.armed:
            self._app.say("it is read-only already")
            return
        self._app.armed = frozenset()
        why = argument or "asked for"
        self._app.run_worker(
            self._send(lambda: self._desk.disarm(why), f"read-only: {why}"), exit_on_error=True
        )

    async def leave(self) -> None:
        """Say in the journal that nobody is armed any more, because the console closes."""
        self._app.armed = frozenset()
        await self._send(lambda: self._desk.disarm("the console closed"), "read-only")

    def login(self, _argument: str = "") -> None:
        """Lend the terminal to the login command; new credentials need a new `:arm`."""
        if self._asking:
            self._app.say(BUSY, error=True)
            return
        problem = log_in(self._app, self._login)
        if problem is not None:
            self._app.say(problem, error=True)
            return
        self._app.say("logged in; the credentials are read anew")
        if self._app.armed:
            self.disarm("new credentials")

    def mind_identity(self, before: Banner, after: Banner) -> None:
        """Back to read-only when AWS takes the console for somebody else than when it was armed, or by other credentials."""
        why = ends_by(before, after) if self._app.armed else None
        if why is not None:
            self.disarm(why)

    def note(self, argument: str = "") -> None:
        """Put a remark into the journal."""
        if not argument:
            self._app.say("what should the note say? :note TEXT", error=True)
            return
        self._app.run_worker(self._send(lambda: self._desk.note(argument), "noted"), exit_on_error=True)

    def _act(self, direction: Direction, argument: str) -> None:
        if not self._app.armed:
            self._app.say(self._app.kit.shut or READ_ONLY, error=True)
            return
        plan, chosen = self._app.plan, self._app.chosen_operations
        try:
            operations = meant(plan, self._app.status, direction, argument, chosen)
        except PlanError as error:
            self._app.say(str(error), error=True)
            return
        problem = unfit(plan, self._app.arming, self._back_only, direction, operations)
        if problem is None:
            self._start(self._ask(direction, operations))
        else:
            self._app.say(problem, error=True)

    def _plain(
        self,
        title: str,
        texts: Sequence[str],
        verb: str,
        call: Callable[[], None],
        done: str,
        idle: str | None = None,
    ) -> None:
        """Ask, unless the console may not act, or there is nothing that it could be about: `idle` says so."""
        refused = idle if self._app.armed else self._app.kit.shut or READ_ONLY
        if refused is not None:
            self._app.say(refused, error=True)
            return
        self._start(self._ask_plainly(title, texts, verb, call, done))

    def _start(self, question: Awaitable[None]) -> None:
        async def guarded() -> None:
            try:
                await question
            finally:
                self._asking = False

        if self._asking:
            self._app.say(BUSY, error=True)
            if asyncio.iscoroutine(question):
                question.close()
            return
        self._asking = True
        self._app.run_worker(guarded(), group="requests", exit_on_error=True)

    async def _ask(self, direction: Direction, operations: tuple[str, ...]) -> None:
        look = self._desk.preview_run if direction is Direction.FORWARD else self._desk.preview_rollback
        preview = await self._try(lambda: look(operations))
        if preview is None:
            return
        decision = await self._app.ask(ConfirmScreen(preview, self._app.banner, self._app.monotonic))
        if isinstance(decision, Confirmed) and preview.refused is None:
            await self._send_act(direction, preview, decision.reason)

    async def _send_act(self, direction: Direction, preview: ActPreview, reason: str) -> None:
        call = self._desk.run if direction is Direction.FORWARD else self._desk.rollback
        await self._send(lambda: call(preview, reason), f"asked for: {preview.title}")

    async def _ask_plainly(
        self, title: str, texts: Sequence[str], verb: str, call: Callable[[], None], done: str
    ) -> None:
        answer = await self._app.ask(AskScreen(title, texts, verb, self._app.monotonic))
        if answer is Answer.YES:
            await self._send(call, done)

    async def _arm(self, phase: str | None) -> None:
        preview = await self._try(lambda: self._desk.arming(phase))
        if preview is None:
            return
        app = self._app
        acting = "{run} and {rollback}".format_map(app.kit.keys)
        screen = ArmScreen(phase, app.banner, app.idle_minutes, preview, acting, app.monotonic)
        typed = await self._app.ask(screen)
        if not isinstance(typed, Typed):
            return
        what = "all phases" if phase is None else f"phase {phase}"
        if await self._send(lambda: self._desk.arm(phase, typed.alias), f"armed: {what}"):
            place = frozenset({phase or ALL})
            self._back_only = self._back_only | place if preview.way_back_only else self._back_only - place
            self._app.armed = self._app.armed | place

    async def _send(self, call: Callable[[], None], done: str) -> bool:
        try:
            await asyncio.to_thread(call)
        except DeskError as error:
            self._app.say(str(error), error=True)
            return False
        self._app.say(done)
        return True

    async def _try(self, look: Callable[[], Seen]) -> Seen | None:
        try:
            return await worked_out(self._app, look)
        except DeskError as error:
            self._app.say(str(error), error=True)
            return None
