"""Where a signed head waits until the run has put it into S3."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from operations.aws.anchor_bucket import AnchorBucket
from state.seals import SignedHead


class Outbox:
    """The S3 anchor as a journal sees it: takes a head at once and holds the newest until it was put.

    Only the newest is put: it covers all before it.
    """

    name = "s3"

    def __init__(self, bucket: AnchorBucket, say: Callable[[str], None]) -> None:
        self.bucket = bucket
        self.say = say
        self.arrived = asyncio.Event()
        self.waiting: SignedHead | None = None

    @property
    def lags(self) -> bool:
        """Whether a head waits here."""
        return self.waiting is not None

    def keep(self, head: SignedHead) -> None:
        """Take a head; one that still waits is covered by it."""
        self.waiting = head
        self.arrived.set()
