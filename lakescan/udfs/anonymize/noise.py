"""noise: numbers are blurred at random, each for itself."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from lakescan.policy.operators import NoiseOptions
from lakescan.udfs.anonymize.keys import DomainKeys
from lakescan.udfs.anonymize.protocol import Applied, Cells, Traits
from lakescan.udfs.anonymize.text_types import TEXT, is_text
from lakescan.udfs.arrays import to_arrow, to_numpy

Floats: TypeAlias = npt.NDArray[np.float64]

#: A number in a text. A comma before three digits may be one of thousands.
_NUMBER = r"^[+-]?\d{1,15}([.]\d{1,10}|,\d{1,2})?$"


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
        blurred = self._blurred(to_numpy(cells.values.cast(pa.float64())))
        if pa.types.is_integer(kind):
            low, high = _bounds(kind)
            return Applied(to_arrow(np.clip(np.rint(blurred), low, high)).cast(kind, safe=False))
        if pa.types.is_decimal(kind):
            return Applied(to_arrow(np.round(blurred, kind.scale)).cast(kind))
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
        return values + drawn * spread


def _bounds(kind: pa.DataType) -> tuple[float, float]:
    """What an integer type holds, as far as a float tells it apart."""
    bits = kind.bit_width - pa.types.is_signed_integer(kind)
    high = np.nextafter(2.0**bits, 0) if bits > 53 else 2.0**bits - 1
    return (-(2.0**bits) if pa.types.is_signed_integer(kind) else 0.0), float(high)
