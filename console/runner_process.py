"""The runner as a process of its own session: started by console and commands, outliving both.

`python -m console.runner_process ORDER` with the order as JSON; nothing but this module starts it.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from console.exit_codes import ExitCode, code_for

RESULT_CODES = {
    "succeeded": ExitCode.DONE,
    "failed": ExitCode.NO,
    "held": ExitCode.NO,
    "in_doubt": ExitCode.IN_DOUBT,
    "cancelled": ExitCode.INTERRUPTED,
}


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


def log_path(journal: Path) -> Path:
    """Where a runner's own messages go."""
    return journal.with_name(journal.name + ".log")


def spawn(order: RunnerOrder) -> subprocess.Popen[bytes]:
    """Start a runner in a session of its own, without a terminal."""
    environment = dict(os.environ)
    if order.endpoint is not None:
        from operations.aws.sessions import sandbox_environment

        environment = sandbox_environment(environment)
    log = os.open(log_path(Path(order.journal)), os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "console.runner_process", json.dumps(asdict(order))],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env=environment,
        )
    finally:
        os.close(log)


def last_words(journal: Path) -> str:
    """The last line a runner said, for the message of whoever waits for it."""
    try:
        lines = log_path(journal).read_text(errors="replace").strip().splitlines()
    except OSError:
        return "no message"
    return lines[-1].removeprefix("error: ") if lines else "no message"


async def _carry_out(order: RunnerOrder) -> str:
    from console.compose import gateway_for, live_setting, run_context, sandbox_setting
    from console.openers import open_journal, open_plan
    from operations.aws.gateway import Access
    from operations.engine.errors import RunRefusedError
    from operations.engine.runner import Assignment, Runner
    from state.events import Direction

    loaded = open_plan(order.plan)
    if loaded.digest != order.digest:
        raise RunRefusedError("the plan has changed since this was asked for; look at it and ask again")
    setting = (
        sandbox_setting(loaded.plan, order.endpoint, order.speed)
        if order.endpoint
        else live_setting(loaded.plan, os.environ)
    )
    assignment = Assignment(
        Direction(order.direction), tuple(order.operations), order.max_parallel, order.request, order.resumes
    )
    with open_journal(Path(order.journal), loaded) as journal:
        async with gateway_for(setting, loaded.plan, Access.ARMED) as gateway:
            return await Runner(run_context(loaded, journal, gateway, setting, order.run)).run(assignment)


def main() -> int:
    """Entry of the runner process."""
    data = json.loads(sys.argv[1])
    order = RunnerOrder(**{**data, "operations": tuple(data["operations"])})
    try:
        result = asyncio.run(_carry_out(order))
    except Exception as error:
        code = code_for(error)
        if code is None:
            raise
        sys.stderr.write(f"error: {error}\n")
        return code
    return RESULT_CODES[result]


if __name__ == "__main__":
    sys.exit(main())
