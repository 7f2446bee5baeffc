"""Numbers between numpy and Arrow, by way of Polars.

``pa.array`` and ``to_numpy`` would import pandas, where it is installed, only to ask whether this
is its; that takes longer than a small scan.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa


def to_arrow(values: npt.NDArray[np.generic]) -> pa.Array:
    """A numpy array of numbers or booleans as an Arrow array of the same type."""
    return pl.Series(values).to_arrow()


def to_numpy(column: pa.Array | pa.ChunkedArray) -> npt.NDArray[Any]:
    """The numbers or booleans of an Arrow column without nulls."""
    series = pl.from_arrow(column)
    assert isinstance(series, pl.Series)
    return series.to_numpy()
