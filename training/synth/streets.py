"""Names of streets, as each country makes them."""

from __future__ import annotations

import random
from collections.abc import Callable

from training.synth import people
from training.synth.lexicon import own

US_SUFFIX = (
    "Street St St. Avenue Ave Ave. Road Rd Rd. Lane Ln Drive Dr Dr. Boulevard Blvd Court Ct Place "
    "Pl Way Circle Cir Terrace Trail Parkway Pkwy Highway Hwy Square Loop Ridge Crossing Run Path "
    "Alley Plaza Row Point"
).split()
GB_SUFFIX = (
    "Road Street Lane Avenue Close Crescent Gardens Grove Drive Way Court Terrace Hill Mews Square "
    "Walk Place"
).split()
WAYS = ("", "", "", "", "N ", "S ", "W ", "E ", "North ", "South ", "NW ", "N. ", "West ", "East ")
DE_SUFFIX = "straße straße straße str. weg gasse platz allee ring ufer damm".split()
NL_SUFFIX = "straat straat weg laan plein gracht kade singel dreef hof".split()
SV_SUFFIX = "gatan gatan vägen vägen gränd stigen torget allén".split()
DA_SUFFIX = "gade vej vej allé veien gata stræde".split()
FI_SUFFIX = "katu tie kuja polku".split()
FI_STEMS = "Mannerheimin Kauppa Koulu Asema Kirkko Ranta Puisto".split()
DA_STEMS = ("Sønder", "Nørre", "Strand", "Skov", "Kirke", "Møller", "Kongens ", "Birke", "Elme")
IN_STREETS = ("MG Road", "Nehru Nagar", "Sector 21", "Anna Salai", "Linking Road")
HU_KINDS = "utca utca u. út tér rakpart körút sétány köz".split()
HU_STEMS = "Kossuth Petőfi Széchenyi Rákóczi Ady Arany Bem Dózsa Béke Fő Vár Kertész Virág Templom"
CZ_STEMS = "Husova Masarykova Nádražní Školní Zahradní Komenského Palackého Lipová Polní Krátká"
RO_KINDS = "Strada Str. Bulevardul Bd. Aleea Calea Piața Șoseaua".split()
RO_STEMS = "Unirii Libertății Eminescu Victoriei Independenței Florilor Morii Gării Cuza Bălcescu"
HR_KINDS = "ulica ulica cesta trg put ulica".split()
IS_STEMS = "Lauga Skóla Grettis Berg Hverfis Vestur Suður Norður Hamra Klappar Njáls Bald".split()
IS_TAILS = "gata vegur braut stígur tún holt".split()
#: Language -> what stands before a street's name.
KINDS = {
    "fr": "rue,rue,rue,avenue,boulevard,place,chemin,impasse,allée,quai,Rue".split(","),
    "es": "Calle,Calle,C/,Avenida,Av.,Plaza,Paseo,Carrera,calle,Camino".split(","),
    "it": "Via,Via,Via,Viale,Piazza,Corso,via,Vicolo,Largo".split(","),
    "pt": "Rua,Rua,Avenida,Av.,Travessa,Praça,Alameda,R.".split(","),
    "pl": "ul.,ul.,al.,os.,pl.".split(","),
}
LOCALES = {"fr": "fr_FR", "es": "es_ES", "it": "it_IT", "pt": "pt_BR", "pl": "pl_PL"}


def ordinal(number: int) -> str:
    """1st, 2nd, 13th."""
    if 10 < number % 100 < 14:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def american(rng: random.Random) -> str:
    r, stems = rng.random(), own("street_stems")
    if r < 0.2:
        named = rng.choice(stems)
    elif r < 0.32:
        named = ordinal(rng.randint(1, 199))
    elif r < 0.5:
        named = f"{rng.choice(stems)}{rng.choice((' ', ''))}{rng.choice(stems).lower()}".title()
    else:
        named = people.last_name(rng, "en_US")
    return f"{rng.choice(WAYS)}{named} {rng.choice(US_SUFFIX)}"


