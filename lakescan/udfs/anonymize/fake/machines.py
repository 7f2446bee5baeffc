"""Addresses of machines and pages: IP, MAC, UUID, URL; and the form of anything else."""

from __future__ import annotations

import ipaddress

import numpy as np
import polars as pl

from lakescan.udfs.anonymize.fake.draw import Draw

_IPV4, _IPV6 = 4, 6


def ip_address(texts: pl.Series, draw: Draw) -> pl.Series:
    """Other hosts in the ranges for documentation (RFC 3849) or, of version 4, for private use."""
    blocks = draw.blocks(texts, "ip")

    def one(text: str, block: bytes) -> str | None:
        try:
            version = ipaddress.ip_address(text.strip()).version
        except ValueError:
            return None
        if version == _IPV4:
            return f"10.{block[0]}.{block[1]}.{1 + block[2] % 254}"
        return str(ipaddress.IPv6Address(bytes.fromhex("20010db8") + block[:12]))

    pairs = zip(texts.to_list(), blocks, strict=True)
    return pl.Series([one(text, block.tobytes()) for text, block in pairs], dtype=pl.String)


def uuid(texts: pl.Series, draw: Draw) -> pl.Series:
    """Random-looking UUIDs (RFC 9562, version 4), written as the originals are."""
    blocks = draw.blocks(texts.str.to_lowercase(), "uuid").copy()
    blocks[:, 6] = (blocks[:, 6] & 0x0F) | 0x40
    blocks[:, 8] = (blocks[:, 8] & 0x3F) | 0x80
    digits = [iter(block.tobytes().hex()) for block in blocks]
    made = [
        "".join(next(rest, "") if char.isalnum() else char for char in text)
        for text, rest in zip(texts.to_list(), digits, strict=True)
    ]
    series = pl.Series(made, dtype=pl.String)
    capitals = texts.str.contains("[A-F]")
    return pl.select(
        pl.when(capitals).then(series.str.to_uppercase()).otherwise(series)
    ).to_series()


def mac_address(texts: pl.Series, draw: Draw) -> pl.Series:
    """Locally administered addresses (IEEE 802), written as the originals are."""
    blocks = draw.blocks(texts.str.to_lowercase(), "mac").copy()
    blocks[:, 0] = (blocks[:, 0] & 0xFC) | 0x02
    digits = [iter(block.tobytes().hex()) for block in blocks]
    made = [
        "".join(next(rest, "") if char.isalnum() else char for char in text)
        for text, rest in zip(texts.to_list(), digits, strict=True)
    ]
    series = pl.Series(made, dtype=pl.String)
    capitals = texts.str.contains("[A-F]")
    return pl.select(
        pl.when(capitals).then(series.str.to_uppercase()).otherwise(series)
    ).to_series()


def url(texts: pl.Series, draw: Draw) -> pl.Series:
    """A page of an example's host (RFC 2606)."""
    scheme = texts.str.extract(r"^([a-z]+://)", 1).fill_null("")
    pages = [block.tobytes()[:6].hex() for block in draw.blocks(texts, "url")]
    return pl.select(scheme + "example.org/" + pl.Series(pages, dtype=pl.String)).to_series()


def shape(texts: pl.Series, draw: Draw) -> pl.Series:
    """Letters for letters, digits for digits, each drawn anew; what is neither stays.

    Letters beyond ASCII become ASCII ones.
    """
    blocks = draw.blocks(texts, "shape")
    made = [
        _other(text, np.random.Generator(np.random.PCG64(int.from_bytes(block.tobytes(), "big"))))
        for text, block in zip(texts.to_list(), blocks, strict=True)
    ]
    return pl.Series(made, dtype=pl.String)


def _other(text: str, random: np.random.Generator) -> str:
    """A text of the same shape, and not the same where it has any letter or digit."""
    shaped = _shaped(text, random)
    while shaped == text and any(map(str.isalnum, text)):
        shaped = _shaped(text, random)
    return shaped


_SMALL, _CAPITAL = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _shaped(text: str, random: np.random.Generator) -> str:
    drawn = random.integers(0, 1 << 30, len(text)).tolist()
    out = []
    for char, number in zip(text, drawn, strict=True):
        if char.isdigit():
            out.append(str(number % 10))
        elif char.isupper():
            out.append(_CAPITAL[number % 26])
        elif char.isalnum():
            out.append(_SMALL[number % 26])
        else:
            out.append(char)
    return "".join(out)
