"""The sanitiser: nothing from outside reaches a terminal as anything but text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.lines import changed_span, cut, line, line_width, piece, spread, wrapped
from screens.text import ascii_only, clean, content, fit, pad, width_of
from tests.screens.fakes import HOSTILE


@given(st.text(st.characters(), max_size=200))
def test_nothing_harmful_is_left(text: str) -> None:
    """No control, format, surrogate or private character survives, whatever comes in."""
    assert not [char for char in clean(text) if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"}]


@given(st.text(max_size=80), st.integers(0, 40))
def test_pad_is_exact(text: str, width: int) -> None:
    """Padded text takes exactly the columns that were asked for, wide characters included."""
    assert width_of(pad(clean(text), width)) == width


@given(st.text(max_size=200), st.integers(8, 60))
def test_wrapped_lines_fit(text: str, width: int) -> None:
    """No wrapped line is wider than it may be."""
    assert all(line_width(row) <= width for row in wrapped(text, width))


@given(st.text(max_size=60), st.text(max_size=30), st.integers(1, 60))
def test_spread_fits(left: str, right: str, width: int) -> None:
    """Two ends never take more columns than there are."""
    assert line_width(spread(line(piece(left)), line(piece(right)), width)) <= width


@given(st.lists(st.text(max_size=20), max_size=5), st.integers(1, 40))
def test_cut_fits(texts: list[str], width: int) -> None:
    """A cut line fits."""
    assert line_width(cut(line(*texts), width)) <= width


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("a\x1b[31mb", "a[31mb"),
        ("a\x9b31mb", "a31mb"),
        ("a\u202eb\u2066c", "abc"),
        ("a\u200bb\ufeffc", "abc"),
        ("a\nb\tc\r", "a b c "),
        ("\ud800x", "x"),
        ("naïve 日本", "naïve 日本"),
        (None, "None"),
    ],
)
def test_clean(given_text: object, kept: str) -> None:
    """Harmful characters go, the rest stays."""
    assert clean(given_text) == kept


def test_markup_is_not_parsed() -> None:
    """What looks like markup is shown as it is."""
    assert content(HOSTILE).plain.startswith("[/x][@click=app.quit]boom")
    assert not content(HOSTILE).spans


def test_fit_marks_what_is_lost() -> None:
    """Truncated text ends with an ellipsis."""
    assert fit("abcdef", 4) == "abc…"
    assert fit("日本語", 4) == "日…"


def test_ascii_only_keeps_the_width() -> None:
    """Without UTF-8 the columns still line up."""
    assert ascii_only("日本…é") == "????~e"


@given(st.text("ab", max_size=12), st.text("ab", max_size=12))
def test_changed_span_covers_every_change(before: str, after: str) -> None:
    """Outside the span both lines are the same."""
    start, end = changed_span(line(piece(before)), line(piece(after)))
    size = max(len(before), len(after))
    old, new = before.ljust(size), after.ljust(size)
    assert old[:start] == new[:start]
    assert old[end:] == new[end:]
