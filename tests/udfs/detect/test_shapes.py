"""Shapes rule out only what cannot match."""

from __future__ import annotations

import random
import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakescan.udfs.detect import Values
from lakescan.udfs.detect.grammar import ascii_only
from lakescan.udfs.detect.patterns import all_patterns
from lakescan.udfs.detect.shapes import FEWEST, shape_of

PATTERNS = sorted({(p.regex, p.ignore_case, p.source) for p in all_patterns() if p.whole})


@pytest.mark.parametrize("regex,ignore_case,source", PATTERNS, ids=range(len(PATTERNS)))
@settings(max_examples=3, deadline=None)
@given(data=st.data())
def test_the_shape_of_every_match_is_let_through(regex, ignore_case, source, data):
    flags = re.IGNORECASE * ignore_case | re.ASCII
    match = data.draw(st.from_regex(re.compile(ascii_only(regex), flags), fullmatch=True))
    if not pl.Series([match]).str.contains(rf"\A(?:{source})\z").item():
        return  # Python's letters without case are not RE2's
    shape = re.sub("[a-z]", "a", re.sub("[A-Z]", "A", re.sub("[0-9]", "0", match)))
    assert pl.Series([shape]).str.contains(rf"\A(?:{shape_of(regex, ignore_case)})\z").item()


def test_a_simple_shape():
    assert shape_of(r"[2-9]\d{2}-(?:AB|[a-f]\.)+", ignore_case=False) == r"[0][0]{2}-(?:AA|[a]\.)+"


def test_many_values_give_what_few_give(detectors):
    rng = random.Random(4)
    makers = [
        lambda: f"{rng.randint(1, 899):03d}-{rng.randint(0, 99):02d}-{rng.randint(0, 9999):04d}",
        lambda: f"{rng.randint(200, 999)}-{rng.randint(100, 999)}-{rng.randint(0, 9999):04d}",
        lambda: f"{rng.choice('ABXYZ')}{rng.randint(0, 9999999):07d}{rng.choice('ABL')}",
        lambda: str(rng.randint(10**8, 10**11)),
    ]
    values = [makers[i % 4]() for i in range(2 * FEWEST)]
    values += [f" {v} " for v in values[:20]] + [f"é{v}" for v in values[:20]]

    def told(part, offset):
        found = detectors.detect(Values.of(part)).to_pylist()
        return {(f["row"] + offset, f["start"], f["end"], f["detector"]) for f in found}

    apart = set()
    for at in range(0, len(values), 1000):
        apart |= told(values[at : at + 1000], at)
    assert told(values, 0) == apart
