"""Keyed permutations of the numbers below a size, whatever the size: different stays different."""

from __future__ import annotations

import numpy as np

from lakescan.udfs.anonymize.crypto.cmac import Cmac
from lakescan.udfs.anonymize.crypto.lanes import Bytes
from lakescan.udfs.anonymize.operators.fake.draw import Draw, UInt64s

#: Luby and Rackoff need four; small halves need more (as many as FF1 has, NIST SP 800-38G).
_ROUNDS = 10


def turned(draw: Draw, numbers: UInt64s, sizes: UInt64s, tweaks: UInt64s) -> UInt64s:
    """Other numbers: for each size and tweak a permutation in which none is its own image.

    It is a cycle of all numbers below the size, in an order that the key gives: so whoever walks
    on from a number comes to each other one.

    Args:
        draw: gives the key.
        numbers: below their sizes.
        sizes: from 1 to 2^60; of size 1 the number stays.
        tweaks: numbers with another tweak are permuted otherwise.
    """
    network = _Network(draw, sizes, tweaks)
    one = np.uint64(1)
    return network.backward((network.forward(numbers) + one) % sizes)


class _Network:
    """A Feistel network over two halves whose product is the size, or little more.

    What comes out at the size or above goes in again: "cycle walking", as in format-preserving
    encryption.
    """

    def __init__(self, draw: Draw, sizes: UInt64s, tweaks: UInt64s) -> None:
        self._cmac = draw.kept("permutation", lambda: Cmac(draw.keys.secret("fake.permutation")))
        self._sizes = sizes
        self._left = np.sqrt(sizes.astype(np.float64)).astype(np.uint64) + np.uint64(1)
        self._right = (sizes + self._left - np.uint64(1)) // self._left
        self._rows = np.zeros((len(sizes), 16), np.uint8)
        self._rows[:, :8] = tweaks.astype(">u8").view(np.uint8).reshape(-1, 8)

    def forward(self, numbers: UInt64s) -> UInt64s:
        return self._walked(numbers, range(_ROUNDS), back=np.uint64(0))

    def backward(self, numbers: UInt64s) -> UInt64s:
        return self._walked(numbers, range(_ROUNDS)[::-1], back=np.uint64(1))

    def _walked(self, numbers: UInt64s, rounds: range, back: np.uint64) -> UInt64s:
        out = numbers.copy()
        left = np.arange(len(numbers))
        while left.size:
            out[left] = self._once(out[left], left, rounds, back)
            left = left[out[left] >= self._sizes[left]]
        return out

    def _once(
        self, numbers: UInt64s, at: np.ndarray[tuple[int], np.dtype[np.int64]], rounds: range,
        back: np.uint64,
    ) -> UInt64s:  # fmt: skip
        sizes = self._left[at], self._right[at]
        halves = [numbers // sizes[1], numbers % sizes[1]]
        rows = self._rows[at]
        for number in rounds:
            turn = number % 2
            size = sizes[turn]
            drawn = self._drawn(rows, number, halves[1 - turn]) % size
            halves[turn] = (halves[turn] + (size - drawn if back else drawn)) % size
        return halves[0] * sizes[1] + halves[1]

    def _drawn(self, rows: Bytes, number: int, half: UInt64s) -> UInt64s:
        rows[:, 8] = number
        rows[:, 11:] = half.astype(">u8").view(np.uint8).reshape(-1, 8)[:, 3:]
        tags = np.ascontiguousarray(self._cmac.of_rows(rows)[:, :8])
        return tags.view(">u8")[:, 0].astype(np.uint64)
