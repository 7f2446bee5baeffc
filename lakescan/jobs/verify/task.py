"""What a worker does: read a file and what became of it, row beside row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from lakescan.connectors import ReadRequest, Split, read
from lakescan.jobs.verify.fingerprints import (
    Counts,
    Fingerprinter,
    Prints,
    added,
    counted,
    telling,
    texts_of,
)
from lakescan.jobs.verify.risk import grouped, together
from lakescan.policy import Policy
from lakescan.udfs.anonymize.column import distinct
from lakescan.udfs.anonymize.operators.lookup import build_operator
from lakescan.udfs.anonymize.operators.protocol import Cells
from lakescan.udfs.anonymize.plan import ColumnPlan, TablePlan, Treatment
from lakescan.udfs.anonymize.spans import Cutting, Spans, apart
from lakescan.udfs.anonymize.text_types import TEXT
from lakescan.udfs.arrays import decoded, is_binary, to_numpy
from lakescan.udfs.classify.profile.blanks import BLANK_WORDS
from lakescan.udfs.detect import DetectorSet, Values, build_detectors
from lakescan.udfs.detect.findings import names_of
from lakescan.udfs.leaves import Leaf, leaves

_Key = TypeVar("_Key")
#: Operators that may leave a value as it is, by what they do.
_MAY_KEEP = frozenset({"generalize", "truncate", "noise", "keep"})
#: What stands for nothing and has no letter or digit that an operator could change.
_SIGNS = [word for word in BLANK_WORDS if not any(map(str.isalnum, word))]


@dataclass(frozen=True, slots=True)
class VerifyUnit:
    """A file of the source and what became of it.

    Args:
        table: place of its dataset in the job.
        before, after: splits, in the order of their rows.
        plan: what was to be done.
        quasi: paths, `written_out`, of columns by which rows may stand out, and of confidential
            ones.
        beside: whether rows stand in the same order, so that cells can be compared.
    """

    table: int
    before: tuple[Split, ...]
    after: tuple[Split, ...]
    plan: TablePlan
    quasi: tuple[str, ...] = ()
    beside: bool = True

    @property
    def weight(self) -> int:
        """Bytes to be decoded, about."""
        return 4 * sum(split.size for split in (*self.before, *self.after))


@dataclass(slots=True)
class Compared:
    """Counts and fingerprints of one file; columns go by index and path, those after by path."""

    rows_before: int = 0
    rows_after: int = 0
    cells: dict[tuple[int, str], int] = field(default_factory=dict)
    same: dict[tuple[int, str], int] = field(default_factory=dict)
    nulls_before: dict[tuple[int, str], int] = field(default_factory=dict)
    nulls_after: dict[tuple[int, str], int] = field(default_factory=dict)
    originals: dict[tuple[int, str], Prints] = field(default_factory=dict)
    outputs: dict[str, Prints] = field(default_factory=dict)
    keys_before: dict[str, tuple[Prints, Counts]] = field(default_factory=dict)
    keys_after: dict[str, tuple[Prints, Counts]] = field(default_factory=dict)
    groups: pl.DataFrame | None = None


class VerifyTask:
    """Compares files. The key is the run's own: no key of a keyring.

    Args:
        policy: finds values inside texts.
        key: of the fingerprints.
        storages: connection properties of source and target.
    """

    def __init__(
        self, policy: Policy, key: bytes, storages: tuple[Mapping[str, str], Mapping[str, str]]
    ) -> None:
        self._policy = policy
        self._key = key
        self._storages = storages
        self._detectors: DetectorSet | None = None

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_detectors": None}

    def setup(self) -> None:
        """Load the detectors."""
        self._detectors = build_detectors(self._policy)
        self._detectors.setup()

    def __call__(self, unit: VerifyUnit) -> Compared:
        """Read both sides."""
        assert self._detectors is not None, "setup comes first"
        out = Compared()
        side = _Side(Fingerprinter(self._key), self._detectors, self._policy)
        before = _batches(unit.before, self._storages[0])
        after = _batches(unit.after, self._storages[1])
        for old, new in _aligned(before, after):
            out.rows_before += 0 if old is None else old.num_rows
            out.rows_after += 0 if new is None else new.num_rows
            olds = [] if old is None else list(leaves(old))
            news = [] if new is None else list(leaves(new))
            side.sources(out, unit.plan, olds)
            side.outputs(out, unit.plan, news)
            _cells(out, unit, olds, news)
            if new is not None and unit.quasi:
                side.groups(out, unit.quasi, news, new.num_rows)
        return out


class _Side:
    """Takes fingerprints of batches."""

    def __init__(self, fingerprint: Fingerprinter, detectors: DetectorSet, policy: Policy) -> None:
        self._print = fingerprint
        self._detectors = detectors
        self._policy = policy

    def sources(self, out: Compared, plan: TablePlan, found: Sequence[Leaf]) -> None:
        for leaf in found:
            texts = texts_of(leaf.array)
            _count(out.keys_before, written_out(leaf.path), self._print(texts))
            planned = plan.at(leaf.index, leaf.path)
            if planned is None:
                continue
            if planned.whole is None:
                texts = self._inside(texts)
            elif planned.whole.operator == "keep":
                continue
            told = telling(texts.unique())
            if planned.whole is not None and planned.whole.operator == "generalize":
                told = _coarser(told, planned, planned.whole)
            _union(out.originals, (leaf.index, leaf.path), self._print(told))

    def outputs(self, out: Compared, plan: TablePlan, found: Sequence[Leaf]) -> None:
        for leaf in found:
            texts = texts_of(leaf.array)
            prints = self._print(texts)
            _count(out.keys_after, written_out(leaf.path), prints)
            _union(out.outputs, leaf.path, np.unique(self._print(telling(texts.unique()))))
            planned = plan.at(leaf.index, leaf.path)
            if planned is not None and planned.whole is None:
                inside = self._inside(texts)
                _union(out.outputs, leaf.path, self._print(telling(inside.unique())))

    def groups(self, out: Compared, quasi: Sequence[str], found: Sequence[Leaf], rows: int) -> None:
        chosen: dict[str, Prints] = {}
        for leaf in found:
            path = written_out(leaf.path)
            if path in quasi and (leaf.rows is not None or len(leaf.array) == rows):
                chosen[path] = self._each(leaf, rows, chosen.get(path))
        parts = [grouped(chosen, rows), *([out.groups] if out.groups is not None else [])]
        out.groups = together(parts)

    def _each(self, leaf: Leaf, rows: int, before: Prints | None) -> Prints:
        """A fingerprint for each row's value; of those without one, the one before."""
        some = distinct(leaf.array)
        values = pl.Series(_text(some.values))
        known = np.append(self._print(values), np.uint64(0))
        codes = to_numpy(pc.fill_null(some.places.cast(pa.int64()), len(values)))
        out = np.zeros(rows, np.uint64) if before is None else before
        if leaf.rows is None:
            return np.where(codes < len(values), known[codes], out)
        out[to_numpy(leaf.rows)] = known[codes]
        return out

    def _inside(self, texts: pl.Series) -> pl.Series:
        """The sensitive values inside texts."""
        values = texts.unique(maintain_order=True)
        if not len(values):
            return values
        found = self._detectors.detect_texts(Values(values))
        names, codes = names_of(found, "entity")
        sensitive = np.array([self._policy.sensitive(name) for name in names], np.bool_)
        chosen = np.flatnonzero(sensitive[codes]) if names else np.zeros(0, np.int64)
        if not chosen.size:
            return pl.Series([], dtype=pl.String)
        rows, starts, ends = (
            to_numpy(found[name])[chosen].astype(np.int64) for name in ("row", "start", "end")
        )
        kept, starts = apart(rows, starts, ends)
        spans = Spans(rows[kept], starts, ends[kept])
        pieces = pl.from_arrow(Cutting(Values(values).arrow, spans).inside())
        assert isinstance(pieces, pl.Series)
        return pieces


