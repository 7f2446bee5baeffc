"""What is told before a cluster is waited for."""

from __future__ import annotations

from pathlib import Path

import pytest

import lakescan
from lakescan.errors import NotFoundError
from lakescan.policy import Policy


class _StartedError(Exception):
    """A cluster would be started."""


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_: object) -> None:
        raise _StartedError

    monkeypatch.setattr("lakescan.jobs.early.started_early", start)


def test_no_cluster_is_started_for_a_path_that_is_not_there(tmp_path: Path) -> None:
    missing = str(tmp_path / "nothing")
    with pytest.raises(NotFoundError, match="no such file or folder"):
        lakescan.scan([missing, missing], engine="ray")
    with pytest.raises(NotFoundError, match="no such file or folder"):
        lakescan.anonymize(missing, to=tmp_path / "out", policy=Policy.default(), engine="ray")
    with pytest.raises(NotFoundError, match="no such file or folder"):
        lakescan.verify(tmp_path / "out", against=missing, engine="ray")


@pytest.mark.parametrize("uri", ["a.csv", "*.csv", "s3://bucket/a.csv"])
def test_one_is_for_what_may_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uri: str
) -> None:
    (tmp_path / "a.csv").write_text("id\n1\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(_StartedError):
        lakescan.scan(["nothing", uri], engine="ray")
