"""The outputs of a run, and what is staged of them: on disk, so that a driver's memory is bounded.

As a scan's `lakescan.jobs.scan.docket`. The commit alone holds all that is staged at once, as its
sink writes one manifest of it.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import overload

import pyarrow as pa

from lakescan.connectors import Split
from lakescan.connectors.model import NOTHING_HIDDEN, Hidden
from lakescan.connectors.scratch import Cell, Scratch, whole
from lakescan.connectors.sinks import OutputUnit, Staged
from lakescan.jobs.anonymize.task import AnonymizeUnit
from lakescan.udfs.anonymize.plan import TablePlan

_TABLES = """
CREATE TABLE units (place INTEGER PRIMARY KEY, id TEXT, dataset INT, output TEXT, unit BLOB);
CREATE TABLE ends (place INTEGER PRIMARY KEY, kept INT, staged BLOB);
"""
_UNIT = "SELECT place, dataset, unit FROM units WHERE place = ?"
_UNITS = "SELECT place, dataset, unit FROM units WHERE place > ? ORDER BY place"
_NAMES = "SELECT place, output FROM units WHERE dataset = ? AND place > ? ORDER BY place"
_STAGED = "SELECT place, staged FROM ends WHERE place > ? ORDER BY place"
_WRITTEN = 1024

#: What the outputs of a table have in common: schema, whether it is named, partitions, storage.
_Common = tuple[pa.Schema | None, bool, tuple[str, ...], tuple[tuple[str, str], ...]]


class Outputs(Sequence[AnonymizeUnit]):
    """Units in the order of the plan, and which of them are staged.

    In memory is what is known of each table; ways to reach what is read (`Split.access`, storage),
    too, which never go to disk.

    Args:
        plans: what is done to each table.
    """

    def __init__(self, plans: Sequence[TablePlan]) -> None:
        self._scratch = Scratch(_TABLES)
        self._plans = plans
        self._common: list[_Common] = []
        self._access: list[Hidden] = []
        self._access_numbers: dict[Hidden, int] = {}
        self._done = bytearray()
        self._indexed = False
        self.weight = 0

    def add(self, table: int, units: Iterable[OutputUnit]) -> None:
        """Plan to write a table's outputs."""
        left = iter(units)
        while page := list(islice(left, _WRITTEN)):
            self._scratch.run_many(
                "INSERT INTO units VALUES (?, ?, ?, ?, ?)",
                [
                    (len(self) + n, unit.id, table, unit.output, self._packed(unit))
                    for n, unit in enumerate(page)
                ],
            )
            self._done.extend(bytes(len(page)))
            self.weight += sum(AnonymizeUnit(table, u, self._plans[table]).weight for u in page)

    def staged(self, one: Staged, *, kept: bool = False) -> bool:
        """Note what was written of an output; False of one that is not planned.

        Args:
            one: what was written.
            kept: by an earlier run, whose output stays.
        """
        if not self._indexed:
            self._scratch.run("CREATE INDEX by_id ON units (id)")
            self._indexed = True
        found = self._scratch.run("SELECT place FROM units WHERE id = ? LIMIT 1", (one.unit,))
        if not found:
            return False
        place = whole(found[0][0])
        self._done[place] = 1
        cells = (place, int(kept), pickle.dumps(one))
        self._scratch.run("INSERT OR REPLACE INTO ends VALUES (?, ?, ?)", cells)
        return True

    @property
    def left(self) -> int:
        """How many are not staged."""
        return self._done.count(0)

    @property
    def done(self) -> bytes:
        """1 at the place of each that is staged, else 0."""
        return bytes(self._done)

    def all_staged(self) -> Iterator[Staged]:
        """What is staged, in the order of the plan."""
        for page in self._scratch.pages(_STAGED):
            for _, one in page:
                assert isinstance(one, bytes)
                staged = pickle.loads(one)
                assert isinstance(staged, Staged)
                yield staged

    def names(self, table: int) -> Iterator[str]:
        """The outputs of a table."""
        last = None
        for page in self._scratch.pages(_NAMES, (table,)):
            for _, name in page:
                if name != last:
                    yield str(name)
                last = name

    def kept(self, table: int) -> int:
        """How many of a table's outputs an earlier run wrote."""
        ((count,),) = self._scratch.run(
            "SELECT COUNT(*) FROM ends JOIN units ON units.place = ends.place"
            " WHERE kept AND dataset = ?",
            (table,),
        )
        return whole(count)

    def __len__(self) -> int:
        return len(self._done)

    def __iter__(self) -> Iterator[AnonymizeUnit]:
        for page in self._scratch.pages(_UNITS):
            for row in page:
                yield self._unit(row)

    @overload
    def __getitem__(self, index: int) -> AnonymizeUnit: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[AnonymizeUnit]: ...

    def __getitem__(self, index: int | slice) -> AnonymizeUnit | Sequence[AnonymizeUnit]:
        places = range(len(self))[index]
        if isinstance(places, range):
            return tuple(self[place] for place in places)
        (row,) = self._scratch.run(_UNIT, (places,))
        return self._unit(row)

    def _packed(self, unit: OutputUnit) -> bytes:
        common = (unit.schema, unit.named, unit.partitions, unit.storage)
        # Those of one table follow each other.
        if not self._common or not _same(self._common[-1], common):
            self._common.append(common)
        own = (unit.id, unit.output, unit.format, unit.stage, unit.made)
        splits = [(replace(s, access=NOTHING_HIDDEN), self._number(s)) for s in unit.splits]
        return pickle.dumps((len(self._common) - 1, own, splits))

    def _number(self, split: Split) -> int:
        number = self._access_numbers.setdefault(split.access, len(self._access))
        if number == len(self._access):
            self._access.append(split.access)
        return number

    def _unit(self, row: tuple[Cell, ...]) -> AnonymizeUnit:
        _, table, packed = row
        assert isinstance(packed, bytes)
        common, (unit, output, form, stage, made), splits = pickle.loads(packed)
        schema, named, partitions, storage = self._common[common]
        pieces = tuple(replace(split, access=self._access[number]) for split, number in splits)
        return AnonymizeUnit(
            whole(table),
            OutputUnit(unit, output, pieces, form, schema, named, partitions, storage, stage, made),
            self._plans[whole(table)],
        )


def _same(one: _Common, other: _Common) -> bool:
    """Whether they are equal; equal schemas are one and the same within a table."""
    return one[0] is other[0] and one[1:] == other[1:]
