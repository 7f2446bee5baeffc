"""TableProfiler: folds the batches of a table, or of a part of one, into column profiles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
import pyarrow as pa

from lakescan.udfs.arrays import decoded, is_binary, taken
from lakescan.udfs.classify.profile.blanks import blanks
from lakescan.udfs.classify.profile.counting import HitCounter
from lakescan.udfs.classify.profile.distinct import Counts, Tally, distinct, series_of
from lakescan.udfs.classify.profile.measure import (
    Weights,
    measure_numbers,
    measure_numerals,
    measure_text,
)
from lakescan.udfs.classify.profile.memory import Memory
from lakescan.udfs.classify.profile.profile import COLUMN_PRECISION, ColumnProfile
from lakescan.udfs.classify.profile.reading import with_readings
from lakescan.udfs.classify.profile.sampling import ValueSample
from lakescan.udfs.classify.profile.searching import Detects, Search, Searches
from lakescan.udfs.classify.profile.short_numbers import MIN_DIGITS, short_numbers
from lakescan.udfs.classify.profile.sketch import Hashes, SketchBuilder
from lakescan.udfs.classify.profile.statistics import (
    NumberStats,
    TextStats,
    TimeStats,
    by_decade,
    merge_stats,
)
from lakescan.udfs.classify.profile.strata import STRATA, Form, first_level, places_from, strata_of
from lakescan.udfs.classify.profile.whole_numbers import whole, without_fractions
from lakescan.udfs.detect.buffers import array_buffers
from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.values import Values
from lakescan.udfs.leaves import Leaf, leaves

#: A batch costs as much as thousands of its rows: small ones (row groups) are counted together.
_ENOUGH_ROWS = 100_000
_ENOUGH_BYTES = 32 << 20

#: Arrays whose bytes lie one after the other.
_LAID_OUT = (pa.StringArray, pa.LargeStringArray)

#: A column of numbers has no text to measure.
NO_TEXT = (TextStats(),) * STRATA


class TableProfiler:
    """Reads record batches and remembers counts.

    Args:
        detectors: what finds entities in strings; set up before the first batch.
        reads: values of a column that a model may read; None for as many as the detectors say.
        memory: of strings that repeat, kept from table to table; None for one of its own.
    """

    def __init__(
        self, detectors: Detects, reads: int | None = None, memory: Memory | None = None
    ) -> None:
        self._detectors = detectors
        self._reads = (detectors.reads if reads is None else reads) if detectors.reader else 0
        evidence = detectors.evidence
        self._searches = Searches(evidence, memory or Memory(evidence))
        self._columns: dict[tuple[int, str], _Column] = {}
        self._waiting: list[pa.RecordBatch] = []

    def update(self, batch: pa.RecordBatch) -> None:
        """Count one batch. The batches of one profiler share a schema."""
        self._waiting.append(batch)
        rows = sum(waiting.num_rows for waiting in self._waiting)
        if rows >= _ENOUGH_ROWS or sum(waiting.nbytes for waiting in self._waiting) > _ENOUGH_BYTES:
            self._count()

    def _count(self) -> None:
        """Count the batches that wait, as one."""
        waiting, self._waiting = self._waiting, []
        if len(waiting) > 1:
            waiting = pa.Table.from_batches(waiting).combine_chunks().to_batches()
        for batch in waiting:
            self._fold(batch)

    def _fold(self, batch: pa.RecordBatch) -> None:
        for leaf in leaves(batch):
            key = (leaf.index, leaf.path)
            if key not in self._columns:
                sample = ValueSample(self._reads) if self._reads else None
                self._columns[key] = _Column(leaf, self._searches, sample)
            self._columns[key].update(leaf)

    def finish(self) -> tuple[ColumnProfile, ...]:
        """The profile of every leaf so far, in the order of the columns."""
        self._count()
        for column in self._columns.values():
            column.finish()
        self._searches.flush()
        profiles = [self._columns[key].freeze() for key in sorted(self._columns)]
        if self._reads:
            samples = [self._columns[key].sample for key in sorted(self._columns)]
            return with_readings(self._detectors, profiles, samples)
        return tuple(profiles)


class _Column:
    """The running counts of one leaf."""

    def __init__(self, leaf: Leaf, searches: Searches, sample: ValueSample | None) -> None:
        self._path = leaf.path
        self._index = leaf.index
        self._searches = searches
        self.sample = sample
        self._types: set[str] = set()
        self._rows = 0
        self._nulls = 0
        self._blanks = 0
        self._documents = 0
        self._sketch = SketchBuilder(COLUMN_PRECISION)
        self._form = Form()
        self._times = TimeStats()
        self._hits = HitCounter()
        self._tally = Tally()

    def update(self, leaf: Leaf) -> None:
        array = leaf.array
        self._types.add(_type_name(array.type))
        self._rows += len(array)
        self._documents += leaf.documents
        self._nulls += array.null_count - leaf.documents
        if array.null_count == len(array):
            return
        kind = array.type.value_type if pa.types.is_dictionary(array.type) else array.type
        if pa.types.is_boolean(kind):
            self._sketch.update(_hash(series_of(array.drop_null().cast(pa.int8()))))
        elif pa.types.is_integer(kind):
            self._integers(array)
        elif pa.types.is_floating(kind) or pa.types.is_decimal(kind):
            self._fractions(array)
        elif pa.types.is_temporal(kind):
            self._moments(array)
        elif is_binary(kind):
            self._binaries(array)
        elif _is_string(kind):
            self._strings(array)

    def _integers(self, array: pa.Array) -> None:
        values, counts, _ = distinct(array)
        hashes = _hash(values)
        places, weights = self._choose(hashes, counts)
        if len(places):
            numbers = taken(values, places).cast(pl.Float64).to_numpy()
            self._add_form(NO_TEXT, measure_numbers(numbers, weights))
        # Only these can be a card, a phone, an identity number: the rest is judged by its size.
        least = 10 ** (MIN_DIGITS - 1)
        high, low = values.max(), values.min()
        long = np.zeros(len(values), np.bool_)
        if isinstance(high, int) and high >= least:
            long |= (values >= least).to_numpy()
        if isinstance(low, int) and low <= -least:
            long |= (values <= -least).to_numpy()
        if long.any():
            if not long.all():
                kept = np.flatnonzero(long)
                values, counts, hashes = taken(values, kept), counts[kept], hashes[kept]
            texts = Values(values.cast(pl.String))
            self._searches.add(Search(texts, counts, hashes, self._hits))

    def _fractions(self, array: pa.Array) -> None:
        if pa.types.is_decimal256(array.type):  # which Polars does not know
            array = array.cast(pa.float64())
        values = series_of(array).cast(pl.Float64).drop_nulls()
        counts = np.ones(len(values), dtype=np.int64)
        hashes = _hash(values)
        places, weights = self._choose(hashes, counts)
        if len(places):
            self._add_form(NO_TEXT, measure_numbers(taken(values, places).to_numpy(), weights))
        kept = whole(values)
        if len(kept):
            texts = Values(taken(values, kept).cast(pl.Int64).cast(pl.String))
            self._searches.add(Search(texts, counts[kept], hashes[kept], self._hits))

    def _moments(self, array: pa.Array) -> None:
        if pa.types.is_interval(array.type):  # which Polars does not know
            spans = [str(span) for span in array.drop_null().to_pylist()]
            self._sketch.update(_hash(pl.Series(spans, dtype=pl.String)))
            self._times = merge_stats(self._times, TimeStats(rows=len(spans)))
            return
        values = series_of(array).drop_nulls()
        self._sketch.update(_hash(values.to_physical()))
        if values.dtype == pl.Date or isinstance(values.dtype, pl.Datetime):
            years = values.dt.year().drop_nulls()  # null: a number that is no day of any calendar
            low, high = years.min(), years.max()
            assert isinstance(low, int | None)
            assert isinstance(high, int | None)
            decades = by_decade(years.to_numpy().astype(np.int64))
            times = TimeStats(len(values), _midnights(values), low, high, decades)
        else:
            times = TimeStats(rows=len(values))
        self._times = merge_stats(self._times, times)

    def _binaries(self, array: pa.Array) -> None:
        values = array.cast(pa.large_binary()).drop_null()
        texts = decoded(values)
        if texts.null_count:
            self._sketch.update(_hash(series_of(values.filter(texts.is_null()))))
        if texts.null_count < len(texts):
            self._strings(texts.drop_null())

    def _strings(self, array: pa.Array) -> None:
        """Take strings; those of which there are few are counted first and looked at later."""
        values, counts, repeat = distinct(array)
        if isinstance(values.dtype, pl.Categorical | pl.Enum):
            values = values.cast(pl.String)
        if not repeat and not array.null_count and isinstance(array, _LAID_OUT):
            self._look(Values.laid_out(Layout(values, array_buffers(array))), counts)
        elif not repeat or not self._tally.add(values, counts):
            self._texts(values, counts)
        elif self._tally.is_full:
            self._texts(*self._tally.take())

    def _texts(self, values: pl.Series, counts: Counts, *, repeats: bool = False) -> None:
        self._look(Values(values), counts, repeats=repeats)

    def _look(self, texts: Values, counts: Counts, *, repeats: bool = False) -> None:
        blank = blanks(texts.layout)
        if blank.any():
            self._blanks += int(counts[blank].sum())
            kept = np.flatnonzero(~blank)
            texts, counts = Values.laid_out(texts.layout.take(kept)), counts[kept]
        if len(texts) == 0:
            return
        hashes = _hash(texts.series)
        if self.sample is not None:
            self.sample.add(texts.series, counts, hashes)
        places, weights = self._choose(hashes, counts)
        if len(places):
            part = texts.layout if len(places) == len(texts) else texts.layout.take(places)
            self._add_form(measure_text(part, weights), measure_numerals(part, weights))
        texts = without_fractions(texts)
        short = short_numbers(texts)
        if short is None:
            search = Search(texts, counts, hashes, self._hits, short_numbers=True, repeats=repeats)
            self._searches.add(search)
            return
        if short.any():
            kept = np.flatnonzero(~short)
            texts = Values.laid_out(texts.layout.take(kept))
            counts, hashes = counts[kept], hashes[kept]
        if len(texts):
            self._searches.add(Search(texts, counts, hashes, self._hits, repeats=repeats))

    def _choose(self, hashes: Hashes, counts: Counts) -> tuple[Counts, Weights]:
        """Take hashes into the sketch; the places of those in the sample, and their weights."""
        self._sketch.update(hashes)
        level = first_level(self._sketch.freeze())
        self._form = self._form.merge(Form(), level)
        places = places_from(hashes, level)
        return places, Weights(counts[places], strata_of(hashes[places]))

    def _add_form(self, texts: Sequence[TextStats], numbers: Sequence[NumberStats]) -> None:
        strata = tuple(
            (k, text, number)
            for k, (text, number) in enumerate(zip(texts, numbers, strict=True))
            if text.rows or number.rows
        )
        self._form = self._form.merge(Form(strata), 0)

    def finish(self) -> None:
        """Look at what has only been counted."""
        if self._tally:
            self._texts(*self._tally.take(), repeats=True)

    def freeze(self) -> ColumnProfile:
        types = self._types - {"null"} or self._types
        return ColumnProfile(
            path=self._path,
            index=self._index,
            type="|".join(sorted(types)),
            rows=self._rows,
            nulls=self._nulls,
            blanks=self._blanks,
            documents=self._documents,
            sketch=self._sketch.freeze(),
            form=self._form,
            times=self._times,
            hits=self._hits.freeze(),
            entity_rows=self._hits.rows,
        )


def _type_name(kind: pa.DataType) -> str:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return str(kind).removeprefix("large_").removesuffix("_view")


def _is_string(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def _midnights(values: pl.Series) -> int:
    """How many have no time of day, told by their numbers: a cast ends at the wildest ones."""
    if not isinstance(values.dtype, pl.Datetime):
        return len(values)
    day = 86_400 * {"ms": 10**3, "us": 10**6, "ns": 10**9}[values.dtype.time_unit]
    return int((values.to_physical() % day == 0).sum())


def _hash(values: pl.Series) -> Hashes:
    return values.hash(0).to_numpy()
