"""A look at a URL: which answers are right."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from operations.engine.errors import StepFailedError
from operations.engine.web import get
from operations.plan.steps import HttpStep


class _Asked(BaseHTTPRequestHandler):
    """Answers with the status that the path names."""

    def do_GET(self) -> None:
        self.send_response(int(self.path[1:]))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def url() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Asked) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_any_of_the_expected_statuses_is_right(url: str) -> None:
    for status in (401, 403):
        assert get(HttpStep(http=f"{url}/{status}", expect_status=(401, 403))) == {"status": status}
    with pytest.raises(StepFailedError, match="status 404, expected 401 or 403"):
        get(HttpStep(http=f"{url}/404", expect_status=(401, 403)))


def test_one_status_is_written_as_a_number(url: str) -> None:
    step = HttpStep.model_validate({"http": f"{url}/204", "expect_status": 204})
    assert get(step) == {"status": 204}
    with pytest.raises(StepFailedError, match="status 204, expected 200"):
        get(HttpStep(http=f"{url}/204"))
