"""Values that Arrow's types have not: a scan takes them for null, and says how many there were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from lakescan.connectors.sql.columns import SqlColumn
from lakescan.connectors.sql.database import Database
from lakescan.connectors.sql.statements import plain
from lakescan.connectors.sql.wire import FINITE, NUMBER, TEXT

if TYPE_CHECKING:
    from lakescan.connectors.sql.database import Expression


class Unseen:
    """Counts them while rows are read: each column in question is followed by a flag, at the end.

    Args:
        columns: what is read.
    """

    def __init__(self, columns: Sequence[SqlColumn]) -> None:
        self._columns = [c for c in columns if _may_hide(c)]
        self._counts: Counter[str] = Counter()

    @property
    def flags(self) -> tuple[SqlColumn, ...]:
        """The columns of the flags: 1, or null where the value is one that is seen."""
        return tuple(SqlColumn(column.name, pa.int32()) for column in self._columns)

    def expressions(self, database: Database) -> list[Expression]:
        """How the flags are selected."""
        import sqlalchemy as sa

        return [
            sa.case(
                (
                    sa.and_(
                        plain(column.name, database.quote).is_not(None),
                        database.expression(column).is_(None),
                    ),
                    sa.literal_column("1"),
                )
            )
            for column in self._columns
        ]

    def taken(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The batch without its flags, which are counted."""
        if not self._columns:
            return batch
        first = batch.num_columns - len(self._columns)
        for column, flags in zip(self._columns, batch.columns[first:], strict=True):
            self._counts[column.name] += len(flags) - flags.null_count
        return batch.select(list(range(first)))

    def notices(self) -> Iterator[str]:
        """What there is to say, a sentence for each column that had any."""
        for name, count in self._counts.items():
            if count:
                yield (
                    f"{name}: {count:,} {'value is' if count == 1 else 'values are'} null to a scan"
                    " (infinity, NaN, 24:00, or a year outside 1..9999)"
                )


def _may_hide(column: SqlColumn) -> bool:
    """Whether a column may have a value that is null once it is selected."""
    return column.form in (FINITE, NUMBER) or (
        column.form == TEXT and pa.types.is_time(column.arrow)
    )
