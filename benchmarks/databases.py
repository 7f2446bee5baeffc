r"""Rows a second out of PostgreSQL: a scan, a bare read, and what others reach, in one run.

    python benchmarks/databases.py postgresql://user@server/empty_database --rows 1000000

Tables are made in the database, in a schema of their own, and dropped again. Each way reads all of
them once, one after the other, on the same server:

- ``psql``: ``\copy (SELECT *) TO STDOUT (FORMAT csv)``, thrown away
- ``sqlalchemy``: ``SELECT *`` through a cursor of the server, 10,000 rows at a time
- ``read``: lakescan's connector, every split into Arrow, one process
- ``scan``: ``lakescan.scan`` with the mode that was asked for, as many workers as there are CPUs

Beside the seconds stand the processor time of the client (with all that it starts) and, where the
server is on this machine and may be looked at, the most memory that its processes had to themselves
(USS: shared buffers are left out), looked at ten times a second.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
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
    parser.add_argument("--tables", type=int, default=40)
    parser.add_argument("--mode", default="patterns", help="accuracy mode of the scan")
    parser.add_argument("--json", type=Path, help="also write the figures here")
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
            figures = _measure(engine, given.uri, given.tables, rows, given.mode)
            if given.json is not None:
                given.json.write_text(json.dumps(figures))
        finally:
            connection.exec_driver_sql(f"DROP SCHEMA {_SCHEMA} CASCADE")


class _Watch(threading.Thread):
    """The most memory of the server's own processes; none where they cannot be looked at."""

    def __init__(self, server: psutil.Process | None) -> None:
        super().__init__(daemon=True)
        self._server = server
        self.peak: int | None = None
        self.over = threading.Event()

    def run(self) -> None:
        while self._server is not None and not self.over.wait(0.1):
            total = 0
            for process in self._server.children():
                try:
                    total += process.memory_full_info().uss
                except (psutil.NoSuchProcess, psutil.AccessDenied):
                    continue
            self.peak = max(self.peak or 0, total)


def _server(engine: sa.Engine) -> psutil.Process | None:
    """The server's first process, where it is on this machine."""
    with engine.connect() as connection:
        number = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        try:
            backend = psutil.Process(number)
            return backend.parent() if backend.name().startswith("postgres") else None
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return None


def _used() -> float:
    """Processor time of this process, and of those that it started and that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _measure(
    engine: sa.Engine, uri: str, tables: int, rows: int, mode: str
) -> list[dict[str, object]]:
    ways: dict[str, Callable[[], int]] = {
        "psql": lambda: _psql(uri, tables, rows),
        "sqlalchemy": lambda: _sqlalchemy(engine, tables),
        "read": lambda: _read(f"{uri}/{_SCHEMA}"),
        "scan": lambda: _scan(f"{uri}/{_SCHEMA}", mode),
    }
    print(f"{tables} tables of {rows:,} rows, {usable_cpus()} CPUs, mode {mode}")
    print(
        f"{'':<12} {'seconds':>9} {'rows/s':>10} {'of psql':>8} {'client s':>9} {'server MB':>10}"
    )
    server = _server(engine)
    figures: list[dict[str, object]] = []
    fastest = 0.0
    for name, way in ways.items():
        watch = _Watch(server)
        watch.start()
        used, started = _used(), time.perf_counter()
        count = way()
        seconds, used = time.perf_counter() - started, _used() - used
        watch.over.set()
        watch.join()
        if count != tables * rows:
            raise SystemExit(f"{name}: {count} rows of {tables * rows}")
        fastest = fastest or count / seconds
        share = count / seconds / fastest
        peak = None if watch.peak is None else round(watch.peak / 1e6, 1)
        print(
            f"{name:<12} {seconds:9.2f} {count / seconds:10,.0f} {share:7.0%} {used:9.2f}"
            f" {'' if peak is None else peak:>10}"
        )
        figures.append(
            {"way": name, "rows": count, "seconds": seconds, "cpu_seconds": used, "server_mb": peak}
        )
    return figures


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
