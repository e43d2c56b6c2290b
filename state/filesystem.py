"""Where a journal may lie: on a local disk, in a folder and a file that nobody else can write."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from state.errors import JournalUnwritableError

FilesystemOf = Callable[[Path], str]
"""Tells the type of the file system that a folder lies on, as the system names it; "" when it cannot be told."""
NETWORK = re.compile(
    r"nfs4?|cifs|smb3|smbfs|ncpfs|afs|coda|9p|ceph|lustre|gpfs|glusterfs|beegfs|ocfs2|gfs2|vboxsf"
    r"|fuse\.(sshfs|s3fs|rclone|glusterfs|ceph|davfs|gcsfuse|juicefs)"
)
"""File systems whose locks and shared memory reach no other host, or not this one: a write-ahead log breaks there."""
BESIDE = ("", "-wal", "-shm", ".lease", ".log")
"""What lies beside a journal under its name and is nobody else's business either."""
MOUNTS = Path("/proc/self/mountinfo")


def filesystem_of(folder: Path) -> str:
    """The type of the file system a folder lies on, from the mounts as Linux lists them (proc(5)); elsewhere ""."""
    try:
        lines = MOUNTS.read_text(errors="surrogateescape").splitlines()
    except OSError:
        return ""
    place, longest, found = folder.resolve(), -1, ""
    for line in lines:
        before, _, after = line.partition(" - ")
        mounted = Path(before.split()[4].replace("\\040", " "))
        if len(mounted.parts) >= longest and place.is_relative_to(mounted):
            longest, found = len(mounted.parts), after.split()[0]
    return found


def require_local(path: Path, kind_of: FilesystemOf = filesystem_of) -> None:
    """Refuse a journal on a network file system.

    Raises:
        JournalUnwritableError: it would lie on one.
    """
    kind = kind_of(path.parent)
    if NETWORK.fullmatch(kind):
        raise JournalUnwritableError(
            f"{path}: a journal cannot lie on {kind}, whose locks are not reliable;"
            " use a local disk: give another with --journal FILE"
        )


def require_private(path: Path) -> None:
    """Refuse a folder in which others could put another file in the journal's place; tighten files to 0600.

    Raises:
        JournalUnwritableError: others may write in the folder, or the file is somebody else's.
    """
    folder = path.parent.stat()
    sticky = folder.st_mode & stat.S_ISVTX
    others = folder.st_mode & stat.S_IWOTH or (
        folder.st_mode & stat.S_IWGRP and not _own_group(folder.st_gid)
    )
    if others and not sticky:
        raise JournalUnwritableError(
            f"{path.parent}: others may write in this folder and could replace the journal;"
            " `chmod go-w` it, or give another with --journal FILE"
        )
    for suffix in BESIDE:
        _tighten(path.with_name(path.name + suffix))


def _own_group(group: int) -> bool:
    """Whether a group is the user's private one, as Debian and Fedora make for every user, or root's."""
    import grp
    import pwd

    with suppress(KeyError):
        return group == 0 or grp.getgrgid(group).gr_name == pwd.getpwuid(os.geteuid()).pw_name
    return False


def _tighten(file: Path) -> None:
    """By name, never by a descriptor: closing one would drop the process's locks on a journal."""
    try:
        found = file.stat()
    except OSError:
        return
    if found.st_uid not in (os.geteuid(), 0) and os.geteuid() != 0:
        raise JournalUnwritableError(f"{file}: this file is another user's; give another with --journal FILE")
    if stat.S_ISREG(found.st_mode) and found.st_mode & 0o077:
        with suppress(PermissionError):
            file.chmod(0o600)


def sync_folder(folder: Path) -> None:
    """See to it that a file that was just made here is found again after the power was cut.

    Raises:
        OSError: the disk failed.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
