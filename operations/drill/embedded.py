"""The embedded sandbox as its owner sees it: started without blocking, waited for when needed, stopped at the end."""

from __future__ import annotations

import importlib.util
import os
import select
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import IO

from operations.drill.errors import SandboxError
from state.own_process import own_process

READY_SECONDS = 30.0
"""How long `Sandbox.endpoint` waits; a cold start on a slow disk takes about five seconds, a warm one under two."""

LOOK_SECONDS = 0.05
"""How long one look for it takes: others may be looking too."""

STOP_SECONDS = 3.0
"""How long a sandbox may take to end before it is killed."""

_KEPT = (
    "PATH",
    "HOME",
    "LANG",
    "TMPDIR",
    "TZ",
    "SYSTEMROOT",
    "VIRTUAL_ENV",
    "PYTHONHOME",
    "PYTHONDONTWRITEBYTECODE",
)


class Sandbox:
    """A sandbox process that belongs to this one. Use `Sandbox.start`.

    Attributes:
        pid: Process id of the server.
    """

    def __init__(self, process: subprocess.Popen[bytes], ready_pipe: int, complaints: IO[bytes]) -> None:
        self._process = process
        self._pipe: int | None = ready_pipe
        self._complaints = complaints
        self._endpoint = ""
        self._said = b""
        self._reading = threading.Lock()
        self.pid = process.pid

    @classmethod
    def start(
        cls, plan_path: Path | None, port: int = 0, speed: float = 1.0, interval: float | None = None
    ) -> Sandbox:
        """Start the server and return at once.

        Args:
            plan_path: Plan whose metrics the traffic plays; None for a small built-in list.
            port: Loopback port; 0 lets the server take a free one.
            speed: How many times faster than life simulated processes run.
            interval: Seconds between two points of every metric; None for the server's own.

        Raises:
            SandboxError: The sandbox's own packages are not installed.
        """
        if importlib.util.find_spec("moto") is None:
            raise SandboxError(
                "the sandbox is not installed; install cutover with its extra: uv tool install '.[drill]'"
            )
        reader, writer = os.pipe()
        complaints = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process that writes to it
        command = own_process("operations.drill.server", "--die-with", str(os.getpid()))
        command += ["--port", str(port), "--speed", str(speed), "--ready-fd", str(writer)]
        if interval is not None:
            command += ["--interval", str(interval)]
        if plan_path is not None:
            command += ["--plan", str(plan_path.resolve())]
        try:
            process = subprocess.Popen(
                command,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                pass_fds=(writer,),
                start_new_session=True,
            )
        except OSError as error:
            os.close(reader)
            complaints.close()
            raise SandboxError(f"the sandbox could not be started: {error.strerror}") from error
        finally:
            os.close(writer)
        return cls(process, reader, complaints)

    @property
    def endpoint(self) -> str:
        """Its URL, such as `http://127.0.0.1:40123`; waits until the sandbox answers.

        Raises:
            SandboxError: It ended, or was not ready in time.
        """
        if not self._listen(READY_SECONDS):
            raise SandboxError(
                f"the sandbox was not ready after {READY_SECONDS:.0f} s; stop it and start again"
            )
        return self._endpoint

    def ready(self) -> bool:
        """Whether it answers calls by now; never waits.

        Raises:
            SandboxError: It has ended.
        """
        return self._listen(0)

    def alive(self) -> bool:
        """Whether the server's process still runs."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End the server; harmless when it has ended already."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        with self._reading:
            self._close_pipe()
            self._complaints.close()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()

    def _listen(self, seconds: float) -> bool:
        """Read from the ready pipe for at most so long; True once the endpoint is known. Several threads may ask."""
        until = time.monotonic() + seconds
        while not self._endpoint:
            left = max(0.0, until - time.monotonic())
            with self._reading:
                if not self._endpoint:
                    self._look(min(left, LOOK_SECONDS))
            if not left and not self._endpoint:
                return False
        return True

    def _look(self, seconds: float) -> None:
        """Take what the server has said, if it says something within so long."""
        if self._pipe is None:
            raise SandboxError(self._why_it_ended())
        if not select.select([self._pipe], [], [], seconds)[0]:
            return
        piece = os.read(self._pipe, 200)
        self._said += piece
        if self._said.endswith(b"\n"):
            self._endpoint = self._said.decode().strip()
        if not piece or self._endpoint:
            self._close_pipe()

    def _why_it_ended(self) -> str:
        if self._complaints.closed:
            return "the sandbox has been stopped"
        self._process.wait()
        self._complaints.seek(0)
        lines = self._complaints.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"the sandbox ended with exit code {self._process.returncode}"

    def _close_pipe(self) -> None:
        if self._pipe is not None:
            os.close(self._pipe)
            self._pipe = None


def _environment() -> dict[str, str]:
    """The child's environment: the bare minimum, and nothing from which AWS credentials could be read."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    root = str(Path(__file__).resolve().parents[2])
    return {
        **kept,
        "PYTHONPATH": root,
        "PYTHONUNBUFFERED": "1",
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "MOTO_ACM_VALIDATION_WAIT": "0",
        "NO_PROXY": "127.0.0.1,localhost",
    }
