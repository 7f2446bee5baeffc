"""Which encoding a text file is in."""

from __future__ import annotations

import codecs

#: Byte order marks, longest first (The Unicode Standard, section 2.13).
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Bytes that Windows code page 1252 leaves undefined.
_UNDEFINED_1252 = frozenset(b"\x81\x8d\x8f\x90\x9d")
#: Control bytes that text does not hold (all C0 but tab, line ends, form feed, escape, and the
#: separators that Hive writes between fields).
_BINARY = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1b\x01\x02\x03\x1c\x1d\x1e\x1f")
#: More control bytes than this share means binary.
_BINARY_SHARE = 0.01
#: UTF-8 with fewer broken bytes than this share of its non-ASCII bytes is damaged UTF-8.
_DAMAGED_SHARE = 0.5


def byte_order_mark(head: bytes) -> tuple[str, int] | None:
    """The encoding that a byte order mark declares, and the mark's length."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name, len(mark)
    return None


def is_text(head: bytes) -> bool:
    """Whether these bytes look like text in some encoding."""
    if byte_order_mark(head) or _wide(head):
        return True
    control = len(head) - len(head.translate(None, bytes(_BINARY)))
    return control <= len(head) * _BINARY_SHARE


def sniff_encoding(head: bytes) -> str:
    """Name the encoding of a file from its first bytes: a Python codec's name.

    A mark decides; else UTF-16 shows by its zero bytes; else what decodes as UTF-8 is UTF-8, even
    slightly damaged; the rest is Windows-1252, or ISO 8859-1 where that has no such character.
    ``ascii`` means that these bytes leave it open.
    """
    mark = byte_order_mark(head)
    if mark:
        return mark[0]
    wide = _wide(head)
    if wide:
        return wide
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(head)
    high = len(text) - len(text.encode("ascii", "ignore"))
    if not high:
        return "ascii"
    if text.count("\ufffd") <= high * _DAMAGED_SHARE:
        return "utf-8"
    return "latin-1" if _UNDEFINED_1252.intersection(head) else "cp1252"


def one_byte_lines(encoding: str) -> bool:
    """Whether a line end is the byte 0x0A in this encoding and that byte is nothing else."""
    name = codecs.lookup(encoding).name
    return name in ("utf-8", "ascii", "iso8859-1", "iso8859-15") or name.startswith("cp125")


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: mostly ASCII, so that every second byte is zero."""
    even, odd = head[0:4096:2], head[1:4096:2]
    if len(odd) < 2:
        return None
    if odd.count(0) > len(odd) * 0.7 and even.count(0) < len(even) * 0.1:
        return "utf-16-le"
    if even.count(0) > len(even) * 0.7 and odd.count(0) < len(odd) * 0.1:
        return "utf-16-be"
    return None
