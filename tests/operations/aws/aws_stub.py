"""STS, SSO and SSM on loopback, as far as tests of credentials need them: lighter than a sandbox."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SOON = (datetime.now(UTC) + timedelta(hours=2)).replace(microsecond=0)
"""When the credentials that it gives out end."""
NAMESPACE = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"'
WHO = (
    f"<GetCallerIdentityResponse {NAMESPACE}><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/kim</Arn>"
    "<UserId>kim</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
)
ROLE = (
    f"<AssumeRoleResponse {NAMESPACE}><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId>"
    "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
    f"<Expiration>{SOON.strftime('%Y-%m-%dT%H:%M:%SZ')}</Expiration></Credentials><AssumedRoleUser>"
    "<AssumedRoleId>x:y</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/r/y</Arn></AssumedRoleUser>"
    "</AssumeRoleResult></AssumeRoleResponse>"
)


class _Stub(BaseHTTPRequestHandler):
    parameters: dict[str, str]

    def do_GET(self) -> None:
        """SSO's `GetRoleCredentials`."""
        role = {"accessKeyId": "ASIASSO", "secretAccessKey": "s", "sessionToken": "t"}
        self._say(200, json.dumps({"roleCredentials": {**role, "expiration": int(SOON.timestamp() * 1000)}}))

    def do_POST(self) -> None:
        """Everything else."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        action = self.headers.get("X-Amz-Target", "").partition(".")[2]
        if action:
            self._parameter(action, json.loads(body))
        else:
            self._say(200, WHO if b"GetCallerIdentity" in body else ROLE)

    def _parameter(self, action: str, asked: dict[str, str]) -> None:
        name = asked.get("Name", "")
        if action == "PutParameter":
            self.parameters[name] = asked["Value"]
            self._say(200, json.dumps({"Version": 1}))
        elif name in self.parameters:
            self._say(
                200, json.dumps({"Parameter": {"Name": name, "Value": self.parameters[name], "Version": 1}})
            )
        else:
            self._say(400, json.dumps({"__type": "ParameterNotFound"}))

    def _say(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[str]:
    """Serve a new stub; its address."""
    handler = type("Stub", (_Stub,), {"parameters": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
