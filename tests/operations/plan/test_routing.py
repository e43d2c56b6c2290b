"""Messages find their route by subject, and events their rules by pattern."""

from __future__ import annotations

import pytest

from operations.plan.provisions import Route
from operations.plan.routing import follow, matches


def route(key: str, subject: str, name: str = "queue") -> Route:
    sample = {"subject": "any", "name": name}
    return Route.model_validate(
        {"id": key, "subject": subject, "target": "queue", "name": name, "samples": [sample]}
    )


ROUTES = (
    route("rest", ">"),
    route("deep", "a.>"),
    route("two", "a.*", "got-{2}"),
    route("exact", "a.b"),
    route("middle", "a.*.c", "{2+}"),
)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("a.b", ("exact", "queue")),
        ("a.x", ("two", "got-x")),
        ("a.x.c", ("middle", "X C")),
        ("a.x.d", ("deep", "queue")),
        ("z", ("rest", "queue")),
        ("a", ("rest", "queue")),
        ("$KV.bucket.key", ("rest", "queue")),
    ],
)
def test_the_most_exact_route_takes_a_message(subject: str, expected: tuple[str, str]) -> None:
    routed = follow(ROUTES, subject)
    assert routed is not None
    assert (routed.route, routed.name) == expected


@pytest.mark.parametrize("subject", ["", "a..b", ".a", "a.", "a.*", "a.>", "a b"])
def test_what_is_no_subject_goes_nowhere(subject: str) -> None:
    assert follow(ROUTES, subject) is None


def test_without_a_route_that_fits_nothing_takes_it() -> None:
    assert follow(ROUTES[1:], "z") is None


EVENT = {"source": "app.agent", "detail-type": "Agent Task Started", "detail": {"size": 3}}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ({"source": ["app.agent", "app.agents"]}, True),
        ({"source": ["app"]}, False),
        ({"source": [{"prefix": "app."}], "detail-type": [{"suffix": "Started"}]}, True),
        ({"detail-type": [{"anything-but": ["Agent Task Started"]}]}, False),
        ({"detail-type": [{"anything-but": "Agent Task Failed"}]}, True),
        ({"detail": {"size": [3]}}, True),
        ({"detail": {"size": [4]}}, False),
        ({"detail": {"size": {"unit": [3]}}}, False),
        ({"account": [{"exists": False}]}, True),
        ({"account": [{"exists": True}]}, False),
        ({"source": [{"wildcard": "app.*"}]}, False),
    ],
)
def test_a_pattern_matches_as_eventbridge_does(pattern: dict[str, object], expected: bool) -> None:
    assert matches(pattern, EVENT) is expected
