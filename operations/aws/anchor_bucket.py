"""Signed heads in an S3 bucket with Object Lock: the call that puts one there, for the gateway to send.

In COMPLIANCE mode nobody, the account's root included, can delete a version or shorten its retention (Amazon S3
user guide, "Locking objects with Object Lock"). The bucket must have been made with Object Lock.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from state.seals import SignedHead

PUT = "s3:PutObject"
TAKEN = "PreconditionFailed"
"""The code of S3's answer to `If-None-Match: *` when there is an object of that key."""


@dataclass(frozen=True, slots=True)
class AnchorBucket:
    """Where heads are put: bucket and prefix in the plan's account and region, and the days they cannot be deleted."""

    bucket: str
    prefix: str
    days: int

    @classmethod
    def at(cls, address: str, days: int) -> AnchorBucket:
        """The bucket at `s3://BUCKET[/PREFIX]`.

        Raises:
            ValueError: that is no such address.
        """
        parts = urlsplit(address)
        if parts.scheme != "s3" or not parts.netloc or parts.query or parts.fragment:
            raise ValueError(f"{address}: not a bucket; give s3://BUCKET or s3://BUCKET/PREFIX")
        prefix = parts.path.strip("/")
        return cls(parts.netloc, f"{prefix}/" if prefix else "", days)

    def put(self, head: SignedHead, now: datetime) -> Mapping[str, Any]:
        """The parameters of the call that keeps a head under a key of its own, and under no key twice."""
        return {
            "Bucket": self.bucket,
            "Key": f"{self.prefix}{head.journal_id}/{head.seq:012d}.json",
            "Body": json.dumps(head.as_dict(), separators=(",", ":")).encode(),
            "ContentType": "application/json",
            "IfNoneMatch": "*",
            "ChecksumAlgorithm": "SHA256",
            "ObjectLockMode": "COMPLIANCE",
            "ObjectLockRetainUntilDate": (now + timedelta(days=self.days)).replace(microsecond=0),
        }
