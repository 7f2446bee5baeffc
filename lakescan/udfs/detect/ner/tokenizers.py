"""Texts to tokens: what the network reads, and where in the text each token stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lakescan.errors import MissingDependencyError
from lakescan.udfs.detect.ner.letter_cases import cases_of

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Ints = npt.NDArray[np.int64]

#: A text is cut into pieces of at most so many characters, at white space where there is any, so
#: that no list grows with the length of a document.
_PIECE = 8192
_LAST_SPACE = re.compile(r"\s(?=\S*\Z)")


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """One text as tokens, without special ones; arrays of equal length.

    Args:
        ids: in the vocabulary.
        starts: first code point of each token in the text.
        ends: one past the last.
        words: number of the word that each token is part of, rising.
        cases: 0 none, 1 lower, 2 Title, 3 UPPER, 4 with a digit, 5 digits only.
    """

    ids: Ints
    starts: Ints
    ends: Ints
    words: Ints
    cases: Ints

    def __len__(self) -> int:
        return len(self.ids)


class TextEncoder:
    """A tokenizer as its file describes it.

    Args:
        path: ``tokenizer.json``.

    Raises:
        MissingDependencyError: ``tokenizers`` is not installed.
    """

    def __init__(self, path: Path) -> None:
        self._tokenizer = _load(path)
        around = self._tokenizer.encode("a", add_special_tokens=True)
        special = np.array(around.special_tokens_mask, dtype=bool)
        inside = np.flatnonzero(~special)
        first, last = (int(inside[0]), int(inside[-1])) if len(inside) else (len(special), 0)
        #: What stands before and after the tokens of every window.
        self.prefix = np.array(around.ids[:first], dtype=np.int64)
        self.suffix = np.array(around.ids[last + 1 :], dtype=np.int64)
        self.vocabulary = int(self._tokenizer.get_vocab_size())

    def encode(self, text: str) -> Encoded:
        """The tokens of a text of any length; offsets count its code points."""
        if len(text) <= _PIECE:
            return self._piece(text, 0)
        parts: list[Encoded] = []
        at = 0
        while at < len(text):
            piece = _cut(text, at)
            parts.append(self._piece(piece, at))
            at += len(piece)
        return _joined(parts)

    def _piece(self, text: str, shift: int) -> Encoded:
        found = self._tokenizer.encode(text, add_special_tokens=False)
        offsets, ids = found.offsets, found.ids
        bounds = np.fromiter(chain.from_iterable(offsets), np.int64, 2 * len(ids)).reshape(-1, 2)
        words = [-1 if word is None else word for word in found.word_ids]
        return Encoded(
            ids=np.array(ids, dtype=np.int64),
            starts=bounds[:, 0] + shift,
            ends=bounds[:, 1] + shift,
            words=np.array(words, dtype=np.int64),
            cases=cases_of(text, bounds),
        )


def _cut(text: str, at: int) -> str:
    """The next piece: up to the last white space in it, if there is any."""
    piece = text[at : at + _PIECE]
    if at + _PIECE >= len(text):
        return piece
    space = _LAST_SPACE.search(piece, _PIECE // 2)
    return piece if space is None else piece[: space.end()]


def _joined(parts: list[Encoded]) -> Encoded:
    last = 0
    words = []
    for part in parts:
        words.append(part.words + last)
        last += int(part.words.max(initial=-1)) + 1
    return Encoded(
        ids=np.concatenate([part.ids for part in parts]),
        starts=np.concatenate([part.starts for part in parts]),
        ends=np.concatenate([part.ends for part in parts]),
        words=np.concatenate(words),
        cases=np.concatenate([part.cases for part in parts]),
    )


def _load(path: Path) -> Tokenizer:
    try:
        from tokenizers import Tokenizer
    except ImportError:
        raise MissingDependencyError("tokenizers", "ner") from None
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
