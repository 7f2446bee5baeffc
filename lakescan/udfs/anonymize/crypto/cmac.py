"""AES-CMAC (RFC 4493, NIST SP 800-38B) of many strings at once."""

from __future__ import annotations

import numpy as np

from lakescan.udfs.anonymize.crypto.lanes import BLOCK, BlockCipher, Bytes, Strings

#: The constant of doubling in the field of 128 bits (RFC 4493, section 2.3).
_RB = 0x87


class Cmac:
    """A keyed pseudo-random function from strings to 16 bytes.

    Args:
        key: 16, 24 or 32 bytes.
    """

    def __init__(self, key: bytes) -> None:
        self._cipher = BlockCipher(key)
        zero = self._cipher(np.zeros((1, BLOCK), np.uint8))
        self._whole = doubled(zero)
        self._padded = doubled(self._whole)

    def __call__(self, strings: Strings) -> Bytes:
        """The tag of each string: shape (strings, 16)."""
        out = np.empty((len(strings), BLOCK), np.uint8)
        for size, lanes in strings.by_size():
            out[lanes] = self.of_rows(strings.rows(lanes, size))
        return out

    def of_rows(self, rows: Bytes) -> Bytes:
        """The tag of each row of a matrix of bytes."""
        lanes, size = rows.shape
        blocks = max(1, -(-size // BLOCK))
        padded = np.zeros((lanes, blocks * BLOCK), np.uint8)
        padded[:, :size] = rows
        if size == blocks * BLOCK:
            padded[:, -BLOCK:] ^= self._whole
        else:
            padded[:, size] = 0x80
            padded[:, -BLOCK:] ^= self._padded
        state = self._cipher(padded[:, :BLOCK])
        for at in range(BLOCK, blocks * BLOCK, BLOCK):
            state = self._cipher(state ^ padded[:, at : at + BLOCK])
        return state

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a key is never pickled")


def doubled(blocks: Bytes) -> Bytes:
    """Each block times x in the field of 128 bits; shape (lanes, 16)."""
    out = (blocks << 1).astype(np.uint8)
    out[:, :-1] |= blocks[:, 1:] >> 7
    out[:, -1] ^= (blocks[:, 0] >> 7) * np.uint8(_RB)
    return out
