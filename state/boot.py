"""Which host and which boot this is, and a clock that goes on while the host sleeps."""

from __future__ import annotations

import hashlib
import platform
import socket
import subprocess
import time
import uuid
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_MACHINE_ID = Path("/etc/machine-id")
_SYSCTL = ("/usr/sbin/sysctl", "-n", "kern.bootsessionuuid")
_MULTICAST = 1 << 40
"""Set in `uuid.getnode()` when it found no hardware address and made one up (RFC 9562, 6.10)."""


@dataclass(frozen=True, slots=True)
class HostIdentity:
    """A host: its name, what tells it from others of that name, and the id of its current boot."""

    name: str
    machine: str
    boot: str

    def shares_kernel_with(self, other: HostIdentity) -> bool:
        """Whether both mean the same boot of the same kernel: then locks and process ids of one are seen by the other."""
        if not self.boot:
            return self == other
        return self.boot == other.boot

    def is_later_boot_of(self, other: HostIdentity) -> bool:
        """Whether this host has been started anew since: no process of then is alive."""
        return (
            bool(other.boot)
            and self.boot != other.boot
            and (self.name, self.machine) == (other.name, other.machine)
        )


def boot_clock() -> float:
    """Seconds on a clock that nobody sets and that counts time asleep: whoever slept past a lease has lost it.

    Linux: `CLOCK_BOOTTIME`. macOS: `CLOCK_MONOTONIC`, which counts sleep there (clock_gettime(3)), unlike
    `time.monotonic()`. Comparable between processes of one boot, and only there.
    """
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@lru_cache(maxsize=1)
def this_host() -> HostIdentity:
    """The host that this process runs on."""
    return HostIdentity(socket.gethostname(), _machine(), _boot())


def _machine() -> str:
    """A short digest: the id itself is confidential (machine-id(5))."""
    try:
        known = _MACHINE_ID.read_text().strip()
    except OSError:
        node = uuid.getnode()
        known = "" if node & _MULTICAST else f"{node:x}"
    return hashlib.sha256(f"cutover {known}".encode()).hexdigest()[:16] if known else ""


def _boot() -> str:
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        if platform.system() != "Darwin":
            return ""
    done = subprocess.run(_SYSCTL, capture_output=True, text=True, check=False)
    return done.stdout.strip()
