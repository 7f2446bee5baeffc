"""Spans inside texts, exchanged for other texts: all texts of a column at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa

from lakescan.udfs.anonymize.code_points import bytes_of, text_array
from lakescan.udfs.anonymize.crypto.lanes import Int64s, Strings
from lakescan.udfs.arrays import to_arrow


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


def apart(rows: Int64s, starts: Int64s, ends: Int64s) -> tuple[Int64s, Int64s]:
    """Which places to take, and where they then start, so that none overlap and all is covered.

    Some rules for conflicts leave findings that overlap. The one that begins first, and then the
    longer, is taken as a whole, and of the next what it leaves: nothing that was found stays.

    Args:
        rows: each place's text, ascending.
        starts: ascending in each text.
        ends: half-open.

    Returns:
        Numbers of places, ordered by text and start; and the start of each.
    """
    if not ((rows[1:] == rows[:-1]) & (starts[1:] < ends[:-1])).any():
        return np.arange(len(rows)), starts
    order = np.lexsort((-ends, starts, rows))
    frame = pl.DataFrame({"row": rows[order], "end": ends[order]})
    before = frame.select(pl.col("end").cum_max().shift(1, fill_value=0).over("row"))["end"]
    reached = before.to_numpy()
    left = np.flatnonzero(ends[order] > reached)
    kept = order[left]
    return kept, np.maximum(starts[kept], reached[left])


class Cutting:
    """Texts cut where spans begin and end.

    Args:
        texts: ``large_string`` without nulls.
        spans: places in them.
    """

    def __init__(self, texts: pa.Array, spans: Spans) -> None:
        self._texts = texts
        self._strings = bytes_of(texts)
        self._places = spans.in_bytes(self._strings)
        #: All texts as one: what is before the first span, in it, before the second, ...
        self._pieces = text_array(self._edges(), self._strings.data)

    def inside(self, spans: Int64s | None = None) -> pa.Array:
        """What stands in the spans, or in some of them: a ``large_string`` array.

        Args:
            spans: their numbers.
        """
        chosen = np.arange(len(self._places.rows)) if spans is None else spans
        return self._pieces.take(to_arrow(2 * chosen + 1))

    def exchanged(self, instead: pa.Array, order: Int64s) -> pa.Array:
        """The texts with other texts in their spans.

        Args:
            instead: what comes there, ``large_string`` without nulls, in any order.
            order: for each span its place in ``instead``.
        """
        places, count = self._places, len(self._places.rows)
        if not count:
            return self._texts
        chosen = np.empty(2 * count + 1, np.int64)
        chosen[::2] = np.arange(0, 2 * count + 1, 2)
        chosen[1::2] = order + (2 * count + 1)
        together = pa.concat_arrays([self._pieces, instead]).take(to_arrow(chosen))
        grown = np.bincount(
            places.rows,
            weights=bytes_of(instead).sizes[order] - (places.ends - places.starts),
            minlength=len(self._texts),
        )
        sizes = self._strings.sizes + grown.astype(np.int64)
        return text_array(_ends(sizes), bytes_of(together).data)

    def _edges(self) -> Int64s:
        places = self._places
        edges = np.empty(2 * len(places.rows) + 2, np.int64)
        edges[0], edges[-1] = 0, len(self._strings.data)
        edges[1:-1:2], edges[2:-1:2] = places.starts, places.ends
        return edges


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
