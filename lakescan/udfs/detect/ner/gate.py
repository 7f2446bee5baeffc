"""Which strings could hold a name at all: asked before the network is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

#: Two letters in a row, or one of a script whose letters are words.
_WORDS = r"\p{L}\p{L}|[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]"

#: One token that is a link, a mail address, a path, or a code: letters and digits mixed, or signs
#: that join identifiers.
_CODE = (
    r"^\s*(?:\S*(?:://|@)\S*"
    r"|[\w.+-]*(?:\p{L}[\w.+-]*\d|\d[\w.+-]*\p{L})[\w.+-]*"
    r"|\S*[_/\\=|<>{}#$%^&*~]\S*"
    r"|\p{Ll}+(?:\p{Lu}\p{Ll}+)+)\s*$"
)
#: A whole element of markup: its name may say what is inside.
_ELEMENT = r"^\s*<[^<>]+>[^<>]*\p{L}\p{L}[^<>]*</"


def could_hold(texts: pl.Series) -> npt.NDArray[np.bool_]:
    """Which strings are worth reading: words, and more than one code."""
    words = texts.str.contains(_WORDS)
    if not words.any():
        return words.to_numpy()
    return (words & (~texts.str.contains(_CODE) | texts.str.contains(_ELEMENT))).to_numpy()
