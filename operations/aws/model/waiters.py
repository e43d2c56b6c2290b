"""Botocore's waiters as data, and the judge that applies them to answers that somebody else fetched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from operations.aws.model import names
from operations.aws.model.library import ServiceLibrary
from operations.aws.model.types import (
    Acceptor,
    Judgement,
    Matcher,
    UnknownApiError,
    WaiterSpec,
    WaiterVerdict,
)


def spec(library: ServiceLibrary, name: str) -> WaiterSpec:
    """Returns what `service:waiter_name` polls and how it judges.

    Raises:
        UnknownApiError: Botocore has no such waiter.
    """
    service, waiter = names.split(name)
    config = library.waiters(service).get(waiter)
    if config is None:
        raise UnknownApiError(name, nearest(library, name))
    return WaiterSpec(
        name=name,
        api=f"{service}:{config['operation']}",
        delay_seconds=float(config["delay"]),
        max_attempts=int(config["maxAttempts"]),
        acceptors=tuple(_acceptor(raw) for raw in config["acceptors"]),
    )


def nearest(library: ServiceLibrary, name: str) -> str | None:
    """Returns the existing waiter that is closest to a name, or None."""
    service, waiter = names.split(name)
    known = service
    if service not in library.services():
        known = names.nearest_service(service, library.services()) or ""
    meant = names.nearest(waiter, library.waiters(known)) if known else None
    return f"{known}:{meant}" if meant else None


def _acceptor(raw: Mapping[str, Any]) -> Acceptor:
    return Acceptor(
        WaiterVerdict(raw["state"]), Matcher(raw["matcher"]), raw["expected"], raw.get("argument")
    )


class WaiterJudge:
    """Says what each answer to a waiter's read means; keeps no state, so that a poll can be resumed anywhere."""

    def __init__(self, waiter: WaiterSpec) -> None:
        import jmespath

        self._spec = waiter
        self._expressions = {
            acceptor: jmespath.compile(acceptor.argument)
            for acceptor in waiter.acceptors
            if acceptor.argument is not None
        }

    def judge(
        self,
        response: Mapping[str, object] | None = None,
        error: str | None = None,
        status: int | None = None,
    ) -> Judgement:
        """Judges one answer: the first acceptor that matches decides.

        Args:
            response: The parsed answer; None when the call ended in an error.
            error: The AWS error code, or None.
            status: The HTTP status; where absent it is taken from the answer's `ResponseMetadata`.

        Returns:
            The verdict. An error that no acceptor names is a failure, as in botocore.
        """
        if status is None:
            status = _status_of(response)
        for acceptor in self._spec.acceptors:
            if self._matches(acceptor, response, error, status):
                return Judgement(acceptor.verdict, _explain(acceptor))
        if error is not None:
            return Judgement(WaiterVerdict.FAILURE, f"{self._spec.api} answered {error}")
        return Judgement(WaiterVerdict.RETRY, "not there yet")

    def _matches(
        self,
        acceptor: Acceptor,
        response: Mapping[str, object] | None,
        error: str | None,
        status: int | None,
    ) -> bool:
        if acceptor.matcher is Matcher.STATUS:
            return status is not None and status == acceptor.expected
        if acceptor.matcher is Matcher.ERROR:
            if isinstance(acceptor.expected, bool):
                return acceptor.expected is (error is not None)
            return error is not None and error == acceptor.expected
        if error is not None or response is None or acceptor not in self._expressions:
            return False
        found = self._search(acceptor, response)
        if acceptor.matcher is Matcher.PATH:
            return bool(found == acceptor.expected)
        if not isinstance(found, list) or not found:
            return False  # an empty list satisfies neither "all" nor "any"
        hits = (item == acceptor.expected for item in found)
        return all(hits) if acceptor.matcher is Matcher.PATH_ALL else any(hits)

    def _search(self, acceptor: Acceptor, response: Mapping[str, object]) -> object:
        from jmespath.exceptions import JMESPathError

        try:
            return cast("object", self._expressions[acceptor].search(response))
        except JMESPathError:  # e.g. length() of a list that the answer leaves out: no match
            return None


def _status_of(response: Mapping[str, object] | None) -> int | None:
    metadata = (response or {}).get("ResponseMetadata")
    status = metadata.get("HTTPStatusCode") if isinstance(metadata, Mapping) else None
    return status if isinstance(status, int) else None


def _explain(acceptor: Acceptor) -> str:
    if acceptor.matcher is Matcher.STATUS:
        return f"HTTP status {acceptor.expected}"
    if acceptor.matcher is Matcher.ERROR:
        named = {True: "any error", False: "no error"}
        return (
            named[acceptor.expected] if isinstance(acceptor.expected, bool) else f"error {acceptor.expected}"
        )
    how = {Matcher.PATH: "is", Matcher.PATH_ALL: "are all", Matcher.PATH_ANY: "has"}[acceptor.matcher]
    return f"{acceptor.argument} {how} {acceptor.expected}"
