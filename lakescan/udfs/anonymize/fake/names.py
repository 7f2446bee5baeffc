"""Names, word by word: each becomes another of its kind, gender, script and, if known, language."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import numpy as np
import polars as pl

from lakescan.udfs.anonymize.crypto.lanes import Int64s
from lakescan.udfs.anonymize.fake.draw import Draw
from lakescan.udfs.anonymize.fake.tokens import in_case_of, in_letters_of
from lakescan.udfs.detect.dictionaries.table import shipped

#: A word's script says its language where no list has it: first that occurs in it.
_SCRIPTS = (
    (r"\p{Cyrillic}", "ru_RU"),
    (r"\p{Greek}", "el_GR"),
    (r"\p{Hebrew}", "he_IL"),
    (r"\p{Arabic}", "ar_AA"),
    (r"\p{Devanagari}", "hi_IN"),
    (r"\p{Thai}", "th_TH"),
    (r"\p{Hangul}", "ko_KR"),
    (r"\p{Hiragana}|\p{Katakana}", "ja_JP"),
    (r"\p{Han}", "zh_CN"),
    (r"\p{Georgian}", "ka_GE"),
    (r"\p{Armenian}", "hy_AM"),
)
_LATIN = "en_US"
#: Here a whole name is written in one word, the family name first.
_JOINED = ("zh_CN", "ja_JP", "ko_KR")


def faked_names(words: pl.Series, draw: Draw) -> pl.Series:
    """Other names for distinct words, written alike; titles (Dr.) stay, initials become others."""
    lower = words.str.to_lowercase()
    known = _known()
    frame = pl.DataFrame({"word": lower}).join(known, on="word", how="left", maintain_order="left")
    locale = frame["locale"].fill_null(_by_script(lower))
    kind = frame["kind"].fill_null(_by_lists(lower))
    kind = pl.select(
        pl.when(kind == "either")
        .then(pl.Series(np.where(draw.numbers(lower, "gender") % 2, "female", "male")))
        .otherwise(kind)
    ).to_series()
    made = _drawn(lower, locale, kind, draw)
    whole = locale.is_in(_JOINED) & frame["kind"].is_null() & (lower.str.len_chars() > 1)
    if whole.any():
        given = _drawn(
            lower,
            locale,
            pl.select(pl.lit("female").repeat_by(len(lower)).explode()).to_series(),
            draw,
        )
        made = pl.select(pl.when(whole).then(made + given).otherwise(made)).to_series()
    initial = (lower.str.len_chars() == 1) & ~locale.is_in(_JOINED)
    if initial.any():
        letters = pl.Series(list("abcdefghijklmnoprstw"))
        other = draw.chosen(lower, "initial", letters)
        made = pl.select(pl.when(initial).then(other).otherwise(made)).to_series()
    titles = lower.is_in(_titles())
    return pl.select(
        pl.when(titles).then(words).otherwise(in_case_of(words, in_letters_of(words, made)))
    ).to_series()


def _by_script(words: pl.Series) -> pl.Series:
    choice = pl.lit(_LATIN)
    for pattern, locale in reversed(_SCRIPTS):
        choice = (
            pl.when(pl.col("word").str.contains(pattern)).then(pl.lit(locale)).otherwise(choice)
        )
    return pl.DataFrame({"word": words}).select(choice.alias("locale"))["locale"]


def _by_lists(words: pl.Series) -> pl.Series:
    """``either`` gender for what only the detectors' list knows as a first name; else ``last``."""
    table = shipped()
    first = (table.look_up(words.hash().to_numpy()) & table.any("first_name")) != 0
    return pl.Series(np.where(first, "either", "last"), dtype=pl.String)


def _drawn(words: pl.Series, locale: pl.Series, kind: pl.Series, draw: Draw) -> pl.Series:
    """A name of each locale and kind: of a name that is one, never itself nor another's."""
    frame = pl.DataFrame({"locale": locale, "kind": kind, "word": words})
    pools = frame.join(_pools(), on=["locale", "kind"], how="left", maintain_order="left")
    starts = pools["start"].to_numpy().astype(np.int64)
    sizes = pools["size"].to_numpy().astype(np.uint64)
    drawn = starts + (draw.numbers(words, "name") % sizes).astype(np.int64)
    places = _places()
    listed = frame.join(places, on=["locale", "kind", "word"], how="left", maintain_order="left")
    own = listed["at"].fill_null(-1).to_numpy()
    following = draw.kept("names", lambda: _following(draw))
    return _words().gather(np.where(own >= 0, following[own], drawn))


def _following(draw: Draw) -> Int64s:
    """For each name the next of its kind in an order that the key gives: a permutation."""
    table = _table()
    orders = pl.DataFrame(
        {"pool": table["locale"] + table["kind"], "number": draw.numbers(_words(), "order")}
    ).with_row_index("at")
    ordered = orders.sort("pool", "number")
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
def _table() -> pl.DataFrame:
    """All names, those of one locale and kind together."""
    path = resources.files("lakescan.udfs.anonymize.fake").joinpath("names.parquet")
    frame = pl.read_parquet(path.read_bytes(), parallel="none")
    return frame.with_columns(pl.col("locale", "kind").cast(pl.String))


@lru_cache(maxsize=1)
def _words() -> pl.Series:
    return _table()["word"]


@lru_cache(maxsize=1)
def _places() -> pl.DataFrame:
    """Where each name stands."""
    return _table().with_row_index("at").with_columns(pl.col("at").cast(pl.Int64))


@lru_cache(maxsize=1)
def _pools() -> pl.DataFrame:
    """Where the words of each locale and kind begin, and how many there are."""
    return (
        _table()
        .with_row_index("at")
        .group_by("locale", "kind", maintain_order=True)
        .agg(pl.col("at").first().alias("start"), pl.len().alias("size"))
    )


@lru_cache(maxsize=1)
def _known() -> pl.DataFrame:
    """For each word the first locale that has it, and its kind there: a gender, either, or last."""
    return (
        _table()
        .group_by("word", maintain_order=True)
        .agg(
            pl.col("locale").first(),
            pl.col("kind").filter(pl.col("locale") == pl.col("locale").first()).alias("kinds"),
        )
        .select(
            "word",
            "locale",
            pl.when(pl.col("kinds").list.contains("female") & pl.col("kinds").list.contains("male"))
            .then(pl.lit("either"))
            .otherwise(pl.col("kinds").list.first())
            .alias("kind"),
        )
    )


@lru_cache(maxsize=1)
def _titles() -> frozenset[str]:
    folder = resources.files("lakescan.udfs.detect.dictionaries.lists")
    words: set[str] = set()
    for name in ("title.txt", "title_after.txt"):
        for line in folder.joinpath(name).read_text("utf-8").splitlines():
            if not line.startswith("#"):
                words.update(word.strip(" ,.~") for word in line.lower().split(","))
    return frozenset(word for word in words if word.isalpha())
