"""What stands in a lease file: who has the journal, under which number, and when it was last heard of."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import Self

from state.boot import HostIdentity, this_host

SIZE = 1024
"""Bytes of a record, padded: one write of a fixed size is never read half old, half new by a look in between."""
LIFE_SECONDS = 60.0
"""How long a lease stands without a heartbeat: long enough for a slow disk, short against an operator's patience."""


@dataclass(frozen=True, slots=True)
class Owner:
    """A runner process: its id, its host and boot, and since when it is at work (as events tell time)."""

    pid: int
    host: str
    machine: str
    boot: str
    since: str

    @classmethod
    def here(cls, since: str) -> Self:
        """This process."""
        host = this_host()
        return cls(os.getpid(), host.name, host.machine, host.boot, since)

    @property
    def identity(self) -> HostIdentity:
        """The host that it runs on."""
        return HostIdentity(self.host, self.machine, self.boot)


@dataclass(frozen=True, slots=True)
class LeaseRecord:
    """One taking of a lease.

    Attributes:
        number: the fencing number; every taking has a greater one than all before.
        beat: when the owner was last heard of, in seconds of `boot_clock` of its own boot.
        life: seconds without a heartbeat after which the owner itself counts the lease as lost.
        released: whether the owner has given it back.
    """

    number: int
    owner: Owner
    beat: float
    life: float = LIFE_SECONDS
    released: bool = False

    def encoded(self) -> bytes:
        """The record as it stands in the file."""
        return json.dumps(asdict(self)).encode().ljust(SIZE)

    @classmethod
    def decoded(cls, content: bytes) -> LeaseRecord | None:
        """The record in a file, None where there is none that can be read."""
        try:
            data = json.loads(content)
            owner = Owner(**data["owner"])
            return cls(
                int(data["number"]), owner, float(data["beat"]), float(data["life"]), data["released"] is True
            )
        except (ValueError, TypeError, KeyError):
            return None
