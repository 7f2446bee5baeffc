"""What a sink writes down in a database: runs, staged tables, staged units.

_lakescan_runs      a run a row: open, aborted or committed, and on top of which one
_lakescan_tables    a staged table a row, with its blueprint
_lakescan_units     a staged unit a row, written in the transaction that wrote its rows
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from lakescan.connectors.sinks.model import Committed, Staged, Target, Unfinished
from lakescan.connectors.sinks.sql.blueprint import Blueprint

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row, Table

OPEN, ABORTED, COMMITTED = "open", "aborted", "committed"


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run as it is written down."""

    run_id: str
    state: str
    base: str
    horizon: str
    number: int
    outputs: tuple[str, ...]
    rows: int

    @property
    def committed(self) -> Committed:
        """What its commit returned."""
        return Committed(self.run_id, self.run_id, len(self.outputs), self.rows)


class Control:
    """The three tables, in one schema.

    Args:
        schema: where they are; None for the only one there is.
    """

    def __init__(self, schema: str | None) -> None:
        import sqlalchemy as sa

        meta = sa.MetaData(schema=schema)
        text = sa.Text().with_variant(_long_text(), "mysql", "mariadb")
        self.runs: Table = sa.Table(
            "_lakescan_runs",
            meta,
            sa.Column("run_id", sa.String(128), primary_key=True),
            sa.Column("state", sa.String(16), nullable=False),
            sa.Column("base", sa.String(128)),
            sa.Column("horizon", text),
            sa.Column("number", sa.BigInteger),
            sa.Column("outputs", text),
            sa.Column("row_count", sa.BigInteger),
            sa.Column("pending", text),
            sa.Column("metadata", text),
            sa.Column("ended", sa.String(40)),
            mysql_engine="InnoDB",
            mysql_charset="utf8mb4",
        )
        self.tables: Table = sa.Table(
            "_lakescan_tables",
            meta,
            sa.Column("stage", sa.String(64), primary_key=True),
            sa.Column("run_id", sa.String(128), nullable=False),
            sa.Column("blueprint", text, nullable=False),
            mysql_engine="InnoDB",
            mysql_charset="utf8mb4",
        )
        self.units: Table = sa.Table(
            "_lakescan_units",
            meta,
            sa.Column("unit", sa.String(64), primary_key=True),
            sa.Column("run_id", sa.String(128), nullable=False),
            sa.Column("stage", sa.String(64), nullable=False),
            sa.Column("output", sa.String(512), nullable=False),
            sa.Column("row_count", sa.BigInteger, nullable=False),
            mysql_engine="InnoDB",
            mysql_charset="utf8mb4",
        )
        self.all = meta

    def run(self, connection: Connection, run_id: str) -> RunRecord | None:
        """A run, if it has begun."""
        found = connection.execute(self.runs.select().where(self.runs.c.run_id == run_id)).first()
        return None if found is None else _record(found)

    def last(self, connection: Connection) -> RunRecord | None:
        """The run that was committed last."""
        query = self.runs.select().where(self.runs.c.state == COMMITTED)
        found = connection.execute(query.order_by(self.runs.c.number.desc()).limit(1)).first()
        return None if found is None else _record(found)

    def begin(self, connection: Connection, target: Target, base: str, horizon: str) -> None:
        """Write a run down."""
        connection.execute(
            self.runs.insert().values(
                run_id=target.run_id,
                state=OPEN,
                base=base,
                horizon=horizon,
                metadata=orjson.dumps(dict(target.metadata)).decode(),
                ended=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            )
        )

    def close(self, connection: Connection, run_id: str, outputs: Iterable[str], rows: int) -> None:
        """Say that a run is committed, and forget how it came to be."""
        last = self.last(connection)
        connection.execute(
            self.runs.update()
            .where(self.runs.c.run_id == run_id)
            .values(
                state=COMMITTED,
                number=1 + (last.number if last is not None else 0),
                outputs=orjson.dumps(sorted(set(outputs))).decode(),
                row_count=rows,
                ended=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            )
        )
        self.forget(connection, run_id)

    def pending(self, connection: Connection) -> list[tuple[str, list[tuple[str, str]]]]:
        """Runs whose commit left tables to be dropped, and these with their schemas."""
        query = self.runs.select().where(self.runs.c.pending.is_not(None))
        return [
            (row._mapping["run_id"], orjson.loads(row._mapping["pending"]))  # noqa: SLF001
            for row in connection.execute(query)
        ]

    def set_pending(
        self, connection: Connection, run_id: str, tables: Iterable[tuple[str, str]]
    ) -> None:
        """Note tables that are to be dropped once the run is committed; none for no more."""
        some = list(tables)
        text = orjson.dumps(some).decode() if some else None
        connection.execute(
            self.runs.update().where(self.runs.c.run_id == run_id).values(pending=text)
        )

    def metadata(self, connection: Connection) -> Mapping[str, str]:
        """What the last committed run left for those who come later."""
        query = self.runs.select().where(self.runs.c.state == COMMITTED)
        found = connection.execute(query.order_by(self.runs.c.number.desc()).limit(1)).first()
        if found is None:
            return {}
        told: dict[str, str] = orjson.loads(found._mapping["metadata"] or "{}")  # noqa: SLF001
        return told

    def unfinished(self, connection: Connection) -> Unfinished | None:
        """The open run that began last, on top of what was committed last."""
        last = self.last(connection)
        base = "" if last is None else last.run_id
        query = self.runs.select().where(self.runs.c.state == OPEN, self.runs.c.base == base)
        found = connection.execute(
            query.order_by(self.runs.c.ended.desc(), self.runs.c.run_id.desc()).limit(1)
        ).first()
        if found is None:
            return None
        value = found._mapping  # noqa: SLF001
        return Unfinished(value["run_id"], orjson.loads(value["metadata"] or "{}"))

    def overtaken(self, connection: Connection) -> list[str]:
        """Open runs that began on top of another state than that of the last commit."""
        last = self.last(connection)
        base = "" if last is None else last.run_id
        query = self.runs.select().where(self.runs.c.state == OPEN, self.runs.c.base != base)
        return [row.run_id for row in connection.execute(query)]

    def blueprints(self, connection: Connection, run_id: str) -> dict[str, Blueprint]:
        """The staged tables of a run."""
        query = self.tables.select().where(self.tables.c.run_id == run_id)
        return {row.stage: Blueprint.of_json(row.blueprint) for row in connection.execute(query)}

    def add_table(self, connection: Connection, run_id: str, stage: str, made: Blueprint) -> None:
        """Write a staged table down."""
        connection.execute(
            self.tables.insert().values(stage=stage, run_id=run_id, blueprint=made.to_json())
        )

    def staged(self, connection: Connection, run_id: str) -> list[Staged]:
        """The staged units of a run."""
        query = self.units.select().where(self.units.c.run_id == run_id)
        return [_staged(row) for row in connection.execute(query)]

    def unit(self, connection: Connection, unit: str) -> Staged | None:
        """A staged unit."""
        row = connection.execute(self.units.select().where(self.units.c.unit == unit)).first()
        return None if row is None else _staged(row)

    def add_unit(self, connection: Connection, run_id: str, one: Staged) -> None:
        """Write a unit down."""
        connection.execute(
            self.units.insert().values(
                unit=one.unit,
                run_id=run_id,
                stage=one.location,
                output=one.output,
                row_count=one.rows,
            )
        )

    def forget(self, connection: Connection, run_id: str) -> None:
        """Remove what was written of a run's tables and units."""
        for table in (self.units, self.tables):
            connection.execute(table.delete().where(table.c.run_id == run_id))

    def make(self, connection: Connection) -> None:
        """Make the tables where they are not."""
        self.all.create_all(connection, checkfirst=True)


def _long_text() -> Any:
    from sqlalchemy.dialects.mysql import LONGTEXT

    return LONGTEXT()


def _record(row: Row[Any]) -> RunRecord:
    value = row._mapping  # noqa: SLF001 - a row's columns by name
    return RunRecord(
        value["run_id"],
        value["state"],
        value["base"] or "",
        value["horizon"] or "",
        value["number"] or 0,
        tuple(orjson.loads(value["outputs"] or "[]")),
        value["row_count"] or 0,
    )


def _staged(row: Row[Any]) -> Staged:
    value = row._mapping  # noqa: SLF001
    return Staged(value["unit"], value["output"], value["stage"], value["row_count"])
