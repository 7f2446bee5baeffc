"""What stands in small letters is no name where a text writes its names with capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
import polars as pl

from lakescan.udfs.detect.dictionaries.table import shipped
from lakescan.udfs.detect.ner.spans import Span

#: Names that all of these languages write with capitals.
_NAMES = frozenset(
    "PERSON FIRST_NAME MIDDLE_NAME LAST_NAME CITY COUNTY STATE COUNTRY LOCATION STREET BUILDING"
    " ORGANIZATION".split()
)
#: Of these all words are parts of the name; firms have common words in theirs.
_CUT = _NAMES - {"ORGANIZATION", "STREET", "BUILDING"}

#: The first letter of a sentence; of a line only behind an empty one, since lines are broken.
_BEGINNING = re.compile(
    r"(?:\A|[.!?…][\"'”’»)\]]{0,4}\s|\n[ \t\r]{0,8}\n)[\"'“”„«»(\[¿¡*#>\s-]{0,32}([^\W\d_])(?!\.)"
)
#: A capitalized word inside a sentence.
_INSIDE = re.compile(r"[^\W\d_A-ZÀ-ÖØ-Þ][,;:]? [A-ZÀ-ÖØ-Þ][^\W\d_]{2,}")
#: So many of its sentences must begin with a capital, and so many words inside, or sentences.
_SHARE = 0.75
_FEWEST_INSIDE, _FEWEST_SENTENCES = 2, 3
#: A line or two shows nothing: telephones begin them with a capital.
_SHORTEST = 160

#: Small words that begin or join names.
_JOINING = frozenset(
    "de da do dos das del della dello degli dei delle di du des d d' la las le les lo los el al il"
    " i gli van von vom den der dem het ten ter te zu zum zur af av y e et und and of the bin ibn"
    " bint ben abu o' ap na nad pod sur sous lès".split()
)
#: Those that begin none, unless they stand in it: ``von der Leyen``, but ``der Eimer``.
_ARTICLES = frozenset(
    "den dem der das het los las le les la il i gli of and et y e und the".split()
)
_WORD = re.compile(r"[^\s,;/()]+")
#: No name begins with so many small words, those that join names not counted.
_CLAUSE = 3
#: So short a word is no town's name, whatever the lists have: ``de``, ``pro se``.
_SHORT = 3


def without_small_letters(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans but names in small letters, and without the small words around names.

    Only in a text whose sentences begin with capitals, that has names or several sentences to show
    it. What the lists know as a town or a given name stays.

    Args:
        text: the text.
        spans: in order, none overlapping; so are those that come back.
    """
    if not any(s.entity in _NAMES and _has_small_word(text, s) for s in spans):
        return list(spans)
    return list(_kept(text, spans)) if keeps_case(text) else list(spans)


@lru_cache(maxsize=1)  # several corrections ask about one text
def keeps_case(text: str) -> bool:
    """Whether a text shows that it begins sentences and names with capitals."""
    if len(text) < _SHORTEST:
        return False
    first = [match[1] for match in _BEGINNING.finditer(text)]
    if not first or sum(map(str.isupper, first)) < _SHARE * len(first):
        return False
    inside = zip(_INSIDE.finditer(text), range(_FEWEST_INSIDE), strict=False)
    return len(list(inside)) == _FEWEST_INSIDE or len(first) >= _FEWEST_SENTENCES


def _has_small_word(text: str, span: Span) -> bool:
    """Whether some word of a span begins with a small letter."""
    return any(word[0].islower() for word in text[span.start : span.end].split())


def _kept(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    for span in spans:
        if span.entity not in _NAMES:
            yield span
            continue
        words = list(_WORD.finditer(text, span.start, span.end))
        said = text[span.start : span.end]
        if all(word.group() in _JOINING for word in words):
            continue
        if any(map(str.isupper, said)):
            yield _cut(span, words) if span.entity in _CUT else _opened(span, words)
        elif not _is_small(said) or _is_town(said):
            yield span


def _cut(span: Span, words: Sequence[re.Match[str]]) -> Span:
    """A name without the common words before and behind it."""
    big = [place for place, word in enumerate(words) if _is_big(word.group())]
    low, high = big[0], big[-1]
    while low > 0 and words[low - 1].group() in _JOINING:
        low -= 1
    while words[low].group() in _ARTICLES:
        low += 1
    return span._replace(start=words[low].start(), end=min(span.end, words[high].end()))


def _opened(span: Span, words: Sequence[re.Match[str]]) -> Span:
    """An address or a firm without the clause before it: ``when he joined Carrow Road``."""
    first = next(n for n, word in enumerate(words) if _is_big(word.group()))
    before = [word.group() for word in words[:first]]
    small = sum(word.islower() and word not in _JOINING for word in before)
    return span if small < _CLAUSE else span._replace(start=words[first].start())


def _is_big(word: str) -> bool:
    return any(map(str.isupper, word))


def _is_small(said: str) -> bool:
    """Whether it is of small letters: not so a number, or a name in Arabic or Chinese."""
    return any(map(str.islower, said)) and not any(map(str.isdigit, said))


def _is_town(said: str) -> bool:
    """Whether the lists know it; too short a word and one with an article are more often none."""
    return len(said) > _SHORT and said.split(maxsplit=1)[0] not in _ARTICLES and is_known(said)


@lru_cache(maxsize=4096)
def is_known(words: str) -> bool:
    """Whether the lists know a town, a country or a given name of these words, in small letters."""
    table = shipped()
    bits = table.look_up(pl.Series([words]).hash().to_numpy())
    known = table.strong("first_name") | table.any("city", "country")
    return bool((bits & known) != np.uint64(0))
