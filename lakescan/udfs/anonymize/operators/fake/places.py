"""Places: cities of the same country, streets with other names and numbers.

In the United States a city goes to the state that its own state became (`us_states`).
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import numpy as np
import polars as pl

from lakescan.udfs.anonymize.operators.fake.digits import other_digits
from lakescan.udfs.anonymize.operators.fake.draw import Draw
from lakescan.udfs.anonymize.operators.fake.eastern import cities_elsewhere, renamed_places
from lakescan.udfs.anonymize.operators.fake.names import faked_names
from lakescan.udfs.anonymize.operators.fake.streets import marked, ordinals, renamed
from lakescan.udfs.anonymize.operators.fake.tokens import in_letters_of, rewritten
from lakescan.udfs.anonymize.operators.fake.us_states import other_state, zip_code

#: Smaller cities are not drawn: they may tell who lives there.
_POPULATION = 50_000
#: But of each country and state so many are, the largest.
_FEWEST = 5
_US = "US-"


def city(texts: pl.Series, draw: Draw) -> pl.Series:
    """Another city of the same country, in the United States of the state that its own became.

    Of names that several cities have the largest counts; unknown ones are taken for some state's.
    """
    cities, homes, pools = _cities()
    lower = texts.str.strip_chars().str.to_lowercase().replace(_own_names())
    home = lower.replace_strict(homes, default=None, return_dtype=pl.String)
    # A name in another script that no list has is spelled otherwise, in its own letters.
    foreign = home.is_null() & ~texts.str.contains(r"\p{Latin}")
    unknown = draw.chosen(lower, "home", pools["home"].filter(pools["home"].str.starts_with(_US)))
    home = pl.select(pl.coalesce(home, unknown)).to_series()
    states = home.set(~home.str.starts_with(_US), None).str.strip_prefix(_US)
    moved = other_state(states, draw)
    goal = pl.select(pl.coalesce(pl.lit(_US) + moved, home).alias("home")).to_series()
    frame = pl.DataFrame({"home": goal}).join(pools, on="home", how="left", maintain_order="left")
    starts, sizes = frame["start"].to_numpy(), frame["size"].to_numpy()
    at = (draw.numbers(lower, "city") % sizes.astype(np.uint64)).astype(np.int64)
    same = (cities["lower"].gather(starts + at) == lower).to_numpy()
    drawn = cities["name"].gather(starts + np.where(same, (at + 1) % sizes, at))
    names = in_letters_of(texts, drawn)
    small = texts == texts.str.to_lowercase()
    capitals = (texts == texts.str.to_uppercase()) & ~small
    spelled = texts
    if foreign.any():
        other = rewritten(texts, lambda words: faked_names(words, draw), lambda runs: runs)
        spelled = pl.select(pl.coalesce(cities_elsewhere(lower, draw), other)).to_series()
    return pl.select(
        pl.when(foreign)
        .then(spelled)
        .when(small)
        .then(names.str.to_lowercase())
        .when(capitals)
        .then(names.str.to_uppercase())
        .otherwise(names)
    ).to_series()


def street(texts: pl.Series, draw: Draw) -> pl.Series:
    """Other names and numbers; the words that say what it is (Street, Apt) stay.

    A state's code and a postal code in it become the other state's, as in columns of their own.
    """

    def words(some: pl.Series) -> pl.Series:
        states = other_state(some.set(~some.str.contains("^[A-Z]{2}$"), None), draw)
        east = renamed_places(some, draw)
        return pl.select(pl.coalesce(states, east, renamed(some, draw))).to_series()

    def numbers(runs: pl.Series) -> pl.Series:
        return pl.select(
            pl.coalesce(zip_code(runs, draw), other_digits(runs, draw, "street"))
        ).to_series()

    return ordinals(rewritten(marked(texts), words, numbers))


@lru_cache(maxsize=1)
def _own_names() -> dict[str, str]:
    """The list's name for a city's own one (München)."""
    path = resources.files("lakescan.udfs.anonymize.operators.fake").joinpath("city_names.txt")
    lines = [line for line in path.read_text("utf-8").splitlines() if line[0] != "#"]
    pairs = [word.partition("=") for line in lines for word in line.split() if "=" in word]
    return {name.lower(): known for name, _, known in pairs}


@lru_cache(maxsize=1)
def _cities() -> tuple[pl.DataFrame, dict[str, str], pl.DataFrame]:
    """Cities to draw, by home; the home of each name; where each home's cities begin, how many.

    A home is a country, or ``US-`` and a state.
    """
    path = resources.files("lakescan.udfs.anonymize.operators.fake").joinpath("cities.parquet")
    first = pl.read_parquet(path.read_bytes(), parallel="none").with_columns(
        lower=pl.col("name").str.to_lowercase()
    )
    rank = pl.int_range(pl.len()).over("home")
    drawn = first.filter((pl.col("population") >= _POPULATION) | (rank < _FEWEST))
    cities = drawn.sort("home", maintain_order=True)
    pools = (
        cities.with_row_index("at")
        .group_by("home", maintain_order=True)
        .agg(
            pl.col("at").first().cast(pl.Int64).alias("start"),
            pl.len().cast(pl.Int64).alias("size"),
        )
    )
    homes = dict(first.select("lower", "home").iter_rows())
    # New York City is written New York.
    for name, home in list(homes.items()):
        homes.setdefault(name.removesuffix(" city"), home)
    return cities, homes, pools
