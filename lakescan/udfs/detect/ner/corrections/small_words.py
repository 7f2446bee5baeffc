"""Words that begin and end no name: ``and`` beside an address, ``at`` behind a town."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lakescan.udfs.detect.ner.spans import Span

#: Conjunctions and prepositions, of the languages that the shipped models read; in small letters
#: only, and none that also begins names (``de``, ``von``, ``la``).
_SMALL = (
    "and|or|but|at|with|from|to|for|by|is|was|are|who|und|oder|mit|aus|bei|ist|avec|est|pour|chez|con|para"
    "|per|met|naar|och|eller|og|med|fra|från|oraz"
)
_WORDS = frozenset(_SMALL.split("|"))
_FIRST = re.compile(rf"(?:(?:{_SMALL})\s+)+")
_LAST = re.compile(rf"(?:\s+(?:{_SMALL}))+\Z")

#: What is a name or a number: the rest (dates, amounts, jobs) may well hold such words.
_NAMES = frozenset(
    "PERSON FIRST_NAME MIDDLE_NAME LAST_NAME CITY COUNTY STATE COUNTRY LOCATION STREET BUILDING"
    " ORGANIZATION NATIONAL_ID TAX_ID PASSPORT DRIVER_LICENSE BANK_ACCOUNT PHONE_NUMBER".split()
)


def without_small_words(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """The spans of names without such words at their ends; none where nothing else is left."""
    for span in spans:
        if span.entity not in _NAMES:
            yield span
            continue
        words = text[span.start : span.end]
        parts = words.split()
        if parts[0] not in _WORDS and parts[-1] not in _WORDS:
            yield span
            continue
        if len(parts) == 1:
            continue
        first, last = _FIRST.match(words), _LAST.search(words)
        start = span.start + (first.end() if first else 0)
        end = span.start + (last.start() if last else len(words))
        if start < end:
            yield span._replace(start=start, end=end)
