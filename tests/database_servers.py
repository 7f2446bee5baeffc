"""Real database servers on this machine, each in a folder of its own; ended by process id."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from ports import free_port

#: Nothing here is a secret: the servers live as long as the tests do, on the loopback device.
PASSWORD = "made-up-for-tests"


@dataclass(slots=True)
class Server:
    """One running server."""

    scheme: str
    user: str
    port: int
    start: Callable[[], subprocess.Popen[bytes]]
    process: subprocess.Popen[bytes]

    def uri(self, path: str = "", user: str | None = None, password: str = PASSWORD) -> str:
        return f"{self.scheme}://{user or self.user}:{password}@127.0.0.1:{self.port}/{path}"

    def shown(self, path: str) -> str:
        """As reports have it."""
        return f"{self.scheme}://127.0.0.1:{self.port}/{path}"

    def run(self, database: str, *statements: str) -> list[tuple[object, ...]]:
        """Run statements as the administrator; the rows of the last."""
        import sqlalchemy as sa

        driver = {"postgresql": "psycopg2", "mysql": "pymysql"}[self.scheme]
        uri = self.uri(database).replace("://", f"+{driver}://", 1)
        engine = sa.create_engine(uri, poolclass=sa.pool.NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect().execution_options(no_parameters=True) as connection:
            for statement in statements:
                result = connection.exec_driver_sql(statement)
            return [tuple(row) for row in result] if result.returns_rows else []

    def fill(self, database: str, table: str, columns: str, rows: list[tuple[object, ...]]) -> None:
        """Make a table with rows."""
        import sqlalchemy as sa

        driver = {"postgresql": "psycopg2", "mysql": "pymysql"}[self.scheme]
        uri = self.uri(database).replace("://", f"+{driver}://", 1)
        engine = sa.create_engine(uri, poolclass=sa.pool.NullPool)
        with engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE TABLE {table} ({columns})")
            marks = ", ".join(["%s"] * len(rows[0]))
            connection.exec_driver_sql(f"INSERT INTO {table} VALUES ({marks})", rows)

    def kill(self) -> None:
        """As when the power fails."""
        self.process.send_signal(signal.SIGQUIT if self.scheme == "postgresql" else signal.SIGKILL)
        self.process.wait()

    def restart(self) -> None:
        self.process = self.start()

    def come_back(self) -> None:
        """After it was killed: start it, and wait until it lets us in."""
        self.restart()
        database = {"postgresql": "postgres", "mysql": "mysql"}[self.scheme]
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(Exception):
                self.run(database, "SELECT 1")
                return
            assert time.monotonic() < deadline, f"{self.scheme} does not come back"
            time.sleep(0.1)


def _await(server: Server, database: str, log: Path) -> None:
    deadline = time.monotonic() + 60
    while server.process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(Exception):
            server.run(database, "SELECT 1")
            return
        time.sleep(0.1)
    pytest.fail(f"the server did not start:\n{log.read_text(errors='replace')[-2000:]}")


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A folder that servers can reach that run as another user, since they refuse to as root."""
    folder = Path(tempfile.mkdtemp(prefix="lakescan-servers-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def _owned(path: Path, user: str) -> list[str]:
    """Hand a folder to a user; how a command is run as that user."""
    path.mkdir(mode=0o700)
    if os.geteuid():
        return []
    entry = pwd.getpwnam(user)
    os.chown(path, entry.pw_uid, entry.pw_gid)
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]


@pytest.fixture(scope="session")
def postgres_server(server_folder: Path) -> Iterator[Server]:
    """PostgreSQL as Debian has it."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("PostgreSQL is not installed: make setup-servers")
    programs, port = found[-1].parent, free_port()
    data, log = server_folder / "postgresql", server_folder / "postgresql.log"
    runner = _owned(data, "postgres")
    secret = server_folder / "password"
    secret.write_text(PASSWORD)
    subprocess.run(
        [*runner, programs / "initdb", "-D", data, "-U", "postgres", f"--pwfile={secret}",
         "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        check=True, capture_output=True, cwd=server_folder,
    )  # fmt: skip

    def start() -> subprocess.Popen[bytes]:
        with log.open("ab") as out:
            return subprocess.Popen(
                [*runner, programs / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1",
                 "-k", data, "-c", "fsync=off", "-c", "autovacuum=off"],
                stdout=out, stderr=out, cwd=server_folder,
            )  # fmt: skip

    server = Server("postgresql", "postgres", port, start, start())
    try:
        _await(server, "postgres", log)
        server.run("postgres", "CREATE DATABASE shop")
        yield server
    finally:
        server.process.send_signal(signal.SIGQUIT)
        server.process.wait()


@pytest.fixture(scope="session")
def mysql_server(server_folder: Path) -> Iterator[Server]:
    """MariaDB as Debian has it."""
    path = f"{os.environ['PATH']}{os.pathsep}/usr/sbin"
    programs = [shutil.which(name, path=path) for name in ("mariadbd", "mariadb-install-db")]
    if None in programs:
        pytest.skip("MariaDB is not installed: make setup-servers")
    port, data, log = free_port(), server_folder / "mysql", server_folder / "mysql.log"
    runner = _owned(data, "mysql")
    # Where it may write, whatever folder for passing files ours are.
    _owned(passing := server_folder / "mysql-tmp", "mysql")
    environment = os.environ | {"TMPDIR": str(passing)}
    subprocess.run(
        [*runner, programs[1], "--no-defaults", f"--datadir={data}", "--skip-test-db",
         "--auth-root-authentication-method=normal"],
        check=True, capture_output=True, cwd=server_folder, env=environment,
    )  # fmt: skip
    first = server_folder / "mysql.sql"  # one statement a line
    first.write_text(
        f"CREATE OR REPLACE USER 'root'@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';\n"
        "GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;\n"
        "CREATE DATABASE IF NOT EXISTS shop CHARACTER SET utf8mb4;\n"
    )

    def start() -> subprocess.Popen[bytes]:
        with log.open("ab") as out:
            return subprocess.Popen(
                [*runner, programs[0], "--no-defaults", f"--datadir={data}", f"--port={port}",
                 "--bind-address=127.0.0.1", f"--socket={data}/my.sock", "--skip-name-resolve",
                 "--innodb-flush-log-at-trx-commit=1", "--innodb-buffer-pool-size=64M",
                 f"--init-file={first}"],
                stdout=out, stderr=out, cwd=server_folder, env=environment,
            )  # fmt: skip

    server = Server("mysql", "root", port, start, start())
    try:
        _await(server, "shop", log)
        yield server
    finally:
        server.process.kill()
        server.process.wait()
