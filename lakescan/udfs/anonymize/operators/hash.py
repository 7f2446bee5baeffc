"""hash: HMAC-SHA-256 (RFC 2104, FIPS 180-4) under a key of the domain."""

from __future__ import annotations

import binascii

import numpy as np
import polars as pl
import polars_hash as plh
import pyarrow as pa

from lakescan.policy.operators import HashOptions
from lakescan.udfs.anonymize.code_points import bytes_of
from lakescan.udfs.anonymize.keys import DomainKeys
from lakescan.udfs.anonymize.operators.protocol import Applied, Cells, Traits
from lakescan.udfs.anonymize.operators.written import written_rows
from lakescan.udfs.anonymize.text_types import TEXT, text_only

#: Of a digest.
_BYTES = 32


class Hash:
    """A keyed hash: without the key nobody can try values out. There is none without a key."""

    name = "hash"
    traits = Traits(keyed=True, light=True)

    def __init__(self, options: HashOptions) -> None:
        self._format = options.format
        self._length = options.length
        self._digests: pl.Expr | None = None

    def result_type(self, kind: pa.DataType) -> pa.DataType | None:
        """Texts only."""
        return text_only(kind)

    def setup(self, keys: DomainKeys | None) -> None:
        """Derive the key."""
        assert keys is not None, "the job asks for a key first"
        self._digests = keyed_digests(keys.secret("hash").hex())

    def apply(self, cells: Cells) -> Applied:
        """The hashes, written as the policy says."""
        assert self._digests is not None, "setup comes first"
        values = pl.from_arrow(cells.values)
        assert isinstance(values, pl.Series)
        texts = values.to_frame("text").select(self._digests).to_series()
        if self._format != "hex":
            data = binascii.unhexlify(bytes_of(texts.to_arrow().cast(TEXT)).data.tobytes())
            rows = np.frombuffer(data, np.uint8).reshape(len(texts), _BYTES)
            made = pl.from_arrow(written_rows(rows, self._format))
            assert isinstance(made, pl.Series)
            texts = made
        if self._length is not None:
            texts = texts.str.head(self._length)
        return Applied(texts.to_arrow().cast(TEXT))


def keyed_digests(key: str) -> pl.Expr:
    """HMAC-SHA-256 of the column ``text``, in hexadecimal, under a key of ASCII characters.

    A loop over Python's own functions takes four times as long.
    """
    return plh.col("text").chash.hmac_sha256(key=key)
