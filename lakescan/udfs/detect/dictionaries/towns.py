"""Whether what stands beside a postal code is a town."""

from __future__ import annotations

import numpy as np
import polars as pl

from lakescan.udfs.detect.checksums.candidates import BoolArray, Candidates
from lakescan.udfs.detect.dictionaries.table import shipped

#: The country's letters and the code, the state's letters behind the town, the French office for
#: mail of firms, and what stands in brackets.
_NOT_THE_TOWN = (
    r"(?i)\b[a-z]{1,3}-[0-9]|\b[0-9]{4} ?[a-z]{2}\b|[^\s]*[0-9][^\s]*|\(.*\)|\bcedex\b"
    r"|,? [a-z]{2}\b *$|, *[a-z]{2}\b"
)


def town_beside_code(candidates: Candidates) -> BoolArray:
    """Whether the words beside the code are a town or county of the lists, hyphens or not."""
    town = (
        candidates.texts.str.replace_all(_NOT_THE_TOWN, " ")
        .str.strip_chars(" ,-")
        .str.replace_all(r"\s+", " ")
        .str.to_lowercase()
    )
    table = shipped()
    mask = table.any("city", "county")
    found = np.zeros(len(candidates), np.bool_)
    for spelling in (town, town.str.replace_all(" ", "-"), town.str.replace_all("-", " ")):
        found |= (table.look_up(spelling.cast(pl.String).hash().to_numpy()) & mask) != 0
    return found
