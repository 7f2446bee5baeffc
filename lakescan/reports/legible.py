"""Names and messages as a person can safely read them.

A column may be called anything: what moves a terminal's cursor, turns the direction of reading
or cannot be seen is shown as its escape, so that what is read is what is there.
"""

from __future__ import annotations

import unicodedata

from lakescan.reports.model import BucketReport, ErrorReport

#: Categories (Unicode Standard, section 4.5) of characters that are not seen or not harmless:
#: control, format (which the bidirectional overrides are), surrogate, line and paragraph
#: separators, and those that mean nothing to anybody (private use, unassigned).
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"})

#: Format characters that some scripts and emoji cannot be written without.
_JOINERS = frozenset("\u200c\u200d")


def legible(text: str) -> str:
    r"""The text with each harmful or invisible character as ``\\n``, ``\\u202e``, ...."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_shown, text))


def _shown(character: str) -> str:
    if unicodedata.category(character) not in _HIDDEN or character in _JOINERS:
        return character
    return character.encode("unicode_escape").decode("ascii")


def problem(error: ErrorReport) -> str:
    """What went wrong, without the URI that the reader sees beside it."""
    return legible(error.message.removeprefix(f"{error.uri}: "))


def bucket_line(bucket: BucketReport) -> str:
    """How a bucket is protected, in one line."""
    return legible(
        f"{bucket.uri}: public: {bucket.public}, encryption: {bucket.encryption}, "
        f"versioning: {bucket.versioning}"
    )


def shortened(text: str, length: int) -> str:
    """The text cut in its middle to at most ``length`` characters: both ends tell names apart."""
    if len(text) <= length:
        return text
    head = (length - 1) // 2
    return f"{text[:head]}…{text[len(text) - (length - 1 - head) :]}"


def size(count: float) -> str:
    """Bytes as ``1.4 MB`` (SI prefixes, ISO 80000-1)."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if abs(value) < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} PB"


def plural(count: int, noun: str, nouns: str | None = None) -> str:
    """``1 column``, ``1,204 columns``."""
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"


def percent(share: float) -> str:
    """``97 %``; never rounded to 0 or 100 unless it is."""
    value = 100 * share
    if 0 < value < 1:
        return "<1 %"
    if 99 < value < 100:
        return ">99 %"
    return f"{value:.0f} %"
