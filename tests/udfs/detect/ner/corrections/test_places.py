"""Words and spans by their places give what looking at each of them gives."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakescan.udfs.detect.ner.corrections import places
from lakescan.udfs.detect.ner.corrections.places import Covered, places_of, replaced
from lakescan.udfs.detect.ner.reader import _CORRECTIONS
from lakescan.udfs.detect.ner.spans import Span


@st.composite
def apart(draw):
    """Spans in order, none overlapping."""
    cuts = sorted(draw(st.sets(st.integers(0, 40), max_size=12)))
    return [Span(low, high, "CITY", 0.5) for low, high in zip(cuts[::2], cuts[1::2], strict=False)]


@given(spans=apart(), start=st.integers(0, 40), size=st.integers(1, 6))
def test_the_first_span_of_a_range(spans, start, size):
    touched = [span for span in spans if span.start < start + size and start < span.end]
    assert Covered(spans).first(start, start + size) == (touched[0] if touched else None)
    assert Covered(spans).touches(start, start + size) == bool(touched)


@given(spans=apart(), told=apart())
def test_what_is_told_instead_replaces_what_it_touches(spans, told):
    kept = [s for s in spans if not any(s.start < t.end and t.start < s.end for t in told)]
    assert replaced(spans, told) == sorted([*kept, *told])


@pytest.mark.parametrize("few", [0, 32])
@given(text=st.text("aAb -'.", max_size=40), names=st.sets(st.sampled_from(
    ["a", "A", "ab", "A b", "a-b", "A'a", "b b", "aA b"])))  # fmt: skip
def test_names_stand_where_a_search_for_all_of_them_finds_them(monkeypatch, few, text, names):
    monkeypatch.setattr(places, "_FEW", few)
    every = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    found = re.finditer(rf"(?<!\w)(?:{every})(?!\w)", text) if names else ()
    expected = {name: [] for name in names}
    for match in found:
        expected[match.group()].append(match.start())
    assert places_of(text, names) == expected


def test_long_texts_of_many_names_and_of_nothing_are_no_trouble():
    """What looks at each pair of names, or at each blank again, takes hours for this."""
    line = "{0} Lo{0}a met Peter Ka{0}o in Oslo, and Ka{0}o told Monday and Hungary.\n"
    names = ["".join(chr(97 + int(digit)) for digit in str(10_000 + n)) for n in range(4_000)]
    parts: list[str] = []
    spans: list[Span] = []
    at = 0
    for place, name in enumerate(names):
        said = line.format(name.capitalize())
        start = said.index("Peter")
        spans.append(Span(at + start, at + said.index(" in Oslo"), "PERSON", 0.9))
        if place % 3 == 0:
            start = at + said.index("Monday")
            spans.append(Span(start, start + len("Monday"), "PERSON", 0.5))
        parts.append(said)
        at += len(said)
    text = "".join([*parts, "\n" * 20_000, "PID|" + "^" * 20_000])
    for correct in _CORRECTIONS:
        spans = list(correct(text, spans))
    assert sum(span.entity == "COUNTRY" for span in spans) == len(names)
    assert not any(text[span.start : span.end] == "Monday" for span in spans)
