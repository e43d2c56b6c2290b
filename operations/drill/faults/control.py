"""The layer's own door on loopback: `/_cutover/faults`, `/_cutover/wire` and `/_cutover/clock`, all in JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from operations.drill.errors import SandboxError
from operations.drill.faults.calls import body_of
from operations.drill.faults.clock import SandboxClock
from operations.drill.faults.log import WireLog
from operations.drill.faults.replying import Reply
from operations.drill.faults.script import FaultScript, Rule

PREFIX = "/_cutover/"


@dataclass(frozen=True, slots=True)
class Control:
    """Answers requests about the layer itself."""

    script: FaultScript
    log: WireLog
    clock: SandboxClock
    end_lag: Callable[[], None]

    def answer(self, environ: dict[str, Any]) -> Reply:
        """What a request to the door is answered: 200, 400 for what it does not understand, 404 for another path."""
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"].removeprefix(PREFIX)
        try:
            body = json.loads(body_of(environ) or b"{}")
            match method, path:
                case "GET", "faults":
                    return _json(self.script.shown())
                case "POST", "faults":
                    self.script.set([Rule.of(row) for row in body.get("rules", [])], int(body.get("seed", 0)))
                    return _json(self.script.shown())
                case "DELETE", "faults":
                    self.script.set([])
                    self.end_lag()
                    return _json([])
                case "GET", "wire":
                    asked = parse_qs(environ.get("QUERY_STRING", "")).get("after", ["0"])
                    return _json(self.log.after(int(asked[0])))
                case "POST", "clock":
                    self.clock.advance(float(body["advance"]))
                    return _json({"now": self.clock.now()})
        except (SandboxError, ValueError, KeyError, TypeError, AttributeError) as error:
            return _json({"problem": str(error)}, "400 BAD REQUEST")
        return _json({"problem": f"no {method} {path} here"}, "404 NOT FOUND")


def is_control(environ: Mapping[str, Any]) -> bool:
    """Whether a request is for this door rather than for AWS."""
    return str(environ.get("PATH_INFO", "")).startswith(PREFIX)


def _json(content: object, status: str = "200 OK") -> Reply:
    body = json.dumps(content).encode()
    return Reply(status, (("Content-Type", "application/json"), ("Content-Length", str(len(body)))), body)
