"""What is named several times in one text is the same each time."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lakescan.udfs.detect.ner.corrections.firms import without_ending
from lakescan.udfs.detect.ner.corrections.places import Covered, places_of
from lakescan.udfs.detect.ner.corrections.small_letters import is_known
from lakescan.udfs.detect.ner.spans import Span

_PERSON, _PLACE, _FIRM = "PERSON", "LOCATION", "ORGANIZATION"
#: What a name may be told as, by what it is the name of.
_KINDS = {
    **dict.fromkeys(("PERSON", "FIRST_NAME", "MIDDLE_NAME", "LAST_NAME"), _PERSON),
    **dict.fromkeys(("CITY", "COUNTY", "STATE", "COUNTRY", "LOCATION"), _PLACE),
    _FIRM: _FIRM,
}
#: How much more must be said for a kind than for the one that was read.
_MORE = 1.5
#: What must be said for a name so that mentions nobody read are told.
_SURE = 0.8
#: What is read twice is, too; and a full name says more of its parts than they do.
_TWICE, _FULL = 2 * _SURE, 2
#: A word that is a name once in so many times, and not surely, is none.
_FEW, _UNSURE = 3, 0.9

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SHORTEST, _LONG = 3, 5
#: Words in names that name nobody alone.
_COMMON = frozenset(
    "mr mrs ms miss mx dr prof sir lady lord judge justice the and von van der den del della de la"
    " le bin ibn jr sr md phd esq inc ltd llc llp corp gmbh plc co".split()
)
#: Beside a mention these make it part of something else.
_BESIDE = re.compile(r"[@_/\\#&-]")
_BEFORE = re.compile(r"(?:^|[^\w\s])\s*\Z|[a-zß-ÿ0-9]\.?\s{1,2}\Z|\b[A-Z][a-z]{0,3}\.\s\Z")
_SENTENCE = re.compile(r"(?:^|[.!?:;\n\"“”«»(>|-])\s*[A-ZÀ-Þ][\w'’]*\s\Z")
_AFTER = re.compile(r"\s?[A-ZÀ-Þ]\w|[@_/\\&-]")


class _Said(NamedTuple):
    """What a text says of one name: for each kind how surely, all mentions together."""

    kinds: dict[str, float]
    #: Whether some mention is beyond doubt.
    sure: bool


def with_mentions(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, those of one name told alike, and its other mentions with them.

    A surname counts as named with the full name. What was read as a name a few times of many, and
    not surely, is a word of the text (``the Borrower``).

    Args:
        text: the text.
        spans: in order, none overlapping; so are those that come back.
    """
    read = [span for span in spans if span.entity in _KINDS]
    if not read:
        return list(spans)
    said = _said(text, read)
    told = [_agreed(text, span, said) for span in spans]
    places = _places(text, said)
    covered = Covered(told)
    words = {name for name, where in places.items() if _is_word(text, name, where, covered)}
    told = [span for span in told if not (_is_unsure(span) and text[slice(*span[:2])] in words)]
    named = {name: where for name, where in places.items() if name not in words}
    return sorted([*told, *_unread(text, told, said, named)])


def _said(text: str, named: Sequence[Span]) -> dict[str, _Said]:
    """What is said of each name, and of the surnames in full ones."""
    kinds: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    sure: set[str] = set()
    for span in named:
        kind, name = _KINDS[span.entity], text[span.start : span.end]
        kinds[name][kind] += span.score
        words = [word for word in _WORD.findall(name) if word.lower() not in _COMMON]
        if kind == _PERSON and span.score >= _SURE and len(_WORD.findall(name)) > 1:
            sure.add(name)
            for word in dict.fromkeys((words[:1] + words[-1:]) if words else ()):
                kinds[word][kind] += _FULL * span.score
                sure.add(word)
        if kind == _FIRM and (short := _short(name)):
            kinds[short][kind] += _FULL * span.score
            sure.add(short)
    for name, each in kinds.items():
        if max(each.values()) >= _TWICE:
            sure.add(name)
    return {name: _Said(dict(each), name in sure) for name, each in kinds.items()}


def _short(name: str) -> str:
    """A firm's name as it is said the next time, where that is no town's or person's name."""
    short = without_ending(name)
    words = short.split()
    if (
        short == name
        or not words
        or len(short) < _LONG
        or any(is_known(word.lower()) for word in words)
    ):
        return ""
    return short


def _agreed(text: str, span: Span, said: dict[str, _Said]) -> Span:
    """The span as what its name is told as everywhere, and as surely."""
    own = _KINDS.get(span.entity)
    known = said.get(text[span.start : span.end])
    if own is None or known is None:
        return span
    best = max(known.kinds, key=lambda kind: known.kinds[kind])
    if best != own and known.kinds[best] >= _MORE * known.kinds[own]:
        span, own = span._replace(entity=best), best
    return span._replace(score=max(span.score, _SURE)) if known.sure and best == own else span


def _places(text: str, said: dict[str, _Said]) -> dict[str, list[int]]:
    """Where each name stands in the text."""
    return places_of(text, [name for name in said if len(name) >= _SHORTEST and _could_be(name)])


def _could_be(name: str) -> bool:
    """Whether a name is written as one: with a capital, and not as a common word of names."""
    return name[0].isupper() and name.lower() not in _COMMON


def _is_unsure(span: Span) -> bool:
    return span.entity in _KINDS and span.score < _UNSURE


def _is_word(text: str, name: str, where: Sequence[int], told: Covered) -> bool:
    """Whether a word that stands here and there was read as a name only now and then."""
    if len(where) < _FEW or not name.isalpha():
        return False
    met = (told.first(place, place + 1) for place in where)
    read = {one for one in met if one is not None and one.entity in _KINDS}
    same = all(_is_unsure(one) and text[one.start : one.end] == name for one in read)
    return same and len(read) * 2 < len(where)


def _unread(
    text: str, told: Sequence[Span], said: dict[str, _Said], places: dict[str, list[int]]
) -> Iterator[Span]:
    """Mentions that nobody read of names that are beyond doubt."""
    covered = Covered(told)
    sure = [name for name in places if _is_beyond_doubt(said[name])]
    words = places_of(text, {name.lower() for name in sure})
    for name in sure:
        if words[name.lower()]:
            continue
        kinds = said[name].kinds
        kind = max(kinds, key=lambda each: kinds[each])
        for start in places[name]:
            end = start + len(name)
            if not covered.touches(start, end) and _stands_alone(text, start, end):
                yield Span(start, end, kind, min(_SURE, kinds[kind]))


def _is_beyond_doubt(said: _Said) -> bool:
    most = max(said.kinds.values())
    return said.sure and most >= _MORE * (sum(said.kinds.values()) - most)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a word is no part of a longer name."""
    if _BESIDE.search(text, max(0, start - 1), start) or _AFTER.match(text, end):
        return False
    before = text[max(0, start - 40) : start]
    return bool(_BEFORE.search(before) or _SENTENCE.search(before))
