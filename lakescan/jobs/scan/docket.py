"""The units of a plan, and what became of each: on disk, so that a driver's memory is bounded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import overload

import numpy as np
import numpy.typing as npt

from lakescan.connectors import FileFormat, Split
from lakescan.connectors.lake.datasets import OPTION
from lakescan.connectors.scratch import Cell, packed, unpacked, whole
from lakescan.engines.protocol import Unit
from lakescan.engines.weight import total_weight, weight
from lakescan.jobs.listed import ListedUnits
from lakescan.jobs.scan.unit import ScanUnit
from lakescan.reports.splits import SplitReport

#: Values are read in a split in excess of its part, and at least.
_SPARE, _LEAST_READS = 4, 4

_TABLES = """
CREATE TABLE units (place INTEGER PRIMARY KEY, id TEXT, dataset INT, uri BLOB, version BLOB,
                    format INT, start INT, stop INT, unit TEXT, size INT, rows INT, access INT,
                    own TEXT);
CREATE TABLE ends (place INTEGER PRIMARY KEY, status TEXT, rows INT, bytes INT, seconds REAL,
                   attempts INT, error_kind TEXT, error TEXT);
CREATE TABLE seen (digest BLOB PRIMARY KEY) WITHOUT ROWID;
"""
_ENDS = """
SELECT units.place, id, dataset, uri, version, format, start, stop, unit,
       status, ends.rows, bytes, seconds, attempts, error_kind, error
FROM units JOIN ends ON ends.place = units.place
WHERE units.place > ? ORDER BY units.place"""
_WRITTEN = 1024


class Docket(ListedUnits[ScanUnit]):
    """Units in the order of the plan.

    In memory is what is known of each dataset and of each format, not of each unit; of ways to
    reach what is read (`Split.access`), too, which never go to disk.

    Args:
        bounds: rows and row groups to be read of a split; None for all.
        values: that a model may read of a column; see `ScanUnit.reads`.
    """

    _select = """
