"""AES-SIV (RFC 5297): deterministic authenticated encryption, many strings at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lakescan.udfs.anonymize.crypto.cmac import Cmac, doubled
from lakescan.udfs.anonymize.crypto.lanes import BLOCK, BlockCipher, Bytes, Int64s, Strings


class Siv:
    """Encrypts equal strings alike, and tells whether a ciphertext is one of its own.

    Args:
        key: 32, 48 or 64 bytes: half for the authentication, half for the encryption.
        associated: what a ciphertext is bound to.
    """

    def __init__(self, key: bytes, associated: bytes) -> None:
        half = len(key) // 2
        self._cmac = Cmac(key[:half])
        self._cipher = BlockCipher(key[half:])
        zero = self._cmac.of_rows(np.zeros((1, BLOCK), np.uint8))
        bound = self._cmac.of_rows(np.frombuffer(associated, np.uint8).reshape(1, -1))
        #: S2V (section 2.4) up to the last string.
        self._prefix = doubled(zero) ^ bound

    def encrypt(self, plain: Strings) -> Strings:
        """Each string's synthetic IV (16 bytes) followed by its ciphertext, as long as itself."""
        out = Strings.empty(plain.sizes + BLOCK)
        for size, lanes in plain.by_size():
            rows = plain.rows(lanes, size)
            ivs = self._s2v(rows)
            out.put(lanes, np.concatenate((ivs, rows ^ self._stream(ivs, size)), axis=1))
        return out

    def decrypt(self, sealed: Strings) -> tuple[Strings, npt.NDArray[np.bool_]]:
        """The plaintexts, and which of them are what this key sealed; the others are zeros."""
        out = Strings.empty(np.maximum(sealed.sizes - BLOCK, 0))
        valid = np.zeros(len(sealed), np.bool_)
        for size, lanes in sealed.by_size():
            if size < BLOCK:
                continue
            rows = sealed.rows(lanes, size)
            ivs = np.ascontiguousarray(rows[:, :BLOCK])
            plain = rows[:, BLOCK:] ^ self._stream(ivs, size - BLOCK)
            # Whole columns are compared at once: time tells nothing about one value.
            right = (self._s2v(plain) == ivs).all(axis=1)
            valid[lanes] = right
            own: Int64s = lanes[right]
            out.put(own, plain[right])
        return out, valid

    def _s2v(self, rows: Bytes) -> Bytes:
        size = rows.shape[1]
        if size >= BLOCK:
            ended = rows.copy()
            ended[:, -BLOCK:] ^= self._prefix
            return self._cmac.of_rows(ended)
        last = np.zeros((len(rows), BLOCK), np.uint8)
        last[:, :size] = rows
        last[:, size] = 0x80
        return self._cmac.of_rows(last ^ doubled(self._prefix))

    def _stream(self, ivs: Bytes, size: int) -> Bytes:
        """The key stream of AES-CTR from each IV, with two bits of it cleared (section 2.5)."""
        blocks = -(-size // BLOCK)
        first = ivs.copy()
        first[:, 8] &= 0x7F
        first[:, 12] &= 0x7F
        halves = first.view(">u8").astype(np.uint64)
        counters = np.empty((len(ivs), blocks, 2), ">u8")
        steps = np.arange(blocks, dtype=np.uint64)
        low = halves[:, 1:] + steps
        counters[:, :, 1] = low
        counters[:, :, 0] = halves[:, :1] + (low < steps)
        stream = self._cipher(counters.reshape(-1, 2).view(np.uint8))
        return stream.reshape(len(ivs), blocks * BLOCK)[:, :size]

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a key is never pickled")
