"""What a commit does in a database that is a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import orjson
import pyarrow as pa

from lakescan.connectors.sinks.model import Committed
from lakescan.connectors.sinks.sql.blueprint import Blueprint, ForeignDesign

if TYPE_CHECKING:
    from sqlalchemy import Dialect

#: What is written down in the file: a committed run a row.
RUNS = "_lakescan_runs"
RUNS_SQL = (
    f"CREATE TABLE IF NOT EXISTS {RUNS} (number INTEGER NOT NULL, run_id TEXT NOT NULL,"
    " outputs TEXT NOT NULL, row_count BIGINT NOT NULL, metadata TEXT NOT NULL,"
    " ended TEXT NOT NULL)"
)
LAST_SQL = f"SELECT run_id, outputs, row_count, metadata FROM {RUNS} ORDER BY number DESC LIMIT 1"
RUN_SQL = f"SELECT run_id, outputs, row_count, metadata FROM {RUNS} WHERE run_id = ?"
CLOSE_SQL = f"INSERT INTO {RUNS} SELECT coalesce(max(number), 0) + 1, ?, ?, ?, ?, ? FROM {RUNS}"


@dataclass(frozen=True, slots=True)
class FileRun:
    """A run that was committed."""

    run_id: str
    outputs: tuple[str, ...]
    rows: int
    metadata: Mapping[str, str]

    @classmethod
    def of_row(cls, row: tuple[str, str, int, str]) -> FileRun:
        """As the table of runs has it."""
        return cls(row[0], tuple(orjson.loads(row[1])), row[2], orjson.loads(row[3]))

    @property
    def committed(self) -> Committed:
        """What its commit returned."""
        return Committed(self.run_id, self.run_id, len(self.outputs), self.rows)


class FileWriting(Protocol):
    """A file that is open to be written by us alone, in one transaction."""

    dialect: str
    #: SQLAlchemy's.
    compiler: Dialect

    def errors(self) -> AbstractContextManager[None]:
        """Turn the module's errors into ours."""

    def quoted(self, name: str) -> str:
        """A name as it is written in SQL."""

    def run(self, run_id: str) -> FileRun | None:
        """A committed run; of an empty id, the last."""

    def exists(self, schema: str, table: str) -> bool:
        """Whether there is such a table."""

    def prepare(self, designs: Sequence[Blueprint]) -> None:
        """Get ready to replace tables, which come after those that they point to."""

    def replace(self, design: Blueprint, batches: Iterable[pa.RecordBatch]) -> None:
        """Make a table, or exchange what is there."""

    def drop(self, schema: str, table: str) -> None:
        """Drop a table, if it is there."""

    def close_run(self, values: tuple[str, str, int, str, str]) -> None:
        """Write the run down and commit."""

    def close(self) -> None:
        """Close the file; what was not committed is as if it had never been."""


def in_order(designs: Iterable[Blueprint]) -> Iterator[Blueprint]:
    """Tables after those that their foreign keys point to, so far as there is such an order."""
    waiting = {(d.schema, d.table): d for d in designs}
    while waiting:
        free = [place for place, d in waiting.items() if not _held(d, waiting)]
        for place in free or list(waiting)[:1]:
            yield waiting.pop(place)


def _held(design: Blueprint, waiting: Mapping[tuple[str, str], Blueprint]) -> bool:
    return any(_place(key) in waiting and _place(key) != (design.schema, design.table)
               for key in design.foreign)  # fmt: skip


def _place(key: ForeignDesign) -> tuple[str, str]:
    return key.schema, key.table
