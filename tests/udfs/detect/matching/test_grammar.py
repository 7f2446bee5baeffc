"""What is derived from a pattern's text holds for every match of it."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakescan.entities import is_known
from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.matching.grammar import DIGIT, LONG, LOWER, UPPER, ascii_only, facts
from lakescan.udfs.detect.patterns import all_patterns

PATTERNS = sorted({(p.regex, p.ignore_case, p.source) for p in all_patterns()})


@pytest.mark.parametrize("regex,ignore_case,source", PATTERNS, ids=range(len(PATTERNS)))
@settings(max_examples=3)
@given(data=st.data())
def test_every_match_is_let_through(regex, ignore_case, source, data):
    flags = re.IGNORECASE * ignore_case | re.ASCII
    match = data.draw(st.from_regex(re.compile(ascii_only(regex), flags), fullmatch=True))
    if not pl.Series([match]).str.contains(rf"\A(?:{source})\z").item():
        return  # Python's letters without case are not RE2's
    layout = Layout(pl.Series([match]))
    _, mask, length = layout.present[0]
    assert facts(regex, ignore_case=ignore_case).admits(mask, length)


def test_facts_of_a_simple_pattern():
    found = facts(r"[A-Z]{2}\d{3,}x?")
    assert found.only == UPPER | DIGIT | LOWER
    assert found.needs == {UPPER, DIGIT}
    assert (found.shortest, found.longest) == (5, LONG)


@pytest.mark.parametrize("regex", ["(?=a)b", "(a", "a)"])
def test_what_the_engines_do_not_share_is_refused(regex):
    with pytest.raises(ValueError):
        facts(regex)


def test_every_pattern_is_of_the_catalog_and_has_a_name():
    for pattern in all_patterns():
        assert is_known(pattern.entity), pattern.entity
        assert re.fullmatch("[a-z][a-z0-9_]*", pattern.name)
        assert 0 < pattern.score <= 1


GATED = [p for p in all_patterns() if p.gate is not None and p.search and not p.shape]


@pytest.mark.parametrize("pattern", GATED, ids=[p.name for p in GATED])
@settings(max_examples=15)
@given(data=st.data())
def test_a_gate_lets_every_spaced_match_through(pattern, data):
    flags = re.IGNORECASE * pattern.ignore_case | re.ASCII
    regex = re.compile(ascii_only(pattern.regex), flags)
    match = data.draw(st.from_regex(regex, fullmatch=True))
    one_token = re.fullmatch(r"[0-9A-Za-z@./_+-]*", match)
    spaced = f" {match} "
    # A form that asks for the end of the text is none with a space behind it.
    if not one_token and regex.search(spaced):
        assert pl.Series([spaced]).str.contains(pattern.gate).item()
