"""How commands act: claim the journal, ask, journal the request, start a runner, follow it, say how it ended."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from console import compose, openers
from console.acts.previews import Previewer
from console.acts.runways import Runways
from console.exit_codes import CommandError, ExitCode
from console.ground import find_ground
from console.journal.follow import Followed, Interruption, follow
from console.journal.journals import World, claim, journal_path, read_status
from console.journal.told import read_told
from console.options import ActOptions, on_terminal
from console.output import clean, say, say_error, show, show_json
from console.runner_process import RunnerOrder, last_words, silent_end, spawn
from console.settings import Settings, load_settings
from console.soundness import first_error
from console.status_json import status_object
from console.status_text import status_text
from operations.aws.credentials import CredentialLife
from operations.aws.gateway import Access, Identity
from operations.engine.keeping import free
from operations.plan.loader import LoadedPlan
from operations.plan.obstacles import unmet
from screens.ports import ActPreview
from state.events import Direction, Payload
from state.lease import held_by, is_held
from state.projections.states import OperationState, PlanStatus, RunState
from state.request_events import RequestCancel, RequestResume, RequestRollback, RequestRun

MAX_CALLS_ASKED = 40
"""Lines of calls that the question on a terminal shows."""


class Actor:
    """One acting command, from its options to its exit code. Use with `with`: a private sandbox ends with it."""

    def __init__(self, plan: str, options: ActOptions) -> None:
        self._options = options
        self._stack = ExitStack()
        self._settings: Settings = load_settings(os.environ).values
        compose.refuse_read_only(self._settings.read_only)
        self.loaded: LoadedPlan = openers.open_plan(plan)
        self._plan_argument = plan

    def __enter__(self) -> Actor:
        speed = self._options.speed or self._settings.sandbox_speed
        self._ground = find_ground(
            self.loaded, self._options.sandbox, speed, self._stack, self._settings.login_command
        )
        self._setting = self._ground.setting
        self.path = self._claim()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _claim(self) -> Path:
        path = journal_path(self._options.journal, self.loaded.plan.plan, os.environ)
        if is_held(path) and self._options.take_over is None:
            raise CommandError(held_by(path), ExitCode.REFUSED)
        sessions = self._setting.sessions
        chosen = bool(self._options.journal or os.environ.get("CUTOVER_JOURNAL"))
        aside = claim(path, World(sessions.name, sessions.endpoint), chosen=chosen)
        if aside is not None:
            say(f"note: the journal of an earlier sandbox was put aside as {aside}")
        return path

    def status(self) -> PlanStatus:
        """What the journal says now."""
        return read_status(self.path)

    def previewer(self) -> Previewer:
        """Previews for this command's plan and setting."""
        return Previewer.of(self.loaded.plan, self._setting)

    def who(self) -> tuple[Identity, CredentialLife]:
        """Ask AWS who we are, so that missing or wrong credentials are told before anything is asked."""
        self._ground.wait()

        async def ask() -> tuple[Identity, CredentialLife]:
            async with compose.gateway_for(self._setting, self.loaded.plan, Access.READ_ONLY) as gateway:
                return gateway.identity, await gateway.life()

        return asyncio.run(ask())

    def confirm(self, preview: ActPreview, identity: Identity) -> str:
        """Ask the person, unless `--yes` was given; says how it was confirmed.

        Raises:
            CommandError: the act cannot be done, or was not confirmed.
        """
        if preview.refused:
            raise CommandError(preview.refused, ExitCode.REFUSED)
        if self._options.yes:
            return "--yes"
        if not on_terminal():
            raise CommandError("there is no terminal to ask on: give --yes when you are sure")
        sessions = self._setting.sessions
        say(
            f"{preview.title}\n{sessions.name}  account {sessions.account}  {sessions.region}  as {identity.arn}"
        )
        for call in preview.calls[:MAX_CALLS_ASKED]:
            say(clean(f"  {call.operation:<22} {call.title}  {call.params}"))
        if len(preview.calls) > MAX_CALLS_ASKED:
            say(
                f"  and {len(preview.calls) - MAX_CALLS_ASKED} more calls: see `cutover schedule` and the plan"
            )
        for line in (
            *preview.warnings,
            *(f"warning  {x}" for x in preview.unproven),
            *((f"proof  {preview.proven}",) if preview.proven else ()),
            f"depends  {preview.depends}",
            *(f"loses  {x}" for x in preview.loses),
            preview.takes,
        ):
            say(clean(f"  {line}"))
        expected = preview.phrase or "yes"
        if click.prompt(f"Type `{expected}` to go on", default="", show_default=False, err=True) != expected:
            raise CommandError("not confirmed; nothing was done", ExitCode.REFUSED)
        return f"typed {expected}"

    def forward(self, wanted: Sequence[str]) -> int:
        """Carry operations out; those done already are left alone.

        Raises:
            CommandError: the audit found an error in the plan, so nothing of it may go forward.
        """
        unsound = first_error(self.loaded)
        if unsound is not None:
            raise CommandError(unsound)
        status = self.status()
        if all(status.of(key).state.satisfied for key in wanted):
            say("everything asked for is done already")
            return self._report(ExitCode.DONE)
        proofs = read_told(self.path).proofs(self.loaded.plan)
        return self._asked(self.previewer().run(wanted, status, proofs))

    def back(self, wanted: Sequence[str]) -> int:
        """Undo operations, as far as they stand."""
        status = self.status()
        if not any(status.of(key).state.stands for key in wanted):
            say("nothing of what was asked for stands")
            return self._report(ExitCode.DONE)
        proofs = read_told(self.path).proofs(self.loaded.plan)
        return self._asked(self.previewer().rollback(wanted, status, proofs))

    def _asked(self, preview: ActPreview) -> int:
        identity, life = self.who()
        preview = Runways(self.loaded.plan, self._setting, self._max_parallel()).on(
            preview, self.status(), life
        )
        return self.act(preview, self.confirm(preview, identity))

    def act(self, preview: ActPreview, confirmed: str) -> int:
        """Journal the request and have it carried out."""
        kind = RequestRun if preview.direction is Direction.FORWARD else RequestRollback
        request = kind(operations=preview.operations, confirmed=confirmed)
        return self._carry_out(
            request, preview.direction, preview.operations, openers.new_id(), resumes=False
        )

    def resume(self) -> int:
        """Take the last run up again where it stands.

        Raises:
            CommandError: there is none, or it was made in another setting.
        """
        run = self.status().run
        number = self._options.take_over
        if number is not None and (run is None or run.state is RunState.SUCCEEDED):
            with openers.open_journal(self.path, self.loaded) as journal:
                free(journal, openers.now(), number)
            say(f"lease {number} was taken over and given back")
        if run is None:
            raise CommandError(f"{self.path}: no run to resume; start one with `cutover run`")
        if run.state is RunState.SUCCEEDED:
            say(f"run {run.id} has succeeded; there is nothing to resume")
            return self._report(ExitCode.DONE)
        return self._carry_out(RequestResume(), run.direction, run.operations, run.id, resumes=True)

    def _carry_out(
        self, request: Payload, direction: Direction, operations: Sequence[str], run: str, *, resumes: bool
    ) -> int:
        with openers.open_journal(self.path, self.loaded) as journal:
            asked = journal.append(request)
        order = RunnerOrder(
            plan=self._plan_argument,
            digest=self.loaded.digest,
            journal=str(self.path),
            endpoint=self._ground.sandbox,
            speed=self._setting.speed,
            direction=direction.value,
            operations=tuple(operations),
            max_parallel=self._max_parallel(),
            request=asked.seq,
            run=run,
            resumes=resumes,
            take_over=self._options.take_over,
        )
        interruption = Interruption(self._canceller(direction))
        interruption.install()
        process = spawn(order)
        detach = self._options.detach
        followed = follow(self.path, asked.seq, say, interruption, process, until_started=detach)
        return self._ended(followed, process.pid)

    def _max_parallel(self) -> int:
        return (
            self._options.max_parallel or self._settings.max_parallel or self.loaded.plan.limits.max_parallel
        )

    def _canceller(self, direction: Direction) -> Callable[[], None]:
        def cancel() -> None:
            if direction is Direction.INVERSE:
                say("a rollback is not cancelled; it goes on, press Ctrl+C again to leave it to itself")
                return
            say("finishing what is in flight, then stopping; Ctrl+C again leaves the run to itself")
            with openers.open_journal(self.path, self.loaded) as journal:
                journal.append(RequestCancel(reason="interrupted"))

        return cancel

    def _ended(self, followed: Followed, runner: int) -> int:
        said = last_words(self.path, runner) or silent_end(self.path)
        if not followed.started and followed.code is not ExitCode.DONE:
            raise CommandError(said, followed.code)
        if followed.died:
            say_error(said)
            return self._report(followed.code)
        if self._options.detach:
            say(f"run {followed.run} goes on by itself; follow it with `cutover attach`")
        return self._report(self._refine(followed.code))

    def _refine(self, code: ExitCode) -> ExitCode:
        """A run that only waits for an approval or a waiver was refused rather than failed."""
        status = self.status()
        if code is not ExitCode.NO or status.run is None or status.run.state is not RunState.HELD:
            return code
        plan, held = self.loaded.plan, status.in_state(OperationState.HELD)
        waits = any(plan.operations[key].approval for key in held)
        overlooks = self._setting.hands.overlooks
        waits = waits or bool(unmet(plan, held, status.waivers, openers.now(), overlooks))
        return ExitCode.REFUSED if waits else code

    def _report(self, code: ExitCode) -> int:
        told, now = read_told(self.path), openers.now()
        if self._options.form == "json":
            show_json(status_object(self.loaded.plan, told, now, read_only=False))
        else:
            show(status_text(self.loaded.plan, told, now))
        return code
