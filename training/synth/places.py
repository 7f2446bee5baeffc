"""Made-up addresses and real place names, each part with its own entity."""

from __future__ import annotations

import random
from collections.abc import Callable

from training.synth import people
from training.synth.lexicon import (
    City,
    census,
    cities,
    countries,
    own,
    provider,
    us_counties,
    us_states,
)
from training.synth.pieces import Piece, Pieces, joined
from training.synth.streets import street

LANDS = {
    "en": ("US", "US", "US", "US", "GB", "GB", "CA", "AU", "IE", "NZ", "IN", "ZA"),
    "de": ("DE", "DE", "DE", "AT", "CH"),
    "fr": ("FR", "FR", "FR", "BE", "CA", "CH"),
    "es": ("ES", "ES", "MX", "AR", "CO", "CL"),
    "it": ("IT",),
    "nl": ("NL", "NL", "BE"),
    "pt": ("BR", "BR", "PT"),
    "pl": ("PL",),
    "sv": ("SE", "SE", "FI"),
    "da": ("DK", "NO"),
}
POSTCODE = {
    "US": "#####",
    "GB": "?#% #??",
    "CA": "?#? #?#",
    "AU": "####",
    "IE": "?## ?#??",
    "NZ": "####",
    "IN": "######",
    "ZA": "####",
    "DE": "#####",
    "AT": "####",
    "CH": "####",
    "FR": "#####",
    "BE": "####",
    "ES": "#####",
    "MX": "#####",
    "AR": "####",
    "CO": "######",
    "CL": "#######",
    "IT": "#####",
    "NL": "#### ??",
    "BR": "#####-###",
    "PT": "####-###",
    "PL": "##-###",
    "SE": "### ##",
    "FI": "#####",
    "DK": "####",
    "NO": "####",
    "HU": "####",
    "CZ": "### ##",
    "RO": "######",
    "HR": "#####",
    "SI": "####",
    "IS": "###",
}
#: Post to the US forces abroad (USPS Publication 28, section 238): boxes, ships, and their "towns".
FORCES = ("PSC ####, Box ####", "PSC ###, Box ###", "CMR ### Box ####", "Unit ##### Box ####")
SHIPS = ("USS", "USNS", "USCGC")


BOXES = ("PO Box", "P.O. Box", "Box")


