"""Bytes written as text: hexadecimal, or the URL's base64 without padding; and read again."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from lakescan.udfs.anonymize.code_points import bytes_of
from lakescan.udfs.anonymize.crypto.lanes import Strings
from lakescan.udfs.anonymize.text_types import TEXT


def written(strings: Strings, form: str, prefix: str = "", suffix: str = "") -> pa.Array:
    """Each string as text: ``hex`` or ``base64`` (RFC 4648, section 5), between two others."""
    array = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(),
        len(strings),
        [None, pa.py_buffer(strings.offsets), pa.py_buffer(strings.data)],
    )
    series = pl.from_arrow(array)
    assert isinstance(series, pl.Series)
    texts = series.bin.encode("hex" if form == "hex" else "base64")
    if form != "hex":
        texts = (
            texts.str.strip_chars_end("=")
            .str.replace_all("+", "-", literal=True)
            .str.replace_all("/", "_", literal=True)
        )
    if prefix or suffix:
        texts = pl.select(pl.lit(prefix) + texts + pl.lit(suffix)).to_series()
    return texts.to_arrow().cast(TEXT)


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
