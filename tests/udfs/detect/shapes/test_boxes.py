"""Boxes say of every string of a shape what the regex says."""

from __future__ import annotations

import random
import re

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.matching.cells import CellMatcher
from lakescan.udfs.detect.matching.grammar import ascii_only
from lakescan.udfs.detect.pattern import Pattern
from lakescan.udfs.detect.patterns import all_patterns
from lakescan.udfs.detect.shapes.boxes import boxes
from lakescan.udfs.detect.shapes.positions import Positions
from lakescan.udfs.detect.shapes.shapes import COARSE, FINE, HEX

PATTERNS = sorted({(p.regex, p.ignore_case, p.source) for p in all_patterns() if p.whole})


def shape(text, alphabet):
    return "".join(map(alphabet.of, text))


def behind(sign, alphabet):
    return [c for c in map(chr, range(128)) if alphabet.of(c) == sign]


def is_inside(text, found):
    return any(all(allowed >> ord(text[at]) & 1 for at, allowed in box) for box in found)


@settings(max_examples=150)
@given(st.sampled_from(PATTERNS), st.data())
def test_boxes_say_what_the_regex_says(pattern, data):
    regex, ignore_case, source = pattern
    flags = re.IGNORECASE * ignore_case | re.ASCII
    match = data.draw(st.from_regex(re.compile(ascii_only(regex), flags), fullmatch=True))
    for alphabet in (FINE, HEX, COARSE):
        found = boxes(regex, ignore_case, alphabet, shape(match, alphabet))
        if found is None:
            continue
        signs = shape(match, alphabet)
        places = zip(match, signs, strict=True)
        other = st.tuples(*(st.sampled_from([char, *behind(s, alphabet)]) for char, s in places))
        others = data.draw(st.lists(other.map("".join), min_size=3, max_size=3))
        texts = pl.Series([match, *others])
        told = texts.str.contains(
            rf"\A(?:{source.replace(chr(92) + 'b', '(?-u:' + chr(92) + 'b)')})\z"
        )
        assert [is_inside(text, found) for text in texts] == told.to_list()


def test_a_regex_of_few_paths_has_few_boxes():
    digits = sum(1 << ord(char) for char in "123456789")
    assert boxes(r"[1-9]\d{3}-?\d{2}", False, FINE, "0000-00") == (((0, digits),),)
    assert boxes(r"\d{2,4}(?:-\d+)*", False, FINE, "0000-00") == ((),)
    assert boxes(r"\d{4}", False, FINE, "000") == ()
    assert boxes(r"(?i:ab)?c\b", False, FINE, "aaa") is not None
    assert boxes("é+", False, FINE, "é") is None, "only ASCII has one byte a place"


def test_what_is_endless_or_has_too_many_paths_is_left_to_the_regex():
    assert boxes(r"(?:a*)*", False, FINE, "") == ((),)
    assert boxes("(?:[ac]|[bd])*", False, FINE, "a" * 40) is None


@settings(max_examples=30)
@given(
    st.integers(0, 10**6), st.sampled_from(["[1-9][0-9]{2}", "(?:AB|CD)-[0-9]+", "[A-C]+-[13579]+"])
)
def test_many_strings_are_told_apart_as_by_the_regex(seed, regex):
    rng = random.Random(seed)
    makers = [
        lambda: str(rng.randint(0, 999)).zfill(3),
        lambda: f"{rng.choice('ABCD')}{rng.choice('ABCD')}-{rng.randint(0, 99):02d}",
        lambda: f"AB-{rng.randint(0, 9)}",
        lambda: "x" * rng.randint(1, 3),
    ]
    texts = pl.Series([makers[rng.randint(0, 3)]() for _ in range(4000)])
    pattern = Pattern("X", "x", regex, 0.5)
    hits = [each.valid for each in CellMatcher([pattern]).match(Layout(texts))]
    rows = hits[0].tolist() if hits else []
    assert rows == np.flatnonzero(texts.str.contains(rf"\A(?:{regex})\z").to_numpy()).tolist()


def test_few_strings_of_a_shape_are_left_to_the_regex():
    layout = Layout(pl.Series([f"{number:04d}" for number in range(100)]))
    assert layout.shapes is not None
    rows, left = Positions(layout, layout.shapes).matching(Pattern("X", "x", "[1-3]+", 0.5), [0])
    assert not rows
    assert left == [0]
