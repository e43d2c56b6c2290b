"""A local command as an argument vector: started without a terminal, ended with all that it has started."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from contextlib import suppress
from typing import Any

from operations.engine.errors import EffectUnknownError, StepFailedError
from operations.plan.steps import CommandStep

MAX_OUTPUT = 64_000
"""Characters of a command's output that are kept as evidence."""
REAP_SECONDS = 5.0
"""How long the output of a command that was ended is read on; what left its session may still hold it open."""


async def run_command(step: CommandStep) -> Any:
    """Carry a command out and return what it wrote, as JSON where it is JSON.

    Raises:
        StepFailedError: it could not be started, or said itself that it failed.
        EffectUnknownError: it was cut short, by its time or a signal; what it did until then is not known.
    """
    process = await _started(step)
    try:
        out, err = await asyncio.wait_for(_output(process), step.timeout_seconds)
    except TimeoutError as error:
        _end(process)
        with suppress(TimeoutError):  # a pipe that is not read to its end keeps the process from being reaped
            await asyncio.wait_for(_output(process), REAP_SECONDS)
        raise EffectUnknownError(
            f"{step.title}: took longer than {step.timeout_seconds:.0f} s and was ended"
        ) from error
    finally:
        if process.returncode is None:
            _end(process)
    _judge(step, process.returncode or 0, err)
    text = out.decode(errors="replace")[:MAX_OUTPUT]
    try:
        return json.loads(text)
    except ValueError:
        return text.strip()


async def _started(step: CommandStep) -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            *step.command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:  # ValueError: an argument holds a NUL
        why = getattr(error, "strerror", None) or str(error)
        raise StepFailedError(step.title, f"cannot start {step.command[0]}: {why}") from error


def _judge(step: CommandStep, code: int, err: bytes) -> None:
    """Raise what an exit code says; less than none is the signal that ended the command."""
    if code < 0:
        raise EffectUnknownError(f"{step.title}: was ended by {_signal_name(-code)}")
    if code:
        tail = err.decode(errors="replace").strip().splitlines()[-1:] or ["no message"]
        raise StepFailedError(step.title, f"exit code {code}: {tail[0]}", str(code))


def _end(process: asyncio.subprocess.Process) -> None:
    """Kill a command and what it has started: it leads a session of its own."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


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
