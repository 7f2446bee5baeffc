"""All names that are known, each in one pool with others of its kind: they change places there.

A pool is of one language where it has enough names, else of one script. A name that several have
is of the first; so no fake is that of two names.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import polars as pl

from lakescan.udfs.anonymize.operators.fake.tokens import plain_words

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
#: Of fewer one could guess which is whose.
_LEAST = 64
#: What names of a pool have in common, as long as there are enough of them.
_WIDER = (("locale", "kind", "letters"), ("script", "kind", "letters"), ("script", "letters"))
_WORD = r"^\p{L}[\p{L}\p{M}'’]*$"
_LATIN_WORD = r"^[\p{Latin}\p{M}'’]+$"


@lru_cache(maxsize=1)
def roster() -> pl.DataFrame:
    """All names, those of one pool together: ``word`` in lower case, ``pool``."""
    words = pl.concat([_listed(), _detected()]).unique("word", keep="first", maintain_order=True)
    words = words.filter(~pl.col("word").is_in(sorted(titles())))
    words = words.join(_accented(words), on="word", how="anti", maintain_order="left")
    word = pl.col("word")
    letters = (
        pl.when(~word.str.contains(r"[^\x00-\x7F]"))
        .then(pl.lit("ascii"))
        .when(~word.str.contains(r"[^\x00-\xFF]"))
        .then(pl.lit("latin-1"))
        .otherwise(pl.lit("any"))
    )
    words = words.with_columns(letters=letters, script=script_of(words["word"]))
    out, left = [], words
    for place, columns in enumerate(_WIDER):
        pool = pl.concat_str([pl.lit(str(place)), *columns], separator=" ")
        sized = left.with_columns(pool=pool).with_columns(size=pl.len().over("pool"))
        out.append(sized.filter(pl.col("size") >= _LEAST))
        left = sized.filter(pl.col("size") < _LEAST).select(words.columns)
    return pl.concat(out).select("word", "pool").sort("pool", maintain_order=True)


@lru_cache(maxsize=1)
def twins() -> pl.DataFrame:
    """Names with accents (``word``) of names without (``plain``), as an address has them.

    Such a name becomes what the other becomes, with an accent: so chloe@example.com goes with
    Chloé. Of several of one name each has its ``number``, from 0.
    """
    known = roster().select("word")
    words = pl.concat([_listed(), _detected()]).unique("word", keep="first", maintain_order=True)
    some = _accented(words).join(known.rename({"word": "plain"}), on="plain", how="semi")
    number = pl.int_range(pl.len()).over("plain").alias("number")
    return some.sort("plain", "word").with_columns(number)


def _accented(words: pl.DataFrame) -> pl.DataFrame:
    """Names in Latin letters beyond ASCII of which the lists have one in ASCII, too."""
    word = pl.col("word")
    some = words.filter(word.str.contains(r"[^\x00-\x7F]") & word.str.contains(_LATIN_WORD))
    some = some.select("word").with_columns(plain_words(some["word"]).alias("plain"))
    return some.join(words.select(plain="word"), on="plain", how="semi", maintain_order="left")


@lru_cache(maxsize=1)
def names() -> pl.DataFrame:
    """The names of people by ``locale`` and ``kind`` (female, male, last): see ``README.md``."""
    path = resources.files("lakescan.udfs.anonymize.operators.fake").joinpath("names.parquet")
    frame = pl.read_parquet(path.read_bytes(), parallel="none")
    return frame.with_columns(pl.col("locale", "kind").cast(pl.String))


def script_of(words: pl.Series) -> pl.Series:
    """The language that a word's script stands for."""
    choice = pl.lit(_LATIN)
    for pattern, locale in reversed(_SCRIPTS):
        choice = (
            pl.when(pl.col("word").str.contains(pattern)).then(pl.lit(locale)).otherwise(choice)
        )
    return pl.DataFrame({"word": words}).select(choice.alias("script"))["script"]


def _listed() -> pl.DataFrame:
    """Each name with the first locale that has it and its kind there; ``either`` of two genders."""
    kinds = pl.col("kind").filter(pl.col("locale") == pl.col("locale").first())
    return (
        names()
        .group_by("word", maintain_order=True)
        .agg(pl.col("locale").first(), kinds.alias("kinds"))
        .select(
            "word",
            "locale",
            pl.when(pl.col("kinds").list.contains("female") & pl.col("kinds").list.contains("male"))
            .then(pl.lit("either"))
            .otherwise(pl.col("kinds").list.first())
            .alias("kind"),
        )
    )


def _detected() -> pl.DataFrame:
    """The names that the detectors know; of these, nobody says the language or the gender."""
    data = resources.files("lakescan.udfs.detect.dictionaries").joinpath("generated.parquet")
    frame = pl.read_parquet(data.read_bytes(), parallel="none")
    kind = pl.col("list").cast(pl.String).replace({"first_name": "either", "last_name": "last"})
    return (
        frame.filter(pl.col("list").cast(pl.String).is_in(["first_name", "last_name"]))
        .filter(pl.col("word").str.contains(_WORD))
        .select("word", pl.lit("*").alias("locale"), kind.alias("kind"))
    )


@lru_cache(maxsize=1)
def titles() -> frozenset[str]:
    """Words before and after a name that are none: Dr., Jr."""
    folder = resources.files("lakescan.udfs.detect.dictionaries.lists")
    words: set[str] = set()
    for name in ("title.txt", "title_after.txt"):
        for line in folder.joinpath(name).read_text("utf-8").splitlines():
            if not line.startswith("#"):
                words.update(word.strip(" ,.~") for word in line.lower().split(","))
    return frozenset(word for word in words if word.isalpha())
