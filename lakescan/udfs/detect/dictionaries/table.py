"""One table of all words: which lists each is in, found by hash for whole columns at once."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import numpy as np
import numpy.typing as npt
import polars as pl

from lakescan.udfs.detect.buffers import translated
from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.matching.grammar import LONG, LOWER, UPPER
from lakescan.udfs.detect.shapes.shapes import FINE

BoolArray = npt.NDArray[np.bool_]
UInt64s = npt.NDArray[np.uint64]
IntArray = npt.NDArray[np.int64]

_FOLDER = resources.files("lakescan.udfs.detect.dictionaries")
#: One bit in this many says that no word has a hash: a first look that fits a core's cache.
_FILTER = 1 << 22
#: For each byte what stands for it in the shape of a word in lower case.
_LOWER_SHAPES = bytes(
    127 if byte >= 128 else ord(FINE.of(chr(byte)).lower()) for byte in range(256)
)


class WordTable:
    """Words of all lists.

    Args:
        words: lower-case words, their list, and whether the word is weak there.
    """

    def __init__(self, words: pl.DataFrame) -> None:
        lists = words["list"].unique().cast(pl.String).sort().to_list()
        codes = words["list"].cast(pl.Enum(lists)).to_physical().to_numpy()
        is_weak = words["weak"].to_numpy()
        some_weak = np.unique(codes[is_weak])
        #: The bit of each list, and of its weak words where it has any; together at most 64.
        self.bits = {name: i for i, name in enumerate(lists)}
        self._weak_bits = {lists[code]: len(lists) + i for i, code in enumerate(some_weak)}
        if len(lists) + len(some_weak) > 64:
            raise ValueError("more lists than bits")
        shift = codes.astype(np.uint64)
        shift[is_weak] = np.searchsorted(some_weak, codes[is_weak]) + len(lists)
        bits = np.left_shift(np.uint64(1), shift)
        hashes = words["word"].hash().to_numpy()
        order = np.argsort(hashes)
        first = np.flatnonzero(np.diff(hashes[order], prepend=~hashes[order[:1]]))
        self._hashes: UInt64s = hashes[order][first]
        self._bits: UInt64s = np.bitwise_or.reduceat(bits[order], first)
        self._filter = np.zeros(_FILTER, np.bool_)
        self._filter[self._hashes & np.uint64(_FILTER - 1)] = True
        self._signatures = np.zeros(1 << 14, np.bool_)
        layout = Layout(words["word"])
        layout.shapes = None  # too many to be worth it
        self._signatures[layout.signatures] = True
        self._shapes = np.unique(_lower_shapes(layout))

    def could_hold(self, layout: Layout) -> IntArray:
        """Rows of which some word has the shape, or the byte classes and length, in lower case."""
        shapes = layout.shapes
        if shapes is not None and shapes.alphabet == FINE:
            asked = _lower_shapes(Layout(shapes.distinct))
            at = np.minimum(np.searchsorted(self._shapes, asked), len(self._shapes) - 1)
            return np.flatnonzero((self._shapes[at] == asked)[shapes.codes])
        masks = layout.masks
        folded = np.where(masks & UPPER, (masks & ~np.uint8(UPPER)) | np.uint8(LOWER), masks)
        binned = np.minimum(layout.sizes, LONG).astype(np.uint16)
        signatures = (folded.astype(np.uint16) << np.uint16(6)) | binned
        return np.flatnonzero(self._signatures[signatures])

    def look_up(self, hashes: UInt64s) -> UInt64s:
        """The list bits of words by their Polars hash; 0 for a word in no list."""
        out = np.zeros(len(hashes), np.uint64)
        maybe = np.flatnonzero(self._filter[hashes & np.uint64(_FILTER - 1)])
        wanted = hashes[maybe]
        at = np.minimum(np.searchsorted(self._hashes, wanted), len(self._hashes) - 1)
        out[maybe] = np.where(self._hashes[at] == wanted, self._bits[at], np.uint64(0))
        return out

    def strong(self, name: str) -> np.uint64:
        """The mask of a list's words that are not weak."""
        return np.uint64(1) << np.uint64(self.bits[name])

    def weak(self, name: str) -> np.uint64:
        """The mask of a list's weak words."""
        bit = self._weak_bits.get(name)
        return np.uint64(0) if bit is None else np.uint64(1) << np.uint64(bit)

    def any(self, *names: str) -> np.uint64:
        """The mask of all words of some lists."""
        mask = np.uint64(0)
        for name in names:
            mask |= self.strong(name) | self.weak(name)
        return mask


def _lower_shapes(layout: Layout) -> UInt64s:
    """Hashes of the strings' shapes; letters that are not ASCII are all taken for small ones."""
    hashes: UInt64s = translated(layout.offsets, layout.data, _LOWER_SHAPES).hash().to_numpy()
    return hashes


@lru_cache(maxsize=1)
def shipped() -> WordTable:
    """The table of the words that come with lakescan."""
    return WordTable(_words())


@lru_cache(maxsize=4)
def phrases(name: str) -> tuple[str, ...]:
    """The entries of a list that have several words, in lower case, the longest first."""
    several = (word for word in entries(name) if " " in word)
    return tuple(sorted(several, key=lambda each: (-len(each), each)))


@lru_cache(maxsize=4)
def entries(name: str) -> tuple[str, ...]:
    """The entries of a list, in lower case."""
    words = _words().filter(pl.col("list").cast(pl.String) == name)["word"]
    return tuple(words.unique().sort().to_list())


def _words() -> pl.DataFrame:
    # One thread: starting the others takes longer than reading.
    generated = pl.read_parquet(_FOLDER.joinpath("generated.parquet").read_bytes(), parallel="none")
    written = [(word, entry.name.removesuffix(".txt"), weak)
               for entry in sorted(_FOLDER.joinpath("lists").iterdir(), key=lambda e: e.name)
               for word, weak in _written(entry.read_text("utf-8"))]  # fmt: skip
    frame = pl.DataFrame(written, schema=["word", "list", "weak"], orient="row")
    names = set(generated["list"].unique().cast(pl.String)) | set(frame["list"])
    listed = pl.Enum(sorted(names))
    parts = [part.with_columns(pl.col("list").cast(listed)) for part in (frame, generated)]
    return pl.concat(parts)


def _written(text: str) -> list[tuple[str, bool]]:
    words = []
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        for item in line.split(", "):
            word = item.strip(" ,")
            if word:
                words.append((word.removeprefix("~"), word.startswith("~")))
    return words
