"""Fingerprints of values under a key that lives as long as the run, and counts of them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from lakescan.udfs.anonymize.code_points import bytes_of
from lakescan.udfs.anonymize.crypto.cmac import Cmac
from lakescan.udfs.anonymize.text_types import TEXT
from lakescan.udfs.arrays import decoded, is_binary

Prints = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.int64]

#: What tells a person: an address, or at least six letters and digits with a digit among them.
_TELLING = r"^[^\s@]+@[^\s@]+$|^(?:[^\p{L}\p{N}]*[\p{L}\p{N}]){6,}.*$"
#: A date tells nobody: so many people have the same.
_DATE = (
    r"^\s*(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/. ](?:\d{1,2}|[A-Za-z]{3,9})[-/., ]+\d{2,4})"
    r"(?:[T ].*)?$"
)


class Fingerprinter:
    """Makes fingerprints: nobody without the key can try values out.

    Args:
        key: 32 random bytes, made for one run and kept nowhere.
    """

    def __init__(self, key: bytes) -> None:
        self._cmac = Cmac(key)

    def __call__(self, texts: pl.Series) -> Prints:
        """A fingerprint for each text."""
        if not len(texts):
            return np.zeros(0, np.uint64)
        tags = self._cmac(bytes_of(texts.to_arrow().cast(TEXT)))
        return np.ascontiguousarray(tags[:, :8]).view(np.uint64)[:, 0]


def texts_of(array: pa.Array) -> pl.Series:
    """The values of a flat array as texts, without nulls and blanks; integers as their digits.

    Bytes as far as they are texts.
    """
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if is_binary(array.type):
        array = decoded(array)
    if not (_is_plain(array.type)):
        return pl.Series([], dtype=pl.String)
    series = pl.from_arrow(array.cast(TEXT))
    assert isinstance(series, pl.Series)
    return series.drop_nulls().filter(series.drop_nulls().str.strip_chars() != "")


def telling(texts: pl.Series) -> pl.Series:
    """Those that tell a person by themselves: words (a city, a first name) and dates do not."""
    long = texts.str.contains(_TELLING) & texts.str.contains(r"[\p{N}@]")
    return texts.filter(long & ~texts.str.contains(_DATE))


def counted(prints: Prints) -> tuple[Prints, Counts]:
    """Different fingerprints, sorted, and how often each is there."""
    return np.unique(prints, return_counts=True)


def added(parts: Iterable[tuple[Prints, Counts]]) -> tuple[Prints, Counts]:
    """Counts of several parts together."""
    some = list(parts)
    if not some:
        return np.zeros(0, np.uint64), np.zeros(0, np.int64)
    prints = np.concatenate([each for each, _ in some])
    counts = np.concatenate([each for _, each in some])
    distinct, places = np.unique(prints, return_inverse=True)
    return distinct, np.bincount(places, counts, len(distinct)).astype(np.int64)


def joined(left: tuple[Prints, Counts], right: tuple[Prints, Counts]) -> int:
    """How many rows the join of two columns has."""
    _, at, by = np.intersect1d(left[0], right[0], assume_unique=True, return_indices=True)
    return int((left[1][at] * right[1][by]).sum())


def _is_plain(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
        or pa.types.is_integer(kind)
    )
