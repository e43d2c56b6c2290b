"""A fake AWS whose credentials end when a test says so, on the engine's bench."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.operations.engine.conftest import Bench
from tests.operations.engine.fake_aws import ACCOUNT, FakeAws


class EndingAws(FakeAws):
    """Answers every call with an error of its credentials while `over` is set; `logins` tries later it is not."""

    def __init__(self) -> None:
        super().__init__()
        self.over: str | None = None
        self.refused = 0
        self.asked_who = 0
        self.account = ACCOUNT
        self.on_try: Callable[[int], None] = lambda count: None
        self.on_wire: Callable[[str, dict[str, Any]], None] = lambda action, params: None

    async def handle(self, action: str, params: dict[str, Any]) -> dict[str, Any]:
        self.on_wire(action, params)
        if action == "get_caller_identity":
            self.asked_who += 1
            self.on_try(self.asked_who)
        if self.over is None:
            return await super().handle(action, params)
        self.wire.append((action, params))
        self.refused += 1
        problem = {"Error": {"Code": self.over, "Message": f"{self.over} it says"}}
        raise ClientError({**problem, "ResponseMetadata": {"HTTPStatusCode": 403}}, action)  # type: ignore[arg-type]

    def get_caller_identity(self) -> dict[str, Any]:
        return {"Account": self.account, "Arn": f"arn:aws:iam::{self.account}:user/kim", "UserId": "kim"}

    def end_at(self, action: str, nth: int = 1, code: str = "ExpiredToken") -> None:
        """The credentials end just before the nth call of an action."""
        seen = iter(range(1, 10_000))

        def look(name: str, params: dict[str, Any]) -> None:
            if name == action and self.over is None and next(seen) == nth:
                self.over = code

        self.on_wire = look

    def log_in_at(self, tries: int) -> None:
        """Somebody logs in before this try with new credentials, counted from the first one after the end."""
        first: list[int] = []

        def look(count: int) -> None:
            if self.over is not None:
                first.append(count)
                if len(first) >= tries:
                    self.over = None

        self.on_try = look


class CredentialBench(Bench):
    """A bench on such an AWS."""

    aws: EndingAws

    def __init__(self, folder: Path, operations: str) -> None:
        super().__init__(folder, operations)
        self.aws = EndingAws()

    def end_after(self, action: str, kind: str, count: int = 1) -> None:
        """The credentials end just before the first such call after so many events of a kind."""
        ended: list[bool] = []

        def look(name: str, params: dict[str, Any]) -> None:
            if name == action and not ended and len(self.events(kind)) >= count:
                ended.append(True)
                self.aws.over = "ExpiredToken"

        self.aws.on_wire = look

    def kinds(self, *families: str) -> list[str]:
        """The kinds of all events of these families, in order."""
        return [event.kind for event in self.events() if event.kind.partition(".")[0] in families]


@pytest.fixture
def bench(tmp_path: Path) -> Callable[[str], CredentialBench]:
    """Makes a bench from the YAML of a list of operations."""
    return lambda operations: CredentialBench(tmp_path, operations)
