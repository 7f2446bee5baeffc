r"""Rows a second out of PostgreSQL: a scan, a bare read, and what others reach, in one run.

    python benchmarks/databases.py postgresql://user@server/empty_database --rows 1000000

Tables are made in the database, in a schema of their own, and dropped again. Each way reads all of
them once, one after the other, on the same server:

- ``psql``: ``\copy (SELECT *) TO STDOUT (FORMAT csv)``, thrown away
- ``sqlalchemy``: ``SELECT *`` through a cursor of the server, 10,000 rows at a time
- ``read``: lakescan's connector, every split into Arrow, one process
- ``scan``: ``lakescan.scan`` with the mode that was asked for, as many workers as there are CPUs
"""

from __future__ import annotations

import argparse
import subprocess
import time
from collections.abc import Callable

import sqlalchemy as sa

import lakescan
from lakescan.connectors import Dataset, Selection, discover, read
from lakescan.connectors.held import holding
from lakescan.engines.cpus import usable_cpus

_SCHEMA = "lakescan_benchmark"
_FILL = """
CREATE TABLE {schema}.t{number} AS SELECT i::bigint AS id,
  'User ' || i AS full_name, 'user' || i || '@example' || i % 97 || '.com' AS email,
  '+1-202-555-' || lpad((i % 10000)::text, 4, '0') AS phone, date '1950-01-01' + i % 18000 AS born,
  (i % 100000) / 100.0 AS amount, md5(i::text)::uuid AS token, now() - i * interval '1 s' AS seen,
  CASE WHEN i % 5 = 0 THEN 'Please call back about order ' || i END AS note
FROM generate_series(1, {rows}) i
"""


def main() -> None:
    """Fill, measure, print, clean up."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("uri")
    parser.add_argument("--rows", type=int, default=1_000_000, help="in all tables together")
    parser.add_argument("--tables", type=int, default=8)
    parser.add_argument("--mode", default="patterns", help="accuracy mode of the scan")
    given = parser.parse_args()
    engine = sa.create_engine(
        given.uri.replace("postgresql://", "postgresql+psycopg2://"), poolclass=sa.pool.NullPool
    )
    rows = given.rows // given.tables
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE")
        connection.exec_driver_sql(f"CREATE SCHEMA {_SCHEMA}")
        try:
            for number in range(given.tables):
                fill = _FILL.format(schema=_SCHEMA, number=number, rows=rows)
                connection.execute(sa.text(fill))
                connection.exec_driver_sql(f"ALTER TABLE {_SCHEMA}.t{number} ADD PRIMARY KEY (id)")
            connection.exec_driver_sql("VACUUM ANALYZE")
            _measure(engine, given.uri, given.tables, rows, given.mode)
        finally:
            connection.exec_driver_sql(f"DROP SCHEMA {_SCHEMA} CASCADE")


def _measure(engine: sa.Engine, uri: str, tables: int, rows: int, mode: str) -> None:
    ways: dict[str, Callable[[], int]] = {
        "psql": lambda: _psql(uri, tables, rows),
        "sqlalchemy": lambda: _sqlalchemy(engine, tables),
        "read": lambda: _read(f"{uri}/{_SCHEMA}"),
        "scan": lambda: _scan(f"{uri}/{_SCHEMA}", mode),
    }
    print(f"{tables} tables of {rows:,} rows, {usable_cpus()} CPUs, mode {mode}")
    for name, way in ways.items():
        started = time.perf_counter()
        count = way()
        seconds = time.perf_counter() - started
        if count != tables * rows:
            raise SystemExit(f"{name}: {count} rows of {tables * rows}")
        print(f"{name:<12} {seconds:8.2f} s {count / seconds:12,.0f} rows/s")


def _psql(uri: str, tables: int, rows: int) -> int:
    for number in range(tables):
        command = f"\\copy (SELECT * FROM {_SCHEMA}.t{number}) TO STDOUT (FORMAT csv)"  # noqa: S608
        subprocess.run(["psql", "-q", uri, "-c", command], check=True, stdout=subprocess.DEVNULL)
    return tables * rows


def _sqlalchemy(engine: sa.Engine, tables: int) -> int:
    count = 0
    with engine.connect().execution_options(stream_results=True) as connection:
        for number in range(tables):
            result = connection.execute(sa.text(f"SELECT * FROM {_SCHEMA}.t{number}"))  # noqa: S608
            while batch := result.fetchmany(10_000):
                count += len(batch)
    return count


def _read(uri: str) -> int:
    with holding():
        found = [one for one in discover(uri, Selection()) if isinstance(one, Dataset)]
        return sum(b.num_rows for one in found for split in one.splits for b in read(split))


def _scan(uri: str, mode: str) -> int:
    return lakescan.scan(uri, accuracy_mode=mode).value.rows_scanned  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
