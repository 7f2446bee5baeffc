"""Places for the shop's databases: files, or databases of a server, by their names."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path


class Files:
    """Databases that are files, by the names of databases."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind, self.folder = kind, folder

    def uri(self, name: str) -> str:
        return f"{self.kind}:///{self.folder}/{name}.db"

    def make(self, name: str) -> None:
        self.run(name, "SELECT 1")

    def run(self, name: str, *statements: str):
        with self._open(name) as connection:
            for statement in statements:
                found = connection.execute(statement)
            rows = found.fetchall()
            connection.commit() if self.kind == "sqlite" else None
        connection.close()
        return rows

    def fill(self, name: str, table: str, rows) -> None:
        with self._open(name) as connection:
            marks = ", ".join("?" * len(rows[0]))
            plain = [[str(v) if hasattr(v, "isoformat") else v for v in row] for row in rows]
            connection.execute("BEGIN")  # DuckDB would sync the disk row by row
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", plain)
            connection.execute("COMMIT")
        connection.close()

    def settle(self, name: str) -> None:
        """Who was killed does nothing more."""

    def _open(self, name: str):
        path = f"{self.folder}/{name}.db"
        if self.kind == "sqlite":
            return sqlite3.connect(path)
        import duckdb

        return duckdb.connect(path)


#: Sessions of others in a database.
SESSIONS = {
    "postgresql": "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend'",
    "mysql": "SELECT count(*) FROM information_schema.processlist"
    " WHERE db = database() AND id <> connection_id()",
}


class Databases:
    """Databases of a server."""

    def __init__(self, server) -> None:
        self.server = server
        self.kind = server.scheme

    def uri(self, name: str) -> str:
        return self.server.uri(name)

    def make(self, name: str) -> None:
        admin = "postgres" if self.kind == "postgresql" else "shop"
        self.server.run(admin, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")

    def run(self, name: str, *statements: str):
        return self.server.run(name, *statements)

    def settle(self, name: str) -> None:
        """Wait until the server has noticed that its clients are gone, and ended what they asked."""
        deadline = time.monotonic() + 60
        while self.run(name, SESSIONS[self.kind]) != [(0,)]:
            assert time.monotonic() < deadline, f"somebody is still in {name}"
            time.sleep(0.02)

    def fill(self, name: str, table: str, rows) -> None:
        import sqlalchemy as sa

        driver = {"postgresql": "psycopg2", "mysql": "pymysql"}[self.kind]
        engine = sa.create_engine(self.uri(name).replace("://", f"+{driver}://", 1))
        marks = ", ".join(["%s"] * len(rows[0]))
        with engine.begin() as connection:
            connection.exec_driver_sql(f"INSERT INTO {table} VALUES ({marks})", rows)
        engine.dispose()
