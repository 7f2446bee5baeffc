"""A lake to copy, and a run that copies it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lakescan.connectors import Dataset, Selection, discover, read
from lakescan.connectors.sinks import (
    Committed,
    Mode,
    Origin,
    OutputUnit,
    Sink,
    Staged,
    Target,
    Transaction,
    sink_for,
)


class Run:
    """What a driver does, and what its workers do, one after the other."""

    def __init__(self, source: str, target: Target, split_bytes: int = 64 << 20) -> None:
        self.origin = Origin(source)
        self.sink: Sink = sink_for(target.uri)
        self.target = target
        self.split_bytes = split_bytes

    def begin(self) -> Transaction:
        return self.sink.begin(self.target)

    def units(self, transaction: Transaction) -> list[OutputUnit]:
        found = discover(self.origin.uri, Selection(split_bytes=self.split_bytes))
        datasets = [one for one in found if isinstance(one, Dataset)]
        return [u for d in datasets for u in self.sink.plan(transaction, d, self.origin)]

    def stage(self, transaction: Transaction, units: Iterable[OutputUnit]) -> list[Staged]:
        return [
            self.sink.stage(transaction, unit, (b for s in unit.splits for b in read(s)))
            for unit in units
        ]

    def go(self) -> Committed:
        """Begin or go on, stage what is not staged, commit."""
        transaction = self.begin()
        if transaction.committed is not None:
            return transaction.committed
        there = list(self.sink.staged(transaction))
        done = {one.unit for one in there}
        rest = [unit for unit in self.units(transaction) if unit.id not in done]
        return self.sink.commit(transaction, [*there, *self.stage(transaction, rest)])


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """Three files of three formats, one of them partitioned."""
    root = tmp_path / "lake"
    (root / "p" / "day=2024-01-01").mkdir(parents=True)
    (root / "a.csv").write_text("id,name\n" + "".join(f"{i},name {i}\n" for i in range(50)))
    (root / "b.jsonl").write_text("".join(f'{{"id":{i},"n":"x{i}"}}\n' for i in range(50)))
    pq.write_table(
        pa.table({"id": range(100), "c": [None, "y"] * 50}),
        root / "p" / "day=2024-01-01" / "part-0.parquet",
        row_group_size=40,
    )
    return root


@pytest.fixture
def copy(lake: Path, tmp_path: Path) -> Callable[..., Run]:
    """A run that copies the lake to a folder beside it, or to another target."""

    def make(
        run_id: str = "r1",
        mode: Mode = Mode.CREATE,
        to: str | Path | None = None,
        source: Path = lake,
        form: str | None = None,
    ) -> Run:
        return Run(str(source), Target(str(to or tmp_path / "out"), run_id, mode, form))

    return make
