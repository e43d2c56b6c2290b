"""What happens outside AWS: commands, HTTP checks and people. Each setting has its own hands."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from operations.engine.errors import EffectUnknownError, PersonNeededError, StepFailedError
from operations.plan.models import Operation
from operations.plan.registers import Constraint
from operations.plan.steps import ApiStep, CommandStep, HttpStep, ManualStep, Step, WaitStep

OutsideStep = CommandStep | HttpStep | ManualStep
MAX_OUTPUT = 64_000
"""Characters of a command's output that are kept as evidence."""
REAP_SECONDS = 5.0
"""How long the output of a command that was ended is read on; a child of its own may still hold it open."""
WEB_SCHEMES = frozenset({"http", "https"})


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step as this setting carries it out; `stands_for` names the step whose stand-in it is."""

    step: Step
    stands_for: str | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """Who approved, and why: the journal's `approval.granted`."""

    role: str | None
    reason: str


class Hands(Protocol):
    """Acts outside AWS, or stands in for those who would."""

    def plan_steps(self, steps: Sequence[Step]) -> tuple[PlannedStep, ...]:
        """The steps as this setting carries them out."""
        ...

    def gap(self, operation: Operation) -> str | None:
        """Why this setting cannot carry the operation out, None when it can."""
        ...

    def approval(self, operation: Operation) -> Signature | None:
        """An approval that this setting gives by itself, None when people must."""
        ...

    def overlooks(self, constraint: Constraint) -> str | None:
        """Why a constraint that nobody has waived holds nothing up in this setting, None when it does."""
        ...

    async def perform(self, step: OutsideStep, *, attested: bool) -> Any:
        """Carry a step out and return its answer, as JSON where it is JSON.

        Raises:
            StepFailedError: it failed.
            EffectUnknownError: it was cut short, and what it did until then is not known.
            PersonNeededError: a person must attest first.
        """
        ...


class LiveHands:
    """Runs commands on this host, asks URLs, and waits for people."""

    def plan_steps(self, steps: Sequence[Step]) -> tuple[PlannedStep, ...]:
        """The steps as the plan has them."""
        return tuple(PlannedStep(step) for step in steps)

    def gap(self, operation: Operation) -> str | None:
        """Live, everything can be carried out."""
        del operation
        return None

    def approval(self, operation: Operation) -> Signature | None:
        """Live, people approve."""
        del operation
        return None

    def overlooks(self, constraint: Constraint) -> str | None:
        """Live, every constraint is meant."""
        del constraint
        return None

    async def perform(self, step: OutsideStep, *, attested: bool) -> Any:
        """Carry a step out; see Hands."""
        match step:
            case CommandStep():
                return await _command(step)
            case HttpStep():
                return await asyncio.to_thread(_get, step)
            case ManualStep() if not attested:
                raise PersonNeededError(f"{step.role or 'a person'}: {step.manual}; then `cutover approve`")
        return {"attested": True}


class StandIns:
    """Hands for a sandbox: every outside step is replaced by the AWS calls that stand in for it."""

    def plan_steps(self, steps: Sequence[Step]) -> tuple[PlannedStep, ...]:
        """The steps with stand-ins in place; an empty stand-in leaves the step as one that does nothing."""
        planned: list[PlannedStep] = []
        for step in steps:
            if isinstance(step, (ApiStep, WaitStep)):
                planned.append(PlannedStep(step))
            else:
                inner = [PlannedStep(call, stands_for=step.title) for call in step.stand_in or ()]
                planned.extend(inner or [PlannedStep(step, stands_for=step.title)])
        return tuple(planned)

    def gap(self, operation: Operation) -> str | None:
        """The plan's own word, or the first outside step that has no stand-in."""
        if operation.sandbox_gap:
            return operation.sandbox_gap
        for steps in operation.sections().values():
            for step in steps:
                if not isinstance(step, (ApiStep, WaitStep)) and step.stand_in is None:
                    return f"{step.title} has no stand-in"
        return None

    def approval(self, operation: Operation) -> Signature | None:
        """In a sandbox the first role of the plan's approval is taken to approve."""
        if operation.approval is None:
            return None
        return Signature(operation.approval.roles[0], "stand-in: nobody is asked in a sandbox")

    def overlooks(self, constraint: Constraint) -> str | None:
        """In a sandbox nothing is at stake: what is blocked can be rehearsed while others resolve the constraint."""
        return f"{constraint.id} would hold it up live; in a sandbox it is overlooked"

    async def perform(self, step: OutsideStep, *, attested: bool) -> Any:
        """Nothing is done; the journal says that it was stood in for."""
        del attested
        return {"stood_in": step.title}


