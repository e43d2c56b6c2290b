"""RFC 8785: the short ways say of every text and every value what the long way says."""

import json
import random
import struct
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from state.canonical import canonical, decoded, is_canonical

quick = settings(max_examples=200, deadline=None)
texts = st.text(st.characters(), max_size=8) | st.text('"\\/\b\x1f\x7f\u2028é\ufb33\U0001f600a', max_size=5)
numbers = st.one_of(
    st.integers(-(2**60), 2**60),
    st.floats(),
    st.sampled_from(
        [0.0, -0.0, 1e-4, 9e-5, 1e-6, 1e-7, 1.0, 1e15, 1e16, 1e21, 0.1, 2**53 - 1, 2**53, 123456789.5]
    ),
)
anything = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)


def long_way(text: str) -> bool | None:
    """Whether a text is its own canonical form; None where it has none."""
    try:
        return rfc8785.dumps(json.loads(text)).decode() == text
    except (ValueError, RecursionError):
        return None


def short_way(text: str) -> bool | None:
    try:
        return is_canonical(text)
    except (ValueError, RecursionError):
        return None


@quick
@given(value=anything)
def test_every_value_is_written_as_the_long_way_writes_it(value: Any) -> None:
    try:
        long = rfc8785.dumps([value]).decode()
    except (ValueError, RecursionError):
        with pytest.raises((ValueError, RecursionError)):
            canonical([value])
    else:
        assert canonical([value]) == long
        assert short_way(long) == long_way(long)


@quick
@given(value=anything, data=st.data())
def test_every_text_is_judged_as_the_long_way_judges_it(value: Any, data: st.DataObject) -> None:
    spaced, escaped, ordered = (data.draw(st.booleans()) for _ in range(3))
    text = json.dumps(
        {"b": value, "a": value},
        sort_keys=ordered,
        ensure_ascii=escaped,
        separators=(", ", ": ") if spaced else (",", ":"),
    )
    at = data.draw(st.integers(0, len(text) - 1))
    changed = text[:at] + data.draw(st.characters() | st.sampled_from('"\\,:{}[]0 .-eE')) + text[at + 1 :]
    for each in (text, changed, text[:at], f"{text}{text}"):
        assert short_way(each) == long_way(each), each
    if long_way(text) is not None:
        assert decoded(text) == json.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "1.0",
            "-0",
            "1e3",
            "1E3",
            "01",
            "1.50",
            "0.00001",
            "1e-7",
            "NaN",
            "Infinity",
            "-Infinity",
            "null ",
            " 1",
        ),
        *(
            '{"a":1,"a":1}',
            '{"b":1,"a":1}',
            '{"a":{"b":1,"a":1}}',
            '[{"b":1,"a":1}]',
            '{"a":1}{"a":1}',
            '{"a":1},',
        ),
        *(
            '"\\u00e9"',
            '"\\/"',
            '"\\u001F"',
            '"\\u000a"',
            '"\x7f"',
            '"é"',
            '"\\ud800"',
            '"\x01"',
            "'a'",
            "",
            '"\ud800"',
            '"\udcff"',
        ),
        *(
            '{"\U0001f600":1,"\ufb33":1}',
            '{"\ufb33":1,"\U0001f600":1}',
            "9007199254740993",
            "1000000000000000",
        ),
    ],
)
def test_what_is_almost_canonical_is_judged_as_the_long_way_judges_it(text: str) -> None:
    assert short_way(text) == long_way(text)


def test_every_fraction_is_judged_and_read_as_the_long_way_does() -> None:
    chance = random.Random(7)
    for _ in range(3000):
        (value,) = struct.unpack("<d", struct.pack("<Q", chance.getrandbits(64)))
        for each in (
            value,
            chance.uniform(-1, 1) * 10 ** chance.randint(-9, 18),
            round(chance.random() * 1e4, 4),
        ):
            if each - each == 0:
                text = repr(each)
                assert short_way(text) == long_way(text), text
                assert decoded(text) == each
                assert canonical([each]).encode() == rfc8785.dumps([each])
