"""Names, word by word: each becomes another of its kind, gender, script and, if known, language.

Different names become different ones, apart from capitals: those that are known change places
(`roster`), others are spelled otherwise, and never like one that is known. A name with accents
becomes what its twin without them becomes, accented (`roster.twins`).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import polars as pl

from lakescan.udfs.anonymize.crypto.lanes import Int64s
from lakescan.udfs.anonymize.operators.fake.accents import with_accents
from lakescan.udfs.anonymize.operators.fake.draw import Draw
from lakescan.udfs.anonymize.operators.fake.letters import name_letters, strange
from lakescan.udfs.anonymize.operators.fake.roster import names, roster, script_of, titles, twins
from lakescan.udfs.anonymize.operators.fake.spelling import respelled
from lakescan.udfs.anonymize.operators.fake.tokens import in_case_of, in_letters_of

_INITIALS = pl.Series(list("abcdefghijklmnopqrstuvwxyz"))


def faked_names(words: pl.Series, draw: Draw) -> pl.Series:
    """Other names for distinct words, written alike; titles (Dr.) stay, initials become others."""
    lower = words.str.to_lowercase()
    out = lower
    title = lower.is_in(sorted(titles())).to_numpy()
    initial = lower.str.contains("^[a-z]$").to_numpy() & ~title
    known = _places(lower)
    listed = known.is_not_null().to_numpy() & ~title & ~initial
    accented = _swapped(lower, draw.kept("accents", lambda: _accented(draw)))
    twin = accented.is_not_null().to_numpy()
    out = pl.select(pl.coalesce(accented, out)).to_series()
    if initial.any():
        some = np.flatnonzero(initial)
        out = out.scatter(some, draw.chosen(lower.gather(some), "initial", _INITIALS))
    if listed.any():
        some = np.flatnonzero(listed)
        out = out.scatter(some, _next(known.gather(some), draw))
    other = np.flatnonzero(~title & ~initial & ~listed & ~twin)
    if other.size:
        out = out.scatter(other, _unknown(lower.gather(other), words.gather(other), draw))
    cased = in_case_of(words, out)
    return pl.select(pl.when(pl.Series(title)).then(words).otherwise(cased)).to_series()


def _unknown(lower: pl.Series, words: pl.Series, draw: Draw) -> pl.Series:
    """Words that are no name known, made others that are none; drawn names for unheard letters."""
    letters = name_letters()
    # What a name with accents becomes is taken: from it on goes who is no input here, that name.
    back = draw.kept("accents", lambda: _accented(draw)).select(word="made", made="word")
    out = respelled(lower, letters, draw, "name")
    left = np.flatnonzero(_taken(out, back))
    while left.size:
        some = out.gather(left)
        some = pl.select(pl.coalesce(_swapped(some, back), some)).to_series()
        out = out.scatter(left, respelled(some, letters, draw, "name"))
        left = left[_taken(out.gather(left), back)]
    odd = np.flatnonzero((strange(lower) | (out == lower)).to_numpy())
    if odd.size:
        some = lower.gather(odd)
        out = out.scatter(odd, in_letters_of(words.gather(odd), _drawn(some, draw)))
    return out


def _taken(words: pl.Series, back: pl.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    known = _places(words).is_not_null() | _swapped(words, back).is_not_null()
    return (known | words.is_in(sorted(titles()))).to_numpy()


def _accented(draw: Draw) -> pl.DataFrame:
    """Each name (``word``) that has a twin without accents, and what it becomes (``made``)."""
    table = twins()
    made = with_accents(_next(_places(table["plain"]), draw), table["number"])
    return table.select("word").with_columns(made=made).unique("made", maintain_order=True)


def _swapped(words: pl.Series, table: pl.DataFrame) -> pl.Series:
    """What a table has beside each word; null for what is not in it."""
    frame = pl.DataFrame({"word": words})
    return frame.join(table, on="word", how="left", maintain_order="left")["made"]


def _next(places: pl.Series, draw: Draw) -> pl.Series:
    """The names that those at places of the roster become."""
    following = draw.kept("names", lambda: _following(draw))
    return roster()["word"].gather(following[places.to_numpy()])


def _places(words: pl.Series) -> pl.Series:
    """Where each word stands in the roster; null for what is not in it."""
    frame = pl.DataFrame({"word": words})
    return frame.join(_index(), on="word", how="left", maintain_order="left")["at"]


def _drawn(words: pl.Series, draw: Draw) -> pl.Series:
    """Any family name of the language that a word's script stands for."""
    frame = pl.DataFrame({"locale": script_of(words)})
    pools = frame.join(_families(), on="locale", how="left", maintain_order="left")
    at = draw.numbers(words, "name") % pools["size"].to_numpy().astype(np.uint64)
    places = pools["start"].to_numpy().astype(np.int64) + at.astype(np.int64)
    return names()["word"].gather(places)


def _following(draw: Draw) -> Int64s:
    """For each name the next of its pool in an order that the key gives: one cycle through all."""
    table = roster()
    orders = table.select("pool").with_columns(number=draw.numbers(table["word"], "order"))
    ordered = orders.with_row_index("at").sort("pool", "number")
    following = ordered.select(
        pl.col("at"),
        pl.col("at")
        .shift(-1)
        .over("pool")
        .fill_null(pl.col("at").first().over("pool"))
        .alias("to"),
    ).sort("at")
    return following["to"].to_numpy().astype(np.int64)


@lru_cache(maxsize=1)
def _index() -> pl.DataFrame:
    return roster().select("word").with_row_index("at").with_columns(pl.col("at").cast(pl.Int64))


@lru_cache(maxsize=1)
def _families() -> pl.DataFrame:
    """Where the family names of each locale begin among all names, and how many there are."""
    return (
        names()
        .with_row_index("at")
        .filter(pl.col("kind") == "last")
        .group_by("locale", maintain_order=True)
        .agg(pl.col("at").first().alias("start"), pl.len().alias("size"))
    )
