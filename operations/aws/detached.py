"""No AWS at all: for a plan none of whose steps asks it, such as a fallback for when nobody there answers."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from operations.aws.gateway import Gateway, Guard, Identity
from operations.aws.outcome import Answer, RefusedError

WHY = "no step of this plan asks AWS, so nothing is sent there"


@dataclass(frozen=True, slots=True)
class DetachedSessions:
    """Sessions that make no client; `account` and `region` are the plan's, nobody has checked them."""

    account: str
    region: str
    endpoint: str | None = None
    name: str = "LOCAL"

    def client(self, service: str) -> AbstractAsyncContextManager[Any]:
        """Refuses.

        Raises:
            RefusedError: always.
        """
        raise RefusedError(f"{service}: {WHY}")


class DetachedGateway(Gateway):
    """A gateway that opens without asking who the caller is, and lets no call out."""

    async def _who_am_i(self) -> Identity:
        return Identity(self.sessions.account, "")

    async def _sent(self, api: str, params: Mapping[str, Any], guard: Guard | None = None) -> Answer:
        del params, guard
        raise RefusedError(f"{api}: {WHY}")
