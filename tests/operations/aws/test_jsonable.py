"""Whatever an AWS client returns becomes JSON that the journal's canonical form accepts."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from operations.aws.jsonable import jsonable
from operations.aws.model.unknown import UNKNOWN


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC), "2026-11-22T03:04:05Z"),
        (datetime(2026, 11, 22, 3, tzinfo=timezone(timedelta(hours=2))), "2026-11-22T01:00:00Z"),
        (date(2026, 11, 22), "2026-11-22"),
        (b"text", "text"),
        (b"\xff\x00", "base64:/wA="),
        (Decimal(3), 3),
        (Decimal("0.1"), "0.1"),
        (Decimal("NaN"), None),
        (2**53, str(2**53)),
        (2**53 - 1, 2**53 - 1),
        (-(2**60), str(-(2**60))),
        (float("nan"), None),
        (float("inf"), None),
        ((1, 2), [1, 2]),
        ({"b", "a"}, ["a", "b"]),
        ({1: "x"}, {"1": "x"}),
        (io.BytesIO(b"never read"), "\u2039stream\u203a"),
        (object(), "\u2039object\u203a"),
        (UNKNOWN, "unknown"),
        ("\ud800", "?"),
        (True, True),
    ],
)
def test_values(value: Any, expected: Any) -> None:
    assert jsonable(value) == expected


def test_a_stream_is_not_read() -> None:
    stream = io.BytesIO(b"payload")
    jsonable({"Body": stream})
    assert stream.read() == b"payload"


def test_a_value_that_contains_itself_ends() -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert "too deep" in str(jsonable(loop))


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text() | st.binary() | st.datetimes()
    | st.characters(categories=("Cs",))
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner))
)
def test_everything_has_a_canonical_form(value: Any) -> None:
    assert rfc8785.dumps(jsonable(value))
