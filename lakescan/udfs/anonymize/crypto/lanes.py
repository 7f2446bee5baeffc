"""Blocks of many values at once: a lane is one value, a block 16 bytes of it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 16

Bytes = npt.NDArray[np.uint8]
Int64s = npt.NDArray[np.int64]


class BlockCipher:
    """AES over each block alone: what the modes in this package are built of.

    Args:
        key: 16, 24 or 32 bytes.
    """

    def __init__(self, key: bytes) -> None:
        # Never used as a mode of its own: CMAC, SIV and FF1 are defined by single blocks.
        self._encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305

    def __call__(self, blocks: Bytes) -> Bytes:
        """Encrypt blocks.

        Args:
            blocks: shape (lanes, 16), contiguous.

        Returns:
            The same shape.
        """
        out = np.empty((len(blocks) + 1, BLOCK), np.uint8)
        data = np.ascontiguousarray(blocks)
        self._encryptor.update_into(data.reshape(-1).data, out.reshape(-1).data)
        return out[:-1]

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a key is never pickled")


class Strings:
    """Byte strings of many lengths, side by side.

    Args:
        offsets: where each begins in ``data``, and the end of the last; int64.
        data: all bytes.
    """

    def __init__(self, offsets: Int64s, data: Bytes) -> None:
        self.offsets = offsets
        self.data = data
        self.sizes: Int64s = np.diff(offsets)

    def __len__(self) -> int:
        return len(self.sizes)

    def by_size(self) -> Iterator[tuple[int, Int64s]]:
        """Each length that occurs, and the lanes that have it."""
        # Of 16 bits, numbers are sorted by their digits, in a quarter of the time.
        short = not len(self) or self.sizes.max() < 1 << 16
        order = np.argsort(self.sizes.astype(np.uint16) if short else self.sizes, kind="stable")
        sizes = self.sizes[order]
        edges = np.flatnonzero(np.diff(sizes, prepend=-1))
        for start, stop in zip(edges, [*edges[1:], len(order)], strict=True):
            yield int(sizes[start]), order[start:stop]

    def rows(self, lanes: Int64s, size: int) -> Bytes:
        """The bytes of lanes that all are ``size`` long: shape (lanes, size)."""
        if not size:
            return np.zeros((len(lanes), 0), np.uint8)
        windows = np.lib.stride_tricks.sliding_window_view(self.data, size)
        return windows[self.offsets[lanes]]

    @classmethod
    def empty(cls, sizes: Int64s) -> Strings:
        """Room for strings of these lengths."""
        offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))
        return cls(offsets, np.zeros(int(offsets[-1]), np.uint8))

    def put(self, lanes: Int64s, rows: Bytes) -> None:
        """Write lanes that all are as long as ``rows`` is wide."""
        size = rows.shape[1]
        if size:
            at = self.offsets[lanes][:, None] + np.arange(size)
            self.data[at] = rows
