"""The fault layer of a running sandbox, driven over its door: for scenarios and tests."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any
from urllib.request import Request, urlopen

from operations.drill.faults.log import Entry
from operations.drill.faults.script import Rule

_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class RemoteFaults:
    """The door of the sandbox at `endpoint`."""

    endpoint: str

    def script(self, *rules: Rule, seed: int = 0) -> None:
        """Put these rules in force, and no others."""
        self._send("POST", "faults", {"rules": [asdict(rule) for rule in rules], "seed": seed})

    def clear(self) -> None:
        """No faults, no lag."""
        self._send("DELETE", "faults")

    def seen(self) -> list[dict[str, Any]]:
        """The rules in force, and how many calls each has seen."""
        found: list[dict[str, Any]] = self._send("GET", "faults")
        return found

    def wire(self, after: int = 0) -> list[Entry]:
        """The calls that reached the sandbox behind a number."""
        return [Entry(**row) for row in self._send("GET", f"wire?after={after}")]

    def advance(self, seconds: float) -> None:
        """Put the sandbox's clock forward; client tokens are forgotten by it."""
        self._send("POST", "clock", {"advance": seconds})

    def _send(self, method: str, path: str, content: object = None) -> Any:
        body = None if content is None else json.dumps(content).encode()
        url = f"{self.endpoint}/_cutover/{path}"
        request = Request(url, body, {"Content-Type": "application/json"}, method=method)  # noqa: S310 - http on loopback
        with urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
            return json.load(answer)