def british(rng: random.Random) -> str:
    named = (
        people.last_name(rng, "en_US") if rng.random() < 0.5 else rng.choice(own("street_stems"))
    )
    return f"{named} {rng.choice(GB_SUFFIX)}"


def indian(rng: random.Random) -> str:
    if rng.random() < 0.3:
        return british(rng)
    return rng.choice((*IN_STREETS, f"{people.last_name(rng, 'en_IN')} Marg"))


def german(rng: random.Random) -> str:
    r, suffix = rng.random(), rng.choice(DE_SUFFIX)
    if r > 0.85:
        first, last = people.first_name(rng, "de_DE"), people.last_name(rng, "de_DE")
        return f"{first}-{last}-{suffix.capitalize()}"
    stem = rng.choice(own("street_stems_de")) if r < 0.65 else people.last_name(rng, "de_DE")
    # The lists drop the blank at a line's end: these stand apart from what follows.
    apart = stem.endswith("er") or stem in ("Neue", "Alte", "Lange", "Am")
    return f"{stem} {suffix.capitalize()}" if apart else stem + suffix


def dutch(rng: random.Random) -> str:
    stem = people.last_name(rng, "nl_NL").split()[-1]
    if rng.random() < 0.7:
        stem = rng.choice(own("street_stems_nl"))
    return stem + rng.choice(NL_SUFFIX)


def romance(language: str) -> Callable[[random.Random], str]:
    """Kind of street first: rue, calle, via, rua, ul."""

    def street(rng: random.Random) -> str:
        stem = rng.choice(own(f"street_stems_{language}"))
        if rng.random() < 0.35:
            locale = LOCALES[language]
            stem = f"{people.first_name(rng, locale)} {people.last_name(rng, locale)}"
        return f"{rng.choice(KINDS[language])} {stem}"

    return street


def nordic(stems: tuple[str, ...], suffixes: list[str]) -> Callable[[random.Random], str]:
    return lambda rng: rng.choice(stems) + rng.choice(suffixes)


def hungarian(rng: random.Random) -> str:
    stem = rng.choice(HU_STEMS.split())
    if rng.random() < 0.4:
        stem = f"{people.last_name(rng, 'hu_HU')} {people.first_name(rng, 'hu_HU')}"
    return f"{stem} {rng.choice(HU_KINDS)}"


def croatian(rng: random.Random) -> str:
    return f"{people.last_name(rng, 'hr_HR')}a {rng.choice(HR_KINDS)}"


def czech(rng: random.Random) -> str:
    return rng.choice(CZ_STEMS.split())


def romanian(rng: random.Random) -> str:
    stem = rng.choice(RO_STEMS.split())
    if rng.random() < 0.4:
        stem = f"{people.first_name(rng, 'ro_RO')} {people.last_name(rng, 'ro_RO')}"
    return f"{rng.choice(RO_KINDS)} {stem}"


#: Country -> how its streets are called.
STREETS: dict[str, Callable[[random.Random], str]] = {
    **dict.fromkeys(("US", "CA"), american),
    **dict.fromkeys(("GB", "IE", "AU", "NZ", "ZA"), british),
    **dict.fromkeys(("DE", "AT", "CH"), german),
    **dict.fromkeys(("FR", "BE"), romance("fr")),
    **dict.fromkeys(("ES", "MX", "AR", "CO", "CL"), romance("es")),
    **dict.fromkeys(("BR", "PT"), romance("pt")),
    **dict.fromkeys(("DK", "NO"), nordic(DA_STEMS, DA_SUFFIX)),
    "IN": indian,
    "HU": hungarian,
    "CZ": czech,
    "RO": romanian,
    **dict.fromkeys(("HR", "SI"), croatian),
    "IS": nordic(tuple(IS_STEMS), IS_TAILS),
    "IT": romance("it"),
    "PL": romance("pl"),
    "NL": dutch,
    "FI": nordic(tuple(FI_STEMS), FI_SUFFIX),
    "SE": nordic(own("street_stems_sv"), SV_SUFFIX),
}


def street(rng: random.Random, land: str) -> str:
    """A street's name in country ``land``."""
    return STREETS[land](rng)
