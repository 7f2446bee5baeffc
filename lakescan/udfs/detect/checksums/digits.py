"""Strings as matrices of digits or of characters, for checksums over whole columns."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from lakescan.udfs.detect.layout import string_buffers

Matrix = npt.NDArray[np.int64]


def digit_counts(series: pl.Series) -> npt.NDArray[np.int64]:
    """How many ASCII digits each string holds."""
    bounds, data = string_buffers(series)
    seen = np.concatenate(([0], np.cumsum(_is_digit(data[bounds[0] : bounds[-1]]))))
    counts: npt.NDArray[np.int64] = np.diff(seen[bounds - bounds[0]])
    return counts


def digits_right(series: pl.Series, width: int) -> Matrix:
    """The last ``width`` digits of each string, other characters dropped, zeros on the left.

    Returns:
        An (n, width) matrix of 0..9.
    """
    bounds, data = string_buffers(series)
    data = data[bounds[0] : bounds[-1]]
    marks = _is_digit(data)
    ends = np.concatenate(([0], np.cumsum(marks)))[bounds - bounds[0]]
    flat = data[marks].astype(np.int64) - 48
    at = ends[1:, None] - width + np.arange(width)
    real = at >= ends[:-1, None]
    if not len(flat):
        return np.zeros((len(series), width), np.int64)
    return np.where(real, flat[np.maximum(at, 0)], 0)


def chars_left(series: pl.Series, width: int) -> npt.NDArray[np.uint8]:
    """The first ``width`` bytes of each string, zero bytes on the right.

    Returns:
        An (n, width) matrix of bytes.
    """
    bounds, data = string_buffers(series)
    if not len(data):
        return np.zeros((len(series), width), np.uint8)
    at = bounds[:-1, None] + np.arange(width)
    real = at < bounds[1:, None]
    return np.where(real, data[np.minimum(at, len(data) - 1)], 0).astype(np.uint8)


def compact(series: pl.Series) -> pl.Series:
    """ASCII letters and digits only, in upper case."""
    return series.str.replace_all("[^0-9A-Za-z]", "").str.to_uppercase()


def values36(chars: npt.NDArray[np.uint8]) -> Matrix:
    """Bytes of upper-case letters and digits as 0..35; -1 for the zero byte.

    ``0`` to ``9`` are 0 to 9 and ``A`` to ``Z`` are 10 to 35, as in ISO 7064 and ISO 13616.
    """
    wide = chars.astype(np.int64)
    return np.where(wide == 0, -1, np.where(wide >= 65, wide - 55, wide - 48))


def _is_digit(data: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    return (data >= 48) & (data <= 57)
