"""Spans inside texts, exchanged for other texts: all texts of a column at once."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa

from lakescan.udfs.anonymize.code_points import bytes_of, text_array
from lakescan.udfs.anonymize.crypto.lanes import Int64s, Strings


@dataclass(frozen=True, slots=True)
class Spans:
    """Places in texts, ordered by text and start, none overlapping.

    Args:
        rows: each span's text.
        starts, ends: half-open, in code points.
    """

    rows: Int64s
    starts: Int64s
    ends: Int64s

    def in_bytes(self, texts: Strings) -> Spans:
        """The same places counted in bytes of UTF-8 from the beginning of ``texts.data``."""
        data = texts.data
        if not len(data) or data.max() < 128:
            base = texts.offsets[self.rows]
            return Spans(self.rows, base + self.starts, base + self.ends)
        begins = np.flatnonzero((data & 0xC0) != 0x80)
        begins = np.append(begins, len(data))
        #: The number of each text's first code point among all.
        first = np.searchsorted(begins, texts.offsets[self.rows])
        return Spans(self.rows, begins[first + self.starts], begins[first + self.ends])


def cut(texts: pa.Array, spans: Spans) -> pa.Array:
    """What stands in the spans: a ``large_string`` array."""
    strings = bytes_of(texts)
    places = spans.in_bytes(strings)
    data = strings.data.tobytes()
    pairs = zip(places.starts.tolist(), places.ends.tolist(), strict=True)
    whole = np.frombuffer(b"".join([data[start:end] for start, end in pairs]), np.uint8)
    return text_array(_ends(places.ends - places.starts), whole)


def exchanged(texts: pa.Array, spans: Spans, instead: pa.Array) -> pa.Array:
    """The texts with other texts in their spans.

    Args:
        texts: ``large_string`` without nulls.
        spans: places in them.
        instead: for each span what comes there, ``large_string`` without nulls.
    """
    if not len(spans.rows):
        return texts
    strings, others = bytes_of(texts), bytes_of(instead)
    places = spans.in_bytes(strings)
    data, new = strings.data.tobytes(), others.data.tobytes()
    starts, ends = places.starts.tolist(), places.ends.tolist()
    cuts = others.offsets.tolist()
    # What lies before each span, what comes for it; and last the rest of all texts.
    pieces = [b""] * (2 * len(starts) + 1)
    pieces[:-1:2] = [data[a:b] for a, b in zip([0, *ends[:-1]], starts, strict=True)]
    pieces[1::2] = [new[a:b] for a, b in itertools.pairwise(cuts)]
    pieces[-1] = data[ends[-1] :]
    grown = np.bincount(
        places.rows, weights=others.sizes - (places.ends - places.starts), minlength=len(texts)
    )
    whole = np.frombuffer(b"".join(pieces), np.uint8)
    return text_array(_ends(strings.sizes + grown.astype(np.int64)), whole)


def ordinals(spans: Spans, values: pa.Array) -> Int64s:
    """Each span's number among its text's different values, from 1, in the order of the text."""
    series = pl.from_arrow(values)
    assert isinstance(series, pl.Series)
    frame = pl.DataFrame({"row": spans.rows, "value": series})
    first = frame.unique(["row", "value"], keep="first", maintain_order=True).with_columns(
        number=pl.int_range(1, pl.len() + 1).over("row")
    )
    numbered = frame.join(first, on=["row", "value"], how="left", maintain_order="left")
    return numbered["number"].to_numpy().astype(np.int64)


def _ends(sizes: Int64s) -> Int64s:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))
