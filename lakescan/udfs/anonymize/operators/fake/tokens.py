"""Texts as words, digits and what is between, changed kind by kind and put together again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

Maker = Callable[[pl.Series], pl.Series]

_WORD, _DIGITS = r"\p{L}[\p{L}\p{M}'’]*", r"\p{N}+"
_TOKENS = rf"{_WORD}|{_DIGITS}|[^\p{{L}}\p{{N}}]+"


def rewritten(texts: pl.Series, words: Maker, digits: Maker) -> pl.Series:
    """Change the words and the runs of digits of texts.

    Args:
        texts: strings without nulls.
        words, digits: given distinct words, or runs of digits, make others, in their order.
    """
    frame = pl.DataFrame({"token": texts.str.extract_all(_TOKENS)}).with_row_index("row")
    tokens = frame.explode("token", empty_as_null=True)
    distinct = tokens["token"].drop_nulls().unique(maintain_order=True)
    made = [
        pl.DataFrame({"token": some, "made": make(some)})
        for pattern, make in ((rf"^{_WORD}", words), (rf"^{_DIGITS}", digits))
        if len(some := distinct.filter(distinct.str.contains(pattern)))
    ]
    if not made:
        return texts
    joined = tokens.join(pl.concat(made), on="token", how="left", maintain_order="left")
    whole = joined.with_columns(pl.coalesce("made", "token").fill_null("").alias("made"))
    return whole.group_by("row", maintain_order=True).agg(pl.col("made").str.join(""))["made"]


def in_case_of(originals: pl.Series, made: pl.Series) -> pl.Series:
    """Words written as others are: all capitals, a capital first, or small."""
    frame = pl.DataFrame({"was": originals, "made": made})
    was, new = pl.col("was"), pl.col("made")
    capitals = (was == was.str.to_uppercase()) & (was != was.str.to_lowercase())
    first = was.str.slice(0, 1)
    titled = (first == first.str.to_uppercase()) & (first != first.str.to_lowercase())
    return frame.select(
        pl.when(capitals & (was.str.len_chars() > 1))
        .then(new.str.to_uppercase())
        .when(titled)
        .then(new.str.slice(0, 1).str.to_uppercase() + new.str.slice(1))
        .otherwise(new)
        .alias("made")
    )["made"]


def in_letters_of(originals: pl.Series, made: pl.Series) -> pl.Series:
    """Words in ASCII, or Latin-1, where the originals are: so a file's encoding can hold them."""
    frame = pl.DataFrame({"was": originals, "made": made})
    was, new = pl.col("was"), pl.col("made")
    beyond = (~was.str.contains(r"[^\x00-\x7F]") & new.str.contains(r"[^\x00-\x7F]")) | (
        ~was.str.contains(r"[^\x00-\xFF]") & new.str.contains(r"[^\x00-\xFF]")
    )
    rows = np.flatnonzero(frame.select(beyond.alias("beyond"))["beyond"].to_numpy())
    return made.scatter(rows, plain_words(made.gather(rows))) if rows.size else made


_FOLDED = {"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "Æ": "Ae", "đ": "d",
           "Đ": "D", "ı": "i", "İ": "I", "œ": "oe", "þ": "th", "ð": "d"}  # fmt: skip


def plain_words(words: pl.Series) -> pl.Series:
    """Without accents."""
    plain = words.str.normalize("NFKD").str.replace_all(r"\p{M}", "")
    for letter, instead in _FOLDED.items():
        plain = plain.str.replace_all(letter, instead, literal=True)
    return plain


def ascii_words(words: pl.Series) -> pl.Series:
    """Words as they stand in an address: small ASCII letters; ``x`` where none is left."""
    return plain_words(words.str.to_lowercase()).str.replace_all("[^a-z]", "").replace({"": "x"})
