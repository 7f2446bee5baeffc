"""Texts read fast, many patterns and texts at once, give what one pattern and text at a time gives."""

from __future__ import annotations

import re

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lakescan.udfs.detect.checksums.candidates import Candidates
from lakescan.udfs.detect.collect import Collector, table_of
from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.matching.regexes import compiled
from lakescan.udfs.detect.matching.searcher import is_free
from lakescan.udfs.detect.matching.text import TextMatcher, worth_searching
from lakescan.udfs.detect.patterns import all_patterns

#: As in tokens: runs of letters, digits and joints, cut free of signs at their ends.
_RUN = re.compile(rb"[0-9A-Za-z@.\-/_+]+")
_SPACED = re.compile(rb"[^0-9A-Za-z@.\-/_+]")


def _tokens(data):
    for run in _RUN.finditer(data):
        start, end = run.span()
        if end - start < 4 or not (re.search(rb"[0-9@]", run.group()) or end - start >= 16):
            continue
        for _ in range(3):
            end -= end > start and not chr(data[end - 1]).isalnum()
        for _ in range(3):
            start += start < end and not (chr(data[start]).isalnum() or data[start] == ord("+"))
        if start < end:
            yield start, end


def _matches(pattern, data):
    if pattern.whole:
        for start, end in _tokens(data):
            if compiled(pattern.source).fullmatch(data[start:end]):
                yield start, end
    if pattern.whole and pattern.is_token:
        return
    at = 0
    while at <= len(data) and (match := compiled(pattern.source).search(data, at)):
        start, end = match.span()
        if end == start:
            return
        if not is_free(data, start, end, pattern.edge):
            at = start + 1
            while at < len(data) and re.fullmatch(rb"\w\w", data[at - 1 : at + 1]):
                at += 1
            continue
        at = end
        if not pattern.whole or _SPACED.search(data[start:end]):
            yield match.span(1 if "(?P<v>" in pattern.regex else 0)


def _near(words, data, start, end):
    plain = [word for word in words if word[0].isascii()]
    gates = [rf"\b(?i:{'|'.join(plain)})"] if plain else []
    gates += [f"(?i:{word})" for word in words if not word[0].isascii()]
    regex = compiled("|".join(gates)) if gates else None
    pieces = (data[max(0, start - 48) : start], data[end : end + 24])
    return regex is not None and bool(
        regex.search(data) and any(regex.search(piece) for piece in pieces)
    )


def _is_named(words, before):
    """Whether a number's name leads up to it: ``PESEL nr: ``."""
    number = r"(?:[ -]?(?:id|id-nr|no|nr|n[º°]|number|nummer|numer|n[uú]mero|is|ist|est|es)\.?)?"
    named = "|".join(f"(?:{word}){number}" for word in words)
    regex = compiled(rf"(?i:(?:^|[^a-z0-9])(?:{named})[ :=#.v\"'-]{{0,4}})\z")
    return bool(regex.search(before[-48:]))


def _plain(pattern, text):
    """Findings of one pattern in one text, by the words of the rules."""
    data = text.encode()
    for start, end in _matches(pattern, data):
        match = data[start:end].decode()
        valid = pattern.validate is None or bool(
            pattern.validate(Candidates(pl.Series([match])))[0]
        )
        words = "|".join(pattern.against)
        if words and compiled(rf"(?i:(?:^|[^a-z0-9])(?:{words})[ :=#.v-]{{0,3}})\z").search(
            data[max(0, start - 48) : start]
        ):
            continue
        if valid and not pattern.shape:
            label = f"pattern.{pattern.name}"
        elif (valid or pattern.weak) and _near(pattern.context, data, start, end):
            label = f"context.{pattern.name}"
        else:
            if valid or not pattern.named or not _is_named(pattern.context, data[:start]):
                continue
            label = f"context.{pattern.name}"
        first = len(data[:start].decode())
        named = _near(pattern.context, data, start, end)
        yield (first, first + len(match), pattern.entity, label), pattern, named


def _not_named_otherwise(told):
    """All but forms where another fits the same characters as well, and a word nearby names that."""
    forms = [each for each in told if each[0][3].startswith("pattern.")]
    for found, pattern, named in told:
        rivals = [
            rival.score for other, rival, is_named in forms if is_named and other[:2] == found[:2]
        ]
        is_form = found[3].startswith("pattern.")
        if named or not is_form or not rivals or max(rivals) < pattern.score:
            yield found


@pytest.fixture(scope="module")
def matcher():
    return TextMatcher(all_patterns())


def _fast(matcher, texts):
    out = Collector()
    matcher.match(Layout(pl.Series(texts, dtype=pl.String)), np.arange(len(texts)), out)
    found = [[] for _ in texts]
    for f in table_of(out.groups).to_pylist():
        found[f["row"]].append((f["start"], f["end"], f["entity"], f["detector"]))
    return [sorted(each) for each in found]


WORDS = sorted(
    {w for p in all_patterns() for w in p.context if re.fullmatch(r"[^\\\[\]?.|()]+", w)}
)
NUMBERS = ["123-45-6789", "123456789", "4111 1111 1111 1111", "4111111111111112", "202-555-0142",
           "(202) 555-0142 x12", "+44 20 7946 0958", "1.2.3.4", "2024-02-29T12:30", "3/4/21 5:30 pm",
           "DE89 3704 0044 0532 0130 00", "943 476 5919", "00:1a:2b:3c:4d:5e", "12 Main Street",
           "90210", "x9", "12/", "1 ", "9" * 30, "A123-456", "ann@example.com", "$1,234.56",
           "https://example.com/a?b=1", "390.533.447-05", "AB12 CDE", "2001:db8::1"]  # fmt: skip
PIECES = st.one_of(
    st.sampled_from(NUMBERS),
    st.sampled_from(WORDS),
    st.sampled_from(
        [" ", "\n", ", ", ": ", "é", "😀", "ſ", "-", "/", ".", "tele", "version ", "s"]
    ),
    st.from_regex(r"\A[0-9]{1,4}[-./ ][0-9]{1,5}\Z"),
    st.text(max_size=6),
)
TEXT = st.lists(PIECES, max_size=14).map("".join) | st.lists(PIECES, max_size=14).map(" ".join)


@settings(max_examples=15)
@given(texts=st.lists(TEXT, min_size=1, max_size=5))
@example(texts=["943 476 5919 tele", "943 476 5919", "NRIC S1234567D"])
def test_many_at_once_give_what_one_by_one_gives(matcher, texts):
    worth = set(worth_searching(Layout(pl.Series(texts))).tolist())
    for place, (text, found) in enumerate(zip(texts, _fast(matcher, texts), strict=True)):
        plain = [] if place not in worth else [
            each for pattern in all_patterns() if pattern.search and (not pattern.shape or pattern.context)
            for each in _plain(pattern, text)
        ]  # fmt: skip
        assert found == sorted(_not_named_otherwise(plain))


def test_texts_of_few_shapes_give_the_same(matcher):
    texts = [f"call {area}-555-01{i:02} or ssn {i:03}-45-6789" for area in (202, 303) for i in range(200)]  # fmt: skip
    together = _fast(matcher, texts)
    assert Layout(pl.Series(texts)).shapes is not None
    assert together == [_fast(matcher, [text])[0] for text in texts]
