"""Addresses of wallets: others of the same kind whose check is right."""

from __future__ import annotations

import numpy as np
import polars as pl

from lakescan.udfs.anonymize.operators.fake.draw import Draw
from lakescan.udfs.anonymize.operators.fake.machines import hexadecimal
from lakescan.udfs.detect.checksums.candidates import Candidates
from lakescan.udfs.detect.checksums.crypto import (
    BASE58,
    BECH32,
    base58check,
    bech32,
    bech32_rest,
    double_sha256,
)

#: Of the 25 bytes of a base58check address: one says the kind, 20 are the wallet's, four the check.
_KIND, _WALLET = 1, 20
#: Characters of bech32: one says the version, six are the check.
_VERSION, _CHECK = 1, 6


def wallet(texts: pl.Series, draw: Draw) -> pl.Series:
    """Another wallet: base58check, bech32 or hexadecimal; null for any other form."""
    out = pl.Series([None] * len(texts), dtype=pl.String)
    hexes = texts.str.contains("^0[xX][0-9A-Fa-f]+$").to_numpy()
    mixed = texts.str.contains("^[123mnL][1-9A-HJ-NP-Za-km-z]{25,34}$").to_numpy() & ~hexes
    words = (
        texts.str.contains(f"^(?i:[a-z]{{2,6}}1[{BECH32}]{{8,90}})$").to_numpy() & ~hexes & ~mixed
    )
    for chosen, check, make in ((mixed, base58check, _mixed), (words, bech32, _words)):
        at = np.flatnonzero(chosen)
        if at.size:
            at = at[check(Candidates(texts.gather(at)))]
            some = texts.gather(at)
            drawn = [block.tobytes() for block in draw.blocks(some, "wallet")]
            more = [block.tobytes() for block in draw.blocks(some, "more of the wallet")]
            made = [make(text, a + b) for text, a, b in zip(some, drawn, more, strict=True)]
            out = out.scatter(at, pl.Series(made, dtype=pl.String))
    at = np.flatnonzero(hexes)
    return out.scatter(at, hexadecimal(texts.gather(at), draw)) if at.size else out


def _mixed(text: str, drawn: bytes) -> str:
    number = 0
    for char in text:
        number = number * 58 + BASE58.index(char)
    data = number.to_bytes(25, "big")[:_KIND] + drawn[:_WALLET]
    number = int.from_bytes(data + double_sha256(data)[:4], "big")
    out = ""
    while number:
        number, digit = divmod(number, 58)
        out = BASE58[digit] + out
    # Each byte of nought in front is a 1 of its own.
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + out


def _words(text: str, drawn: bytes) -> str:
    lower = text.lower()
    prefix, _, coded = lower.rpartition("1")
    values = [BECH32.index(char) for char in coded]
    kind = bech32_rest(prefix, values)
    bits = int.from_bytes(drawn, "big")
    size = len(values) - _VERSION - _CHECK
    # The last character has bits that fill it up and stay nought: the original's stays.
    data = values[:_VERSION] + [bits >> 5 * (i % 50) & 31 for i in range(size - 1)]
    data += values[_VERSION + size - 1 : _VERSION + size]
    rest = bech32_rest(prefix, [*data, *[0] * _CHECK]) ^ kind
    data += [rest >> 5 * (_CHECK - 1 - i) & 31 for i in range(_CHECK)]
    made = f"{prefix}1{''.join(BECH32[value] for value in data)}"
    return made.upper() if text == text.upper() else made
