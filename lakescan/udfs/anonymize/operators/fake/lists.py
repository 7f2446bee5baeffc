"""Values that come from a list: professions, diseases, countries, religions."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib import resources

import numpy as np
import polars as pl

from lakescan.udfs.anonymize.operators.fake.draw import Draw

_FOLDER = resources.files("lakescan.udfs.detect.dictionaries")
#: Entities and the detectors' list that has them.
LISTS = {
    "BLOOD_TYPE": "blood_type",
    "CONDITION": "condition",
    "COUNTRY": "country",
    "COUNTY": "county",
    "CREDIT_CARD_ISSUER": "card_issuer",
    "CURRENCY_CODE": "currency_code",
    "CURRENCY_NAME": "currency_name",
    "DRUG": "drug",
    "INJURY": "injury",
    "LANGUAGE": "language",
    "MEDICAL": "condition",
    "MEDICAL_PROCESS": "procedure",
    "NATIONALITY": "nationality",
    "NRP": "nationality",
    "OCCUPATION": "occupation",
    "ORIGIN": "ethnicity",
    "PHYSICAL_ATTRIBUTE": "physical",
    "POLITICAL_AFFILIATION": "politics",
    "RELIGION": "religion",
    "STATE": "state",
    "TITLE": "title",
    "ZODIAC_SIGN": "zodiac",
}


#: Words of a language, at least; a shorter line goes with the one before it.
_LEAST_WORDS = 8
#: A blood group in signs; in words it is longer.
_SIGNED = 3


def from_list(name: str, texts: pl.Series, draw: Draw) -> pl.Series:
    """Others of the same list, of the same language and case.

    A word that the list does not know becomes an English one, or one in its own script. A short
    code (two or three capitals) stays a code of its length.
    """
    pools, languages = _languages(name)
    lower = texts.str.to_lowercase().str.strip_chars()
    known = lower.replace_strict(languages, default=None, return_dtype=pl.Int64)
    homes = _scripts(name)
    unknown = [homes.get(_script(text), 0) for text in lower.filter(known.is_null()).to_list()]
    at = known.to_numpy(writable=True)
    at[np.isnan(at)] = unknown
    made = _none(len(texts))
    for place in np.unique(at).astype(int).tolist():
        some = np.flatnonzero(at == place)
        drawn = draw.chosen(texts.gather(some), f"{name} {place}", pools[place])
        made = made.scatter(some, drawn)
    made = _cased(texts, made)
    codes = texts.str.contains(r"^[A-Z]{2,3}$")
    if name in ("country", "state", "nationality") and codes.any():
        for length, codes_of in ((2, _TWO.get(name, "country_code2")), (3, "country_code")):
            some = np.flatnonzero((codes & (texts.str.len_chars() == length)).to_numpy())
            if some.size:
                drawn = draw.chosen(texts.gather(some), codes_of, _codes(codes_of))
                made = made.scatter(some, drawn)
    if name == "blood_type":
        some = np.flatnonzero((texts.str.len_chars() <= _SIGNED).to_numpy())
        if some.size:
            signs = draw.chosen(texts.gather(some).str.to_uppercase(), "blood signs", _groups())
            made = made.scatter(some, signs)
    if name in ("blood_type", "currency_code"):
        made = made.str.to_uppercase()
    return made


_TWO = {"state": "state_code"}


def _none(size: int) -> pl.Series:
    return pl.Series([None] * size, dtype=pl.String)


def _cased(originals: pl.Series, made: pl.Series) -> pl.Series:
    """Small letters and capitals as the originals have them, else a capital before each word."""
    small = originals == originals.str.to_lowercase()
    large = originals == originals.str.to_uppercase()
    return pl.select(
        pl.when(small & large)
        .then(made.str.to_titlecase())
        .when(small)
        .then(made)
        .when(large)
        .then(made.str.to_uppercase())
        .otherwise(made.str.to_titlecase())
    ).to_series()


def _script(text: str) -> str:
    """The script of a text's first letter, by the name of the character."""
    if text.isascii():
        return "LATIN"
    return next((unicodedata.name(c, "?").split(" ")[0] for c in text if c.isalpha()), "LATIN")


@lru_cache(maxsize=64)
def _scripts(name: str) -> dict[str, int]:
    """The first language of each script."""
    homes: dict[str, int] = {}
    for place, pool in enumerate(_languages(name)[0]):
        homes.setdefault(_script(pool[0]), place)
    return homes


@lru_cache(maxsize=64)
def _languages(name: str) -> tuple[tuple[pl.Series, ...], dict[str, int]]:
    """The list's lines, each the words of a language, and the line of each word."""
    lines: list[list[str]] = []
    place: dict[str, int] = {}
    for line in _lines(name):
        new = [word for word in line if word not in place]
        if not new:
            continue
        if not lines or (len(new) >= _LEAST_WORDS and len(lines[-1]) >= _LEAST_WORDS):
            lines.append([])
        lines[-1] += new
        place.update(dict.fromkeys(new, len(lines) - 1))
    return tuple(pl.Series(line, dtype=pl.String) for line in lines), place


@lru_cache(maxsize=1)
def _groups() -> pl.Series:
    return pl.Series([group + sign for group in ("A", "B", "AB", "O") for sign in "+-"])


@lru_cache(maxsize=64)
def word_list(name: str) -> tuple[str, ...]:
    """The strong words of one of the detectors' lists, lower case, as they stand in it."""
    return tuple(dict.fromkeys(word for line in _lines(name) for word in line))


@lru_cache(maxsize=64)
def _lines(name: str) -> tuple[tuple[str, ...], ...]:
    """The words, line by line of their file; what stands in no file is a line of its own."""
    if name == "country":
        return tuple(_countries(language) for language in _LANGUAGES)
    file = _FOLDER.joinpath("lists", f"{name}.txt")
    lines: list[tuple[str, ...]] = []
    if file.is_file():
        for line in file.read_text("utf-8").splitlines():
            if not line.startswith("#"):
                words = [word for item in line.split(", ") if (word := item.strip(" ,~"))]
                lines.append(tuple(dict.fromkeys(words)))
    if sum(map(len, lines)) < 20 and name in ("occupation", "county", "state"):
        data = _FOLDER.joinpath("generated.parquet").read_bytes()
        frame = pl.read_parquet(data, parallel="none")
        plain = frame.filter((pl.col("list").cast(pl.String) == name) & ~pl.col("weak"))["word"]
        lines.append(tuple(dict.fromkeys(plain.filter(plain.str.contains(r"^[a-z][a-z ]+$")))))
    return tuple(lines)


#: Of names of countries: those that lakescan reads best, English first.
_LANGUAGES = (
    "en de fr es it pt nl pl sv da nb fi cs hu ro tr ru uk el ja zh ko ar he".split()
)  # fmt: skip


def _countries(language: str) -> tuple[str, ...]:
    """Names of countries, as the numbering plans' library has them."""
    from phonenumbers.geodata.locale import LOCALE_DATA

    found = []
    for names in LOCALE_DATA.values():
        name = names.get(language, "")
        found.append(names[name[1:]] if name.startswith("*") else name)
    return tuple(dict.fromkeys(name.lower().strip() for name in found if name))


@lru_cache(maxsize=8)
def _codes(name: str) -> pl.Series:
    words = pl.Series(word_list(name), dtype=pl.String).str.to_uppercase()
    size = 3 if name == "country_code" else 2
    return words.filter(words.str.contains(rf"^[A-Z]{{{size}}}$"))
