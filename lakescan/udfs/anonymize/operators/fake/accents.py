"""Accents put on names: letters of Latin-1, so that most encodings can hold them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import polars as pl

#: Those that the most languages have come first.
_ACCENTS = {
    "a": "áàâäãå",
    "e": "éèêë",
    "i": "íìîï",
    "o": "óòôöõø",
    "u": "úùûü",
    "n": "ñ",
    "c": "ç",
    "y": "ýÿ",
}
#: At the end of a name with none of these letters.
_ENDS = "éáíóúèàìòù"


def with_accents(words: pl.Series, numbers: pl.Series) -> pl.Series:
    """Each word in the spelling of that number: one letter of it has an accent.

    Args:
        words: in small ASCII letters, mostly.
        numbers: from 0; different ones give a word different spellings.
    """
    pairs = zip(words.to_list(), numbers.to_list(), strict=True)
    return pl.Series([_spelling(word, number) for word, number in pairs], dtype=pl.String)


def _spelling(word: str, number: int) -> str:
    found = next(islice(_spellings(word), number, None), None)
    return word + _ENDS[number % len(_ENDS)] if found is None else found


def _spellings(word: str) -> Iterator[str]:
    """With one accent, on each letter in turn; then other accents there."""
    for kind in range(max(map(len, _ACCENTS.values()))):
        for place, letter in enumerate(word):
            if kind < len(accents := _ACCENTS.get(letter, "")):
                yield f"{word[:place]}{accents[kind]}{word[place + 1 :]}"
