"""The outputs of a run, and what is staged of them: on disk, so that a driver's memory is bounded.

As a scan's `lakescan.jobs.scan.docket`. The commit alone holds all that is staged at once, as its
sink writes one manifest of it.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

import pyarrow as pa

from lakescan.connectors.model import NOTHING_HIDDEN
from lakescan.connectors.scratch import Cell, whole
from lakescan.connectors.sinks import OutputUnit, Staged
from lakescan.jobs.anonymize.task import AnonymizeUnit
from lakescan.jobs.listed import ListedUnits
from lakescan.udfs.anonymize.plan import TablePlan

_TABLES = """
CREATE TABLE units (place INTEGER PRIMARY KEY, id TEXT, dataset INT, output TEXT, unit BLOB);
CREATE TABLE ends (place INTEGER PRIMARY KEY, kept INT, staged BLOB);
"""
_NAMES = "SELECT place, output FROM units WHERE dataset = ? AND place > ? ORDER BY place"
_STAGED = "SELECT place, staged FROM ends WHERE place > ? ORDER BY place"
_WRITTEN = 1024

#: What the outputs of a table have in common: schema, whether it is named, partitions, storage.
_Common = tuple[pa.Schema | None, bool, tuple[str, ...], tuple[tuple[str, str], ...]]


class Outputs(ListedUnits[AnonymizeUnit]):
    """Units in the order of the plan, and which of them are staged.

    In memory is what is known of each table; ways to reach what is read (`Split.access`, storage),
    too, which never go to disk.

    Args:
        plans: what is done to each table.
    """

    _select = "SELECT place, dataset, unit FROM units"

    def __init__(self, plans: Sequence[TablePlan]) -> None:
        super().__init__(_TABLES)
        self._plans = plans
        self._common: list[_Common] = []
        self._done = bytearray()
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
        place = self.place(one.unit)
        if place is None:
            return False
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

    def _packed(self, unit: OutputUnit) -> bytes:
        common = (unit.schema, unit.named, unit.partitions, unit.storage)
        # Those of one table follow each other.
        if not self._common or not _same(self._common[-1], common):
            self._common.append(common)
        own = (unit.id, unit.output, unit.format, unit.stage, unit.made)
        splits = [(replace(s, access=NOTHING_HIDDEN), self._number(s.access)) for s in unit.splits]
        return pickle.dumps((len(self._common) - 1, own, splits))

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
