"""The ground that a command acts on: live AWS, a sandbox that somebody serves, or a private one started here."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from console.compose import Setting, live_setting, sandbox_setting
from console.options import PRIVATE_SANDBOX
from operations.plan.loader import LoadedPlan


@dataclass(frozen=True, slots=True)
class Ground:
    """A setting, the sandbox's address where it is one, and whether somebody answers there yet."""

    setting: Setting
    sandbox: str | None
    ready: Callable[[], bool]
    wait: Callable[[], object] = lambda: None
    """Returns when somebody answers; raises SandboxError when nobody will."""
    outlives: bool = True
    """Whether it is still there when the command has ended; a private sandbox is not."""


def find_ground(
    loaded: LoadedPlan, sandbox: str | None, speed: float, stack: ExitStack, login: str | None = None
) -> Ground:
    """Choose the ground; a private sandbox is started in the background and ends with the stack.

    Raises:
        RefusedError: an address that is not allowed, or another region than the plan's.
    """
    if sandbox is None:
        return Ground(live_setting(loaded.plan, os.environ, login), None, lambda: True)
    if sandbox != PRIVATE_SANDBOX:
        return Ground(sandbox_setting(loaded.plan, sandbox, speed), sandbox, lambda: True)
    from operations.drill.embedded import Sandbox

    port = _free_port()
    started = Sandbox.start(loaded.origin, port=port, speed=speed)
    stack.callback(started.stop)
    url = f"http://127.0.0.1:{port}"
    setting = sandbox_setting(loaded.plan, url, speed)
    return Ground(setting, url, started.ready, lambda: started.endpoint, outlives=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
