"""HyperLogLog: how many distinct values there were, in a sketch that merges by maximum.

P. Flajolet et al., "HyperLogLog" (2007), with the estimator of O. Ertl, "New cardinality estimation
algorithms for HyperLogLog sketches" (2017), section 2.5, which needs no bias tables and is right at
both ends. Own code because a column is updated a whole array at a time (docs/decisions/0004).
"""

from __future__ import annotations

import base64
import math
import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
_Registers = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class DistinctSketch:
    """A frozen HyperLogLog of 64-bit hashes.

    Args:
        registers: one byte each, a power of two of them. The standard error of the estimate is
            1.04 / sqrt(len(registers)): 1.6 % for 4096, 3.3 % for 1024.
    """

    registers: bytes

    @classmethod
    def empty(cls, precision: int) -> DistinctSketch:
        """A sketch with ``2**precision`` registers that has seen nothing."""
        return cls(bytes(1 << precision))

    def merge(self, other: DistinctSketch) -> DistinctSketch:
        """The sketch of both inputs together; both must have as many registers."""
        return DistinctSketch(np.maximum(_view(self.registers), _view(other.registers)).tobytes())

    def fold(self, precision: int) -> DistinctSketch:
        """The sketch of the same values with fewer registers."""
        registers = _view(self.registers)
        have = len(registers).bit_length() - 1
        if precision >= have:
            return self
        return DistinctSketch(_fold(registers, have, precision).tobytes())

    def count(self) -> int:
        """About how many distinct hashes were seen."""
        return round(_estimate(_view(self.registers)))

    def to_text(self) -> str:
        """A compact text form; `from_text` reads it."""
        return base64.b64encode(zlib.compress(self.registers, 1)).decode("ascii")

    @classmethod
    def from_text(cls, text: str) -> DistinctSketch:
        """Read what `to_text` wrote."""
        return cls(zlib.decompress(base64.b64decode(text)))


class Ranks:
    """What hashes say to a sketch, worked out once for several.

    Args:
        hashes: of values.
        precision: of the sketches.
    """

    def __init__(self, hashes: Hashes, precision: int) -> None:
        shift = 64 - precision
        #: The register of each, and its rank there.
        self.index = (hashes >> np.uint64(shift)).astype(np.int64)
        self.rank = _rank(hashes & np.uint64((1 << shift) - 1), shift)


class SketchBuilder:
    """Takes hashes, whole arrays at a time, and hands out the frozen sketch."""

    def __init__(self, precision: int) -> None:
        self._precision = precision
        self._registers: _Registers = np.zeros(1 << precision, dtype=np.uint8)

    def update(self, hashes: Hashes) -> None:
        """Add hashes (repeats are harmless)."""
        if len(hashes) == 0:
            return
        ranks = Ranks(hashes, self._precision)
        np.maximum.at(self._registers, ranks.index, ranks.rank)

    def update_ranked(self, ranks: Ranks, rows: npt.NDArray[np.int64]) -> None:
        """Add some of the hashes whose ranks, at this sketch's precision, are known."""
        if len(rows) == len(ranks.rank):
            np.maximum.at(self._registers, ranks.index, ranks.rank)
        else:
            np.maximum.at(self._registers, ranks.index[rows], ranks.rank[rows])

    def freeze(self) -> DistinctSketch:
        """The sketch of all hashes so far."""
        return DistinctSketch(self._registers.tobytes())


def _view(registers: bytes) -> _Registers:
    return np.frombuffer(registers, dtype=np.uint8)


def _rank(rest: Hashes, bits: int) -> _Registers:
    """Position of the first set bit of a ``bits`` wide number, from 1; ``bits + 1`` for zero.

    Read off the exponent of the float64. Clearing the second of any two adjacent bits keeps the
    first one and the rounding of large numbers away from the next power of two.
    """
    rest = rest & ~(rest >> np.uint64(1))
    exponent = (rest.astype(np.float64).view(np.uint64) >> np.uint64(52)).astype(np.int16)
    rank = np.int16(1023 + bits) - exponent
    return np.where(rest == 0, bits + 1, rank).astype(np.uint8)


def _fold(registers: _Registers, have: int, want: int) -> _Registers:
    """Registers of precision ``have`` brought to ``want``: the dropped index bits join the rest."""
    dropped = have - want
    groups = registers.reshape(1 << want, 1 << dropped).astype(np.int16)
    low = np.arange(1 << dropped, dtype=np.int64)
    lead = np.where(low == 0, 0, dropped - np.floor(np.log2(np.maximum(low, 1))).astype(np.int64))
    ranks = np.where(low == 0, groups + dropped, lead)
    folded: _Registers = np.where(groups > 0, ranks, 0).max(axis=1).astype(np.uint8)
    return folded


def _estimate(registers: _Registers) -> float:
    size = len(registers)
    width = 64 - (size.bit_length() - 1)
    counts = np.bincount(registers, minlength=width + 2)
    if counts[0] == size:
        return 0.0
    total = size * _tau(1.0 - counts[width + 1] / size)
    for rank in range(width, 0, -1):
        total = 0.5 * (total + counts[rank])
    total += size * _sigma(counts[0] / size)
    return float(size / (2.0 * math.log(2.0)) * size / total)


def _sigma(x: float) -> float:
    if x == 1.0:
        return math.inf
    power, total, last = 1.0, x, -1.0
    while total != last:
        last = total
        x *= x
        total += x * power
        power += power
    return total


def _tau(x: float) -> float:
    if x in (0.0, 1.0):
        return 0.0
    power, total, last = 1.0, 1.0 - x, -1.0
    while total != last:
        last = total
        x = math.sqrt(x)
        power *= 0.5
        total -= (1.0 - x) ** 2 * power
    return total / 3.0
