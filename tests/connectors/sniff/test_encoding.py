"""Encodings, told from the first bytes."""

from __future__ import annotations

import codecs

import pytest

from lakescan.connectors.sniff.encoding import is_text, sniff_encoding

TEXT = "Name;Straße\nJosé;Große Allee 7\nZoë;Rue de l'Église\n" * 5


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("cp1252"), "cp1252"),
        (TEXT.encode("latin-1") + b"\x81\x8d", "latin-1"),
        (b"plain", "ascii"),
        (TEXT.encode() + b"\xff\xfe broken", "utf-8"),
        (TEXT.encode()[: TEXT.encode().index(b"\xc3") + 1], "ascii"),
    ],
)
def test_tells_the_encoding(data: bytes, encoding: str) -> None:
    assert sniff_encoding(data) == encoding
    assert is_text(data)


def test_binary_is_no_text() -> None:
    assert not is_text(bytes(range(256)) * 4)
