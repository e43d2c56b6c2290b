"""Batches: a 200 in which single items have failed is no success; which failed, and the call for these alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

Params = Mapping[str, Any]
Failures = list[tuple[Any, str]]
"""Key of an item (its id, or its place from 0) and the code that it failed with."""

_THERE_NO_MORE: Final = frozenset(
    {
        "ImageNotFound",
        "InvalidVpcEndpointId.NotFound",
        "InvalidVpcEndpoint.NotFound",
        "InvalidFlowLogId.NotFound",
    }
)
"""Codes by which an item that is to be removed says that it is gone."""

_FAILED: Final = re.compile(
    r"(un(processed|successful)|failed|failures?$|error(s|entries|list)$)", re.IGNORECASE
)
"""How answers of success call the list or map of what was not carried out: the names in botocore's models of all calls
that change something (`Unsuccessful…`, `Unprocessed…`, `Failed…`, `failures`, `Errors`, `ErrorEntries`, `ErrorList`)."""
_WHY: Final = re.compile(r"(code|reason)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PartlyDone:
    """What a batch's answer says of its items.

    Attributes:
        done: How many were carried out; None where the answer does not tell.
        failed: Which were not.
        rest: The parameters for those that were not; None when they cannot be asked for by themselves.
    """

    done: int | None
    failed: tuple[tuple[Any, str], ...]
    rest: Params | None

    def as_dict(self) -> dict[str, Any]:
        """For the journal."""
        return {
            "done": self.done,
            "failed": [{"item": str(item), "code": code} for item, code in self.failed],
        }


@dataclass(frozen=True, slots=True)
class Batch:
    """How a batch API carries its items and says which failed.

    Attributes:
        items: Path of the request's list of items.
        key: An item's key, from the item and its place.
        failures: The keys and codes of the failed, from the answer.
    """

    items: tuple[str, ...]
    key: Callable[[Any, int], Any]
    failures: Callable[[Params], Failures]

    def judge(self, params: Params, answer: Params) -> PartlyDone | None:
        """What failed of a call; None when all of it was carried out."""
        failed = [(key, code) for key, code in self.failures(answer) if code not in _THERE_NO_MORE]
        if not failed:
            return None
        items: Any = params
        for part in self.items:
            items = items.get(part, ())
        keys = [_hashable(key) for key, _ in failed]
        left = [item for place, item in enumerate(items) if _hashable(self.key(item, place)) in keys]
        return PartlyDone(
            len(items) - len(left), tuple(failed), _put(params, self.items, left) if left else None
        )


def judge(api: str, params: Params, answer: Params) -> PartlyDone | None:
    """What failed of a call that was answered with success; None for a whole success and for APIs without items."""
    if api == "dynamodb:BatchWriteItem":
        return _unprocessed(params, answer)
    batch = BATCHES.get(api)
    return batch.judge(params, answer) if batch is not None else _said_to_have_failed(answer)


def _said_to_have_failed(answer: Params) -> PartlyDone | None:
    """What an API that is not known here lists as failed: these cannot be asked for by themselves, a person looks."""
    failed = [
        (item, code)
        for name, rows in answer.items()
        if _FAILED.match(name) and isinstance(rows, Mapping | list)
        for item, code in _named(rows)
        if code not in _THERE_NO_MORE
    ]
    return PartlyDone(None, tuple(failed), None) if failed else None


def _named(rows: Params | list[Any]) -> Failures:
    pairs = rows.items() if isinstance(rows, Mapping) else enumerate(rows)
    return [(item, _code(row)) for item, row in pairs]


def _code(row: Any) -> str:
    """The first member of a failure that says why, e.g. `ErrorCode`, `code`, `reason`, or in a member of its own."""
    if not isinstance(row, Mapping):
        return "Failed"
    for name, value in row.items():
        if isinstance(value, str) and _WHY.search(name):
            return value
    inner = next((value for value in row.values() if isinstance(value, Mapping)), None)
    return _code(inner) if inner is not None else "Failed"


def _unprocessed(params: Params, answer: Params) -> PartlyDone | None:
    left = {table: items for table, items in (answer.get("UnprocessedItems") or {}).items() if items}
    if not left:
        return None
    asked, failed = (sum(len(items) for items in each.values()) for each in (params["RequestItems"], left))
    keys = tuple((f"{table}[{n}]", "Unprocessed") for table, items in left.items() for n in range(len(items)))
    return PartlyDone(asked - failed, keys, {**params, "RequestItems": left})


def _put(params: Params, path: Sequence[str], items: list[Any]) -> Params:
    head, *rest = path
    return {**params, head: _put(params[head], rest, items) if rest else items}


def _hashable(key: Any) -> Any:
    return tuple(sorted(key.items())) if isinstance(key, Mapping) else key


def _rows(member: str, key: str, code: str) -> Callable[[Params], Failures]:
    return lambda answer: [(row[key], str(row.get(code, "Failed"))) for row in answer.get(member) or ()]


def _places(member: str) -> Callable[[Params], Failures]:
    return lambda answer: [
        (place, str(row["ErrorCode"]))
        for place, row in enumerate(answer.get(member) or ())
        if row.get("ErrorCode")
    ]


def _refused_statements(answer: Params) -> Failures:
    rows = [row.get("Error") or {} for row in answer.get("Responses") or ()]
    return [(place, str(row["Code"])) for place, row in enumerate(rows) if row.get("Code")]


def _unsuccessful(answer: Params) -> Failures:
    rows = answer.get("Unsuccessful") or ()
    return [(row.get("ResourceId"), str(row.get("Error", {}).get("Code", "Failed"))) for row in rows]


def _itself(item: Any, _place: int) -> Any:
    return item


def _id(item: Any, _place: int) -> Any:
    return item["Id"]


def _place(_item: Any, place: int) -> Any:
    return place


BATCHES: Final[Mapping[str, Batch]] = {
    "dynamodb:BatchExecuteStatement": Batch(("Statements",), _place, _refused_statements),
    "ec2:CreateFlowLogs": Batch(("ResourceIds",), _itself, _unsuccessful),
    "ec2:DeleteFlowLogs": Batch(("FlowLogIds",), _itself, _unsuccessful),
    "ec2:DeleteVpcEndpoints": Batch(("VpcEndpointIds",), _itself, _unsuccessful),
    "ecr:BatchDeleteImage": Batch(("imageIds",), _itself, _rows("failures", "imageId", "failureCode")),
    "events:PutEvents": Batch(("Entries",), _place, _places("Entries")),
    "events:PutTargets": Batch(("Targets",), _id, _rows("FailedEntries", "TargetId", "ErrorCode")),
    "events:RemoveTargets": Batch(("Ids",), _itself, _rows("FailedEntries", "TargetId", "ErrorCode")),
    "firehose:PutRecordBatch": Batch(("Records",), _place, _places("RequestResponses")),
    "kinesis:PutRecords": Batch(("Records",), _place, _places("Records")),
    "s3:DeleteObjects": Batch(
        ("Delete", "Objects"), lambda item, _: item["Key"], _rows("Errors", "Key", "Code")
    ),
    "sns:PublishBatch": Batch(("PublishBatchRequestEntries",), _id, _rows("Failed", "Id", "Code")),
    "sqs:ChangeMessageVisibilityBatch": Batch(("Entries",), _id, _rows("Failed", "Id", "Code")),
    "sqs:DeleteMessageBatch": Batch(("Entries",), _id, _rows("Failed", "Id", "Code")),
    "sqs:SendMessageBatch": Batch(("Entries",), _id, _rows("Failed", "Id", "Code")),
}
"""Batch APIs by how they report items (AWS API references of each service)."""
