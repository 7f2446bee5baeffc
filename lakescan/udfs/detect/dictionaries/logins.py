"""Names of accounts that are made of a person's: ``jsmith``, ``m.osei``, ``ana_prat88``."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from lakescan.udfs.arrays import taken
from lakescan.udfs.detect.dictionaries.table import UInt64s, WordTable
from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.matching.grammar import AT, SPACE, UPPER

#: One word in small letters, or two with a sign between, and perhaps a few digits behind.
_FORM = r"^([a-z]{1,16})[._-]?([a-z]{2,16})?[0-9]{0,4}$"
_SIGNED, _NUMBERED = r"[._-]", r"[0-9]$"

#: Bytes in such a name; of what stands without a sign between, this is the shortest surname.
_SHORTEST, _LONGEST, _SHORT_NAME = 4, 24, 4

#: What has a sign or a number as well says more than a letter before what may be a surname: so do
#: many words.
SURE, WEAK = 0.45, 0.3

_Ints = npt.NDArray[np.int64]


def logins(layout: Layout, table: WordTable) -> list[tuple[_Ints, float]]:
    """Rows whose value is such a name, and how sure it is."""
    sizes = layout.sizes
    plain = (layout.masks & (UPPER | SPACE | AT)) == 0
    rows = np.flatnonzero(plain & (sizes >= _SHORTEST) & (sizes <= _LONGEST))
    if len(rows):
        rows = rows[taken(layout.series, rows).str.contains(_FORM).to_numpy()]
    if not len(rows):
        return []
    texts = taken(layout.series, rows)
    signed = texts.str.contains(_SIGNED).to_numpy()
    numbered = texts.str.contains(_NUMBERED).to_numpy()
    first, second = (texts.str.extract(_FORM, group).fill_null("") for group in (1, 2))
    given = _known(table, first, "first_name") | (first.str.len_bytes() == 1).to_numpy()
    either = _known(table, first, "first_name", "last_name")
    pair = signed & ((given & _known(table, second, "last_name"))
                     | (either & _known(table, second, "first_name")))  # fmt: skip
    word = first + second  # the form lets the first word take all that has no sign behind it
    behind, before = word.str.slice(1), word.str.head(-1)
    long = (word.str.len_bytes() > _SHORT_NAME).to_numpy()
    initial = _known(table, behind, "last_name") | _known(table, before, "last_name")
    alone = ~signed & long & (initial | (numbered & _known(table, word, "first_name", "last_name")))
    return [(rows[pair | (alone & numbered)], SURE), (rows[alone & ~numbered], WEAK)]


def _known(table: WordTable, words: pl.Series, *lists: str) -> npt.NDArray[np.bool_]:
    bits: UInt64s = table.look_up(words.hash().to_numpy())
    known: npt.NDArray[np.bool_] = (bits & table.any(*lists)) != 0
    return known
