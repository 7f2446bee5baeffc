"""The local backend."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lakescan.connectors import storage_for
from lakescan.errors import ChangedSourceError, CredentialError, NotFoundError, UnknownNameError


def test_lists_files_in_the_order_of_their_paths(tmp_path: Path) -> None:
    for name in ("b.csv", "a/z.csv", "a.csv", "a/b/c.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    storage = storage_for(str(tmp_path))
    uris = [f.uri for f in storage.list(str(tmp_path))]
    assert uris == sorted(str(tmp_path / n) for n in ("b.csv", "a/z.csv", "a.csv", "a/b/c.csv"))
    assert [f.uri for f in storage.list(str(tmp_path / "a.csv"))] == [str(tmp_path / "a.csv")]
    assert list(storage.list(str(tmp_path / "nothing"))) == []


def test_a_file_uri_is_a_path(tmp_path: Path) -> None:
    (tmp_path / "a b.csv").write_text("x")
    storage = storage_for("file:///")
    assert storage.read_bytes(f"file://{tmp_path}/a%20b.csv") == b"x"


def test_the_version_changes_with_the_file(tmp_path: Path) -> None:
    storage = storage_for(str(tmp_path))
    uri = str(tmp_path / "a")
    first = storage.write_bytes(uri, b"one")
    assert storage.stat(uri).version == first
    second = storage.write_bytes(uri, b"two")
    assert second != first
    os.utime(uri, ns=(1, 1))
    assert storage.stat(uri).version not in (first, second)


def test_conditions_hold_or_are_refused(tmp_path: Path) -> None:
    storage = storage_for(str(tmp_path))
    uri = str(tmp_path / "run" / "manifest")
    first = storage.write_bytes(uri, b"1", if_absent=True)
    with pytest.raises(ChangedSourceError, match="already exists"):
        storage.write_bytes(uri, b"2", if_absent=True)
    storage.write_bytes(uri, b"3", if_match=first)
    with pytest.raises(ChangedSourceError, match="another run"):
        storage.write_bytes(uri, b"4", if_match=first)
    assert storage.read_bytes(uri) == b"3"
    assert [p.name for p in (tmp_path / "run").iterdir()] == ["manifest"]


def test_of_many_creators_one_wins(tmp_path: Path) -> None:
    storage = storage_for(str(tmp_path))

    def create(i: int) -> bool:
        try:
            storage.write_bytes(str(tmp_path / "race"), b"%d" % i, if_absent=True)
        except ChangedSourceError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(create, range(64))) == 1


def test_deletes_twice(tmp_path: Path) -> None:
    storage = storage_for(str(tmp_path))
    uri = str(tmp_path / "a")
    storage.write_bytes(uri, b"1")
    storage.delete(uri)
    storage.delete(uri)
    assert not storage.exists(uri)


def test_what_is_missing_or_forbidden_is_named(tmp_path: Path) -> None:
    storage = storage_for(str(tmp_path))
    with pytest.raises(NotFoundError, match="no such file"):
        storage.open(str(tmp_path / "nothing"))
    with pytest.raises(NotFoundError):
        storage.stat(str(tmp_path))
    with pytest.raises(UnknownNameError, match="storage scheme"):
        storage_for("gopher://x")
    if os.geteuid():
        (tmp_path / "secret").write_text("x")
        (tmp_path / "secret").chmod(0)
        with pytest.raises(CredentialError):
            storage.open(str(tmp_path / "secret"))


def test_a_file_that_another_takes_away_at_once_was_written(tmp_path, monkeypatch):
    """Drivers of one run write and remove the same marks."""

    def replaced(source, target):
        Path(source).unlink()

    monkeypatch.setattr("lakescan.connectors.storage.local.os.replace", replaced)
    storage = storage_for(str(tmp_path))
    assert storage.write_bytes(str(tmp_path / "_SUCCESS"), b"").startswith("0-")
    assert not storage.exists(str(tmp_path / "_SUCCESS"))
