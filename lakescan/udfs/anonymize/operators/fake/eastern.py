"""Addresses of Japan, China and Korea: names, each before a sign that says what it is of."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import numpy as np
import polars as pl

from lakescan.udfs.anonymize.operators.fake.draw import Draw
from lakescan.udfs.anonymize.operators.fake.streets import street_names

#: Prefectures, provinces, cities, districts, roads, blocks, houses, floors; longer ones first.
_SIGNS = (
    "丁目|番地|番町|大道|街道|胡同|单元|都|道|府|県|縣|省|市|区|區|郡|町|村|县|镇|鎮|乡|鄉|街|路|巷|弄|里"
    "|通|番|号|號|条|棟|栋|幢|階|楼|层|室"
)
_KOREAN = "특별자치시|특별자치도|특별시|광역시|시|도|군|구|읍|면|동|리|로|길|가|호|층|번지"
#: Nothing but signs, and sides of a city between its numbers: 北1条西2丁目.
_SIGNS_ALONE = rf"^(?:{_SIGNS}|{_KOREAN}|[東西南北东])+$"
#: Signs of Japan alone.
_JAPANESE = r"[都県町村]|丁目|番地|[\p{Hiragana}\p{Katakana}]|大阪|京都|北海道"
_WRITTEN = r"^[\p{Han}\p{Hiragana}\p{Katakana}ー\p{Hangul}]+$"


def renamed_places(words: pl.Series, draw: Draw) -> pl.Series:
    """Other names in words that have no space between them; null for a word of other letters.

    Cities become what they become in a column of their own.
    """
    theirs = words.set(~words.str.contains(_WRITTEN), None)
    frame = pl.DataFrame(
        {
            "piece": theirs.str.extract_all(_pieces()),
            "language": pl.select(
                pl.when(theirs.str.contains(r"\p{Hangul}"))
                .then(pl.lit("ko"))
                .when(theirs.str.contains(_JAPANESE))
                .then(pl.lit("ja"))
                .otherwise(pl.lit("zh"))
            ).to_series(),
        }
    ).with_row_index("row")
    pieces = frame.explode("piece", empty_as_null=True)
    keys = ["language", "piece"]
    some = pieces.drop_nulls("piece").select(keys).unique(maintain_order=True)
    if not len(some):
        return pl.Series([None] * len(words), dtype=pl.String)
    made = pl.concat(
        own.with_columns(_renamed(own["piece"], str(language), draw).alias("made"))
        for (language,), own in some.group_by("language", maintain_order=True)
    )
    whole = pieces.join(made, on=keys, how="left", maintain_order="left")
    joined = whole.group_by("row", maintain_order=True).agg(pl.col("made").str.join(""))["made"]
    return joined.set(theirs.is_null(), None)


def cities_elsewhere(names: pl.Series, draw: Draw) -> pl.Series:
    """Other cities of the same letters and country, as they are written there; null for others."""
    out = pl.Series([None] * len(names), dtype=pl.String)
    lower = names.str.to_lowercase()
    for place, pool in enumerate(_cities()):
        at = np.flatnonzero(lower.is_in(pool.str.to_lowercase().implode()).to_numpy())
        if at.size:
            out = out.scatter(at, draw.chosen(lower.gather(at), f"city {place}", pool))
    return out


def _renamed(pieces: pl.Series, language: str, draw: Draw) -> pl.Series:
    sign = rf"^(.+?)({_SIGNS}|{_KOREAN})$"
    stems = pl.select(pl.coalesce(pieces.str.extract(sign, 1), pieces)).to_series()
    others = draw.chosen(stems, f"street {language}", street_names()[language])
    made = pl.coalesce(cities_elsewhere(stems, draw), others)
    ends = pieces.str.extract(sign, 2).fill_null("")
    whole = pl.select(made + ends).to_series()
    return whole.zip_with(~pieces.str.contains(_SIGNS_ALONE), pieces)


@lru_cache(maxsize=1)
def _pieces() -> str:
    """A pattern of a name with its sign. Names of cities may have signs in them: 京都, 町田."""
    known = sorted((name for pool in _cities() for name in pool), key=len, reverse=True)
    return rf"\p{{Hangul}}+|(?:{'|'.join(known)}|[^\p{{Hangul}}]+?)(?:{_SIGNS})|[^\p{{Hangul}}]+"


@lru_cache(maxsize=1)
def _cities() -> tuple[pl.Series, ...]:
    path = resources.files("lakescan.udfs.anonymize.operators.fake").joinpath("city_names.txt")
    lines = [line.split() for line in path.read_text("utf-8").splitlines() if line[0] != "#"]
    return tuple(pl.Series(line) for line in lines if "=" not in line[0])
