"""People: names, and the addresses and user names that are made of them."""

from __future__ import annotations

import numpy as np
import polars as pl

from lakescan.udfs.anonymize.code_points import text_array
from lakescan.udfs.anonymize.operators.fake.digits import other_digits
from lakescan.udfs.anonymize.operators.fake.draw import Draw
from lakescan.udfs.anonymize.operators.fake.names import faked_names
from lakescan.udfs.anonymize.operators.fake.tokens import ascii_words, in_case_of, rewritten

#: Reserved for examples: nobody's mail is there (RFC 2606, section 3).
_DOMAINS = ("example.com", "example.net", "example.org")
#: What keeps apart whose fakes would be alike otherwise: 60 bits, of which a million different
#: values have two alike less than once in two million times.
_APART = 12
_SIGNS = np.frombuffer(b"0123456789abcdefghjkmnpqrstvwxyz", np.uint8)


def person(texts: pl.Series, draw: Draw) -> pl.Series:
    """Other names."""
    return rewritten(texts, lambda words: faked_names(words, draw), lambda runs: runs)


def email(texts: pl.Series, draw: Draw) -> pl.Series:
    """The same person's other name, and a tail, at an example's domain; null for no address."""
    parts = texts.str.strip_chars().str.splitn("@", 2)
    local, domain = parts.struct[0], parts.struct[1]
    at = draw.chosen(domain.fill_null(""), "mail domain", pl.Series(_DOMAINS))
    tail = _apart(texts.str.strip_chars(), draw)
    return (
        pl.select(_account(local, draw) + "." + tail + "@" + at)
        .to_series()
        .set(domain.is_null(), None)
    )


def username(texts: pl.Series, draw: Draw) -> pl.Series:
    """Its words as names, in ASCII, and other digits; a tail where letters are taken away."""
    made = _account(texts, draw)
    plain = ~texts.str.contains(_NO_ACCOUNT)
    tailed = pl.select(made + _apart(texts, draw)).to_series()
    return pl.select(pl.when(plain).then(made).otherwise(tailed)).to_series()


_NO_ACCOUNT = "[^A-Za-z0-9._%+-]"


def _account(texts: pl.Series, draw: Draw) -> pl.Series:
    def words(some: pl.Series) -> pl.Series:
        return in_case_of(some, ascii_words(faked_names(some, draw)))

    made = rewritten(texts, words, lambda runs: other_digits(runs, draw, "user"))
    return made.str.replace_all(_NO_ACCOUNT, "")


def _apart(texts: pl.Series, draw: Draw) -> pl.Series:
    """A tail that no other text has."""
    drawn = draw.numbers(texts.str.to_lowercase(), "apart")[:, None]
    places = (drawn >> (np.uint64(5) * np.arange(_APART, dtype=np.uint64))) % np.uint64(32)
    tails = text_array(np.arange(len(texts) + 1) * _APART, _SIGNS[places.astype(np.int64)].ravel())
    series = pl.from_arrow(tails)
    assert isinstance(series, pl.Series)
    return series


def organization(texts: pl.Series, draw: Draw) -> pl.Series:
    """The words in it as family names, but for those that say what it is (Inc, Bank)."""
    kept = listed("organization_suffix") | listed("organization_word") | listed("connector")
    return rewritten(
        texts, lambda words: but(kept, words, draw), lambda runs: other_digits(runs, draw, "number")
    )


def gender(texts: pl.Series, draw: Draw) -> pl.Series:
    """The other gender in the same words, whatever the key; of other words one of the list."""
    lower = texts.str.to_lowercase()
    made = pl.Series([None], dtype=pl.String).extend_constant(None, len(texts) - 1)
    for pair in _GENDERS:
        at = np.flatnonzero(lower.is_in(pair).to_numpy())
        if at.size:
            turned = lower.gather(at).replace({pair[0]: pair[1], pair[1]: pair[0]})
            made = made.scatter(at, in_case_of(texts.gather(at), turned))
    listless = np.flatnonzero((made.is_null() & (texts.str.len_chars() > 1)).to_numpy())
    if listless.size:
        from lakescan.udfs.anonymize.operators.fake.lists import from_list

        made = made.scatter(listless, from_list("gender", texts.gather(listless), draw))
    capitals = texts.str.contains(r"^[A-Z]$")
    return pl.select(pl.when(capitals).then(made.str.to_uppercase()).otherwise(made)).to_series()


_GENDERS = (
    ("m", "f"), ("male", "female"), ("man", "woman"), ("boy", "girl"), ("mann", "frau"),
    ("männlich", "weiblich"), ("homme", "femme"), ("masculin", "féminin"), ("hombre", "mujer"),
    ("masculino", "femenino"), ("maschio", "femmina"), ("mannelijk", "vrouwelijk"),
    ("mężczyzna", "kobieta"), ("erkek", "kadın"), ("мужской", "женский"),
    ("男", "女"), ("男性", "女性"),
)  # fmt: skip


def but(kept: frozenset[str], words: pl.Series, draw: Draw) -> pl.Series:
    """Words as names, but for some that stay."""
    stay = words.str.to_lowercase().is_in(sorted(kept))
    return pl.select(pl.when(stay).then(words).otherwise(faked_names(words, draw))).to_series()


def listed(name: str) -> frozenset[str]:
    """The words of one of the detectors' lists."""
    from lakescan.udfs.anonymize.operators.fake.lists import word_list

    return frozenset(word for phrase in word_list(name) for word in phrase.split())
