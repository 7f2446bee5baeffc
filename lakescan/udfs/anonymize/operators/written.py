"""Bytes written as text: hexadecimal, or the URL's base64 without padding; and read again."""

from __future__ import annotations

import base64
import binascii

import numpy as np
import polars as pl
import pyarrow as pa

from lakescan.udfs.anonymize.code_points import bytes_of, text_array
from lakescan.udfs.anonymize.crypto.lanes import Bytes, Strings
from lakescan.udfs.anonymize.text_types import TEXT


def written(strings: Strings, prefix: str, suffix: str) -> pa.Array:
    """Each string in base64 (RFC 4648, section 5), between two others."""
    array = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(),
        len(strings),
        [None, pa.py_buffer(strings.offsets), pa.py_buffer(strings.data)],
    )
    series = pl.from_arrow(array)
    assert isinstance(series, pl.Series)
    texts = (
        series.bin.encode("base64")
        .str.strip_chars_end("=")
        .str.replace_all("+", "-", literal=True)
        .str.replace_all("/", "_", literal=True)
    )
    return pl.select(pl.lit(prefix) + texts + pl.lit(suffix)).to_series().to_arrow().cast(TEXT)


def written_rows(rows: Bytes, form: str, prefix: str = "") -> pa.Array:
    """Strings that all are as long, in ``hex`` or ``base64``, after another.

    Args:
        rows: shape (strings, bytes).
        form: one of the two.
        prefix: of ASCII characters or others.
    """
    lanes, size = rows.shape
    if form == "hex":
        width = 2 * size
        texts = np.frombuffer(binascii.hexlify(rows.tobytes()), np.uint8).reshape(lanes, width)
    else:
        # What a string alone would be padded with are zeros here, whose letters are cut off.
        padded = np.zeros((lanes, -(-size // 3) * 3), np.uint8)
        padded[:, :size] = rows
        width = -(-size * 4 // 3)
        letters = np.frombuffer(base64.urlsafe_b64encode(padded.tobytes()), np.uint8)
        texts = letters.reshape(lanes, padded.shape[1] // 3 * 4)[:, :width]
    before = np.frombuffer(prefix.encode(), np.uint8)
    out = np.empty((lanes, len(before) + width), np.uint8)
    out[:, : len(before)] = before
    out[:, len(before) :] = texts
    offsets = np.arange(lanes + 1, dtype=np.int64) * out.shape[1]
    return text_array(offsets, out.reshape(-1))


def read_base64(texts: pl.Series) -> Strings:
    """The bytes of texts that `written` wrote; of one that is none, no bytes."""
    plain = texts.str.replace_all("-", "+", literal=True).str.replace_all("_", "/", literal=True)
    missing = (4 - plain.str.len_bytes() % 4) % 4
    padded = pl.select(
        pl.when(missing == 2)
        .then(plain + "==")
        .when(missing == 1)
        .then(plain + "=")
        .otherwise(plain)
    ).to_series()
    data = padded.str.decode("base64", strict=False).fill_null(b"")
    return bytes_of(data.to_arrow().cast(pa.large_binary()))
