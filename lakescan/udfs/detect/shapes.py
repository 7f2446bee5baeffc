"""Shapes: what is left of strings when every digit is 0 and every letter A or a.

Columns of codes and numbers have millions of values but few shapes, so asking each pattern whether
it could match a shape is cheap, and rules most patterns out before they see a value.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import polars as pl

from lakescan.udfs.detect.grammar import ascii_only
from lakescan.udfs.detect.layout import IntArray, Layout, strings

#: Below this many strings, running the patterns themselves is as fast.
FEWEST = 4096
#: How many strings are looked at to see whether shapes are few.
_SAMPLE = 1024
_SHAPES = bytes(
    48 if 48 <= b < 58 else 65 if 65 <= b < 91 else 97 if 97 <= b < 123 else b for b in range(256)
)
_QUANTIFIER = re.compile(r"(?:[*+?]|\{[0-9]*,?[0-9]*\})\??")


class Shapes:
    """The distinct shapes of some strings.

    Args:
        layout: of the strings.
        rows: which of them.
    """

    def __init__(self, layout: Layout, rows: IntArray) -> None:
        self._rows = rows
        series = _shapes(layout, rows)
        _, first, self._of = np.unique(
            series.hash().to_numpy(), return_index=True, return_inverse=True
        )
        #: Each distinct shape once.
        self.distinct = series.gather(first)

    def rows(self, regex: str, *, ignore_case: bool) -> IntArray:
        """The rows whose shape a match of ``regex`` may have."""
        could = self.distinct.str.contains(rf"\A(?:{shape_of(regex, ignore_case)})\z").to_numpy()
        found: IntArray = self._rows[could[self._of]]
        return found


def has_few(layout: Layout, rows: IntArray) -> bool:
    """Whether shapes are worth computing: many strings, and few shapes among some of them."""
    if len(rows) < FEWEST:
        return False
    sample = _shapes(layout, rows[:: len(rows) // _SAMPLE])
    return sample.n_unique() * 8 <= len(sample)


def _shapes(layout: Layout, rows: IntArray) -> pl.Series:
    some = layout if len(rows) == len(layout) else Layout(layout.series.gather(rows))
    low, high = int(some.offsets[0]), int(some.offsets[-1])
    data = np.frombuffer(some.data[low:high].tobytes().translate(_SHAPES), np.uint8)
    return strings(some.offsets - low, data)


@lru_cache(maxsize=4096)
def shape_of(regex: str, ignore_case: bool) -> str:  # noqa: FBT001
    """A regex for the shapes of all matches of ``regex``.

    It is the image of the regex under the mapping of characters, so it matches a shape if the
    regex matches any string of that shape (and perhaps if not).
    """
    text, out, at = ascii_only(regex), [], 0
    while at < len(text):
        char = text[at]
        if char == "[":
            end = _class_end(text, at)
            out.append(_mapped_class(text[at:end], ignore_case))
            at = end
        elif char == "\\":
            escaped = text[at + 1]
            out.append(text[at : at + 2] if not escaped.isdigit() else "0")
            at += 2
        elif char == "(":
            end = text.index(">", at) + 1 if text.startswith("(?P<", at) else at + 1
            end = at + 3 if text.startswith("(?:", at) else end
            out.append("(?:" if end > at + 1 else "(")
            at = end
        elif quantifier := _QUANTIFIER.match(text, at):
            out.append(quantifier.group())
            at = quantifier.end()
        else:
            out.append(_mapped(char, ignore_case) if char.isalnum() else char)
            at += 1
    return "".join(out)


def _class_end(text: str, at: int) -> int:
    at += 2
    while text[at] != "]":
        at += 2 if text[at] == "\\" else 1
    return at + 1


def _mapped(char: str, ignore_case: bool) -> str:  # noqa: FBT001
    if not char.isascii():
        return r"[\s\S]"
    if char.isdigit():
        return "0"
    if ignore_case:
        return "[Aa]"
    return "A" if char.isupper() else "a"


def _mapped_class(text: str, ignore_case: bool) -> str:  # noqa: FBT001
    if text.startswith("[^") or not text.isascii():
        return r"[\s\S]"
    covers = re.compile(text)
    kinds = [
        kind
        for kind, members in (("0", "0123456789"), ("A", _UPPER), ("a", _UPPER.lower()))
        if any(covers.match(m) for m in members)
    ]
    if ignore_case and {"A", "a"} & set(kinds):
        kinds += ["A", "a"]
    others = [
        re.escape(chr(b)) for b in range(128) if not chr(b).isalnum() and covers.match(chr(b))
    ]
    return "[" + "".join(dict.fromkeys(kinds + others)) + "]"


_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
