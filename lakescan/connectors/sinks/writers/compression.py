"""Whole files packed, as the file that they are made after."""

from __future__ import annotations

import pyarrow as pa

#: Our names of compressions -> pyarrow's.
_CODECS = {"gzip": "gzip", "bzip2": "bz2", "zstd": "zstd"}


def compressed(stream: pa.NativeFile, compression: str | None) -> pa.NativeFile:
    """A stream that packs what is written to it; the very same where nothing is to be packed."""
    return pa.CompressedOutputStream(stream, _CODECS[compression]) if compression else stream
