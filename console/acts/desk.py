"""The console's desk: journals what the operator asks for and sees that a runner is at work."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from console import compose, openers
from console.acts.previews import Previewer
from console.acts.runways import Runways
from console.journal.feed import JournalFeed
from console.runner_process import RUN_CODES, RunnerOrder, last_words, silent_end, spawn
from console.soundness import first_error
from operations.aws.credentials import CredentialLife
from operations.plan.loader import LoadedPlan
from operations.plan.selection import everything
from screens.ports import ActPreview, ArmPreview, DeskError, PreviewCall
from state.errors import JournalError
from state.events import Direction, Event, Payload
from state.lease import held_by, is_held
from state.request_events import (
    RequestArm,
    RequestCancel,
    RequestDisarm,
    RequestNote,
    RequestPause,
    RequestResume,
    RequestRollback,
    RequestRun,
)

SHUT = "read-only: --read-only, CUTOVER_READ_ONLY or the settings say so"


@dataclass(slots=True)
class JournalDesk:
    """Takes requests for one journal and setting; adapter of `screens.ports.Desk`."""

    loaded: LoadedPlan
    plan_argument: str
    path: Path
    setting: compose.Setting
    previewer: Previewer
    feed: JournalFeed
    max_parallel: int
    sandbox: str | None = None
    read_only: bool = False
    life: Callable[[], CredentialLife | None] = lambda: None
    _runners: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _audited: tuple[str | None] | None = None
    _trouble: str | None = None

    def calls(self, operation_id: str, section: str) -> tuple[PreviewCall, ...]:
        """The steps of a section, resolved as far as is known."""
        return self.previewer.calls(operation_id, section, self.feed.status)

    def preview_run(self, operations: Sequence[str]) -> ActPreview:
        """What running these operations would do; refused where the audit found an error in the plan."""
        self.feed.require_read()
        preview = self.previewer.run(operations, self.feed.status, self.feed.proofs)
        if self._audited is None:
            self._audited = (first_error(self.loaded),)
        preview = replace(preview, refused=self._audited[0] or preview.refused)
        return self._runways.on(preview, self.feed.status, self.life())

    def preview_rollback(self, operations: Sequence[str]) -> ActPreview:
        """What rolling these operations back would do."""
        self.feed.require_read()
        preview = self.previewer.rollback(operations, self.feed.status, self.feed.proofs)
        return self._runways.on(preview, self.feed.status, self.life())

    @property
    def _runways(self) -> Runways:
        return Runways(self.loaded.plan, self.setting, self.max_parallel)

    def arming(self, phase: str | None) -> ArmPreview:
        """What arming a phase (None: all) would allow, by the life of the credentials."""
        self._refuse_read_only()
        self.feed.require_read()
        plan = self.loaded.plan
        meant = set(plan.operations if phase is None else plan.in_phase(phase))
        operations = tuple(key for key in everything(plan) if key in meant)
        return self._runways.arming(operations, self.feed.status, self.life())

    def run(self, preview: ActPreview, reason: str) -> None:
        """Ask for a previewed run."""
        self._act(
            RequestRun(operations=preview.operations, confirmed="console", reason=reason or None), preview
        )

    def rollback(self, preview: ActPreview, reason: str) -> None:
        """Ask for a previewed rollback."""
        self._act(
            RequestRollback(operations=preview.operations, confirmed="console", reason=reason or None),
            preview,
        )

    def _act(self, request: Payload, preview: ActPreview) -> None:
        if preview.refused:
            raise DeskError(preview.refused)
        self._refuse_if_busy()
        self._trouble = None
        asked = self._journal(request)
        self._start(preview.direction, preview.operations, asked, openers.new_id(), resumes=False)

    @property
    def shut(self) -> str | None:
        """Why nothing may ever be asked for here, None where arming allows it."""
        return SHUT if self.read_only else None

    def _refuse_read_only(self) -> None:
        if self.shut is not None:
            raise DeskError(self.shut)

    def _refuse_if_busy(self) -> None:
        self._refuse_read_only()
        if is_held(self.path):
            raise DeskError(held_by(self.path).partition(": ")[2])

    def _start(
        self, direction: Direction, operations: Sequence[str], asked: Event, run: str, *, resumes: bool
    ) -> None:
        order = RunnerOrder(
            plan=self.plan_argument,
            digest=self.loaded.digest,
            journal=str(self.path),
            endpoint=self.sandbox,
            speed=self.setting.speed,
            direction=direction.value,
            operations=tuple(operations),
            max_parallel=self.max_parallel,
            request=asked.seq,
            run=run,
            resumes=resumes,
        )
        self._runners = [runner for runner in self._runners if runner.poll() is None]
        self._runners.append(spawn(order))

    def trouble(self) -> str | None:
        """What a runner said that ended without taking its request up; it stands until the next request."""
        ended = [runner for runner in self._runners if runner.poll() is not None]
        self._runners = [runner for runner in self._runners if runner not in ended]
        for runner in ended:
            said = last_words(self.path, runner.pid)
            if said is not None or runner.returncode not in RUN_CODES:
                self._trouble = said or silent_end(self.path)
        return self._trouble

    def pause(self) -> None:
        """Start nothing new."""
        self._journal(RequestPause())

    def go_on(self) -> None:
        """End a pause, or resume a run whose runner is gone."""
        asked = self._journal(RequestResume())
        run = self.feed.status.run
        if run is not None and not is_held(self.path):
            self._start(run.direction, run.operations, asked, run.id, resumes=True)

    def cancel(self) -> None:
        """Finish what is in flight and stop; a rollback is never cancelled."""
        run = self.feed.status.run
        if run is not None and run.direction is Direction.INVERSE:
            raise DeskError("a rollback is never cancelled; it can be resumed if it stops")
        self._journal(RequestCancel())

    def arm(self, phase: str | None, typed: str) -> None:
        """Leave read-only after the account's alias was typed."""
        expected = self.loaded.plan.alias or self.loaded.plan.account
        if typed != expected:
            raise DeskError(f"typed `{typed}`, the account is `{expected}`; still read-only")
        if phase is not None and not self.loaded.plan.in_phase(phase):
            raise DeskError(f"no operations in a phase `{phase}`")
        self._journal(RequestArm(phase=phase, alias=typed))

    def disarm(self, why: str) -> None:
        """Back to read-only."""
        self._journal(RequestDisarm(why=why))

    def note(self, text: str) -> None:
        """Put a remark into the journal."""
        self._journal(RequestNote(text=text))

    def _journal(self, payload: Payload) -> Event:
        self._refuse_read_only()
        try:
            with openers.open_journal(self.path, self.loaded) as journal:
                return journal.append(payload)
        except JournalError as error:
            raise DeskError(str(error)) from error
