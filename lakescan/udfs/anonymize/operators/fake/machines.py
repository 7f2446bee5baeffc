"""Addresses of machines and pages: IP, MAC, UUID, URL; and the form of anything else."""

from __future__ import annotations

import ipaddress

import numpy as np
import polars as pl

from lakescan.udfs.anonymize.operators.fake.digits import other_digits
from lakescan.udfs.anonymize.operators.fake.draw import Draw, UInt64s
from lakescan.udfs.anonymize.operators.fake.letters import code_letters
from lakescan.udfs.anonymize.operators.fake.permutation import turned
from lakescan.udfs.anonymize.operators.fake.spelling import Letters, respelled

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
    digits = [block.tobytes().hex() for block in blocks]
    return in_capitals_of(texts, written_as(texts, digits))


def mac_address(texts: pl.Series, draw: Draw) -> pl.Series:
    """Locally administered addresses (IEEE 802), written as the originals are: permuted."""
    bare = texts.str.to_lowercase().str.replace_all("[^0-9a-f]", "")
    whole = [int(each or "0", 16) % (1 << _MAC_BITS) for each in bare.to_list()]
    numbers: UInt64s = np.array(whole, np.uint64)
    rest, low = np.uint64(1 << _MAC_BITS - 8), np.uint64(2)
    # All but the two bits of the first octet that say whose address it is, and for how many.
    held: UInt64s = (numbers // rest >> low) * rest + numbers % rest
    sizes = np.full(len(held), 1 << (_MAC_BITS - 2)).astype(np.uint64)
    made = turned(draw, held, sizes, draw.numbers(pl.Series(["mac"]), "").repeat(len(held)))
    full = ((made // rest << low) + low) * rest + made % rest
    digits = [f"{number:012x}" for number in full.tolist()]
    return in_capitals_of(texts, written_as(texts, digits))


_MAC_BITS = 48


def written_as(originals: pl.Series, digits: list[str]) -> pl.Series:
    """Digits in the places of the originals' letters and digits; what is between stays."""
    made = []
    for text, some in zip(originals.to_list(), digits, strict=True):
        rest = iter(some)
        made.append("".join(next(rest, "") if char.isalnum() else char for char in text))
    return pl.Series(made, dtype=pl.String)


def in_capitals_of(originals: pl.Series, made: pl.Series) -> pl.Series:
    """Hexadecimal in capitals where the originals have any."""
    capitals = originals.str.contains("[A-F]")
    return pl.select(pl.when(capitals).then(made.str.to_uppercase()).otherwise(made)).to_series()


def url(texts: pl.Series, draw: Draw) -> pl.Series:
    """A page of an example's host (RFC 2606)."""
    scheme = texts.str.extract(r"^([a-z]+://)", 1).fill_null("")
    pages = [block.tobytes()[:8].hex() for block in draw.blocks(texts, "url")]
    return pl.select(scheme + "example.org/" + pl.Series(pages, dtype=pl.String)).to_series()


def hexadecimal(texts: pl.Series, draw: Draw) -> pl.Series:
    """Hexadecimal digits for hexadecimal digits, after ``0x`` where it stands; permuted."""
    front = texts.str.extract("^(0[xX])", 1).fill_null("")
    rest = pl.select(texts.str.slice(front.str.len_chars())).to_series()
    made = respelled(rest.str.to_lowercase(), _HEXADECIMAL, draw, "hexadecimal")
    return pl.select(front + in_capitals_of(rest, made)).to_series()


_HEXADECIMAL = Letters(["0123456789abcdef"])


def file_name(texts: pl.Series, draw: Draw) -> pl.Series:
    """Another name; what kind of file it is stays."""
    kind = texts.str.extract(r"(\.[0-9A-Za-z]{1,8})$", 1).fill_null("")
    length = texts.str.len_chars() - kind.str.len_chars()
    stem = pl.select(texts.str.slice(0, length)).to_series()
    return pl.select(shape(stem, draw) + kind).to_series()


def shape(texts: pl.Series, draw: Draw) -> pl.Series:
    """Letters for letters, digits for digits, permuted; what is neither stays.

    A number of digits alone begins with a zero where the original does, so that it keeps its length
    as an integer too.

    Letters beyond ASCII become ASCII ones, drawn anew with all others of such a text.
    """
    out = respelled(texts, code_letters(), draw, "shape")
    numbers = np.flatnonzero(texts.str.contains(r"^[0-9]{2,}$").to_numpy())
    if numbers.size:
        out = out.scatter(numbers, other_digits(texts.gather(numbers), draw, "shape"))
    beyond = np.flatnonzero(texts.str.contains(_BEYOND).to_numpy())
    if not beyond.size:
        return out
    some = texts.gather(beyond)
    made = [
        _other(text, np.random.Generator(np.random.PCG64(int.from_bytes(block.tobytes(), "big"))))
        for text, block in zip(some.to_list(), draw.blocks(some, "shape"), strict=True)
    ]
    return out.scatter(beyond, pl.Series(made, dtype=pl.String))


_BEYOND = r"[[\p{L}\p{N}\p{M}]--[0-9A-Za-z]]"


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
