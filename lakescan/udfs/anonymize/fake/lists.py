"""Values that come from a list: professions, diseases, countries, religions."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import polars as pl

from lakescan.udfs.anonymize.fake.draw import Draw

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


def from_list(name: str, texts: pl.Series, draw: Draw) -> pl.Series:
    """Others of the same list; a short code (two or three capitals) stays a code of its length."""
    made = draw.chosen(texts, name, _titled(name))
    codes = texts.str.contains(r"^[A-Z]{2,3}$")
    if name in ("country", "state", "nationality") and codes.any():
        two = draw.chosen(texts, name, _codes("state_code" if name == "state" else "country_code2"))
        three = draw.chosen(texts, name, _codes("country_code"))
        long = texts.str.len_chars() == 3
        made = pl.select(
            pl.when(codes & ~long).then(two).when(codes & long).then(three).otherwise(made)
        ).to_series()
    if name in ("blood_type", "currency_code"):
        made = made.str.to_uppercase()
    return made


@lru_cache(maxsize=64)
def word_list(name: str) -> tuple[str, ...]:
    """The strong words of one of the detectors' lists, lower case, as they stand in it."""
    file = _FOLDER.joinpath("lists", f"{name}.txt")
    words: list[str] = []
    if file.is_file():
        for line in file.read_text("utf-8").splitlines():
            if not line.startswith("#"):
                words += [word for item in line.split(", ") if (word := item.strip(" ,~"))]
    if len(words) < 20 and name in ("occupation", "county", "state", "country"):
        data = _FOLDER.joinpath("generated.parquet").read_bytes()
        frame = pl.read_parquet(data, parallel="none")
        plain = frame.filter((pl.col("list").cast(pl.String) == name) & ~pl.col("weak"))["word"]
        words += plain.filter(plain.str.contains(r"^[a-z][a-z ]+$")).to_list()
    return tuple(dict.fromkeys(words))


@lru_cache(maxsize=64)
def _titled(name: str) -> pl.Series:
    return pl.Series(word_list(name), dtype=pl.String).str.to_titlecase()


@lru_cache(maxsize=8)
def _codes(name: str) -> pl.Series:
    words = pl.Series(word_list(name), dtype=pl.String).str.to_uppercase()
    size = 3 if name == "country_code" else 2
    return words.filter(words.str.contains(rf"^[A-Z]{{{size}}}$"))
