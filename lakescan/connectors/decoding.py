"""What decoders raise over broken bytes -> our errors, without the values that they may quote."""

from __future__ import annotations

import struct
import zlib

import pyarrow as pa

from lakescan.connectors.storage.arrow_errors import of_arrow
from lakescan.errors import (
    CorruptFileError,
    LakeError,
    LimitExceededError,
    TransientError,
    UnsupportedError,
)

#: What a decoder may raise over bytes that are not what their format says.
DECODER_ERRORS = (
    pa.ArrowException,
    OSError,
    ValueError,
    EOFError,
    KeyError,
    IndexError,
    OverflowError,
    MemoryError,
    RecursionError,
    struct.error,
    zlib.error,
)


def decoder_error(uri: str, error: Exception) -> LakeError:
    """Say what a decoder's error means for the file."""
    if isinstance(error, MemoryError):
        return LimitExceededError(f"{uri}: does not fit into memory", uri=uri)
    if isinstance(error, NotImplementedError):
        return UnsupportedError(
            f"{uri}: uses a feature that cannot be read ({type(error).__name__})", uri=uri
        )
    if isinstance(error, OSError):
        known = of_arrow(uri, error)
        if known:
            return known
        if error.errno is not None:
            return TransientError(f"{uri}: {error.strerror}", uri=uri)
    return CorruptFileError(f"{uri}: {_damage(str(error))}", uri=uri)


#: How the messages of pyarrow's decompressors begin or end -> what they mean.
_COMPRESSION = {
    "Truncated compressed stream": "the compressed data is cut short",
    "zlib inflate failed": "the compressed data is damaged",
    "bz2 decompress failed": "the compressed data is damaged",
    "ZSTD decompression failed": "the compressed data is damaged",
    "Corrupt snappy compressed data": "the compressed data is damaged",
    "Corrupt Lz4 compressed data": "the compressed data is damaged",
}


def _damage(message: str) -> str:
    """What is wrong with the bytes, without a word of the message: it may quote values."""
    known = (meaning for mark, meaning in _COMPRESSION.items() if mark in message)
    return next(known, "the file is damaged, or its content is not what its name says")
