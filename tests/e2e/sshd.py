"""A real ssh server on loopback with keys of its own, and links to it that can be cut."""

from __future__ import annotations

import getpass
import os
import shlex
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

PATIENCE = 30.0
"""Seconds after which a server that should be there is a failure."""
PRIVILEGES = Path("/run/sshd")
"""Where Debian's sshd, run by root, wants to be locked up before somebody has logged in."""
CONFIG = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
PidFile {folder}/sshd.pid
AuthorizedKeysFile {folder}/user.pub
PermitRootLogin yes
PubkeyAuthentication yes
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
UseDNS no
PrintMotd no
PrintLastLog no
"""


class Sshd:
    """An ssh server for whoever runs the tests. Use with `with`."""

    def __init__(self, folder: Path) -> None:
        """Keep keys, settings and the server's log in a folder."""
        self._folder = folder
        self._port = 0
        self._made_room = False
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Sshd:
        server = _program("sshd")
        for name in ("host", "user"):
            made = [_program("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(self._folder / name)]
            subprocess.run(made, check=True, timeout=PATIENCE)
        self._make_room()
        self._port = _free_port()
        config = self._folder / "sshd_config"
        config.write_text(CONFIG.format(port=self._port, folder=self._folder))
        tried = subprocess.run([server, "-t", "-f", str(config)], capture_output=True, text=True, check=False)
        if tried.returncode != 0:
            pytest.skip(f"no sshd can be started here: {tried.stderr.strip()}")
        with (self._folder / "sshd.log").open("wb") as log:
            self._process = subprocess.Popen([server, "-D", "-e", "-f", str(config)], stderr=log)
        self._wait()
        return self

    def _make_room(self) -> None:
        if os.geteuid() != 0 or PRIVILEGES.exists():
            return
        try:
            PRIVILEGES.mkdir(0o755)
        except OSError as error:
            pytest.skip(f"sshd wants {PRIVILEGES}, which cannot be made: {error}")
        self._made_room = True

    def _wait(self) -> None:
        end = time.monotonic() + PATIENCE
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._port)) == 0:
                    return
            log = (self._folder / "sshd.log").read_text()
            assert self._process is not None
            assert self._process.poll() is None, log
            assert time.monotonic() < end, f"sshd never listened: {log}"
            time.sleep(0.02)

    def login(self, command: Sequence[str], environment: dict[str, str], term: str) -> list[str]:
        """What calls the client: a command on a terminal of its own, which says that it is a `term`.

        A login inherits nothing: the environment goes along on the command line.
        """
        settings = {
            "BatchMode": "yes",
            "IdentitiesOnly": "yes",
            "StrictHostKeyChecking": "accept-new",
            "UserKnownHostsFile": str(self._folder / "known_hosts"),
            "LogLevel": "ERROR",
        }
        told = [f"{name}={value}" for name, value in environment.items()]
        far = shlex.join(["env", "-C", str(Path.cwd()), *told, *command])
        options = [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]
        key = ["-i", str(self._folder / "user"), "-p", str(self._port)]
        user = f"{getpass.getuser()}@127.0.0.1"
        return ["env", f"TERM={term}", _program("ssh"), "-F", "none", "-tt", *options, *key, user, far]

    @property
    def sessions(self) -> list[int]:
        """The processes of the server that serve a login each."""
        assert self._process is not None
        return descendants(self._process.pid, "sshd")

    def cut(self, client: subprocess.Popen[bytes], *, here: bool = True, there: bool = True) -> None:
        """Cut the link as a lost network does: nobody at its two ends, or at one, says goodbye."""
        sessions = self.sessions
        if here:
            client.kill()
            client.wait(PATIENCE)
        for session in sessions if there else ():
            try:
                os.kill(session, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            for session in self.sessions:
                os.kill(session, signal.SIGKILL)
            self._process.kill()
            self._process.wait(PATIENCE)
        if self._made_room:
            PRIVILEGES.rmdir()


def descendants(process: int, name: str) -> list[int]:
    """The processes of a name among those that a process has begun, and those that they have begun."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return []
    found = []
    for child in map(int, children):
        if _name(child) == name:
            found.append(child)
        found += descendants(child, name)
    return found


def _name(process: int) -> str:
    try:
        return Path(f"/proc/{process}/comm").read_text().strip()
    except OSError:
        return ""


def _program(name: str) -> str:
    """Where a program is; the test is skipped where it is not."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    found = shutil.which(name, path=path)
    if found is None:
        pytest.skip(f"there is no {name} here")
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
