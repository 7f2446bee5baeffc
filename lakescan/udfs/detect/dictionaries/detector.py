"""The detector that looks whole cells up in word lists."""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa

from lakescan.udfs.arrays import taken
from lakescan.udfs.detect.collect import Collector, Group, table_of
from lakescan.udfs.detect.dictionaries.logins import logins
from lakescan.udfs.detect.dictionaries.lookup import WORD_LISTS
from lakescan.udfs.detect.dictionaries.phrases import PHRASES, judge
from lakescan.udfs.detect.dictionaries.table import UInt64s, WordTable, shipped
from lakescan.udfs.detect.dictionaries.tokens import ends, lowered
from lakescan.udfs.detect.matching.grammar import AT, DIGIT, SPACE
from lakescan.udfs.detect.placement import Placement
from lakescan.udfs.detect.values import Values

#: Longer cells are text, not a name.
_LONGEST_PHRASE = 60


class DictionaryDetector:
    """Whole cells that are a word of a list, or a phrase made of listed words.

    Args:
        version: of the lists; that of their code comes with `DetectorSet.versions`.
    """

    name = "dictionary"

    def __init__(self, version: str) -> None:
        self.version = version

    @property
    def entities(self) -> frozenset[str]:
        """What its lists are evidence for."""
        lists, phrases = {w.entity for w in WORD_LISTS}, {p.entity for p in PHRASES}
        return frozenset(lists | phrases | {"USERNAME"})

    def setup(self) -> None:
        """Read the lists."""
        shipped()

    def detect(self, values: Values) -> pa.Table:
        """Find entities; see `Detector.detect`."""
        return table_of(self.groups(values))

    def groups(self, values: Values) -> list[Group]:
        """Find entities; see `Groups.groups`."""
        out = Collector()
        layout, place = values.trimmed
        table = shipped()
        rows = table.could_hold(layout)
        phrase_like = (layout.masks & (DIGIT | AT | SPACE)) == SPACE
        phrase_like &= layout.sizes <= _LONGEST_PHRASE
        wanted = phrase_like.copy()
        wanted[rows] = True
        chosen = np.flatnonzero(wanted)
        if len(chosen):
            texts = layout.series
            if len(chosen) < len(layout):
                texts = taken(texts, chosen)
            self._look_up(texts, place.at(chosen), phrase_like[chosen], table, out)
        for accounts, score in logins(layout, table):
            place.add(accounts, "USERNAME", "dictionary.login", score, out)
        return out.groups

    def _look_up(
        self,
        texts: pl.Series,
        place: Placement,
        phrase_like: np.ndarray,
        table: WordTable,
        out: Collector,
    ) -> None:
        lower = lowered(texts)
        found: UInt64s = table.look_up(lower.series.hash().to_numpy())
        some = np.flatnonzero(found)
        bits = found[some]
        for words in WORD_LISTS:
            detector = f"dictionary.{words.name}"
            strong = (bits & table.strong(words.name)) != 0
            weak = ((bits & table.weak(words.name)) != 0) & ~strong
            place.add(some[strong], words.entity, detector, words.score, out)
            place.add(some[weak], words.entity, detector, words.weak, out)
        split = ends(lower, np.flatnonzero(phrase_like))
        for phrase, rows in judge(split, found[split.rows], table):
            place.add(rows, phrase.entity, f"dictionary.{phrase.name}", phrase.score, out)
