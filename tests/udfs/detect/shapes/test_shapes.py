"""Shapes rule out only what cannot match."""

from __future__ import annotations

import random
import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakescan.udfs.detect import Values
from lakescan.udfs.detect.buffers import string_buffers
from lakescan.udfs.detect.matching.grammar import ascii_only
from lakescan.udfs.detect.patterns import all_patterns
from lakescan.udfs.detect.shapes.regex import image, kernel
from lakescan.udfs.detect.shapes.shapes import COARSE, FINE, HEX, few_shapes

PATTERNS = sorted({(p.regex, p.ignore_case, p.source) for p in all_patterns() if p.whole})
ALPHABETS = [FINE, HEX, COARSE]


def shape(text, alphabet):
    return "".join(map(alphabet.of, text))


def matches(regex, text):
    return pl.Series([text]).str.contains(rf"\A(?:{regex})\z").item()


@pytest.mark.parametrize("regex,ignore_case,source", PATTERNS, ids=range(len(PATTERNS)))
@settings(max_examples=3)
@given(data=st.data())
def test_the_shape_of_every_match_is_let_through(regex, ignore_case, source, data):
    flags = re.IGNORECASE * ignore_case | re.ASCII
    match = data.draw(st.from_regex(re.compile(ascii_only(regex), flags), fullmatch=True))
    if not matches(source, match):
        return  # Python's letters without case are not RE2's
    for alphabet in ALPHABETS:
        assert matches(image(regex, alphabet, ignore_case), shape(match, alphabet))


@pytest.mark.parametrize("regex,ignore_case,source", PATTERNS, ids=range(len(PATTERNS)))
@settings(max_examples=3)
@given(data=st.data())
def test_what_a_kernel_matches_needs_no_second_look(regex, ignore_case, source, data):
    flags = re.IGNORECASE * ignore_case | re.ASCII
    match = data.draw(st.from_regex(re.compile(ascii_only(regex), flags), fullmatch=True))
    for alphabet in ALPHABETS:
        if not matches(kernel(regex, alphabet, ignore_case), shape(match, alphabet)):
            continue
        other = "".join(
            data.draw(st.sampled_from([c for c in map(chr, range(128)) if alphabet.of(c) == s]))
            if s.isascii()
            else s
            for s in shape(match, alphabet)
        )
        assert matches(source, other)


def test_an_image_and_a_kernel():
    regex = r"[2-9]\d{2}-(?:AB|[a-f]\.)+"
    assert image(regex, FINE, False) == r"[0][0]{2}[\-](?:[A][A]|[a][\.])+"
    assert kernel(regex, FINE, False) == r"[^\s\S][0]{2}[\-](?:[^\s\S][^\s\S]|[^\s\S][\.])+"
    assert image("(?i:ab)c", FINE, False) == "(?:[Aa][Aa])[a]"


@given(st.lists(st.text(alphabet="09azAZ- é", max_size=6), min_size=1), st.integers(5, 40))
def test_shapes_are_those_of_each_value(words, times):
    series = pl.Series(words * times)
    found = few_shapes(series, *string_buffers(series))
    if found is None:
        return
    shapes = found.distinct.to_list()
    assert len(set(shapes)) == len(shapes)
    assert [shapes[code] for code in found.codes] == [shape(w, found.alphabet) for w in series]


def test_many_values_give_what_few_give(detectors):
    rng = random.Random(4)
    makers = [
        lambda: f"{rng.randint(1, 899):03d}-{rng.randint(0, 99):02d}-{rng.randint(0, 9999):04d}",
        lambda: f"{rng.randint(200, 999)}-{rng.randint(100, 999)}-{rng.randint(0, 9999):04d}",
        lambda: f"{rng.choice('ABXYZ')}{rng.randint(0, 9999999):07d}{rng.choice('ABL')}",
        lambda: str(rng.randint(10**8, 10**11)),
    ]
    values = [makers[i % 4]() for i in range(8192)]
    values += [f" {v} " for v in values[:20]] + [f"é{v}" for v in values[:20]]

    def told(part, offset):
        found = detectors.detect(Values.of(part)).to_pylist()
        return {(f["row"] + offset, f["start"], f["end"], f["detector"]) for f in found}

    apart = set()
    for at in range(0, len(values), 1000):
        apart |= told(values[at : at + 1000], at)
    assert told(values, 0) == apart