def digits(rng: random.Random, pattern: str) -> str:
    """``#`` a digit, ``?`` a capital, ``%`` a digit or nothing."""
    made = []
    for sign in pattern:
        if sign == "#":
            made.append(rng.choice("0123456789"))
        elif sign == "?":
            made.append(rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ"))
        elif sign == "%":
            made.append(rng.choice(("", "1", "5", "9")))
        else:
            made.append(sign)
    return "".join(made)


def city_of(rng: random.Random, land: str) -> City:
    rows, weights = cities().get(land) or cities()["US"]
    if rng.random() < 0.6:
        return rng.choices(rows, cum_weights=weights)[0]
    return rng.choice(rows)


def number(rng: random.Random, land: str) -> str:
    if land in ("US", "CA"):
        return str(
            rng.choice(
                (
                    rng.randint(1, 99),
                    rng.randint(100, 999),
                    rng.randint(1000, 9999),
                    rng.randint(10000, 49999),
                )
            )
        )
    house = str(rng.randint(1, 250))
    return house + rng.choice("abcABC") if rng.random() < 0.1 else house


def unit(rng: random.Random, land: str) -> str:
    n = rng.randint(1, 60)
    if land in ("US", "CA"):
        return rng.choice(
            (
                f"Apt {n}",
                f"Apt. {n}{rng.choice('ABCD')}",
                f"Suite {n * 10}",
                f"Unit {n}",
                f"#{n}",
                f"Ste. {n * 5}",
                f"Floor {n}",
                f"{n}th Floor",
            )
        )
    if land in ("GB", "IE", "AU", "NZ", "IN", "ZA"):
        return rng.choice(
            (
                f"Flat {n}",
                f"Unit {n}",
                f"Flat {n}{rng.choice('AB')}",
                f"{rng.choice(own('street_stems'))} House",
                "Ground Floor",
                f"Room {n * 10}",
            )
        )
    return {
        "ES": f"{n % 9 + 1}º {rng.choice('ABCD')}",
        "IT": f"int. {n}",
        "FR": f"Bât. {rng.choice('ABC')}",
        "PL": f"m. {n}",
        "BR": f"apto {n * 10}",
        "DE": f"{n % 5 + 1}. Stock",
    }.get(land, f"{n}")


def postcode(rng: random.Random, land: str) -> str:
    code = digits(rng, POSTCODE.get(land, "#####"))
    if land == "US" and rng.random() < 0.15:
        code += digits(rng, "-####")
    return code


def state_of(rng: random.Random, city: City) -> str:
    """State or province in the way it stands in an address; empty where there is none."""
    if city.country == "US":
        return city.admin if rng.random() < 0.72 else us_states().get(city.admin, city.admin)
    if city.country in ("CA", "AU"):
        return rng.choice(
            {
                "CA": ("ON", "QC", "BC", "AB", "Ontario", "Manitoba", "NS"),
                "AU": ("NSW", "VIC", "QLD", "WA", "SA", "TAS", "Victoria"),
            }[city.country]
        )
    if city.country == "BR":
        return rng.choice("SP RJ MG BA RS PR SC PE CE GO".split())
    if city.country == "IT":
        return rng.choice("MI RM TO NA FI BO PD VE GE BA".split())
    return ""


class Address:
    """One postal address; `line` writes it in its country's order."""

    def __init__(self, rng: random.Random, language: str) -> None:
        self.rng = rng
        home = LANDS.get(language, LANDS["en"])
        self.land = rng.choice(home) if rng.random() < 0.86 else rng.choice(tuple(POSTCODE))
        self.city = city_of(rng, self.land)
        self.state = state_of(rng, self.city)
        self.street = street(rng, self.land)
        self.number = number(rng, self.land)
        self.unit = unit(rng, self.land) if rng.random() < 0.22 else ""
        self.code = postcode(rng, self.land)
        names = own("country_names")
        self.country = next((n.split("=")[1] for n in names if n.startswith(f"{self.land}=")), "")
        self.forces = self.land == "US" and rng.random() < 0.05

    def first_line(self) -> Pieces:
        if self.forces:
            ship = f"{self.rng.choice(SHIPS)} {people.last_name(self.rng, 'en_US')}"
            box = digits(self.rng, self.rng.choice(FORCES))
            return [Piece(ship if self.rng.random() < 0.3 else box, "STREET")]
        house, road = Piece(self.number, "BUILDING"), Piece(self.street, "STREET")
        extra = (
            [", " if self.rng.random() < 0.6 else " ", Piece(self.unit, "SECONDARY_ADDRESS")]
            if self.unit
            else []
        )
        if self.rng.random() < 0.02 and self.land == "US":
            return [
                Piece(
                    f"{self.rng.choice(BOXES)} {self.rng.randint(10, 9999)}",
                    "STREET",
                )
            ]
        if self.land in ("US", "CA", "GB", "IE", "AU", "NZ", "IN", "ZA"):
            if self.land != "US" and extra and self.rng.random() < 0.5:
                return joined(Piece(self.unit, "SECONDARY_ADDRESS"), ", ", house, " ", road)
            return joined(house, " ", road, *extra)
        if self.land == "FR" and self.rng.random() < 0.9:
            return joined(house, self.rng.choice((" ", ", ")), road, *extra)
        gap = (
            ", "
            if self.land in ("ES", "IT", "BR", "PT", "MX", "AR") and self.rng.random() < 0.5
            else " "
        )
        return joined(road, gap, house, *extra)

    def last_line(self) -> Pieces:
        town, code = Piece(self.city.name, "CITY"), Piece(self.code, "ZIPCODE")
        state = Piece(self.state, "STATE")
        if self.forces:
            town = Piece(self.rng.choice(("APO", "FPO", "DPO")), "CITY")
            state = Piece(self.rng.choice(("AE", "AP", "AA")), "STATE")
            return joined(town, " ", state, " ", code)
        if self.land in ("US", "CA", "AU"):
            gap = self.rng.choice((", ", ", ", ", ", " "))
            return joined(town, gap, state, self.rng.choice((" ", " ", " ", ", ")), code)
        if self.land in ("GB", "IE", "NZ", "IN", "ZA"):
            return joined(town, self.rng.choice((" ", ", ", " - ")), code)
        if self.land == "BR":
            return joined(town, self.rng.choice((" - ", ", ", "/")), state, ", ", code)
        if self.land == "IT" and self.rng.random() < 0.5:
            return joined(code, " ", town, " (", state, ")")
        return joined(code, " ", town)

    def line(self, gap: str = ", ") -> Pieces:
        r = self.rng.random()
        parts = joined(self.first_line(), gap if r < 0.92 else " ", self.last_line())
        if r < 0.15 and self.country:
            parts += joined(gap, Piece(self.country, "COUNTRY"))
        return parts

    def block(self) -> Pieces:
        return self.line("\n")

    def short(self) -> Pieces:
        """Street and town, without the code."""
        return joined(self.first_line(), ", ", Piece(self.city.name, "CITY"))

    def where(self) -> Pieces:
        return Place(self.rng, "").town(self.city)


class Place:
    """Places in running text."""

    def __init__(self, rng: random.Random, language: str) -> None:
        self.rng, self.language = rng, language

    def pick(self) -> City:
        home = LANDS.get(self.language, LANDS["en"])
        if self.rng.random() < 0.6:
            return city_of(self.rng, self.rng.choice(home))
        return city_of(self.rng, self.rng.choice(tuple(cities())))

    def city(self) -> Pieces:
        return [Piece(self.pick().name, "CITY")]

    def town(self, city: City | None = None) -> Pieces:
        """A city, mostly with the state or country it is in."""
        city = city or self.pick()
        name = Piece(city.name, "CITY")
        if city.country == "US" and self.rng.random() < 0.7:
            return joined(name, ", ", Piece(state_of(self.rng, city), "STATE"))
        if self.rng.random() < 0.3:
            country = next(
                (n.split("=")[1] for n in own("country_names") if n.startswith(f"{city.country}=")),
                "",
            )
            return joined(name, ", ", Piece(country, "COUNTRY")) if country else [name]
        return [name]

    def country(self) -> Pieces:
        local = (
            own(f"countries_{self.language}")
            if self.language in ("de", "fr", "es", "it", "nl", "pt", "pl", "sv")
            else ()
        )
        if local and self.rng.random() < 0.9:
            return [Piece(self.rng.choice(local), "COUNTRY")]
        if self.rng.random() < 0.5:
            return [Piece(self.rng.choice(own("country_names")).split("=")[1], "COUNTRY")]
        return [Piece(self.rng.choice(countries()), "COUNTRY")]

    def state(self) -> Pieces:
        r = self.rng.random()
        if r < 0.6 or self.language == "en":
            return [Piece(self.rng.choice(tuple(us_states().values())), "STATE")]
        found = (
            provider("address", "de_DE", "states")
            + provider("address", "fr_FR", "regions")
            + provider("address", "es_ES", "regions")
        )
        return [Piece(self.rng.choice(found), "STATE")]

    def county(self) -> Pieces:
        return [Piece(self.rng.choice(us_counties()), "COUNTY")]

    def wild(self) -> Pieces:
        """A region, a river, a building with a name, a part of a town: just a location."""
        r = self.rng.random()
        if r < 0.55:
            return [Piece(self.rng.choice(own("locations")), "LOCATION")]
        stem = self.rng.choice(
            (
                self.pick().name,
                self.rng.choice(census("all.last")[:5000]),
                self.rng.choice(own("street_stems")).title(),
            )
        )
        return [Piece(f"{stem} {self.rng.choice(own('location_heads'))}", "LOCATION")]

    def any(self) -> Pieces:
        pick: Callable[[], Pieces] = self.rng.choices(
            (self.city, self.town, self.country, self.state, self.wild, self.county),
            (40, 18, 20, 9, 10, 3),
        )[0]
        return pick()
