"""Anchors: places outside the journal's file where its signed heads are kept, so that a cut or forged end shows.

A local file of heads is always used; syslog is one more; the S3 one is `operations.engine.anchoring`.
"""

from __future__ import annotations

import errno
import json
import os
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from state.filesystem import sync_folder
from state.seals import SignedHead, read_head

SAFE_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}")
"""Journal ids that may be a file's name; an id comes from the journal, which may be hostile."""
PRIORITY = 13 * 8 + 5
"""Facility `log audit`, severity `notice` (RFC 5424, section 6.2.1)."""
SYSLOG_PORT = 514
SEND_SECONDS = 1.0


class AnchorError(Exception):
    """An anchor that could not take a head; the text is one line."""


class Anchor(Protocol):
    """Somewhere that a head is kept. `keep` may take a moment, but never waits for a network's answer."""

    @property
    def name(self) -> str:
        """The anchor's word in messages and events."""
        ...

    @property
    def lags(self) -> bool:
        """Whether a head that it took is still on its way."""
        ...

    def keep(self, head: SignedHead) -> None:
        """Keep a head.

        Raises:
            AnchorError: it is not kept.
        """
        ...


def local_file(folder: Path, journal_id: str) -> Path | None:
    """The file of a journal's heads in a folder of anchors; None for an id that can be no file's name."""
    return folder / f"{journal_id}.heads" if SAFE_ID.fullmatch(journal_id) else None


@dataclass(frozen=True, slots=True)
class LocalAnchor:
    """Appends each head to a file, a line of JSON each; on the disk when it returns, readable by its owner alone."""

    file: Path
    name: str = "local"
    lags: bool = False

    def keep(self, head: SignedHead) -> None:
        """Append the head.

        Raises:
            AnchorError: the file cannot be written.
        """
        line = json.dumps(head.as_dict(), separators=(",", ":")).encode() + b"\n"
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            descriptor = os.open(self.file, flags, 0o600)
            try:
                new = os.fstat(descriptor).st_size == 0
                content = (b"" if _ends_whole(descriptor) else b"\n") + line
                if os.write(descriptor, content) < len(content):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            if new:
                sync_folder(self.file.parent)
        except OSError as error:
            raise AnchorError(f"{self.file}: cannot be written: {error.strerror or error}") from error


def _ends_whole(descriptor: int) -> bool:
    """Whether the file ends with a line's end: a crash may have left half a line."""
    size = os.fstat(descriptor).st_size
    return size == 0 or os.pread(descriptor, 1, size - 1) == b"\n"


@dataclass(frozen=True, slots=True)
class KeptHeads:
    """What an anchor file holds: its genuine heads of a journal, and how many other lines."""

    heads: tuple[SignedHead, ...]
    unreadable: int = 0


def read_kept(file: Path, journal_id: str) -> KeptHeads:
    """Read an anchor file; lines that are no genuine head of this journal are only counted.

    Raises:
        AnchorError: there is a file and it cannot be read.
    """
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return KeptHeads(())
    except OSError as error:
        raise AnchorError(f"{file}: cannot be read: {error.strerror}") from error
    heads = [head for line in lines if (head := _kept(line, journal_id)) is not None]
    return KeptHeads(tuple(heads), sum(1 for line in lines if line.strip()) - len(heads))


def _kept(line: str, journal_id: str) -> SignedHead | None:
    try:
        head = read_head(json.loads(line))
    except (ValueError, RecursionError):
        return None
    return head if head is not None and head.journal_id == journal_id and head.is_genuine() else None


@dataclass(frozen=True, slots=True)
class SyslogAnchor:
    """Sends each head as one RFC 5424 datagram: to `udp://HOST[:PORT]`, or to the Unix socket `unix:///PATH`.

    Whether it arrived nobody says: syslog has no answer. The message is the head as JSON, as in the local file.
    """

    address: str
    clock: Callable[[], str]
    host: str = "-"
    name: str = "syslog"
    lags: bool = False

    def keep(self, head: SignedHead) -> None:
        """Send the head.

        Raises:
            AnchorError: there is nobody at the address, or it is none.
        """
        text = json.dumps(head.as_dict(), separators=(",", ":"))
        line = f"<{PRIORITY}>1 {self.clock()} {self.host} cutover {os.getpid()} journal.head - {text}"
        family, target = syslog_target(self.address)
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as sender:
                sender.settimeout(SEND_SECONDS)
                sender.connect(target)
                sender.send(line.encode())
        except OSError as error:
            raise AnchorError(f"{self.address}: {error.strerror or error}") from error


def syslog_target(address: str) -> tuple[socket.AddressFamily, str | tuple[str, int]]:
    """Where a syslog address leads.

    Raises:
        AnchorError: it is neither `udp://HOST[:PORT]` nor `unix:///PATH`.
    """
    try:
        parts = urlsplit(address)
        if parts.scheme == "udp" and parts.hostname:
            family = socket.AF_INET6 if ":" in parts.hostname else socket.AF_INET
            return family, (parts.hostname, parts.port or SYSLOG_PORT)
        if parts.scheme == "unix" and parts.path and not parts.netloc:
            return socket.AF_UNIX, parts.path
    except ValueError:
        pass
    raise AnchorError(f"{address}: not an address; give udp://HOST:PORT or unix:///PATH")
