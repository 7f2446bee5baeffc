"""The bounds that keep a hostile or broken file from taking a worker down.

A stream is never held whole, so these bound work and surprise more than memory; what must be held
whole (a compressed Parquet file, a workbook, a JSON document) is bounded by `WHOLE_BYTES`.
"""

from __future__ import annotations

from lakescan.errors import LimitExceededError

#: Expanded bytes for each stored byte. DEFLATE cannot pass 1,032 (zlib's technical details), and
#: what stands in lakes rarely passes 50.
EXPANSION_RATIO = 400
#: Up to so many expanded bytes no ratio is asked: small files of zeros are no attack.
EXPANSION_FREE_BYTES = 256 << 20
#: Nothing expands to more than this.
EXPANSION_BYTES = 1 << 40
#: What is held in memory whole, at most.
WHOLE_BYTES = 512 << 20
#: Members of one archive.
ARCHIVE_MEMBERS = 2000
#: Cells of one worksheet, filled or not: the reader holds them all.
SHEET_CELLS = 20_000_000


def bytes_text(size: int) -> str:
    """A size as people say it."""
    return f"{size >> 20} MiB" if size >= 1 << 20 else f"{size} bytes"


def check_expansion(expanded: int, stored: int, uri: str) -> None:
    """Refuse what expands like a bomb.

    Raises:
        LimitExceededError: more than `EXPANSION_RATIO` after the first `EXPANSION_FREE_BYTES`.
    """
    if expanded <= EXPANSION_FREE_BYTES:
        return
    if expanded > EXPANSION_BYTES or expanded > stored * EXPANSION_RATIO:
        raise LimitExceededError(
            f"{uri}: expands to more than {EXPANSION_RATIO} times its size",
            hint="is it a decompression bomb? exclude it",
            uri=uri,
        )


def check_whole(size: int, uri: str) -> None:
    """Refuse to hold more than `WHOLE_BYTES` of one file in memory.

    Raises:
        LimitExceededError: it is larger.
    """
    if size > WHOLE_BYTES:
        raise LimitExceededError(
            f"{uri}: more than {bytes_text(WHOLE_BYTES)} that can only be read at once",
            hint="store it uncompressed, or in smaller files",
            uri=uri,
        )
