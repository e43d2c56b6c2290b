"""Idempotency tokens: which parameter carries one, and a token that is the same after every restart."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from typing import Final

from operations.aws.model import patterns
from operations.aws.model.effects import effect
from operations.aws.model.shapes import Operation, Shape, enum_of
from operations.aws.model.types import ApiModelError, Effect

_UNMARKED: Final = frozenset(
    {
        "CallerReference", "ClientRequestToken", "ClientToken", "CreatorRequestId", "IdempotencyToken",
        "callerReference", "clientRequestToken", "clientToken", "creatorRequestId", "idempotencyToken",
    }
)  # fmt: skip
"""Names of token members that the models leave without the `idempotencyToken` trait (e.g. most of EC2, ACM, Route 53)."""

_EC2_MAX: Final = 64
"""EC2's limit in ASCII characters; its model does not say it (EC2 developer guide, "Ensuring idempotency")."""


def member(api: str, operation: Operation | None) -> str | None:
    """Returns the top-level parameter that carries the idempotency token, or None.

    Args:
        api: The call as `service:Action`.
        operation: Its model, or None when unknown.
    """
    if operation is None or operation.input_shape is None or effect(api, {}) is Effect.READ:
        return None
    if operation.idempotent_members:
        return operation.idempotent_members[0]
    for name, shape in operation.input_shape.members.items():
        if name in _UNMARKED and shape.type_name == "string" and not enum_of(shape):
            return name
    return None


def derive(api: str, shape: Shape, seed: str) -> str:
    """Returns the token for a seed: the same for the same seed, different for any other.

    Args:
        api: The call as `service:Action`; part of what the token is derived from.
        shape: The shape of the token member, whose length and pattern the token keeps.
        seed: What makes the call unique, e.g. run, operation, step and direction.

    Raises:
        ApiModelError: No token of ours fits the shape.
    """
    digest = hashlib.sha256(f"{api}\n{seed}".encode()).digest()
    low, high = int(shape.metadata.get("min", 1)), int(shape.metadata.get("max", _EC2_MAX))
    pattern = shape.metadata.get("pattern")
    for text in _candidates(digest, high):
        if low <= len(text) <= high and not (pattern and patterns.breaks(str(pattern), text)):
            return text
    raise ApiModelError(f"{api}: no idempotency token fits {shape.name}; give one in the plan's params")


def _candidates(digest: bytes, high: int) -> Iterator[str]:
    """Yields spellings of the digest, the most usual first; 128 bits or as many as fit."""
    yield str(uuid.UUID(bytes=digest[:16], version=4))
    yield digest[:16].hex()
    yield digest.hex()[: min(high, 64)]
    yield "c" + digest.hex()[: min(high, 64) - 1]
    yield str(int.from_bytes(digest[:16], "big"))[:high]
