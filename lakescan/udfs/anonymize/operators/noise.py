"""noise: numbers are blurred at random, each for itself."""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa

from lakescan.policy.operators import NoiseOptions
from lakescan.udfs.anonymize.keys import DomainKeys
from lakescan.udfs.anonymize.operators.number_types import Floats, bounds, decimals
from lakescan.udfs.anonymize.operators.protocol import Applied, Cells, Traits
from lakescan.udfs.anonymize.text_types import TEXT, is_text
from lakescan.udfs.arrays import to_arrow, to_numpy

#: A number in a text. A comma before three digits may be one of thousands.
_NUMBER = r"^[+-]?[0-9]{1,15}([.][0-9]{1,10}|,[0-9]{1,2})?$"


class Noise:
    """Adds fresh noise to every cell, equal ones too; whole numbers stay whole.

    A number in a text, as files of text have them, keeps its digits behind the point, or comma.
    """

    name = "noise"
    traits = Traits(deterministic=False)

    def __init__(self, options: NoiseOptions) -> None:
        self._scale = options.scale
        self._absolute = options.absolute
        self._laplace = options.distribution == "laplace"
        self._random = np.random.default_rng()

    def result_type(self, kind: pa.DataType) -> pa.DataType | None:
        """Numbers, and texts that are numbers."""
        if is_text(kind):
            return TEXT
        if pa.types.is_integer(kind) or pa.types.is_decimal(kind):
            return kind
        return kind if pa.types.is_float32(kind) or pa.types.is_float64(kind) else None

    def setup(self, keys: DomainKeys | None) -> None:  # noqa: ARG002 - it has none
        """Seed the generator from the system."""
        self._random = np.random.default_rng()

    def apply(self, cells: Cells) -> Applied:
        """The blurred numbers."""
        kind = cells.values.type
        if is_text(kind):
            return self._texts(cells.values)
        blurred = self._blurred(to_numpy(cells.values.cast(pa.float64(), safe=False)))
        if pa.types.is_integer(kind):
            low, high = bounds(kind)
            return Applied(to_arrow(np.clip(np.rint(blurred), low, high)).cast(kind, safe=False))
        if pa.types.is_decimal(kind):
            return Applied(to_arrow(decimals(blurred, kind)).cast(kind))
        return Applied(to_arrow(blurred).cast(kind))

    def _texts(self, texts: pa.Array) -> Applied:
        words = pl.Series(texts).str.strip_chars()
        behind = words.str.extract(_NUMBER, 1).fill_null("")
        digits = np.maximum(behind.str.len_chars().to_numpy().astype(np.int64) - 1, 0)
        numbers = words.set(~words.str.contains(_NUMBER), None).str.replace(",", ".", literal=True)
        blurred = self._blurred(numbers.cast(pl.Float64).fill_null(0.0).to_numpy())
        made = pl.Series(
            [f"{number:.{size}f}" for number, size in zip(blurred, digits, strict=True)],
            dtype=pl.String,
        ).str.replace(r"^-(0(?:\.0+)?)$", "$1")
        comma = made.str.replace(".", ",", literal=True)
        written = comma.zip_with(behind.str.starts_with(","), made)
        return Applied(written.to_arrow().cast(TEXT), numbers.is_null().to_numpy())

    def _blurred(self, values: Floats) -> Floats:
        # Of Laplace's distribution, the standard deviation is the square root of two times b.
        drawn = (
            self._random.laplace(0.0, 0.5**0.5, len(values))
            if self._laplace
            else self._random.standard_normal(len(values))
        )
        spread = self._scale if self._absolute else self._scale * np.abs(values)
        # What is no number, or endless, stays so.
        return values + drawn * np.where(np.isfinite(values), spread, 0)
