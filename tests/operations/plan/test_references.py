"""`${…}`: read, found in any value, and filled in with the right type."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from operations.plan.errors import ReferenceProblem
from operations.plan.references import Reference, fill, parse_reference, references_in, time_text

QUICK = settings(max_examples=60)
OPERATIONS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,8}", fullmatch=True)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
AFTER = st.text(st.characters(exclude_characters="{}\n", exclude_categories=["Cs"]), min_size=1, max_size=5)
PLAIN = st.text(st.characters(exclude_characters="${}", exclude_categories=["Cs"]), max_size=12)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def inner_texts(draw: st.DrawFn, *, cut: bool = True) -> str:
    """What may stand between `${` and `}`."""
    operation = draw(st.none() | OPERATIONS)
    text = draw(NAMES) if operation is None else f"{operation}.{draw(NAMES)}"
    return f"{text}#{draw(AFTER)}" if cut and draw(st.booleans()) else text


TEXTS = st.lists(PLAIN | inner_texts(cut=False).map(lambda inner: f"${{{inner}}}"), max_size=4).map("".join)
VALUES = st.recursive(
    SCALARS | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(TEXTS, inner, max_size=4)
        | inner.map(lambda value: {"$json": value})
    ),
    max_leaves=12,
)


def texts_of(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for key, item in value.items() for text in (*texts_of(key), *texts_of(item))]
    return [text for item in value for text in texts_of(item)] if isinstance(value, list) else []


@given(inner_texts())
def test_what_is_read_prints_as_it_was_written(inner: str) -> None:
    reference = parse_reference(inner)
    assert str(reference) == f"${{{inner}}}"
    assert list(references_in(str(reference))) == [reference]
    before, cut, after = inner.partition("#")
    operation, dot, name = before.rpartition(".")
    assert (reference.operation, reference.name) == (operation if dot else None, name)
    assert reference.after == (after if cut else None)


@QUICK
@given(VALUES)
def test_a_total_lookup_leaves_no_reference(value: Any) -> None:
    filled = fill(value, lambda reference: f"<{reference.name}>")
    assert not any("${" in text for text in texts_of(filled))


@QUICK
@given(VALUES)
def test_every_reference_is_found_and_asked_for(value: Any) -> None:
    asked: list[Reference] = []

    def lookup(reference: Reference) -> str:
        asked.append(reference)
        return "x"

    fill(value, lookup)
    assert sorted(map(str, asked)) == sorted(map(str, references_in(value)))


@QUICK
@given(VALUES)
def test_what_has_no_reference_stays_as_it_is(value: Any) -> None:
    def refuse(reference: Reference) -> Any:
        raise ReferenceProblem(f"{reference} is not known")

    if not list(references_in(value)) and "$json" not in repr(value):
        assert fill(value, refuse) == value
    elif list(references_in(value)):
        with pytest.raises(ReferenceProblem):
            fill(value, refuse)


@given(inner_texts(cut=False), SCALARS | PLAIN | st.lists(st.integers()) | st.dictionaries(PLAIN, SCALARS))
def test_a_whole_string_keeps_the_type_of_its_value(inner: str, value: Any) -> None:
    text = f"${{{inner}}}"
    assert fill(text, lambda _: value) is value
    inside = fill(f"a {text} z", lambda _: value)
    assert inside == f"a {value if isinstance(value, str) else json.dumps(value, separators=(',', ':'))} z"


@QUICK
@given(VALUES)
def test_json_is_serialised_inside_out(value: Any) -> None:
    def lookup(_: Reference) -> str:
        return "v"

    serialised = fill({"$json": value}, lookup)
    assert isinstance(serialised, str)
    assert json.loads(serialised) == fill(value, lookup)


def test_json_in_json_is_text_in_text() -> None:
    value = {"Document": {"$json": {"Rule": {"$json": {"vpc": "${vpc}", "n": "${n}"}}}}}
    filled = fill(value, lambda reference: {"vpc": 'vpc-"1"', "n": 3}[reference.name])
    assert json.loads(json.loads(filled["Document"])["Rule"]) == {"vpc": 'vpc-"1"', "n": 3}


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("${arn#loadbalancer/}", "arn:x:loadbalancer/app/a/1", "app/a/1"),
        ("targetgroup/${arn#:targetgroup/}", "arn:targetgroup/b", "targetgroup/b"),
        ("${arn#/}", "a/b/c", "b/c"),
    ],
)
def test_a_reference_may_be_what_follows_the_first_text(text: str, value: str, expected: str) -> None:
    assert fill(text, lambda _: value) == expected


def test_a_text_that_is_not_there_cannot_be_cut_at() -> None:
    with pytest.raises(ReferenceProblem, match="no '/app' in 'arn'"):
        fill("${arn#/app}", lambda _: "arn")


@pytest.mark.parametrize(
    "inner", ["", " ", "Name", "a b", "a.b.c", ".a", "a.", "vpc_id-", "x-10m", "now-10w", "now-", "a#"]
)
def test_what_cannot_be_read_is_refused(inner: str) -> None:
    with pytest.raises(ReferenceProblem):
        parse_reference(inner)
    with pytest.raises(ReferenceProblem):
        list(references_in({"key": [f"before ${{{inner}}}"]}))


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("now", "2025-03-01T00:00:00Z"),
        ("now-90s", "2025-02-28T23:58:30Z"),
        ("now-10m", "2025-02-28T23:50:00Z"),
        ("now-2h", "2025-02-28T22:00:00Z"),
        ("now-1d", "2025-02-28T00:00:00Z"),
    ],
)
def test_now_can_be_moved_back(inner: str, expected: str) -> None:
    assert time_text(datetime(2025, 3, 1, tzinfo=UTC), parse_reference(inner)) == expected