def _cells(out: Compared, unit: VerifyUnit, olds: Sequence[Leaf], news: Sequence[Leaf]) -> None:
    """Compare cells of the same row, where both sides have as many."""
    plan = unit.plan
    after = {written_out(leaf.path): leaf.array for leaf in news}
    for leaf in olds:
        planned = plan.at(leaf.index, leaf.path)
        if planned is None:
            continue
        key = (leaf.index, leaf.path)
        out.nulls_before[key] = out.nulls_before.get(key, 0) + leaf.array.null_count
        made = after.get(written_out(leaf.path))
        if made is not None:
            out.nulls_after[key] = out.nulls_after.get(key, 0) + made.null_count
        some = distinct(leaf.array)
        full = pc.is_valid(some.places)
        out.cells[key] = out.cells.get(key, 0) + (len(full) - some.places.null_count)
        if not unit.beside or made is None or len(made) != len(leaf.array) or not _counts(planned):
            continue
        equal = pc.and_(_equal(leaf.array, made), full)
        equal = pc.and_(equal, _says_something(leaf.array))
        out.same[key] = out.same.get(key, 0) + int(pc.sum(equal).as_py() or 0)


def _coarser(texts: pl.Series, planned: ColumnPlan, treatment: Treatment) -> pl.Series:
    """Texts that a range is not named like: 10.1.2.0 is left, and means all of 10.1.2.0/24."""
    operator = build_operator(treatment.operator, treatment.options)
    values = texts.to_arrow().cast(TEXT)
    made = operator.apply(Cells(values, planned.entity, planned.category)).values
    return texts.filter(pl.Series(pc.fill_null(pc.not_equal(values, made), True)))


