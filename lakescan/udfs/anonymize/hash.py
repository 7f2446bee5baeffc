"""hash: HMAC-SHA-256 (RFC 2104, FIPS 180-4) under a key of the domain."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from hmac import trans_5C, trans_36

import numpy as np
import polars as pl
import pyarrow as pa

from lakescan.policy.operators import HashOptions
from lakescan.udfs.anonymize.crypto.lanes import Int64s, Strings
from lakescan.udfs.anonymize.keys import DomainKeys
from lakescan.udfs.anonymize.protocol import Applied, Cells, Traits
from lakescan.udfs.anonymize.text_types import TEXT, text_only
from lakescan.udfs.anonymize.written import written

_BLOCK = 64


class Hash:
    """A keyed hash: without the key nobody can try values out. There is none without a key."""

    name = "hash"
    traits = Traits(keyed=True)

    def __init__(self, options: HashOptions) -> None:
        self._format = options.format
        self._length = options.length
        self._digest: Callable[[bytes], bytes] | None = None

    def result_type(self, kind: pa.DataType) -> pa.DataType | None:
        """Texts only."""
        return text_only(kind)

    def setup(self, keys: DomainKeys | None) -> None:
        """Derive the key."""
        assert keys is not None, "the job asks for a key first"
        self._digest = keyed_digest(keys.secret("hash"))

    def apply(self, cells: Cells) -> Applied:
        """The hashes, written as the policy says."""
        assert self._digest is not None, "setup comes first"
        digest = self._digest
        data = b"".join(
            [digest(value) for value in cells.values.cast(pa.large_binary()).to_pylist()]
        )
        offsets: Int64s = np.arange(len(cells.values) + 1, dtype=np.int64) * 32
        texts = written(Strings(offsets, np.frombuffer(data, np.uint8)), self._format)
        if self._length is not None:
            series = pl.from_arrow(texts)
            assert isinstance(series, pl.Series)
            texts = series.str.slice(0, self._length).to_arrow().cast(TEXT)
        return Applied(texts)


def keyed_digest(key: bytes) -> Callable[[bytes], bytes]:
    """HMAC-SHA-256 under one key of at most 64 bytes; both pads are hashed once.

    The standard library's own function hashes them anew for each message.
    """
    padded = key.ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(padded.translate(trans_36)).copy
    outer = hashlib.sha256(padded.translate(trans_5C)).copy

    def digest(message: bytes) -> bytes:
        first = inner()
        first.update(message)
        last = outer()
        last.update(first.digest())
        return last.digest()

    return digest
