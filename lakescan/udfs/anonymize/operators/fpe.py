"""fpe: format-preserving encryption, FF1 (NIST SP 800-38G), of the characters inside values.

A value falls into a class: a number; or letters and digits, with capitals, with small letters or
with both. It is permuted within its class and length by walking on (section 5 allows it: "cycle
walking") until the result is of the class. Everything that is no ASCII letter or digit stays.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from lakescan.policy.operators import FpeOptions
from lakescan.udfs.anonymize.code_points import CodePoints, Points, are_separators
from lakescan.udfs.anonymize.crypto.ff1 import Digits, Ff1
from lakescan.udfs.anonymize.crypto.lanes import Int64s
from lakescan.udfs.anonymize.crypto.luhn import check_digits
from lakescan.udfs.anonymize.keys import DomainKeys
from lakescan.udfs.anonymize.operators.alphabets import (
    ALPHABETS,
    LOWER,
    MIXED,
    NUMBERS,
    UPPER,
    in_class,
    is_capital,
    is_digit,
    is_small,
)
from lakescan.udfs.anonymize.operators.protocol import Applied, Bools, Cells, Traits
from lakescan.udfs.anonymize.text_types import TEXT, is_text

_Step = Callable[[Digits], Digits]
#: The least integer type that holds every number of six digits.
_LEAST_BITS = 32
#: So many values are worked on together: what is reckoned of them then stays in a core's cache.
_TOGETHER = 1 << 13


class Fpe:
    """Permutes values of one format; numbers stay numbers, so that joins across types hold.

    Numbers without leading zeros and of at most ``pad_to`` digits share one domain and may change
    their length (six digits are the least that the standard allows); all others keep it.
    """

    name = "fpe"
    traits = Traits(keyed=True, reversible=True, keeps_length=True)

    def __init__(self, options: FpeOptions) -> None:
        self._options = options
        self._ciphers: list[Ff1] = []
        self._short: Ff1 | None = None

    def result_type(self, kind: pa.DataType) -> pa.DataType | None:
        """Texts, and integers of at least 32 bits that hold all of ``pad_to`` digits."""
        if is_text(kind):
            return TEXT
        if not pa.types.is_integer(kind) or kind.bit_width < _LEAST_BITS:
            return None
        return kind if 10**self._options.pad_to - 1 <= largest(kind) else None

    def setup(self, keys: DomainKeys | None) -> None:
        """Derive the keys."""
        assert keys is not None, "the job asks for a key first"
        key = keys.secret("fpe")
        self._ciphers = [Ff1(key, each.radix, each.tweak) for each in ALPHABETS]
        self._short = Ff1(key, 10, b"short")

    def apply(self, cells: Cells) -> Applied:
        """The encrypted values."""
        return self._either(cells.values, [each.encrypt for each in self._ciphers], reveal=False)

    def reveal(self, cells: Cells) -> Applied:
        """Undo `apply`."""
        return self._either(cells.values, [each.decrypt for each in self._ciphers], reveal=True)

    def _either(self, values: pa.Array, steps: list[_Step], *, reveal: bool) -> Applied:
        assert self._short is not None, "setup comes first"
        short = self._short.decrypt if reveal else self._short.encrypt
        if is_text(values.type):
            return self._texts(values, steps, short)
        most = largest(values.type)
        texts = values.cast(pa.string()).cast(TEXT)
        done = self._texts(texts, steps, short)
        unfit = np.zeros(len(values), np.bool_) if done.unfit is None else done.unfit
        # A result that the type cannot hold is encrypted again, as any that left its class is.
        numbers = _numbers(done.values, unfit)
        while (over := (numbers > most) | (numbers < ~most)).any():
            at = np.flatnonzero(over)
            again = pa.array([str(n) for n in numbers[at].tolist()], TEXT)
            numbers[at] = _numbers(self._texts(again, steps, short).values, unfit[at])
        return Applied(pa.array(numbers.tolist(), values.type), unfit if unfit.any() else None)

    def _texts(self, values: pa.Array, steps: list[_Step], short: _Step) -> Applied:
        parts = [
            self._some(values.slice(at, _TOGETHER), steps, short)
            for at in range(0, max(1, len(values)), _TOGETHER)
        ]
        unfit = np.concatenate([unfit for _, unfit in parts])
        return Applied(
            pa.concat_arrays([made for made, _ in parts]), unfit if unfit.any() else None
        )

    def _some(self, values: pa.Array, steps: list[_Step], short: _Step) -> tuple[pa.Array, Bools]:
        texts = CodePoints.of(values)
        points = texts.points.copy()
        chosen, unfit = self._chosen(texts)
        before, totals = texts.ranks(chosen)
        small = self._small(texts, totals)
        first, last = self._options.keep_first, self._options.keep_last
        if first or last:
            ends = np.repeat(totals, texts.sizes) - last
            chosen &= (before >= first) & (before < ends)
        lanes = texts.lanes
        chosen &= ~small[lanes] & ~unfit[lanes]
        kinds, counts = _kinds(texts, chosen)
        places = np.flatnonzero(chosen)
        starts = np.cumsum(counts) - counts
        for kind, count in {*zip(kinds.tolist(), counts.tolist(), strict=True)}:
            rows = np.flatnonzero((kinds == kind) & (counts == count) & ~small & ~unfit)
            payload = count - (self._options.checksum == "luhn" and kind == NUMBERS)
            if payload < self._ciphers[kind].least_length:
                unfit[rows] = True
                continue
            at = places[starts[rows][:, None] + np.arange(count)]
            points[at] = self._permuted(kind, texts.points[at], steps[kind])
        out = CodePoints(points, texts.offsets).to_arrow()
        if small.any():
            out = _replaced(out, np.flatnonzero(small), self._shorts(values, small, short))
        return out, unfit

    def _chosen(self, texts: CodePoints) -> tuple[Bools, Bools]:
        """The characters that change; and the values that have letters of other alphabets."""
        points = texts.points
        digits = is_digit(points)
        alphanumeric = digits | is_capital(points) | is_small(points)
        foreign = ~alphanumeric & ~are_separators(points)
        _, strange = texts.ranks(foreign)
        chosen = digits if self._options.alphabet == "digits" else alphanumeric
        return chosen.copy(), strange > 0

    def _small(self, texts: CodePoints, totals: Int64s) -> Bools:
        """Values that are numbers of few digits and begin with none that says nothing."""
        options = self._options
        sizes = texts.sizes
        if options.keep_first or options.keep_last or options.checksum != "none":
            return np.zeros(len(sizes), np.bool_)
        _, digits = texts.ranks(is_digit(texts.points))
        small = (digits == sizes) & (totals == sizes) & (sizes > 0) & (sizes <= options.pad_to)
        at = np.flatnonzero(small)
        led = texts.points[texts.offsets[:-1][at]] == 48
        small[at[led & (sizes[at] > 1)]] = False
        few: Bools = small
        return few

    def _shorts(self, values: pa.Array, small: Bools, step: _Step) -> pl.Series:
        width = self._options.pad_to
        series = pl.from_arrow(values)
        assert isinstance(series, pl.Series)
        padded = series.filter(pl.Series(small)).str.zfill(width)
        rows = np.frombuffer("".join(padded.to_list()).encode(), np.uint8).reshape(-1, width) - 48
        text = (step(rows) + np.uint8(48)).astype(np.uint8).tobytes().decode()
        texts = pl.Series([text[at : at + width] for at in range(0, len(text), width)])
        bare = texts.str.strip_chars_start("0")
        return bare.replace({"": "0"})

    def _permuted(self, kind: int, points: Points, step: _Step) -> Points:
        alphabet = ALPHABETS[kind]
        rows = alphabet.digits(points)
        if kind != NUMBERS or self._options.checksum != "luhn":
            return alphabet.points(self._walked(kind, rows, step))
        # The distance between the check digit and the right one stays: a valid number stays valid,
        # another stays invalid, and both can be revealed.
        payload, check = rows[:, :-1], rows[:, -1]
        distance = (10 + check - check_digits(payload)) % 10
        changed = self._walked(kind, payload, step)
        checks = ((check_digits(changed) + distance) % 10).astype(np.uint8)
        return alphabet.points(np.concatenate((changed, checks[:, None]), axis=1))

    def _walked(self, kind: int, rows: Digits, step: _Step) -> Digits:
        out = step(rows)
        if kind == NUMBERS and self._options.keep_first:
            return out  # what stands in front says whether the number begins with a zero
        zeros = rows[:, 0] == 0
        left = np.flatnonzero(~in_class(kind, out, zeros))
        while left.size:
            out[left] = step(out[left])
            left = left[~in_class(kind, out[left], zeros[left])]
        return out


def _kinds(texts: CodePoints, chosen: Bools) -> tuple[Int64s, Int64s]:
    """The class of each value by the characters that change in it, and how many these are."""
    _, counts = texts.ranks(chosen)
    _, capitals = texts.ranks(chosen & is_capital(texts.points))
    _, small = texts.ranks(chosen & is_small(texts.points))
    kinds = np.full(len(counts), NUMBERS)
    kinds[capitals > 0] = UPPER
    kinds[small > 0] = LOWER
    kinds[(capitals > 0) & (small > 0)] = MIXED
    return kinds, counts


def largest(kind: pa.DataType) -> int:
    """The largest integer of a type."""
    bits = kind.bit_width - pa.types.is_signed_integer(kind)
    return int(2**bits - 1)


def _numbers(texts: pa.Array, unfit: Bools) -> npt.NDArray[np.object_]:
    plain = ["0" if bad else text for text, bad in zip(texts.to_pylist(), unfit, strict=True)]
    return np.array([int(text) for text in plain], object)


def _replaced(texts: pa.Array, rows: Int64s, values: pl.Series) -> pa.Array:
    """The array with other values in some rows."""
    series = pl.from_arrow(texts)
    assert isinstance(series, pl.Series)
    order = np.arange(len(series))
    order[rows] = len(series) + np.arange(len(rows))
    both = pl.concat([series, values.cast(pl.String)])
    return pc.cast(both.gather(order).to_arrow(), TEXT)
