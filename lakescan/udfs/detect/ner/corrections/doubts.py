"""What a model takes for names and numbers and what is none: labels, pieces of other numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
import polars as pl

from lakescan.udfs.detect.dictionaries.table import shipped
from lakescan.udfs.detect.ner.spans import Span

#: What is read where a word stands that nobody knows.
_NAMES = frozenset(
    "PERSON FIRST_NAME MIDDLE_NAME LAST_NAME CITY COUNTY STATE COUNTRY LOCATION STREET BUILDING"
    " ORGANIZATION USERNAME".split()
)
#: Concepts of numbers and addresses of somebody; a word for one is a label and no name.
_LABELS = (
    "ssn", "national_id", "tax_id", "passport", "driver_license", "health_id", "iban",
    "bank_account", "routing", "credit_card", "cvv", "email", "phone", "birth_date", "vehicle",
)  # fmt: skip
#: A label says so much at least.
_PLAIN = 0.8
_WORD = re.compile(r"[^\W\d_]{2,24}")
#: A line without a letter or a digit, between two that have some; the end of a sentence, which no
#: short word with a point is (``St. Paul``).
_RULE = re.compile(
    r"[ \t]*\n[^\w\n]*\n\s*"
    r"|(?<=[a-zß-öø-ÿ]{4})(?<!Prof)(?<!Capt)(?<!Corp)(?<!Dept)(?<!Univ)(?<!Dott)(?<!Dipl)[.!?]\s+(?=[A-ZÀ-Þ])"
)
#: No birthday and no telephone has fewer digits, unless words go with them.
_FEWEST_DIGITS = {"DATE_OF_BIRTH": 4, "PHONE_NUMBER": 4}
#: A whole number that goes on behind a point is a piece of a version: ``2024.1.3``; one before a
#: sign for percent is a share.
_DATES = frozenset("DATE DATE_OF_BIRTH AGE".split())
_ON = re.compile(r"\.\d|[ \u00a0]?[%‰]")
#: What a name is joined to that makes it a label: ``Steuer-ID``.
_LABELLING = re.compile(r"-(?:id|nr|no|nummer|number)(?!\w)", re.IGNORECASE)
#: Right behind a word these make it a function's or a key's: ``len(``, ``Benutzer=``, ``"Ort":``.
_CODE = re.compile(r"\(")
_KEY = re.compile(r"=(?!=)|\"\s?:")
#: A class in its package.
_IDENTIFIER = re.compile(r"(?:[a-z_]\w*\.)+[A-Z][a-z]+[A-Z]\w*")
#: Right before a number, what is counted or numbered and has no age.
_NUMBERED = re.compile(
    r"(?<!\w)(?:bed|room|ward|bay|floor|page|chapter|section|table|figure|step|line|item|row|gate"
    r"|seat|platform|track|unit|level|grade|class|team|zone|bett|zimmer|seite|lit|chambre|cama|stanza"
    r"|quarto|kamer|sala|sal)[ \u00a0](?:no\.? ?|nr\.? ?|#)?\Z",
    re.IGNORECASE,
)
_REACH = 16
#: A decision that is cited by its parties, and where it was reported: ``Roe v. Doe, 4 F.3d 2``.
_VERSUS = " v. "
_PARTY = r"[A-Z][\w.'’&-]{0,30}(?: [\w.'’&-]{1,30}){0,5}?"
_CITED = re.compile(
    rf"{_PARTY} v\. {_PARTY},? (?:[0-9]{{1,4}} [A-Z][A-Za-z0-9. ]{{0,12}} [0-9]"
    r"|\[[0-9]{4}\]|\([^()]{0,30}[0-9]{4}\))"
)


def without_doubts(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans but labels (``CPF``, ``DOB``), mere digits and decisions that are cited.

    Names are cut at empty lines.

    Args:
        text: the text.
        spans: in order, none overlapping; so are those that come back.
    """
    cited = [m.span() for m in _CITED.finditer(text)] if _VERSUS in text else []
    return [
        part
        for span in spans
        for part in (_lines(text, span) if span.entity in _NAMES else (span,))
        if not _is_piece(text, part)
        and (part.entity not in _NAMES or not _is_label_at(text, part))
        and not any(start <= part.start and part.end <= end for start, end in cited)
    ]


def _is_label_at(text: str, span: Span) -> bool:
    """Whether what is taken for a name is a label, or the first half of one, or code."""
    if _CODE.match(text, span.end) and text[span.start : span.end].islower():
        return True
    if _KEY.match(text, span.end) or _IDENTIFIER.fullmatch(text, span.start, span.end):
        return True
    return bool(_LABELLING.match(text, span.end)) or _is_label(text[span.start : span.end])


def _is_piece(text: str, span: Span) -> bool:
    """Whether a few digits of a longer number, or next to none, are taken for a whole one."""
    said = text[span.start : span.end]
    digits = sum(map(str.isdigit, said))
    if span.entity in _DATES and digits == len(said) and _ON.match(text, span.end):
        return True
    if span.entity == "AGE" and digits == len(said):
        before = text[max(0, span.start - _REACH) : span.start]
        if _NUMBERED.search(before):
            return True
    if len(said) == 1 and said.islower() and span.entity in _NAMES:
        return True
    words = any(len(word) > 1 for word in _WORD.findall(said))
    return not words and digits < _FEWEST_DIGITS.get(span.entity, 0)


def _lines(text: str, span: Span) -> Iterator[Span]:
    """A span, or its parts where a line without words goes through it."""
    start = span.start
    for rule in _RULE.finditer(text, span.start, span.end):
        if start < rule.start() and rule.end() < span.end:
            yield span._replace(start=start, end=rule.start())
            start = rule.end()
    yield span._replace(start=start)


@lru_cache(maxsize=4096)
def _is_label(word: str) -> bool:
    """Whether a word plainly names what people are known or reached by, and nobody is called so."""
    # Column profiles know the words; they build on this package.
    from lakescan.udfs.classify.header.header import read_header

    word = word.replace(".", "")  # "C.F." is a label as "CF" is
    if not _WORD.fullmatch(word):
        return False
    header = read_header(word)
    sure = header.sure(*_LABELS)
    # Of "Carfax" the name of a column would be taken apart.
    if sure < _PLAIN or sure < header.best or len(header.words) != 1:
        return False
    table = shipped()
    bits = table.look_up(pl.Series([word.lower()]).hash().to_numpy())
    people = table.any("first_name") | table.any("last_name")
    return word.isupper() or not bool((bits & people) != np.uint64(0))
