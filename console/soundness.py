"""Whether a plan is sound enough to be carried out: the audit with the API models that come with botocore."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from operations.plan.loader import LoadedPlan

if TYPE_CHECKING:
    from operations.plan.audit.knowledge import ApiProblem


class CatalogKnowledge:
    """What the audit needs to know about AWS, answered by the API models that come with botocore."""

    def __init__(self) -> None:
        from operations.aws.model.catalog import ApiCatalog
        from operations.aws.model.types import Effect
        from operations.aws.model.unknown import UNKNOWN, PartlyKnown
        from operations.aws.regions import region_problem

        self._catalog = ApiCatalog()
        self._read = Effect.READ
        self._partly = PartlyKnown
        self._region_problem = cache(region_problem)
        self.unknown: object = UNKNOWN

    def partly_known(self, text: str) -> str:
        """Text of which a part is known only in a run."""
        return self._partly(text)

    def region_problem(self, region: str) -> str | None:
        """One line when there is no such region."""
        return self._region_problem(region)

    def knows(self, api: str) -> bool:
        """Whether there is such a call."""
        return self._catalog.knows(api)

    def actions(self, service: str) -> Sequence[str]:
        """The names of all calls of a service."""
        return self._catalog.actions(service)

    def nearest(self, api: str) -> str | None:
        """The call that was most likely meant."""
        return self._catalog.nearest(api)

    def problems(self, api: str, params: Mapping[str, Any]) -> Sequence[ApiProblem]:
        """What is surely wrong with a call's parameters."""
        return self._catalog.problems(api, params)

    def output_has(self, api: str, expression: str) -> Sequence[ApiProblem]:
        """What is surely wrong with an expression on a call's answer."""
        return self._catalog.output_has(api, expression)

    def reads(self, api: str, params: Mapping[str, Any]) -> bool:
        """Whether a call surely changes nothing."""
        return self._catalog.effect(api, params) is self._read

    def waiter_exists(self, name: str) -> bool:
        """Whether there is such a waiter."""
        return self._catalog.waiter_exists(name)

    def nearest_waiter(self, name: str) -> str | None:
        """The waiter that was most likely meant."""
        return self._catalog.nearest_waiter(name)

    def waiter_api(self, name: str) -> str:
        """The read that a waiter polls."""
        return self._catalog.waiter_operation(name).api


def first_error(loaded: LoadedPlan) -> str | None:
    """The first finding of severity error in one line, None when every call and reference holds.

    Nothing of a plan goes forward before this; the way back is never held up by it.
    """
    from operations.plan.audit.audit import audit

    today = datetime.now(UTC).date()
    errors = [finding for finding in audit(loaded, CatalogKnowledge(), today) if finding.severity == "error"]
    if not errors:
        return None
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{errors[0]}{more}; see `cutover check`"
