"""One probe: the read that shows whether a call without an answer was applied, and how to tell from what it returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, Final

_MORE: Final = (
    "NextToken",
    "nextToken",
    "NextMarker",
    "Marker",
    "IsTruncated",
    "Truncated",
    "LastEvaluatedBackupArn",
)
"""Members by which answers say that there are further pages."""


class ProbeVerdict(Enum):
    """What a probe found out."""

    APPLIED = "applied"
    NOT_APPLIED = "not_applied"
    UNSURE = "unsure"


class ProbeUnsureError(Exception):
    """The read does not settle the question: several things fit, or there are further pages."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a probe found out.

    Attributes:
        verdict: Whether the call was applied. One NOT_APPLIED is no proof: AWS reads may lag behind.
        response: For APPLIED: what the call would have answered, as far as a read shows it. Else None.
        reason: One line for the journal.
    """

    verdict: ProbeVerdict
    response: dict[str, Any] | None
    reason: str


@dataclass(frozen=True, slots=True)
class Probe:
    """How to find out whether one API's call was applied. All expressions are JMESPath.

    Attributes:
        api: The call in question, as `service:Action`.
        read: The read, as `service:Action`.
        params: Over the request: the read's parameters.
        needs: Over the request: all must be truthy, or the request holds no natural key to look for.
        select: Over the read's answer: the candidates; None when the answer is about one thing.
        where: Pairs (over a candidate, over the request) that must be equal.
        answer: Over `{request, read, match}`: what the call would have answered; null when it was not applied.
        absent_errors: Error codes of the read that mean "not there".
        absence_is_success: The call takes something away, so that absence means it was applied.
        first_page_holds: The read is sorted so that further pages cannot hold the thing.
        follow: A second read for what the first does not show, and over the answer so far: its parameters.
    """

    api: str
    read: str
    params: str
    answer: str
    needs: tuple[str, ...] = ()
    select: str | None = None
    where: tuple[tuple[str, str], ...] = ()
    absent_errors: frozenset[str] = frozenset()
    absence_is_success: bool = False
    first_page_holds: bool = False
    follow: tuple[str, str] | None = None

    def follow_call(self, response: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
        """Returns the second read and its parameters, or None when the first shows everything."""
        return None if self.follow is None else (self.follow[0], _search(self.follow[1], response))

    def usable(self, request: Mapping[str, Any]) -> bool:
        """Says whether a request holds the natural key that the read looks for."""
        try:
            return all(_search(need, request) for need in self.needs)
        except ProbeUnsureError:
            return False

    def read_call(self, request: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Returns the read and its parameters.

        Raises:
            ProbeUnsureError: The request holds no natural key; ask `usable` first.
        """
        if not self.usable(request):
            raise ProbeUnsureError(f"{self.api}: the request holds nothing to look it up by")
        found = _search(self.params, request)
        return self.read, {key: value for key, value in found.items() if value is not None}

    def response(self, request: Mapping[str, Any], read: Mapping[str, Any]) -> dict[str, Any] | None:
        """Returns what the call would have answered, or None when it was not applied.

        Raises:
            ProbeUnsureError: Several things fit, or the thing may be on a further page.
        """
        matches = self._matches(request, read)
        if len(matches) > 1:
            raise ProbeUnsureError(f"{self.read} shows {len(matches)} that fit")
        if not matches:
            if not self.first_page_holds and any(read.get(name) for name in _MORE):
                raise ProbeUnsureError(f"{self.read} has further pages")
            return {} if self.absence_is_success else None
        answer = _search(self.answer, {"request": request, "read": read, "match": matches[0]})
        return (
            {k: v for k, v in answer.items() if k != "ResponseMetadata"} if isinstance(answer, dict) else None
        )

    def finding(
        self, request: Mapping[str, Any], read: Mapping[str, Any] | None = None, error: str | None = None
    ) -> Finding:
        """Judges the read's answer or error.

        Args:
            request: The parameters of the call in question, the idempotency token included.
            read: The read's answer, or None when it ended in an error.
            error: The read's error code, or None.
        """
        if error is not None or read is None:
            return self._finding_of_error(error)
        try:
            response = self.response(request, read)
        except ProbeUnsureError as unsure:
            return Finding(ProbeVerdict.UNSURE, None, str(unsure))
        if response is None:
            return Finding(ProbeVerdict.NOT_APPLIED, None, f"{self.read} does not show it")
        return Finding(ProbeVerdict.APPLIED, response, f"{self.read} shows it")

    def _finding_of_error(self, error: str | None) -> Finding:
        if error not in self.absent_errors:
            return Finding(ProbeVerdict.UNSURE, None, f"{self.read} answered {error or 'nothing'}")
        if self.absence_is_success:
            return Finding(ProbeVerdict.APPLIED, {}, f"{self.read} answered {error}: it is gone")
        return Finding(ProbeVerdict.NOT_APPLIED, None, f"{self.read} answered {error}")

    def _matches(self, request: Mapping[str, Any], read: Mapping[str, Any]) -> Sequence[Any]:
        if self.select is None:
            return [read]
        candidates = _search(self.select, read)
        wanted = [(item, _search(expression, request)) for item, expression in self.where]
        return [
            candidate
            for candidate in candidates or ()
            if all(_search(item, candidate) == value for item, value in wanted)
        ]


@lru_cache(maxsize=1024)
def _compiled(expression: str) -> Any:
    import jmespath

    return jmespath.compile(expression)


def _search(expression: str, data: object) -> Any:
    from jmespath.exceptions import JMESPathError

    try:
        return _compiled(expression).search(data)
    except JMESPathError as error:  # e.g. contains() on a member that the answer leaves out
        raise ProbeUnsureError(f"{expression} does not fit: {str(error).splitlines()[0]}") from error
