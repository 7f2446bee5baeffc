"""Streets: words that they are named after, by language, and words that say what they are."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import numpy as np
import polars as pl

from lakescan.udfs.anonymize.operators.fake.draw import Draw
from lakescan.udfs.anonymize.operators.fake.names import faked_names
from lakescan.udfs.anonymize.operators.fake.people import listed
from lakescan.udfs.anonymize.operators.fake.tokens import in_case_of, in_letters_of

#: Words in an address that stay: parts of a house, articles, titles, the ordinals' signs.
_KEPT = frozenset(
    """
    apt suite unit floor box po flat house no n s e w nr bis ter bât appt étage esc piso pta izq
    dcha apto bloco andar lote casa lok whg og eg д кв корп стр оф эт наб пр пл пер ш б-р am an
    auf dem den der des die im in vom von zum zur unter de du la le les l d à au aux sur sous
    del el los las y di da dal della dello dei degli delle al alla do dos das het ten op aan van
    ks gen sankt saint sainte san santa santo são général general doctor dr º ª st nd rd th nw
    ne sw se
    """.split()
)
#: What stands at the end of one word with the name: Hauptstraße, Drottninggatan.
_ENDS = (
    "straße|strasse|str|weg|platz|gasse|allee|damm|ufer|chaussee|markt|graben|steig|pfad|wall|promenade"
    "|straat|laan|plein|gracht|kade|singel|dijk|steeg|dreef|gatan|vägen|gränd|torget|stigen|backen"
    "|vej|gade|plads|stræde|veien|vegen|gata|gate|katu|utca"
)
_COMPOUND = rf"(?i)^(\p{{L}}{{3,}}?)({_ENDS})$"
#: Steps until a name that no street has must have come up.
_STEPS = 50


def renamed(words: pl.Series, draw: Draw) -> pl.Series:
    """Other words of streets; those that say what it is (Street, rue, -straße) stay.

    Common words become others of their language, all others become other names, and none of these a
    common word: so different ones stay different.
    """
    stems = words.str.extract(_COMPOUND, 1)
    names = pl.select(pl.coalesce(stems, words)).to_series()
    made = pl.select(pl.coalesce(_common(names, draw), _other(names, draw))).to_series()
    whole = pl.select(made + words.str.extract(_COMPOUND, 2).fill_null("")).to_series()
    stay = words.str.to_lowercase().is_in(sorted(_types() | _KEPT))
    return pl.select(pl.when(stay).then(words).otherwise(whole)).to_series()


def marked(texts: pl.Series) -> pl.Series:
    """42ND as 42TH: ND alone is a state."""
    return texts.str.replace_all(r"([0-9])(?:ST|ND|RD|TH)\b", "${1}TH")


def ordinals(texts: pl.Series) -> pl.Series:
    """Numbers before st, nd, rd, th with the ending that is theirs: 6th, 31st."""
    if not texts.str.contains(r"\d(?i:st|nd|rd|th)\b").any():
        return texts
    for case in (str.lower, str.upper):
        first, second, third, rest = map(case, ("st", "nd", "rd", "th"))
        texts = texts.str.replace_all(rf"(\d)(?:{first}|{second}|{third})\b", f"${{1}}{rest}")
        for digit, end in (("1", first), ("2", second), ("3", third)):
            texts = texts.str.replace_all(rf"\b(\d*[02-9])?{digit}{rest}\b", f"${{1}}{digit}{end}")
    return texts


def _common(words: pl.Series, draw: Draw) -> pl.Series:
    """Another common word of the same language; null for what is none."""
    lower, out = words.str.to_lowercase(), pl.Series([None] * len(words), dtype=pl.String)
    for place, pool in enumerate(street_names().values()):
        at = np.flatnonzero(lower.is_in(pool.implode()).to_numpy())
        if at.size:
            some = words.gather(at)
            drawn = draw.chosen(some, f"street {place}", pool)
            out = out.scatter(at, in_case_of(some, in_letters_of(some, drawn)))
    return out


def _other(words: pl.Series, draw: Draw) -> pl.Series:
    out = faked_names(words, draw)
    left = np.flatnonzero(_is_common(out))
    for _ in range(_STEPS):
        if not left.size:
            break
        again = faked_names(out.gather(left), draw)
        out = out.scatter(left, again)
        left = left[_is_common(again)]
    return out


def _is_common(words: pl.Series) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    known = words.str.to_lowercase().is_in(pl.concat(street_names().values()).implode())
    return (known | words.str.contains(_COMPOUND)).to_numpy()


@lru_cache(maxsize=1)
def _types() -> frozenset[str]:
    """Street, rue, ul: without a point, which no word has."""
    return frozenset(word.rstrip(".") for word in listed("street_word") | listed("connector"))


@lru_cache(maxsize=1)
def street_names() -> dict[str, pl.Series]:
    """The common words by language; a word is of the first that has it."""
    text = (
        resources.files("lakescan.udfs.anonymize.operators.fake")
        .joinpath("streets.txt")
        .read_text("utf-8")
    )
    seen: set[str] = set()
    found = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            language, *words = line.split()
            own = [word for word in dict.fromkeys(words) if word not in seen]
            seen.update(own)
            found[language] = pl.Series(own)
    return found
