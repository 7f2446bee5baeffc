"""Numbers that depend on a text and a key, and on nothing else: what every fake is drawn by."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np
import numpy.typing as npt
import polars as pl

from lakescan.udfs.anonymize.code_points import bytes_of
from lakescan.udfs.anonymize.crypto.cmac import Cmac
from lakescan.udfs.anonymize.crypto.lanes import Bytes, Int64s
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
        """One of ``pool`` for each text, and never the text itself.

        What is in the pool (in any case) becomes the next in an order that the key gives, so that
        different ones stay different; for anything else one is drawn.
        """
        lower = texts.str.to_lowercase()
        place, following = self.kept(f"pool {salt}", lambda: self._order(salt, pool))
        own = lower.replace_strict(place, default=None, return_dtype=pl.Int64)
        drawn = (self.numbers(lower, salt) % np.uint64(len(pool))).astype(np.int64)
        known = own.is_not_null().to_numpy()
        at = np.where(known, following[own.fill_null(0).to_numpy()], drawn)
        return pool.gather(at)

    def _order(self, salt: str, pool: pl.Series) -> tuple[dict[str, int], Int64s]:
        """Where each of a pool stands, and for each place the next: one cycle through all."""
        words = pool.str.to_lowercase()
        order = np.argsort(self.numbers(words, f"order {salt}"), kind="stable").astype(np.int64)
        following = np.empty(len(pool), np.int64)
        following[order] = np.roll(order, -1)
        return dict(zip(words.to_list(), range(len(pool)), strict=True)), following
