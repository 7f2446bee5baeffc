"""The shape of one cell: what a reader takes it for at a glance."""

from __future__ import annotations

import re
from functools import lru_cache

_DIGITS = r"(?:\d+|\d{1,3}(?:[ ,.']\d{3})+)"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+|,\d{3})?)?"
_ZONE = r"(?:\s?(?:Z|UTC|GMT|[-+]\d{2}:?\d{0,2}))?"
_HALF = r"(?:\s?[AaPp]\.?[Mm]\.?)?"
_MONTH = r"[A-Za-z]{3,9}\.?"
_WEEKDAY = r"(?:[A-Za-z]{3,9},? )?"
#: Shapes that a delimiter inside a value would have torn apart; text is everything else.
_SHAPES = (
    ("empty", r"(?:|-|N/?A|n/a|NaN|nan|null|NULL|None|\\N|\?)"),
    (
        "number",
        rf"[-+]?[$€£¥]?\s?[-+]?{_DIGITS}(?:[.,]\d+)?(?:[eE][-+]?\d+)?\s?[%€$£]?",
    ),
    ("number", r"[-+]?\.\d+(?:[eE][-+]?\d+)?%?"),
    ("number", r"\(\$?[\d,]+(?:\.\d+)?\)"),
    ("time", _CLOCK + _HALF),
    ("date", rf"\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?:[T ]{_CLOCK}{_ZONE})?"),
    ("date", rf"\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}(?:[T ]{_CLOCK}{_HALF})?"),
    ("date", rf"{_WEEKDAY}\d{{1,2}}[- /]{_MONTH}[- /,]\s?\d{{2,4}}(?:[ :]{_CLOCK}{_ZONE})?"),
    ("date", rf"{_WEEKDAY}{_MONTH} \d{{1,2}},? (?:{_CLOCK} )?\d{{4}}{_ZONE}"),
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
#: All in one, in this order; the group that matched names the shape.
_COMPILED = re.compile("|".join(f"(?P<s{i}>{pattern})" for i, (_, pattern) in enumerate(_SHAPES)))
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
    found = _COMPILED.fullmatch(cell)
    return _SHAPES[int(found.lastgroup[1:])][0] if found and found.lastgroup else "text"
