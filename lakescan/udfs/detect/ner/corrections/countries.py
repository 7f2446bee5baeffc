"""Countries that a model read over: of many names there is no doubt, wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import polars as pl

from lakescan import entities as catalog
from lakescan.udfs.detect.dictionaries.table import entries, phrases, shipped
from lakescan.udfs.detect.ner.corrections.places import Covered, replaced
from lakescan.udfs.detect.ner.spans import Span

#: A word in the case of names, that is part of no address, handle or key.
_NAME = re.compile(r"(?<![\w@./-])[^\W\d_a-zß-öø-ÿ][^\W\d_]{3,}(?![\w@/-])(?!\.\w)")
#: In a text without capitals.
_WORD = re.compile(r"(?<![\w@./-])[^\W\d_]{5,}(?![\w@/-])(?!\.\w)")

#: Words, and the first one of a name of several in the case of names.
_LETTERS = re.compile(r"[^\W\d_]+")
_FIRST_NAME = re.compile(r"[^\W\d_a-zß-öø-ÿ][^\W\d_]*")

#: Whose names a word may be as well; the lists know more people than towns.
_OTHERS = (
    "first_name", "last_name", "nationality", "language", "ethnicity", "occupation", "organization",
    "condition", "drug", "month",
)  # fmt: skip

#: Words that the lists know as countries alone, and cooks and kennels as something else.
_WORDS = frozenset(["turkey", "guinea", "china"])

#: What a model may read in a country's name: a place, a body, its people.
_KEPT = frozenset(["LOCATION", "ORGANIZATION", "NRP"])

#: Beside these a name is part of an address, a handle or a key.
_BESIDE = "_@/"

_SCORE = 0.75


def with_countries(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, and the names of countries that mean nothing else.

    Not those that are people's names, too (Chad, Jordan, Kenya), nor words of other things. Where a
    model took such a name for a person, a language or the like, it is a country all the same; what
    it read as part of more (``Bank of Slovenia``) stays. A name of several words is one.

    Args:
        text: the text.
        spans: in order, none overlapping; so are those that come back.
    """
    if _known().isdisjoint(_LETTERS.findall(text.lower())):
        return list(spans)
    several = [Span(start, end, "COUNTRY", _SCORE) for start, end in _several(text)]
    longer = Covered(several)
    read = Covered([span for span in spans if not _holds(longer.first(*span[:2]), span)])
    found = [country for country in several if not read.touches(*country[:2])]
    longer = Covered(found)
    words, countries = _WORD if text.islower() else _NAME, _single()
    for match in words.finditer(text):
        if match.group().lower() not in countries or longer.touches(*match.span()):
            continue
        over = read.first(*match.span())
        if over is None or (over[:2] == match.span() and _category(over.entity) not in _KEPT):
            found.append(Span(*match.span(), "COUNTRY", _SCORE))
    return replaced(spans, found) if found else list(spans)


def _holds(outer: Span | None, inner: Span) -> bool:
    return outer is not None and outer.start <= inner.start and inner.end <= outer.end


def _several(text: str) -> list[tuple[int, int]]:
    """Where names of countries of several words stand, none overlapping."""
    low = text.lower()
    if len(low) != len(text):
        return []
    found: list[tuple[int, int]] = []
    names, end = _by_first_word(), 0
    firsts = _LETTERS if text == low else _FIRST_NAME
    for match in firsts.finditer(text):
        start = match.start()
        if start < end:
            continue
        for name in names.get(match.group().lower(), ()):
            if low.startswith(name, start) and _stands_free(text, start, start + len(name)):
                end = start + len(name)
                found.append((start, end))
                break
    return found


@cache
def _by_first_word() -> dict[str, list[str]]:
    """The names of several words by their first, the longest first."""
    names: dict[str, list[str]] = {}
    for name in phrases("country"):
        if (first := _LETTERS.match(name)) is not None:
            names.setdefault(first.group(), []).append(name)
    return names


def _stands_free(text: str, start: int, end: int) -> bool:
    around = text[max(0, start - 1) : start] + text[end : end + 1]
    return not any(char.isalnum() or char in _BESIDE for char in around)


@cache
def _category(entity: str) -> str:
    return catalog.entity(entity).category if catalog.is_known(entity) else entity


@cache
def _single() -> frozenset[str]:
    """Names of one word that are a country's, and nobody's and nothing else's."""
    table, words = shipped(), entries("country")
    bits = table.look_up(pl.Series(words).hash().to_numpy())
    alone = ((bits & table.strong("country")) != 0) & ((bits & table.any(*_OTHERS)) == 0)
    return frozenset(word for word, is_one in zip(words, alone, strict=True) if is_one) - _WORDS


@cache
def _known() -> frozenset[str]:
    """The words of which one is in every text that holds a name: of several the longest."""
    several = (max(_LETTERS.findall(name), key=len) for name in phrases("country"))
    return _single().union(several)
