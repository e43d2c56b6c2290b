"""How journals are sealed from this program: which key signs, and where signed heads are kept."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from console.exit_codes import CommandError
from console.settings import Settings, load_settings, state_folder
from state.anchors import Anchor, AnchorError, LocalAnchor, SyslogAnchor, local_file, syslog_target
from state.seal_keys import load_signer
from state.sealer import Say, SealParts

if TYPE_CHECKING:
    from operations.engine.anchor_outbox import Outbox


def keys_folder(environment: Mapping[str, str]) -> Path:
    """Where the private key is: beside neither journals nor anchors."""
    return state_folder(environment) / "keys"


def anchor_folder(settings: Settings, environment: Mapping[str, str]) -> Path:
    """Where the local anchor files and the public keys are."""
    return Path(settings.anchor_folder) if settings.anchor_folder else state_folder(environment) / "anchors"


def here(environment: Mapping[str, str]) -> SealParts:
    """For programs that only ask: their heads go to the local file, and nothing is said on their screens."""
    folder = anchor_folder(load_settings(environment).values, environment)
    return SealParts(
        partial(load_signer, keys_folder(environment), folder), partial(_anchors, folder=folder, more=())
    )


def for_runner(
    settings: Settings, environment: Mapping[str, str], say: Say, more: Sequence[Anchor]
) -> SealParts:
    """For a runner, which has a log to complain in; `more` are the anchors beside the local file."""
    folder = anchor_folder(settings, environment)
    return SealParts(
        partial(load_signer, keys_folder(environment), folder),
        partial(_anchors, folder=folder, more=tuple(more)),
        say=say,
    )


def _anchors(journal_id: str, folder: Path, more: Sequence[Anchor]) -> Sequence[Anchor]:
    file = local_file(folder, journal_id)
    return (LocalAnchor(file), *more) if file is not None else more


def syslog_anchors(settings: Settings) -> list[Anchor]:
    """The syslog anchor, when one is set.

    Raises:
        CommandError: its address is none.
    """
    if not settings.anchor_syslog:
        return []
    from console.openers import now
    from state.journal import timestamp

    try:
        syslog_target(settings.anchor_syslog)
    except AnchorError as error:
        raise CommandError(f"setting `anchor_syslog`: {error}") from error
    return [SyslogAnchor(settings.anchor_syslog, lambda: timestamp(now()), socket.gethostname())]


def s3_outbox(settings: Settings, say: Say) -> Outbox | None:
    """The S3 anchor, when one is set.

    Raises:
        CommandError: its address is none.
    """
    if not settings.anchor_s3:
        return None
    from operations.aws.anchor_bucket import AnchorBucket
    from operations.engine.anchor_outbox import Outbox

    try:
        return Outbox(AnchorBucket.at(settings.anchor_s3, settings.anchor_s3_days), say)
    except ValueError as error:
        raise CommandError(f"setting `anchor_s3`: {error}") from error


def to_log(text: str) -> None:
    """Say something in the runner's log."""
    from console.output import say

    say(f"note: {text}")
