"""Organizations: real ones that everybody knows, and made-up companies, offices and clubs."""

from __future__ import annotations

import random
from dataclasses import dataclass

from training.synth import people, places
from training.synth.lexicon import own
from training.synth.pieces import Piece, Pieces

LEGAL = {
    "en": (
        "Inc.",
        "Inc",
        "LLC",
        "Ltd",
        "Ltd.",
        "Corp.",
        "Corporation",
        "PLC",
        "Co.",
        "Limited",
        "L.P.",
        "LLP",
        "Pty Ltd",
        "& Co.",
    ),
    "de": ("GmbH", "AG", "GmbH & Co. KG", "e.V.", "KG", "SE", "OHG"),
    "fr": ("SA", "SARL", "SAS", "S.A.", "et Fils", "EURL"),
    "es": ("S.A.", "S.L.", "SL", "S.A. de C.V.", "e Hijos"),
    "it": ("S.p.A.", "S.r.l.", "SRL", "SpA", "& Figli"),
    "nl": ("B.V.", "BV", "N.V.", "VOF", "& Zonen"),
    "pt": ("Ltda.", "S.A.", "Lda", "ME", "e Filhos"),
    "pl": ("Sp. z o.o.", "S.A.", "sp. k."),
    "sv": ("AB", "HB", "Oy", "& Söner"),
    "da": ("A/S", "ApS", "AS"),
}


@dataclass(slots=True)
class Organization:
    """A body with a long name and a short one."""

    name: str
    short: str

    def full(self) -> Pieces:
        return [Piece(self.name, "ORGANIZATION")]

    def brief(self) -> Pieces:
        return [Piece(self.short, "ORGANIZATION")]


def brand(rng: random.Random) -> str:
    """A company's own word."""
    r = rng.random()
    word = people.invented(rng)
    if r < 0.35:
        return rng.choice(own("brand_heads")) + rng.choice(own("brand_tails"))
    if r < 0.5:
        return word + rng.choice(
            ("ix", "ia", "tec", "soft", "on", "ly", "ify", "a", "o", "net", "gen")
        )
    if r < 0.62:
        return "".join(
            rng.choice("ABCDEFGHIKLMNOPRSTUVWX") for _ in range(rng.choice((2, 3, 3, 3, 4)))
        )
    if r < 0.74:
        return f"{rng.choice(own('brand_heads'))} {rng.choice(own('brand_fields'))}"
    return coined(rng) if r < 0.9 else word


def coined(rng: random.Random) -> str:
    """Everyday words made a name: Stonelamp, DataPlum, Open Basket, foxly."""
    nouns = [noun for noun in own("nouns") if " " not in noun]
    first = rng.choice((*own("brand_heads"), *nouns[:200])).lower()
    second = rng.choice((*own("brand_tails"), *nouns[:200])).lower()
    forms = (
        first.capitalize() + second,
        first.capitalize() + second.capitalize(),
        first.capitalize() + second.capitalize(),
        f"{first.capitalize()} {second.capitalize()}",
        f"{first.capitalize()} {second.capitalize()}",
        first.capitalize() + rng.choice((".io", ".com", ".ai", " AI", "ly", "ify", "ful", "Now")),
        f"The {first.capitalize()} {second.capitalize()}",
        first + second,
    )
    return rng.choice(forms)


def acronym(name: str) -> str:
    letters = [w[0] for w in name.split() if w[0].isupper()]
    return "".join(letters) if len(letters) > 2 else name


def make(rng: random.Random, language: str) -> Organization:
    """An organization; half of those of other languages have names of their own tongue."""
    r = rng.random()
    if r < 0.2:
        name = rng.choice(own("organizations"))
        return Organization(name, name)
    if r < 0.52:
        legal = rng.choice(LEGAL.get(language, LEGAL["en"]))
        word = brand(rng)
        if rng.random() < 0.35:
            word += f" {rng.choice(own('brand_fields'))}"
        return (
            Organization(
                f"{word}{rng.choice((' ', ' ', ', ')) if language == 'en' else ' '}{legal}", word
            )
            if rng.random() < 0.6
            else Organization(word, word)
        )
    locale = rng.choice(people.HOME.get(language, people.HOME["en"]))
    last, other = people.last_name(rng, locale), people.last_name(rng, locale)
    if r < 0.68:
        field = rng.choice(own("brand_fields"))
        legal = rng.choice(LEGAL.get(language, LEGAL["en"]))
        forms = (
            f"{last} & {other}",
            f"{last}, {other} and {people.last_name(rng, locale)}",
            f"{last} {field}",
            f"{last} {legal}",
            f"{last}-{other}",
            f"{last} Group",
            f"{last} and Sons",
            f"{last} & {other} {legal}",
            f"{last} Brothers",
        )
        return Organization(
            rng.choice(forms),
            last
            if rng.random() < 0.3
            else f"{last}'s"
            if language == "en" and rng.random() < 0.1
            else last,
        )
    city = places.city_of(rng, rng.choice(places.LANDS.get(language, places.LANDS["en"]))).name
    kind = (
        language
        if language in ("de", "fr", "es", "it", "nl", "pt", "pl", "sv") and rng.random() < 0.8
        else "en"
    )
    name = (
        rng.choice(own(f"bodies_{kind}"))
        .replace("@city", city)
        .replace("@name", last)
        .replace("@word", brand(rng))
    )
    if "@state" in name:
        name = name.replace("@state", places.Place(rng, "en").state()[0].text)
    if "@country" in name:
        name = name.replace("@country", places.Place(rng, "en").country()[0].text)
    return Organization(name, acronym(name) if rng.random() < 0.4 else name)
