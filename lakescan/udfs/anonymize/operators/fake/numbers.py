"""Numbers with a form: cards, phones, accounts, identities, addresses of machines.

They are permuted (FF1), so that different ones stay different, within what their form allows.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

import numpy as np
import polars as pl
import pyarrow as pa

from lakescan.policy.operators import FpeOptions
from lakescan.udfs.anonymize.operators.fake.draw import Draw
from lakescan.udfs.anonymize.operators.fake.permutation import turned
from lakescan.udfs.anonymize.operators.fpe import Fpe, largest
from lakescan.udfs.anonymize.operators.protocol import Cells
from lakescan.udfs.anonymize.text_types import TEXT
from lakescan.udfs.arrays import to_arrow, to_numpy
from lakescan.udfs.detect.checksums.candidates import Candidates
from lakescan.udfs.detect.matching.regexes import is_wholly
from lakescan.udfs.detect.pattern import Pattern
from lakescan.udfs.detect.patterns import all_patterns

Step = Callable[[pl.Series], pl.Series]
Check = Callable[[pl.Series], np.ndarray[tuple[int], np.dtype[np.bool_]]]

#: Steps until what is valid must have come up; where fewer than one in so many is, form alone
#: is kept.
STEPS = 400
#: A subscriber's number: what stands before it (country, area) stays.
_SUBSCRIBER = 7
_BIN = 6


class Permuted:
    """FF1 of texts under the options of a form.

    Args:
        draw: gives the key.
        options: which characters change.
    """

    def __init__(self, draw: Draw, options: FpeOptions) -> None:
        self._fpe = Fpe(options)
        self._fpe.setup(draw.keys)

    def __call__(self, texts: pl.Series) -> pl.Series:
        """Other texts; null where one is too short."""
        done = self._fpe.apply(Cells(texts.to_arrow().cast(TEXT), "", ""))
        made = pl.from_arrow(done.values)
        assert isinstance(made, pl.Series)
        return made if done.unfit is None else made.set(pl.Series(done.unfit), None)


def card(texts: pl.Series, draw: Draw) -> pl.Series:
    """The issuer's digits and the validity of the check digit stay."""
    return Permuted(draw, FpeOptions(keep_first=_BIN, checksum="luhn", alphabet="digits"))(texts)


def phone(texts: pl.Series, draw: Draw) -> pl.Series:
    """Country and area stay; the subscriber's number changes, and stays a possible one."""
    counts = texts.str.count_matches(r"[0-9]")
    out = pl.Series([None], dtype=pl.String).extend_constant(None, len(texts) - 1)
    for count in counts.unique().to_list():
        if count < _SUBSCRIBER - 1:
            continue
        at = np.flatnonzero((counts == count).to_numpy())
        some = texts.gather(at)
        kept = max(0, count - _SUBSCRIBER)
        step = Permuted(draw, FpeOptions(keep_first=kept, alphabet="digits"))
        out = out.scatter(at, walked(some, step, partial(accepted, "PHONE_NUMBER")))
    return out


def iban(texts: pl.Series, draw: Draw) -> pl.Series:
    """Country and bank stay as far as they are letters; the check digits fit (ISO 13616)."""
    bare = texts.str.replace_all(r"[^A-Za-z0-9]", "").str.to_uppercase()
    step = Permuted(draw, FpeOptions(alphabet="digits"))
    accounts = step(bare.str.slice(4))
    made = pl.select(bare.str.slice(0, 2) + "00" + accounts).to_series().to_list()
    whole = [None if each is None else _checked(each) for each in made]
    return spaced(texts, pl.Series(whole, dtype=pl.String))


def spaced(originals: pl.Series, bare: pl.Series) -> pl.Series:
    """Texts without separators, with those of the originals put back in their places."""

    def one(original: str, text: str | None) -> str | None:
        if text is None:
            return None
        rest = iter(text)
        return "".join(next(rest, "") if char.isalnum() else char for char in original)

    pairs = zip(originals.to_list(), bare.to_list(), strict=True)
    return pl.Series([one(*pair) for pair in pairs], dtype=pl.String)


def walked(texts: pl.Series, step: Step, check: Check) -> pl.Series:
    """Step until a text passes the check if the original does, or fails it; `STEPS` times at most.

    So those that pass are permuted among themselves, and those that fail.
    """
    wanted = check(texts)
    out = step(texts)
    first = out
    other = wanted != check(out.fill_null(""))
    left = np.flatnonzero(other & out.is_not_null().to_numpy())
    for _ in range(STEPS):
        if not left.size:
            return out
        again = step(out.gather(left))
        out = out.scatter(left, again)
        left = left[wanted[left] != check(again.fill_null(""))]
    return out.scatter(left, first.gather(left))


def accepted(entity: str, texts: pl.Series) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which texts a pattern of the entity accepts, checksum and all, if any of them has one."""
    found = np.zeros(len(texts), np.bool_)
    for pattern in _patterns(entity):
        fits = np.flatnonzero(is_wholly(texts, pattern.source) & ~found)
        if fits.size:
            check = pattern.validate
            found[fits] = True if check is None else check(Candidates(texts.gather(fits)))
    return found


@lru_cache(maxsize=512)
def _patterns(entity: str) -> tuple[Pattern, ...]:
    own = [each for each in all_patterns() if each.entity == entity]
    return tuple([each for each in own if each.validate is not None] or own)


def _checked(iban_without: str) -> str:
    """An IBAN with its check digits: 98 less the rest modulo 97 (ISO 7064, MOD 97-10)."""
    moved = iban_without[4:] + iban_without[:2] + "00"
    rest = int("".join(str(int(char, 36)) for char in moved)) % 97
    return f"{iban_without[:2]}{98 - rest:02d}{iban_without[4:]}"


def small_integers(values: pa.Array, draw: Draw) -> pa.Array:
    """The longest integers of 8 or 16 bits, permuted among those of their type and sign."""
    kind = values.type
    wide = to_numpy(values.cast(pa.int64()))
    most = np.where(wide < 0, largest(kind) + 1, largest(kind)).astype(np.uint64)
    least = np.uint64(10 ** (len(str(largest(kind))) - 1))
    sizes = most - least + np.uint64(1)
    made = least + turned(
        draw, np.abs(wide).astype(np.uint64) - least, sizes, (wide < 0).astype(np.uint64)
    )
    return to_arrow(np.where(wide < 0, -made.astype(np.int64), made.astype(np.int64))).cast(kind)


def as_text(values: pa.Array) -> pl.Series:
    """An array as a Polars series of strings."""
    series = pl.from_arrow(values)
    assert isinstance(series, pl.Series)
    return series.cast(pl.String)
