"""FF1, format-preserving encryption (NIST SP 800-38G, revision 1, section 5), in lockstep.

A numeral string is a row of a matrix: digits below the radix, most significant first. All rows of
one call have one length. Where half a string fits a machine word, all rows go through the ten
rounds together; longer ones are reckoned one by one.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from lakescan.udfs.anonymize.crypto.lanes import BLOCK, BlockCipher, Bytes

Digits = npt.NDArray[np.uint8]
UInt64s = npt.NDArray[np.uint64]
Numbers = UInt64s | npt.NDArray[np.object_]

#: The least number of strings that a length may have (revision 1, section 5, requirement on
#: radix and minlen).
LEAST_DOMAIN = 1_000_000
_ROUNDS = 10


class Ff1:
    """A permutation of the numeral strings of each length.

    Args:
        key: 16, 24 or 32 bytes.
        radix: 2 to 256.
        tweak: what the permutation depends on besides the key.
    """

    def __init__(self, key: bytes, radix: int, tweak: bytes = b"") -> None:
        self._cipher = BlockCipher(key)
        self._radix = radix
        self._tweak = tweak
        self.least_length = math.ceil(math.log(LEAST_DOMAIN, radix) - 1e-9)

    def encrypt(self, rows: Digits) -> Digits:
        """Encrypt numeral strings, shape (strings, digits)."""
        halves = _Halves(self._radix, rows.shape[1])
        left, right = halves.split(rows)
        for number in range(_ROUNDS):
            size = halves.left if number % 2 == 0 else halves.right
            mixed = halves.added(left, self._round(halves, number, right, size), size)
            left, right = right, mixed
        return halves.joined(left, right)

    def decrypt(self, rows: Digits) -> Digits:
        """Undo `encrypt`."""
        halves = _Halves(self._radix, rows.shape[1])
        left, right = halves.split(rows)
        for number in reversed(range(_ROUNDS)):
            size = halves.left if number % 2 == 0 else halves.right
            mixed = halves.taken(right, self._round(halves, number, left, size), size)
            left, right = mixed, left
        return halves.joined(left, right)

    def _round(self, halves: _Halves, number: int, values: Numbers, size: int) -> Numbers:
        """Step 6 i-v: a number below ``radix ** size`` for each of ``values``."""
        tweak, width = self._tweak, halves.width
        fill = (-len(tweak) - width - 1) % BLOCK
        fixed = self._first_block(halves) + tweak + bytes(fill) + bytes([number])
        whole = len(fixed) // BLOCK * BLOCK
        state = np.zeros((1, BLOCK), np.uint8)
        start = np.frombuffer(fixed[:whole], np.uint8).reshape(-1, 1, BLOCK)
        for block in start:
            state = self._cipher(state ^ block)
        rest = np.frombuffer(fixed[whole:], np.uint8)
        if len(rest) + width == BLOCK and halves.wordy:
            lanes = self._cipher(_words(state, rest, values))
        else:
            tail = np.empty((len(values), len(rest) + width), np.uint8)
            tail[:, : len(rest)] = rest
            tail[:, len(rest) :] = halves.bytes_of(values)
            lanes = np.repeat(state, len(values), axis=0)
            for at in range(0, tail.shape[1], BLOCK):
                lanes = self._cipher(lanes ^ tail[:, at : at + BLOCK])
        return halves.reduced(self._expanded(lanes, halves.taken_bytes), size)

    def _first_block(self, halves: _Halves) -> bytes:
        """P of step 5."""
        return (
            bytes([1, 2, 1])
            + self._radix.to_bytes(3, "big")
            + bytes([10, halves.left % 256])
            + (halves.left + halves.right).to_bytes(4, "big")
            + len(self._tweak).to_bytes(4, "big")
        )

    def _expanded(self, lanes: Bytes, size: int) -> Bytes:
        """S of step 6 iii; more of it than the standard takes."""
        blocks = [lanes]
        for number in range(1, -(-size // BLOCK)):
            mark = np.frombuffer(number.to_bytes(BLOCK, "big"), np.uint8)
            blocks.append(self._cipher(lanes ^ mark))
        return np.concatenate(blocks, axis=1) if blocks[1:] else lanes


class _Halves:
    """The arithmetic of strings of one length, split in two."""

    def __init__(self, radix: int, length: int) -> None:
        self._radix = radix
        self.left = length // 2
        self.right = length - self.left
        #: b and d of steps 3 and 4.
        self.width = -(-math.ceil(self.right * math.log2(radix) - 1e-12) // 8)
        self.taken_bytes = 4 * -(-self.width // 4) + 4
        self._bits = (radix**self.right - 1).bit_length()
        #: Bits of a number that can be shifted in below 64 without losing any.
        self._step = next((step for step in (32, 16, 8) if self._bits + step <= 64), 0)
        self._small = self._step >= 8

    @property
    def wordy(self) -> bool:
        """Whether a half is a machine word."""
        return self._small and self.width <= 8

    def split(self, rows: Digits) -> tuple[Numbers, Numbers]:
        return self._number(rows[:, : self.left]), self._number(rows[:, self.left :])

    def joined(self, left: Numbers, right: Numbers) -> Digits:
        return np.concatenate(
            (self._digits(left, self.left), self._digits(right, self.right)), axis=1
        )

    def added(self, values: Numbers, more: Numbers, size: int) -> Numbers:
        modulus = self._modulus(size)
        return _below(values + more, modulus) if self._small else (values + more) % modulus

    def taken(self, values: Numbers, less: Numbers, size: int) -> Numbers:
        modulus = self._modulus(size)
        whole = values + (modulus - less)
        return _below(whole, modulus) if self._small else whole % modulus

    def reduced(self, data: Bytes, size: int) -> Numbers:
        """The numbers that the first bytes of rows are, modulo ``radix ** size``."""
        modulus = self._modulus(size)
        if not self._small:
            taken = data[:, : self.taken_bytes]
            numbers = [int.from_bytes(row.tobytes(), "big") % int(modulus) for row in taken]
            return np.array(numbers, object)
        # At least eight bytes are taken, and after these a multiple of four.
        out = _rest(data.view(">u8")[:, 0].astype(np.uint64), modulus)
        limbs = data.view(f">u{self._step // 8}")
        step = np.uint64(self._step)
        for at in range(64 // self._step, self.taken_bytes * 8 // self._step):
            out = _rest((out << step) | limbs[:, at], modulus)
        return out

    def bytes_of(self, values: Numbers) -> Bytes:
        if not self._small:
            data = b"".join(int(value).to_bytes(self.width, "big") for value in values)
            return np.frombuffer(data, np.uint8).reshape(len(values), self.width)
        wide = values.astype(">u8").view(np.uint8).reshape(len(values), 8)
        if self.width <= 8:
            return wide[:, 8 - self.width :]
        padded = np.zeros((len(values), self.width), np.uint8)
        padded[:, -8:] = wide
        return padded

    def _modulus(self, size: int) -> Any:
        """A number of the kind that the lanes have."""
        modulus = self._radix**size
        return np.uint64(modulus) if self._small else modulus

    def _number(self, rows: Digits) -> Numbers:
        kind = np.uint64 if self._small else object
        radix: Any = np.uint64(self._radix) if self._small else self._radix
        out: Numbers = np.zeros(len(rows), kind)
        for column in rows.T:
            out = out * radix + column.astype(kind)
        return out

    def _digits(self, values: Numbers, size: int) -> Digits:
        radix: Any = np.uint64(self._radix) if self._small else self._radix
        out = np.empty((len(values), size), np.uint8)
        for at in reversed(range(size)):
            whole = values // radix
            out[:, at] = values - whole * radix
            values = whole
        return out


def _words(state: Bytes, rest: Bytes, values: Numbers) -> Bytes:
    """Blocks that begin with ``rest`` and end with a value, exclusive-or ``state``."""
    start = state[0].copy()
    start[: len(rest)] ^= rest
    first, second = start.view(">u8").tolist()
    words = np.empty((len(values), 2), ">u8")
    words[:, 0] = first
    words[:, 1] = values ^ np.uint64(second)
    return words.view(np.uint8)


def _rest(values: UInt64s, modulus: np.uint64) -> UInt64s:
    """What is left of division; numpy's own remainder takes four times as long."""
    return values - values // modulus * modulus


def _below(values: Numbers, modulus: np.uint64) -> Numbers:
    """Numbers below twice the modulus, modulo it: of those below it, less it, is the larger."""
    below: Numbers = np.minimum(values, values - modulus)
    return below
