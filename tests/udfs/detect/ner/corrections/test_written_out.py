"""Characters written in ASCII are read as what they are; spans are told in what was given."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lakescan.udfs.detect.ner.corrections.written_out import Plain
from lakescan.udfs.detect.ner.spans import Span


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("M&uuml;ller &amp; S&ouml;hne", "Müller & Söhne"),
        ("Jon&nbsp;Smith", "Jon\xa0Smith"),
        ("&#74;&#x6F;n &lt;b&gt;", "Jon <b>"),
        ("name=J%C3%B6rg%20Lee&x=1", "name=Jörg Lee&x=1"),
        ("AT&T; R&D, 50%de descuento, 5%FF", "AT&T; R&D, 50%de descuento, 5%FF"),
    ],
)
def test_what_is_written_is_read(text, plain):
    assert Plain(pl.Series(["x", text])).texts.to_list() == ["x", plain]


def written(char):
    ways = st.sampled_from([f"&#{ord(char)};", f"&#x{ord(char):x};", quote(char, safe=""), char])
    return st.tuples(st.just(char), ways)


@given(st.lists(st.sampled_from("aé𝒳 <&\n").flatmap(written), min_size=1, max_size=12), st.data())
def test_a_span_covers_what_its_characters_were_written_as(parts, data):
    given_, read = "".join(way for _, way in parts), "".join(char for char, _ in parts)
    plain = Plain(pl.Series([given_]))
    assume(plain.texts[0] == read)  # not where "&" as such begins a reference by chance
    start = data.draw(st.integers(0, len(parts) - 1))
    end = data.draw(st.integers(start + 1, len(parts)))
    (told,) = plain.told(0, [Span(start, end, "PERSON", 1.0)])
    ends = np.cumsum([0, *(len(way) for _, way in parts)])
    assert (told.start, told.end) == (ends[start], ends[end])


def test_escaped_markup_is_markup():
    text = "<b>Ann</b> & Co"
    assert Plain(pl.Series([escape(text)])).texts[0] == text
