"""The runner as a process of its own session: started by console and commands, outliving both.

`python -m console.runner_process ORDER` with the order as JSON; nothing but this module starts it.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from console.exit_codes import ExitCode, code_for
from state.lease_record import LIFE_SECONDS
from state.own_process import own_process

RESULT_CODES = {
    "succeeded": ExitCode.DONE,
    "failed": ExitCode.NO,
    "held": ExitCode.NO,
    "in_doubt": ExitCode.IN_DOUBT,
    "cancelled": ExitCode.INTERRUPTED,
}
RUN_CODES = frozenset({*RESULT_CODES.values(), ExitCode.TERMINATED})
"""What a runner may end with that has carried a run through."""


@dataclass(frozen=True, slots=True)
class RunnerOrder:
    """What a runner process is told: where, what, and which request it answers."""

    plan: str
    digest: str
    journal: str
    endpoint: str | None
    speed: float
    direction: str
    operations: tuple[str, ...]
    max_parallel: int
    request: int
    run: str
    resumes: bool = False
    take_over: int | None = None
    lease_seconds: float = LIFE_SECONDS


MAX_LOG = 1_000_000
"""Bytes of a journal's log after which it begins anew."""


def log_path(journal: Path) -> Path:
    """Where a runner's own messages go."""
    return journal.with_name(journal.name + ".log")


def spawn(order: RunnerOrder) -> subprocess.Popen[bytes]:
    """Start a runner in a session of its own, without a terminal."""
    environment = dict(os.environ)
    if order.endpoint is not None:
        from operations.aws.sessions import sandbox_environment

        environment = sandbox_environment(environment)
    log = _open_log(log_path(Path(order.journal)))
    try:
        return subprocess.Popen(
            own_process("console.runner_process", json.dumps(asdict(order))),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env=environment,
        )
    finally:
        os.close(log)


def _open_log(path: Path) -> int:
    """Open the log that all runners of a journal append to; one that has grown long begins anew."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    if os.fstat(descriptor).st_size > MAX_LOG:
        os.ftruncate(descriptor, 0)
    return descriptor


def last_words(journal: Path, pid: int) -> str | None:
    """The line with which a runner ended, None when it ended without one.

    Two runners may end at the same time, so each marks its line.
    """
    try:
        lines = log_path(journal).read_text(errors="replace").strip().splitlines()
    except OSError:
        lines = []
    said = [found[1] for line in lines if (found := re.fullmatch(rf"runner {pid} error: (.*)", line))]
    return said[-1] if said else None


def silent_end(journal: Path) -> str:
    """What there is to say of a runner that ended without a word."""
    return f"the runner ended without a word; see {log_path(journal)} and `cutover status`"


async def _carry_out(order: RunnerOrder) -> ExitCode:
    from console.compose import gateway_for, live_setting, run_context, sandbox_setting
    from console.journal import sealing
    from console.notify.process import start_beside
    from console.openers import open_journal, open_plan
    from console.settings import load_settings
    from operations.aws.gateway import Access
    from operations.engine.errors import RunRefusedError
    from operations.engine.runner import Assignment, Runner
    from state.events import Direction

    settings = load_settings(os.environ).values
    loaded = open_plan(order.plan)
    if loaded.digest != order.digest:
        raise RunRefusedError("the plan has changed since this was asked for; look at it and ask again")
    setting = (
        sandbox_setting(loaded.plan, order.endpoint, order.speed)
        if order.endpoint
        else live_setting(loaded.plan, os.environ, settings.login_command)
    )
    assignment = Assignment(
        Direction(order.direction), tuple(order.operations), order.max_parallel, order.request, order.resumes
    )
    outbox = sealing.s3_outbox(settings, sealing.to_log)
    more = [*([] if order.endpoint else sealing.syslog_anchors(settings)), *([outbox] if outbox else [])]
    seal = sealing.for_runner(settings, os.environ, sealing.to_log, more)
    if not order.endpoint:
        start_beside(settings, Path(order.journal), loaded.plan.plan, order.request, sealing.to_log)
    with open_journal(Path(order.journal), loaded, seal) as journal:
        async with gateway_for(setting, loaded.plan, Access.ARMED) as gateway:
            context = run_context(loaded, journal, gateway, setting, order.run, outbox)
            runner = Runner(context, lease_seconds=order.lease_seconds, take_over=order.take_over)
            result = await runner.run(assignment)
            return ExitCode.TERMINATED if runner.stopped_by == "SIGTERM" else RESULT_CODES[result]


def main() -> int:
    """Entry of the runner process."""
    from console.crash import crash_line
    from console.output import clean

    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    data = json.loads(sys.argv[1])
    order = RunnerOrder(**{**data, "operations": tuple(data["operations"])})
    try:
        return asyncio.run(_carry_out(order))
    except Exception as error:  # noqa: BLE001 - a bug is told of, and ends the runner
        code = code_for(error)
        message = crash_line(error, "the runner") if code is None else str(error)
        os.write(sys.stderr.fileno(), f"runner {os.getpid()} error: {clean(message)}\n".encode())
        return ExitCode.NO if code is None else code


if __name__ == "__main__":
    sys.exit(main())