def written_out(path: str) -> str:
    """A leaf's path, the same for a nested column and for JSON in a text, which it may become."""
    return path.replace(".$", "")


def _counts(planned: ColumnPlan) -> bool:
    """Whether a cell that stays the same is a leak."""
    return planned.whole is not None and planned.whole.operator not in _MAY_KEEP


def _says_something(array: pa.Array) -> pa.Array | bool:
    """Which cells are no sign for nothing, as a scan knows them: a dash may stay one."""
    plain = _plain(array)
    if pa.types.is_nested(plain.type):
        return True
    trimmed = pc.utf8_trim_whitespace(_text(plain))
    return pc.invert(pc.is_in(trimmed, value_set=pa.array(_SIGNS, TEXT)))


def _equal(one: pa.Array, other: pa.Array) -> pa.Array:
    """Which cells are the same; a text and its bytes are."""
    one, other = _plain(one), _plain(other)
    if is_binary(one.type) != is_binary(other.type):
        one, other = one.cast(pa.large_binary()), other.cast(pa.large_binary())
    return pc.fill_null(pc.equal(one, other), False)


def _text(array: pa.Array) -> pa.Array:
    return decoded(array) if is_binary(array.type) else array.cast(TEXT)


def _plain(array: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if is_binary(array.type):
        return array.cast(pa.large_binary())
    return array.cast(TEXT) if not pa.types.is_nested(array.type) else array


def _count(held: dict[str, tuple[Prints, Counts]], path: str, prints: Prints) -> None:
    before = held.get(path)
    held[path] = added([*([before] if before else []), counted(prints)])


def _union(held: dict[_Key, Prints], key: _Key, prints: Prints) -> None:
    before = held.get(key)
    held[key] = np.unique(prints if before is None else np.concatenate((before, prints)))


def _batches(splits: Sequence[Split], storage: Mapping[str, str]) -> Iterator[pa.RecordBatch]:
    for split in splits:
        yield from read(split, ReadRequest(storage=storage))


def _aligned(
    before: Iterator[pa.RecordBatch], after: Iterator[pa.RecordBatch]
) -> Iterator[tuple[pa.RecordBatch | None, pa.RecordBatch | None]]:
    """Both sides cut alike; what one has in excess comes alone."""
    old, new = next(before, None), next(after, None)
    while old is not None and new is not None:
        size = min(old.num_rows, new.num_rows)
        if size:
            yield old.slice(0, size), new.slice(0, size)
        old = old.slice(size) if old.num_rows > size else next(before, None)
        new = new.slice(size) if new.num_rows > size else next(after, None)
    while old is not None:
        yield old, None
        old = next(before, None)
    while new is not None:
        yield None, new
        new = next(after, None)
