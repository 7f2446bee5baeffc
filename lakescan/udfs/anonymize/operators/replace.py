"""redact and replace: a text in the place of every value."""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa

from lakescan.policy.operators import RedactOptions, ReplaceOptions
from lakescan.udfs.anonymize.keys import DomainKeys
from lakescan.udfs.anonymize.operators.protocol import Applied, Cells, Traits
from lakescan.udfs.anonymize.text_types import TEXT, text_only


class Redact:
    """Values are taken out."""

    name = "redact"
    traits = Traits(trivial=True)

    def __init__(self, options: RedactOptions) -> None:
        self._text = options.text

    def result_type(self, kind: pa.DataType) -> pa.DataType | None:
        """Texts only."""
        return text_only(kind)

    def setup(self, keys: DomainKeys | None) -> None:
        """Nothing to prepare."""

    def apply(self, cells: Cells) -> Applied:
        """The same text for each."""
        return Applied(repeated(self._text, len(cells.values)))


class Replace:
    """Values become the name of what they are."""

    name = "replace"

    def __init__(self, options: ReplaceOptions) -> None:
        self.traits = Traits(numbered=options.numbered, trivial=True)
        self._text = options.text
        self._numbered = options.numbered

    def result_type(self, kind: pa.DataType) -> pa.DataType | None:
        """Texts only."""
        return text_only(kind)

    def setup(self, keys: DomainKeys | None) -> None:
        """Nothing to prepare."""

    def apply(self, cells: Cells) -> Applied:
        """The entity's marker; numbered inside a text, where that is asked for."""
        entity = cells.entity
        if not self._numbered:
            return Applied(repeated(self._filled(entity, cells.category), len(cells.values)))
        ordinals = cells.ordinals
        if ordinals is None:
            ordinals = np.ones(len(cells.values), np.int64)
        numbers, places = np.unique(ordinals, return_inverse=True)
        markers = [
            self._filled(f"{entity}_{number}", f"{cells.category}_{number}")
            for number in numbers.tolist()
        ]
        return Applied(pl.Series(markers, dtype=pl.String).gather(places).to_arrow().cast(TEXT))

    def _filled(self, entity: str, category: str) -> str:
        return self._text.replace("{entity}", entity).replace("{category}", category)


def repeated(text: str, times: int) -> pa.Array:
    """An array of one text."""
    return pl.repeat(text, times, dtype=pl.String, eager=True).to_arrow().cast(TEXT)
