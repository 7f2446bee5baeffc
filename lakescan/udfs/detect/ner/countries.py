"""Countries that a model read over: of many names there is no doubt, wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import polars as pl

from lakescan.udfs.detect.dictionaries.table import shipped
from lakescan.udfs.detect.ner.spans import Span

#: A word in the case of names, that is part of no address, handle or key.
_NAME = re.compile(r"(?<![\w@./-])[^\W\d_a-zß-öø-ÿ][^\W\d_]{3,}(?![\w@/-])(?!\.\w)")
#: In a text without capitals.
_WORD = re.compile(r"(?<![\w@./-])[^\W\d_]{5,}(?![\w@/-])(?!\.\w)")

#: Whose names a word may be as well; the lists know more people than towns.
_OTHERS = (
    "first_name", "last_name", "nationality", "language", "ethnicity", "occupation", "organization",
    "condition", "drug", "month",
)  # fmt: skip

#: Words that the lists know as countries alone, and cooks and kennels as something else.
_WORDS = frozenset(["turkey", "guinea", "china"])

_SCORE = 0.75


def with_countries(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, and the names of countries outside of them that mean nothing else.

    Not those that are people's names, too (Chad, Jordan, Kenya), nor words of other things.

    Args:
        text: the text.
        spans: in order, none overlapping; so are those that come back.
    """
    found = []
    words = _WORD if text.islower() else _NAME
    for match in words.finditer(text):
        if not _is_country(match.group().lower()):
            continue
        start, end = match.span()
        if not any(span.start < end and start < span.end for span in spans):
            found.append(Span(start, end, "COUNTRY", _SCORE))
    return sorted([*spans, *found]) if found else list(spans)


@lru_cache(maxsize=4096)
def _is_country(word: str) -> bool:
    """Whether a word names a country, and nobody and nothing else."""
    if word in _WORDS:
        return False
    table = shipped()
    bits = table.look_up(pl.Series([word]).hash().to_numpy())[0]
    others = table.any(*_OTHERS)
    return bool(bits & table.strong("country")) and not bits & others
