"""Who is greeted or signs is a person, whatever else is called so: ``Good morning, Austin``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import polars as pl

from lakescan.udfs.detect.dictionaries.table import shipped
from lakescan.udfs.detect.ner.spans import Span

#: What a model may take the name of somebody for who is greeted.
_MISTAKEN = frozenset(
    "CITY COUNTY STATE COUNTRY LOCATION ORGANIZATION BUILDING STREET NATIONALITY".split()
)

#: Greetings and thanks right before a name.
_GREETING = re.compile(
    r"(?<!\w)(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|welcome back|thanks"
    r"|thank you|happy birthday|hallo|hej|liebe[r]?|guten (?:tag|morgen|abend)|danke|bonjour|salut"
    r"|merci|chère?|hola|querid[oa]|estimad[oa]|gracias|buongiorno|ciao|car[oa]|grazie|olá|bom dia"
    r"|prezad[oa]|obrigad[oa]|beste|geachte|hoi|bedankt|cześć|drog[ia])[,!]?[ \t\u00a0]{1,2}\Z",
    re.IGNORECASE,
)
_REACH = 24
#: What comes after it.
_AFTER = re.compile(r"\s*(?:[,.!?:;\n]|[-\u2013\u2014]|$)")
#: What a letter ends with, on the line above the name.
_CLOSING = re.compile(
    r"(?:^|\n)[^\n]{0,40}(?:regards|wishes|sincerely|yours|cheers|thanks|thank you|best|love"
    r"|grüßen|grüße|gruß|cordialement|saludos|saluti|abraços|groeten|hälsningar|hilsen|pozdrawiam)[,.!]?"
    r"[ \t]*\n\s{0,4}\Z",
    re.IGNORECASE,
)
_LETTER = 80


def with_vocatives(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, given names of those who are greeted or who sign told as persons.

    Only where the word is a given name by the lists: one may greet a town, too.

    Args:
        text: the text.
        spans: in order, none overlapping.
    """
    return [
        span._replace(entity="FIRST_NAME")
        if span.entity in _MISTAKEN and _is_spoken_to(text, span)
        else span
        for span in spans
    ]


def _is_spoken_to(text: str, span: Span) -> bool:
    if text[span.end : span.end + 1].isalnum() or not _AFTER.match(text, span.end):
        return False
    greeted = _GREETING.search(text[max(0, span.start - _REACH) : span.start])
    signed = not greeted and _CLOSING.search(text[max(0, span.start - _LETTER) : span.start])
    return bool(greeted or signed) and _is_given_name(text[span.start : span.end].lower())


@lru_cache(maxsize=4096)
def _is_given_name(word: str) -> bool:
    table = shipped()
    bits = table.look_up(pl.Series([word]).hash().to_numpy())
    return bool((bits & (table.strong("first_name") | table.weak("first_name"))) != np.uint64(0))
