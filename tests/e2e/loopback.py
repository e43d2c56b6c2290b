"""A small AWS on loopback for real processes: parameters, a count of what reached it, and calls that can be held."""

from __future__ import annotations

import json
import threading
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.e2e.conftest import PATIENCE

WHO = b"""<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::123456789012:user/kim</Arn><UserId>kim</UserId><Account>123456789012</Account>
</GetCallerIdentityResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>"""
CHANGES = ("PutParameter", "DeleteParameter")


@dataclass
class Held:
    """A call that waits: it has its effect, and is answered when it may be."""

    arrived: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)


class Loopback:
    """Serves SSM parameters and says who is calling. Use with `with`."""

    def __init__(self) -> None:
        self.parameters: dict[str, str] = {}
        self.changes: list[tuple[str, str]] = []
        self._held: dict[tuple[str, str], Held] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Loopback:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for held in self._held.values():
            held.go.set()
        self._server.shutdown()
        self._server.server_close()

    def hold(self, action: str, name: str) -> Held:
        """Have a call wait for its answer."""
        return self._held.setdefault((action, name), Held())

    def twice(self) -> list[tuple[str, str]]:
        """The changing calls that came more than once."""
        return [call for call, count in Counter(self.changes).items() if count > 1]

    def answer(self, action: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Carry a call out."""
        name = str(body.get("Name"))
        with self._lock:
            if action in CHANGES:
                self.changes.append((action, name))
            status, answer = self._carry_out(action, name, body)
        held = self._held.get((action, name))
        if held is not None:
            held.arrived.set()
            held.go.wait(PATIENCE)
        return status, answer

    def _carry_out(self, action: str, name: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        match action:
            case "PutParameter":
                self.parameters[name] = body["Value"]
                return 200, {"Version": 1}
            case "DeleteParameter" if self.parameters.pop(name, None) is not None:
                return 200, {}
            case "GetParameter" if name in self.parameters:
                return 200, {"Parameter": {"Name": name, "Value": self.parameters[name], "Version": 1}}
            case "GetParameters":
                found = [n for n in body["Names"] if n in self.parameters]
                gone = [n for n in body["Names"] if n not in self.parameters]
                return 200, {
                    "Parameters": [{"Name": n, "Value": self.parameters[n]} for n in found],
                    "InvalidParameters": gone,
                }
        return 400, {"__type": "ParameterNotFound", "message": f"{action} {name}"}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                target = self.headers.get("X-Amz-Target", "")
                if not target.startswith("AmazonSSM."):
                    self._send(200, "text/xml", WHO)
                    return
                status, answer = loopback.answer(target.partition(".")[2], json.loads(body))
                self._send(status, "application/x-amz-json-1.1", json.dumps(answer).encode())

            def _send(self, status: int, kind: str, content: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_request(self, code: object = "-", size: object = "-") -> None:
                del code, size

        return Handler