async def _command(step: CommandStep) -> Any:
    try:
        process = await asyncio.create_subprocess_exec(
            *step.command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    except (OSError, ValueError) as error:  # ValueError: an argument holds a NUL
        why = getattr(error, "strerror", None) or str(error)
        raise StepFailedError(step.title, f"cannot start {step.command[0]}: {why}") from error
    try:
        out, err = await asyncio.wait_for(_output(process), step.timeout_seconds)
    except TimeoutError as error:
        process.kill()
        with suppress(TimeoutError):  # a pipe that is not read to its end keeps the process from being reaped
            await asyncio.wait_for(_output(process), REAP_SECONDS)
        raise EffectUnknownError(
            f"{step.title}: took longer than {step.timeout_seconds:.0f} s and was ended"
        ) from error
    if process.returncode:
        tail = err.decode(errors="replace").strip().splitlines()[-1:] or ["no message"]
        raise StepFailedError(
            step.title, f"exit code {process.returncode}: {tail[0]}", str(process.returncode)
        )
    text = out.decode(errors="replace")[:MAX_OUTPUT]
    try:
        return json.loads(text)
    except ValueError:
        return text.strip()


async def _output(process: asyncio.subprocess.Process) -> tuple[bytes, bytes]:
    """What a command writes, as far as it is kept; the rest is read and thrown away, so that it does not stall."""
    assert process.stdout is not None  # noqa: S101 - both are pipes
    assert process.stderr is not None  # noqa: S101
    out, err = await asyncio.gather(_kept(process.stdout, last=False), _kept(process.stderr, last=True))
    await process.wait()
    return out, err


async def _kept(stream: asyncio.StreamReader, *, last: bool) -> bytes:
    kept = b""
    while chunk := await stream.read(65536):
        kept = (kept + chunk)[-MAX_OUTPUT * 4 :] if last else (kept + chunk)[: MAX_OUTPUT * 4]
    return kept


def _get(step: HttpStep) -> Any:
    from http.client import HTTPException
    from urllib.error import HTTPError

    try:
        with _web().open(_request(step), timeout=step.timeout_seconds) as answer:
            status, body = answer.status, answer.read(MAX_OUTPUT)
    except HTTPError as error:
        status, body = error.code, b""
    except (OSError, HTTPException, ValueError) as error:
        raise StepFailedError(step.title, f"no answer: {error}") from error
    if status != step.expect_status:
        raise StepFailedError(step.title, f"status {status}, expected {step.expect_status}", str(status))
    try:
        return json.loads(body)
    except ValueError:
        return {"status": status}


def _request(step: HttpStep) -> Any:
    """The request; what a reference was filled in with must not turn it into another kind of address.

    Raises:
        StepFailedError: the address is not http or https.
    """
    from urllib.parse import urlsplit
    from urllib.request import Request

    try:
        parts = urlsplit(step.http)
        allowed = parts.scheme in WEB_SCHEMES and bool(parts.hostname)
    except ValueError:
        allowed = False
    if not allowed:
        raise StepFailedError(step.title, "the address is neither http nor https; nothing was asked")
    return Request(step.http, headers={"User-Agent": "cutover"})  # noqa: S310 - looked at above


def _web() -> Any:
    """An opener that knows http and https alone: no files, no FTP, no data, not even after a redirect."""
    from urllib import request

    opener = request.OpenerDirector()
    for handler in (
        request.ProxyHandler,
        request.HTTPHandler,
        request.HTTPSHandler,
        request.HTTPDefaultErrorHandler,
        request.HTTPRedirectHandler,
        request.HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    return opener
