"""The shape of one cell: what a reader takes it for at a glance."""

from __future__ import annotations

import re
from functools import lru_cache

#: Shapes that a delimiter inside a value would have torn apart; text is everything else.
_SHAPES = (
    ("empty", r"(?:|-|N/?A|n/a|NaN|nan|null|NULL|None|\\N|\?)"),
    (
        "number",
        r"[-+]?[$€£¥]?\s?[-+]?(?:\d+|\d{1,3}(?:[ ,.']\d{3})+)(?:[.,]\d+)?(?:[eE][-+]?\d+)?\s?[%€$£]?",
    ),
    ("number", r"[-+]?\.\d+(?:[eE][-+]?\d+)?%?"),
    ("number", r"\(\$?[\d,]+(?:\.\d+)?\)"),
    ("time", r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[AaPp]\.?[Mm]\.?)?"),
    (
        "date",
        r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s?(?:Z|UTC|[-+]\d{2}:?\d{0,2})?)?",
    ),
    (
        "date",
        r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[AaPp][Mm])?)?",
    ),
    (
        "date",
        r"\d{1,2}[- /][A-Za-z]{3,9}\.?[- /,]\s?\d{2,4}(?:[ :]\d{2}:\d{2}(?::\d{2})?(?: [-+]\d{4})?)?",
    ),
    (
        "date",
        r"(?:[A-Za-z]{3,9},? )?[A-Za-z]{3,9}\.? \d{1,2},? (?:\d{2}:\d{2}:\d{2} )?\d{4}(?: [-+]\d{4})?",
    ),
    ("email", r"[^@\s,;|]+@[^@\s,;|]+\.[A-Za-z]{2,}"),
    ("url", r"(?:https?|ftp|s3|file)://\S+|www\.\S+"),
    ("address", r"\d{1,3}(?:\.\d{1,3}){3}(?::\d+|/\d+)?"),
    ("address", r"(?:[0-9A-Fa-f]{0,4}:){3,7}[0-9A-Fa-f]{0,4}"),
    ("uuid", r"\{?[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\}?"),
    ("phone", r"(?:\+|00)?\(?\d[\d\s().\-/]{5,}\d(?:\s?(?:x|ext\.?)\s?\d+)?"),
    ("flag", r"(?i:true|false|yes|no|y|n|t|f)"),
    ("word", r"[^\W\d_]+"),
    ("code", r"[\w.#/+:\-]*\d[\w.#/+:\-]*"),
)
_COMPILED = tuple((name, re.compile(pattern)) for name, pattern in _SHAPES)
#: Longer cells are text without a look: the patterns are for short ones.
_LONGEST = 64
#: Shapes that a column's name does not have.
TYPED = frozenset({"number", "time", "date", "email", "url", "address", "uuid", "phone"})


@lru_cache(maxsize=1 << 14)
def shape(cell: str) -> str:
    """Name the shape of a cell, surrounding white space aside."""
    cell = cell.strip()
    if len(cell) > _LONGEST:
        return "url" if cell.startswith(("http://", "https://")) and " " not in cell else "text"
    for name, pattern in _COMPILED:
        if pattern.fullmatch(cell):
            return name
    return "text"
