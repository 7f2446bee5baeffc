"""Characters written in ASCII (``M&uuml;ller``, ``name=J%C3%B6rg``) are read as what they are.

Character references are those of the HTML Standard, section 13.5, with the semicolon; percent
encoding is that of RFC 3986, section 2.1, of UTF-8.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from urllib.parse import unquote

import numpy as np
import polars as pl

from lakescan.udfs.arrays import taken
from lakescan.udfs.detect.buffers import BoolArray, IntArray
from lakescan.udfs.detect.ner.spans import Span

_SOURCE = "&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][0-9A-Za-z]{1,30});|(?:%[0-9A-Fa-f]{2})+"
_REFERENCE = re.compile(_SOURCE)


class Plain:
    """Texts without such writing; spans in them are told in those that were given.

    Args:
        texts: a Polars ``String`` series.
    """

    def __init__(self, texts: pl.Series) -> None:
        self.texts = texts
        self._places: dict[int, tuple[IntArray, IntArray]] = {}
        marked: BoolArray = texts.str.contains("[&%]").to_numpy()
        if not marked.any():
            return
        rows = np.flatnonzero(marked)
        rows = rows[taken(texts, rows).str.contains(_SOURCE).to_numpy()]
        plain = []
        for row, text in zip(rows.tolist(), taken(texts, rows), strict=True):
            bare, starts, ends = _without(text)
            self._places[row] = starts, ends
            plain.append(bare)
        if plain:
            self.texts = texts.clone().scatter(rows, pl.Series(plain, dtype=pl.String))

    def told(self, row: int, spans: Sequence[Span]) -> Sequence[Span]:
        """The spans of one text, in the code points of the one that was given."""
        if row not in self._places:
            return spans
        starts, ends = self._places[row]
        return [
            span._replace(start=int(starts[span.start]), end=int(ends[span.end - 1]))
            for span in spans
        ]


def _without(text: str) -> tuple[str, IntArray, IntArray]:
    """A text without such writing; of each code point, where it starts and ends in that given."""
    parts, starts, ends = [], [], []
    done = 0
    for match in _REFERENCE.finditer(text):
        characters = _characters(match.group())
        if characters is None:
            continue
        parts += [text[done : match.start()], characters]
        between = np.arange(done, match.start())
        first, last = _places(characters, match)
        starts += [between, first]
        ends += [between + 1, last]
        done = match.end()
    rest = np.arange(done, len(text))
    return (
        "".join([*parts, text[done:]]),
        np.concatenate([*starts, rest]),
        np.concatenate([*ends, rest + 1]),
    )


def _places(characters: str, written: re.Match[str]) -> tuple[IntArray, IntArray]:
    """Where each of the characters starts and ends that are written somewhere."""
    if written.group()[0] == "&":
        return np.full(len(characters), written.start()), np.full(len(characters), written.end())
    ends = written.start() + np.cumsum([3 * len(one.encode()) for one in characters])
    return np.concatenate([[written.start()], ends[:-1]]), ends


def _characters(written: str) -> str | None:
    """What is written; None where it means nothing."""
    if written[0] == "&":
        characters = html.unescape(written)
        return None if characters == written else characters
    try:
        return unquote(written, errors="strict")
    except UnicodeDecodeError:
        return None
