"""Numbers that depend on a text and a key, and on nothing else: what every fake is drawn by."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np
import numpy.typing as npt
import polars as pl

from lakescan.udfs.anonymize.code_points import bytes_of
from lakescan.udfs.anonymize.crypto.cmac import Cmac
from lakescan.udfs.anonymize.crypto.lanes import Bytes
from lakescan.udfs.anonymize.keys import DomainKeys
from lakescan.udfs.anonymize.text_types import TEXT

_Thing = TypeVar("_Thing")
UInt64s = npt.NDArray[np.uint64]


class Draw:
    """Keyed draws.

    Args:
        keys: of the domain.
    """

    def __init__(self, keys: DomainKeys) -> None:
        self.keys = keys
        self._cmac = Cmac(keys.secret("fake"))
        self._kept: dict[str, object] = {}

    def kept(self, name: str, make: Callable[[], _Thing]) -> _Thing:
        """What was made once under this key."""
        if name not in self._kept:
            self._kept[name] = make()
        return cast("_Thing", self._kept[name])

    def blocks(self, texts: pl.Series, salt: str) -> Bytes:
        """Sixteen bytes for each text; ``salt`` keeps uses apart. Shape (texts, 16)."""
        salted = pl.select(pl.lit(salt + "\x1f") + texts).to_series()
        return self._cmac(bytes_of(salted.to_arrow().cast(TEXT)))

    def numbers(self, texts: pl.Series, salt: str) -> UInt64s:
        """A number below 2^64 for each text."""
        if not len(texts):
            return np.zeros(0, np.uint64)
        first = np.ascontiguousarray(self.blocks(texts, salt)[:, :8])
        return first.view(">u8")[:, 0].astype(np.uint64)

    def chosen(self, texts: pl.Series, salt: str, pool: pl.Series) -> pl.Series:
        """One of ``pool`` for each text, and never the text itself."""
        size = np.uint64(len(pool))
        at = (self.numbers(texts, salt) % size).astype(np.int64)
        same = (pool.gather(at).str.to_lowercase() == texts.str.to_lowercase()).to_numpy()
        return pool.gather(np.where(same, (at + 1) % len(pool), at))

    def digits(self, runs: pl.Series, salt: str) -> pl.Series:
        """For each run of digits another of its length, with a zero in front only if it has."""
        blocks = self.blocks(runs, salt)
        longest = int(runs.str.len_chars().max() or 0)  # type: ignore[arg-type]
        tens = blocks[:, np.arange(longest) % 16].astype(np.uint16)
        # Beyond 16 digits the bytes come round again, turned.
        tens = (tens + 37 * (np.arange(longest, dtype=np.uint16) // 16)) % 10
        if longest:
            first = blocks[:, 0].astype(np.uint16) % 9 + 1
            zero = runs.str.starts_with("0").to_numpy()
            tens[:, 0] = np.where(zero, 0, first)
        text = (tens + 48).astype(np.uint8).tobytes().decode()
        whole = [text[at : at + longest] for at in range(0, len(text), longest or 1)]
        made = pl.Series(whole, dtype=pl.String)
        return pl.select(made.str.slice(0, runs.str.len_chars())).to_series()
