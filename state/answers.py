"""A person's signed answer about a step in doubt: what the signature covers, and how it is checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import rfc8785

from state.events import Result
from state.operation_events import OperationResolved
from state.seal_keys import Signer

ANSWERS = {"done": Result.APPLIED, "not-done": Result.NOT_APPLIED}
"""What a person answers, and what the step counts as then."""


def content(
    journal_id: str,
    operation: str,
    step: int,
    answer: str,
    reason: str,
    at: str,
    saved: Mapping[str, Any],
) -> bytes:
    """The bytes that are signed: the RFC 8785 form of the list of the arguments."""
    return rfc8785.dumps([journal_id, operation, step, answer, reason, at, dict(saved)])


def signed(
    journal_id: str,
    operation: str,
    step: int,
    answer: str,
    reason: str,
    *,
    at: str,
    by: str,
    saved: Mapping[str, Any],
    signer: Signer,
) -> OperationResolved:
    """The event of an answer: `by` gave it at `at`, and `saved` is what the step would have saved."""
    signature = signer.sign(content(journal_id, operation, step, answer, reason, at, saved)).hex()
    return OperationResolved(
        step=step,
        result=ANSWERS[answer],
        by=by,
        reason=reason,
        saved=dict(saved),
        at=at,
        public_key=signer.public_key,
        signature=signature,
    )


def is_genuine(journal_id: str, operation: str, data: Mapping[str, Any]) -> bool:
    """Whether the answer in the data of an `operation.resolved` was signed with the key that it names."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    answer = next((word for word, result in ANSWERS.items() if result.value == data.get("result")), "")
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(data["public_key"]))
        saved = data.get("saved") or {}
        said = content(journal_id, operation, data["step"], answer, data["reason"], data["at"], saved)
        key.verify(bytes.fromhex(data["signature"]), said)
    except (InvalidSignature, ValueError, KeyError, TypeError):
        return False
    return True
