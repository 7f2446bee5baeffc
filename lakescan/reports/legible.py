"""Names, messages, counts and shares as a person reads them."""

from __future__ import annotations

from lakescan.markup.legible import legible
from lakescan.reports.model import BucketReport, ErrorReport

__all__ = ["bucket_line", "legible", "percent", "plural", "problem", "shortened", "size"]


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
