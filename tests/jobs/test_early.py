"""What starts while a job plans, and what is told before a cluster is waited for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

import lakescan
from lakescan.engines.options import EngineOptions
from lakescan.errors import LakeError, NotFoundError
from lakescan.jobs.scan.request import Output
from lakescan.policy import Policy


class _StartedError(Exception):
    """A cluster would be started."""


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    """Say so where one would be started."""

    def start(*_: object) -> None:
        raise _StartedError

    monkeypatch.setattr("lakescan.engines.ray.opening.Opening.begin", start)
    monkeypatch.setattr("lakescan.engines.ray.opening._is_connected", lambda: False)


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many were started early, each time."""
    asked = []

    @contextmanager
    def start(count: int, module: str) -> Iterator[None]:
        assert module == "lakescan.jobs.scan.task"
        asked.append(count)
        yield

    monkeypatch.setattr("lakescan.engines.early.standing_by", start)
    monkeypatch.setattr("lakescan.engines.choice.LITTLE_BYTES", 10_000)
    return asked


@pytest.mark.usefixtures("cluster")
def test_no_cluster_is_started_for_a_path_that_is_not_there(tmp_path: Path) -> None:
    missing = str(tmp_path / "nothing")
    with pytest.raises(NotFoundError, match="no such file or folder"):
        lakescan.scan([missing, missing], engine="ray")
    with pytest.raises(NotFoundError, match="no such file or folder"):
        lakescan.anonymize(missing, to=tmp_path / "out", policy=Policy.default(), engine="ray")
    with pytest.raises(NotFoundError, match="no such file or folder"):
        lakescan.verify(tmp_path / "out", against=missing, engine="ray")


@pytest.mark.s3
@pytest.mark.usefixtures("cluster")
def test_nor_for_what_no_store_has(s3_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in s3_server.env().items():
        monkeypatch.setenv(name, value)
    s3_server.client().put_object(Bucket="lake", Key="early/a.csv", Body=b"id\n1\n")
    for uri in ("s3://nowhere/a.csv", "s3://nowhere/*.csv", "s3://lake/early/b/", "s3://nowhere"):
        with pytest.raises(NotFoundError):
            lakescan.scan(uri, engine="ray")
    for uri in ("s3://lake/early/a.csv", "s3://lake/early/*.csv", "s3://lake/early"):
        with pytest.raises(_StartedError):
            lakescan.scan(uri, engine="ray")


@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize("uri", ["a.csv", "*.csv"])
def test_one_is_for_what_may_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uri: str
) -> None:
    (tmp_path / "a.csv").write_text("id\n1\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(_StartedError):
        lakescan.scan(["nothing", uri], engine="ray")


@pytest.mark.usefixtures("cluster")
def test_nor_for_a_server_that_does_not_let_us_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lakescan.connectors.kafka.listing.PATIENCE", 0.5)
    monkeypatch.setenv("PYICEBERG_CATALOG__LAKE__URI", "http://127.0.0.1:1")
    database = tmp_path / "crm.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE people (mail TEXT)")
    for uri in (
        "postgresql://127.0.0.1:1/crm",
        "kafka://127.0.0.1:1/people",
        "iceberg://lake/crm/people",
        f"sqlite:///{database}!/persons",
    ):
        with pytest.raises(LakeError):
            lakescan.scan(uri, engine="ray")
    with pytest.raises(_StartedError):
        lakescan.scan(f"sqlite:///{database}", engine="ray")


def test_local_workers_are_where_there_is_much_to_read(tmp_path: Path, workers: list[int]) -> None:
    lake = tmp_path / "lake"
    (lake / "day").mkdir(parents=True)
    (lake / "a.csv").write_text("id\n" + "1234567\n" * 700)
    lakescan.scan(lake, accuracy_mode="patterns")
    assert workers == []
    (lake / "day" / "b.csv").write_text("id\n" + "1234567\n" * 700)
    for engine in ("auto", EngineOptions("local", workers=3)):
        lakescan.scan(lake, engine=engine, accuracy_mode="patterns", output=tmp_path / "run")
    assert workers[1:] == [3]
    again = Output(str(tmp_path / "run"), incremental=True)
    lakescan.scan(lake, accuracy_mode="patterns", output=again)
    assert len(workers) == 2
