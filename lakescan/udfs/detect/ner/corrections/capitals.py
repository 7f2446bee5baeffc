"""A capital that says nothing makes no name: the first word of a sentence, a German noun."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import numpy as np
import polars as pl

from lakescan.udfs.detect.dictionaries.table import shipped
from lakescan.udfs.detect.ner.corrections.places import Covered, places_of
from lakescan.udfs.detect.ner.corrections.small_letters import keeps_case
from lakescan.udfs.detect.ner.spans import Span

_NAMES = frozenset(
    "PERSON FIRST_NAME MIDDLE_NAME LAST_NAME CITY COUNTY STATE COUNTRY LOCATION BUILDING"
    " ORGANIZATION".split()
)
#: What is read as surely stays.
_SURE = 0.9
#: A word with one capital, at its beginning.
_WORD = re.compile(r"[^\W\d_][a-zß-öø-ÿā-ž]{2,}")
#: What stands before the first word of a sentence or of a line.
_BEGINNING = re.compile(r"(?:\A|[.!?…:][\"'”’»)\]]*\s|\n)[\"'“”„«»(\[¿¡*#>\s•-]*\Z")
_REACH = 8

#: Words of which German has many, and other languages few.
_GERMAN = re.compile(
    r"(?<!\w)(?:der|das|und|nicht|mit|dem|den|ein|eine|einer|einen|ist|sich|für|auf|von|zu|im|wird"
    r"|werden|bei|nach|auch|wurde|durch|oder|vom|zur|zum|beim)(?!\w)"
)
_DISTINCT, _ONE_IN = 4, 10
#: Beside these it is half a name.
_BESIDE = re.compile(r"[-'’&@_/]")
#: How German places and streets end.
_PLACE = re.compile(
    r"(?:stra(?:ß|ss)e|platz|weg|gasse|allee|burg|dorf|heim|hausen|stein|feld|bach|berg|ingen|stedt"
    r"|furt|brück|kirchen|walde)\Z"
)

_LISTS = (
    "first_name", "last_name", "city", "county", "state", "country", "organization", "card_issuer",
)  # fmt: skip


def without_capitals(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans but lone words that no list of names knows, where their capital says nothing.

    Of sentences that is the first word, of German all words. A word that is part of a longer name
    elsewhere, or stands inside a sentence of another language, stays.

    Args:
        text: the text.
        spans: in order, none overlapping; so are those that come back.
    """
    doubtful = [span for span in spans if _is_doubtful(text, span)]
    if not doubtful or not keeps_case(text):
        return list(spans)
    listed = _listed({text[span.start : span.end].lower() for span in doubtful})
    doubtful = [span for span in doubtful if text[span.start : span.end].lower() not in listed]
    if not doubtful:
        return list(spans)
    covered, german = Covered(spans), _is_german(text)
    places = places_of(text, {text[span.start : span.end] for span in doubtful})
    names = {
        word
        for word, where in places.items()
        if any(_is_name(text, word, start, covered, german=german) for start in where)
    }
    words = {span for span in doubtful if text[span.start : span.end] not in names}
    return [span for span in spans if span not in words]


def _is_doubtful(text: str, span: Span) -> bool:
    word = text[span.start : span.end]
    return (
        span.entity in _NAMES
        and span.score < _SURE
        and _WORD.fullmatch(word) is not None
        and not _BESIDE.search(
            text[max(0, span.start - 1) : span.start] + text[span.end : span.end + 1]
        )
        and not _PLACE.search(word)
    )


def _is_name(text: str, word: str, start: int, covered: Covered, *, german: bool) -> bool:
    """Whether a word is part of a longer name here, or stands where its capital means one."""
    around = covered.first(start, start + 1)
    if around is not None and around.end - around.start > len(word):
        return True
    return not (german or _BEGINNING.search(text[max(0, start - _REACH) : start]))


def _is_german(text: str) -> bool:
    found = _GERMAN.findall(text)
    return len(set(found)) >= _DISTINCT and len(found) * _ONE_IN >= len(text.split())


def _listed(words: Collection[str]) -> set[str]:
    """Those that some list of names knows."""
    table, every = shipped(), sorted(words)
    bits = table.look_up(pl.Series(every).hash().to_numpy())
    return {every[place] for place in np.flatnonzero(bits & table.any(*_LISTS))}
