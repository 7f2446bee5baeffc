"""A number and the word for years behind it are one thing: ``35 ans`` is an age, and no two."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lakescan.udfs.detect.ner.spans import Span

_YEARS = re.compile(
    r"(?<![\w.,/])(\d{1,3})[ \u00a0](?:ans|años|anos|anni|jaar|lata?|[Jj]ahren?|år|years?)(?!\w)"
)
#: Words before and after a time that has passed or will.
_LASTING = re.compile(
    r"(?<!\w)(?:depuis|pendant|durant|dans|il y a|y a|seit|vor|für|desde hace|desde|hace|durante"
    r"|por|há|da|per|tra|od|przez|za|sinds|al|over|sedan|i|for|since|in|over|within)[ \u00a0]\Z",
    re.IGNORECASE,
)
_GOING_ON = re.compile(
    r"[ \u00a0](?:d['’]|de (?:exp|garant|serv|contr|pris|cár)|di (?:esp|garan|serv|contr)|fa\b|ago"
    r"\b|geleden|temu|später|atrás|plus tard|después|dopo|erfahrung|ervaring|doświadcz|garan)",
    re.IGNORECASE,
)
_REACH = 16
#: What a model takes the parts for.
_PARTS = frozenset(["AGE", "DATE", "TIME", "DATE_OF_BIRTH", "AMOUNT"])


def with_years(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, those of a number and of its unit made one.

    An age if the model took a part for one and nothing says that time passes
    (``depuis 10 ans``), which is told as a date where the model saw one.

    Args:
        text: the text.
        spans: in order, none overlapping; so are those that come back.
    """
    told = list(spans)
    if not any(span.entity == "AGE" for span in told):
        return told
    for match in _YEARS.finditer(text):
        start, end = match.span()
        parts = [s for s in told if s.start < end and start < s.end]
        ages = [s for s in parts if s.entity == "AGE"]
        if not ages or not all(s.entity in _PARTS for s in parts):
            continue
        lasting = _LASTING.search(text, max(0, start - _REACH), start) or _GOING_ON.match(text, end)
        if len(parts) == 1 and parts[0].start == start and parts[0].end <= end and not lasting:
            continue
        at = told.index(parts[0])
        score = max(s.score for s in ages)
        whole = Span(start, end, "DATE" if lasting else "AGE", score)
        told[at : at + len(parts)] = [whole]
    return told
