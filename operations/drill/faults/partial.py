"""Batches of which a part fails: the last item is left out of the request and reported as failed in the answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from operations.drill.faults.calls import body_of, put_body
from operations.drill.faults.replying import Reply

Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """How a batch API carries its items and reports those that failed.

    Attributes:
        items: Name of the request's list of items.
        report: Adds the failed item to the answer: answer, item, its place, code.
    """

    items: str
    report: Callable[[Content, Any, int, str], None]


def _listed(member: str, make: Callable[[Any, str], Content], count: str | None = None) -> Any:
    def report(answer: Content, item: Any, _place: int, code: str) -> None:
        answer.setdefault(member, []).append(make(item, code))
        if count is not None:
            answer[count] = answer.get(count, 0) + 1

    return report


def _in_place(member: str, count: str) -> Any:
    def report(answer: Content, _item: Any, place: int, code: str) -> None:
        answer.setdefault(member, []).insert(place, {"ErrorCode": code, "ErrorMessage": "left out"})
        answer[count] = answer.get(count, 0) + 1

    return report


def _sqs(item: Any, code: str) -> Content:
    return {"Id": item["Id"], "Code": code, "SenderFault": False, "Message": "left out"}


BATCHES: Final[Mapping[str, Batch]] = {
    "sqs:SendMessageBatch": Batch("Entries", _listed("Failed", _sqs)),
    "sqs:DeleteMessageBatch": Batch("Entries", _listed("Failed", _sqs)),
    "events:PutEvents": Batch("Entries", _in_place("Entries", "FailedEntryCount")),
    "events:PutTargets": Batch(
        "Targets",
        _listed(
            "FailedEntries",
            lambda item, code: {"TargetId": item["Id"], "ErrorCode": code},
            "FailedEntryCount",
        ),
    ),
    "events:RemoveTargets": Batch(
        "Ids",
        _listed(
            "FailedEntries", lambda item, code: {"TargetId": item, "ErrorCode": code}, "FailedEntryCount"
        ),
    ),
    "ecr:BatchDeleteImage": Batch(
        "imageIds", _listed("failures", lambda item, code: {"imageId": item, "failureCode": code})
    ),
}
"""Batch APIs whose parts can fail here; `dynamodb:BatchWriteItem` has a form of its own."""


def leave_out(api: str, environ: dict[str, Any], code: str, carry_out: Callable[[], Reply]) -> Reply | None:
    """Carry a batch out without its last item; None when the call is no batch of several that is known here.

    Args:
        api: The call.
        environ: Its request, which is changed.
        code: What the item is said to have failed with.
        carry_out: Carries the changed request out.
    """
    content = json.loads(body_of(environ) or b"{}")
    if api == "dynamodb:BatchWriteItem":
        return _unprocessed(environ, content, carry_out)
    batch = BATCHES.get(api)
    items = content.get(batch.items, []) if batch is not None else []
    if batch is None or len(items) < 2:
        return None
    put_body(environ, json.dumps({**content, batch.items: items[:-1]}).encode())
    reply = carry_out()
    if not reply.ok:
        return reply
    answer = json.loads(reply.body or b"{}")
    batch.report(answer, items[-1], len(items) - 1, code)
    return reply.with_body(json.dumps(answer).encode())


def _unprocessed(environ: dict[str, Any], content: Content, carry_out: Callable[[], Reply]) -> Reply | None:
    tables = content.get("RequestItems", {})
    if sum(len(items) for items in tables.values()) < 2:
        return None
    last = list(tables)[-1]
    kept = {name: (items[:-1] if name == last else items) for name, items in tables.items()}
    put_body(environ, json.dumps({**content, "RequestItems": {k: v for k, v in kept.items() if v}}).encode())
    reply = carry_out()
    if not reply.ok:
        return reply
    answer = {**json.loads(reply.body or b"{}"), "UnprocessedItems": {last: tables[last][-1:]}}
    return reply.with_body(json.dumps(answer).encode())