SELECT place, id, dataset, uri, version, format, start, stop, unit, size, rows, access, own
FROM units"""

    def __init__(self, bounds: tuple[int | None, int | None], values: int) -> None:
        super().__init__(_TABLES)
        self._bounds = bounds
        self._values = values
        self._count = 0
        self._formats: list[FileFormat] = []
        self._format_numbers: dict[FileFormat, int] = {}
        self._chosen: dict[int, tuple[str, ...]] = {}
        self._sizes: dict[int, int] = {}
        self.counts: dict[int, int] = {}
        self.bytes = 0
        self.weight = 0

    def add(
        self, dataset: int, splits: Iterable[tuple[str, Split]], columns: tuple[str, ...] | None
    ) -> None:
        """Plan to read a dataset.

        Args:
            dataset: its place in the plan.
            splits: each with its unit's id.
            columns: to be read; None for all.
        """
        if columns is not None:
            self._chosen[dataset] = columns
        left = iter(splits)
        count = 0
        while page := list(islice(left, _WRITTEN)):
            self._scratch.run_many(
                "INSERT INTO units VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [self._row(self._count + n, dataset, *one) for n, one in enumerate(page)],
            )
            self._count += len(page)
            count += len(page)
        if count:
            self.counts[dataset] = count

    def repeated(self, splits: Iterable[Split]) -> frozenset[int]:
        """Places of those that an earlier call was given, too."""
        again = []
        for place, split in enumerate(splits):
            digest = hashlib.blake2b(packed(split.token), digest_size=16).digest()
            if self._scratch.run("SELECT 1 FROM seen WHERE digest = ?", (digest,)):
                again.append(place)
            else:
                self._scratch.run("INSERT INTO seen VALUES (?)", (digest,))
        return frozenset(again)

    def ended(self, split: SplitReport) -> None:
        """Note what became of a planned unit."""
        place = self.place(split.unit)
        assert place is not None, "only what is planned ends"
        error = None if split.error is None else packed(split.error)
        facts = (split.status, split.rows, split.bytes, split.seconds, split.attempts)
        self._scratch.run(
            "INSERT OR REPLACE INTO ends VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (place, *facts, split.error_kind, error),
        )

    def reports(self, datasets: Sequence[str]) -> Iterator[SplitReport]:
        """What became of the units, in their order.

        Args:
            datasets: their URIs, in the order of the plan.
        """
        for page in self._scratch.pages(_ENDS):
            for row in page:
                unit = self._unit((*row[:9], 0, None, None, None))
                status, rows, size, seconds, attempts, kind, error = row[9:]
                assert isinstance(seconds, float)
                yield SplitReport(
                    unit=unit.id,
                    dataset=datasets[unit.dataset],
                    uri=unit.split.uri,
                    version=unit.split.version,
                    format=unit.split.format.name,
                    range=unit.range,
                    status=str(status),
                    rows=whole(rows),
                    bytes=whole(size),
                    seconds=seconds,
                    attempts=whole(attempts),
                    error_kind=None if kind is None else str(kind),
                    error=None if error is None else unpacked(error),
                )

    def __len__(self) -> int:
        return self._count

    def _row(self, place: int, dataset: int, unit: str, split: Split) -> tuple[Cell, ...]:
        common, own = _parted(split.format)
        form = self._format_numbers.setdefault(common, len(self._formats))
        if form == len(self._formats):
            self._formats.append(common)
        self._sizes[dataset] = self._sizes.get(dataset, 0) + split.size
        self.bytes += split.size
        self.weight += ScanUnit(unit, dataset, split, None, *self._bounds).weight
        piece = (split.start, split.stop, split.unit, split.size, split.rows)
        return (
            *(place, unit, dataset, packed(split.uri), packed(split.version), form),
            *piece,
            self._number(split.access),
            own,
        )

    def _unit(self, row: tuple[Cell, ...]) -> ScanUnit:
        _, unit, number, uri, version, form, start, stop, kind, size, rows, access, own = row
        dataset = whole(number)
        common = self._formats[whole(form)]
        if own is not None:
            common = replace(common, options=(*common.options, (OPTION, str(own))))
        split = Split(
            unpacked(uri),
            unpacked(version),
            common,
            whole(start),
            None if stop is None else whole(stop),
            str(kind),
            whole(size),
            None if rows is None else whole(rows),
            self._access[0 if access is None else whole(access)],
        )
        reads = reads_of(self._values, split.size, self._sizes[dataset])
        columns = self._chosen.get(dataset)
        return ScanUnit(str(unit), dataset, split, columns, *self._bounds, reads)


class Left(Sequence[Unit]):
    """Those units of a plan that have not ended.

    Args:
        docket: all of them; its ``weight`` is theirs together.
        done: 1 at the place of each that has ended, else 0; as it is now.
    """

    def __init__(self, docket: Sequence[Unit], done: bytes | bytearray) -> None:
        self._docket = docket
        marks: npt.NDArray[np.uint8] = np.frombuffer(bytes(done), np.uint8)
        self._places = np.flatnonzero(marks == 0).astype(np.uint32)

    @property
    def weight(self) -> int:
        """Bytes to be decoded, about."""
        if len(self) == len(self._docket):
            return total_weight(self._docket)
        return sum(weight(unit) for unit in self)

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Unit]:
        if len(self) == len(self._docket):
            yield from self._docket
            return
        for place in self._places:
            yield self._docket[int(place)]

    @overload
    def __getitem__(self, index: int) -> Unit: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Unit]: ...

    def __getitem__(self, index: int | slice) -> Unit | Sequence[Unit]:
        if isinstance(index, slice):
            return tuple(self._docket[int(place)] for place in self._places[index])
        return self._docket[int(self._places[index])]


def _parted(form: FileFormat) -> tuple[FileFormat, str | None]:
    """A format without what is one file's own: of a lake table's each has other partitions."""
    if not form.options or form.options[-1][0] != OPTION:
        return form, None
    return replace(form, options=form.options[:-1]), form.options[-1][1]


def reads_of(wanted: int, size: int, total: int) -> int:
    """How many values of a column a model may read in one of a dataset's splits.

    In few splits as many as are wanted of the whole, so that the sample is the same however the
    dataset is cut. In many, each split's part, several times over: what a split has left unread
    bounds the whole sample (`lakescan.udfs.classify.profile.readings`).
    """
    part = -(-_SPARE * wanted * size // max(1, total))
    return min(wanted, max(_LEAST_READS, part))
