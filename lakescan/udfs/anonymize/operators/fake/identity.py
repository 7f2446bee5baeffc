"""Numbers of persons and firms: others of the same form that pass the checks that they pass."""

from __future__ import annotations

import string
from functools import partial

import numpy as np
import polars as pl

from lakescan.policy.operators import FpeOptions
from lakescan.udfs.anonymize.operators.fake.draw import Draw
from lakescan.udfs.anonymize.operators.fake.machines import shape
from lakescan.udfs.anonymize.operators.fake.numbers import STEPS, Permuted, Step, accepted, walked

#: What comes before the last letter or digit, that one, and what follows it.
_PARTS = r"^(.*)([0-9A-Za-z])([^0-9A-Za-z]*)$"
#: Digits of a number that keeps its length all the same.
_SHORT = 6
#: A shorter rest has too few others.
_LEAST_REST = 7


def identity(entity: str, texts: pl.Series, draw: Draw) -> pl.Series:
    """A number of the same form that passes the checks that the original passes.

    Where letters stand among digits each stays of its kind: W63378576 is no EE1K0IDKO.
    """
    respelled = partial(shape, draw=draw)
    capitals = texts.str.contains("[A-Z]")
    letters = texts.str.contains("[A-Za-z]")
    # FF1 has no room for fewer digits, and would make more of them.
    short = ~letters & (texts.str.count_matches("[0-9]") <= _SHORT)
    out = _nothing(len(texts))
    for chosen, step, signs in (
        (short, respelled, string.digits),
        (~letters & ~short, Permuted(draw, FpeOptions()), string.digits),
        (capitals, respelled, string.digits + string.ascii_uppercase),
        (letters & ~capitals, respelled, string.digits + string.ascii_lowercase),
    ):
        at = np.flatnonzero(chosen.to_numpy())
        if at.size:
            out = out.scatter(at, _others(entity, texts.gather(at), step, signs))
    return out


def _others(entity: str, texts: pl.Series, step: Step, signs: str) -> pl.Series:
    made = _with_check(entity, texts, step, signs)
    left = np.flatnonzero(made.is_null().to_numpy())
    if left.size:
        made = made.scatter(left, walked(texts.gather(left), step, partial(accepted, entity)))
    return made


def _with_check(entity: str, texts: pl.Series, step: Step, signs: str) -> pl.Series:
    """Numbers whose last sign follows from the rest: the rest is permuted, the last one computed.

    The rest steps on until exactly one sign fits, as one does in the original; so it is permuted
    among such rests, and different numbers become different ones. Null for what has no such sign,
    or has found no rest in `STEPS` steps.
    """
    out = _nothing(len(texts))
    rests = texts.str.extract(_PARTS, 1).fill_null("")
    ends = texts.str.extract(_PARTS, 3).fill_null("")
    left = np.flatnonzero((rests.str.count_matches("[0-9A-Za-z]") >= _LEAST_REST).to_numpy())
    own = _completed(entity, rests.gather(left), ends.gather(left), signs)
    left = left[(own == texts.gather(left)).fill_null(value=False).to_numpy()]
    rests = rests.gather(left)
    for _ in range(STEPS):
        if not left.size:
            break
        rests = step(rests)
        whole = _completed(entity, rests, ends.gather(left), signs)
        found = whole.is_not_null().to_numpy()
        out = out.scatter(left[found], whole.gather(np.flatnonzero(found)))
        left, rests = left[~found], rests.gather(np.flatnonzero(~found))
    return out


def _completed(entity: str, rests: pl.Series, ends: pl.Series, signs: str) -> pl.Series:
    """Rests with the one sign that makes them valid, and their ends; null where not just one."""
    if not len(rests):
        return _nothing(0)
    every = pl.concat([pl.select(rests + sign + ends).to_series() for sign in signs])
    fits = accepted(entity, every).reshape(len(signs), len(rests))
    only = fits.sum(axis=0) == 1
    whole = every.gather(fits.argmax(axis=0) * len(rests) + np.arange(len(rests)))
    return whole.set(pl.Series(~only), None)


def _nothing(size: int) -> pl.Series:
    return pl.Series([None] * size, dtype=pl.String)
