"""The run folder and its manifest."""

from __future__ import annotations

import pytest

from lakescan.errors import ChangedSourceError, CorruptFileError, NotFoundError
from lakescan.jobs.ledger.folder import MANIFEST, Manifest, RunFolder, folder_uri


@pytest.fixture
def folder(tmp_path):
    return RunFolder(str(tmp_path / "out"), {})


def test_a_folder_without_a_run_has_no_manifest(folder):
    assert folder.manifest() is None
    assert list(folder.ledger_paths()) == []
    with pytest.raises(NotFoundError):
        folder.published("run.json")


def test_what_the_manifest_names_is_what_is_published(folder):
    folder.write("_lakescan/r1/run.json", b"{}")
    folder.write("_lakescan/r2/run.json", b"half written")
    folder.commit(Manifest("r1", {"run.json": "_lakescan/r1/run.json"}, ()), None)
    assert folder.published("run.json") == b"{}"
    with pytest.raises(NotFoundError):
        folder.published("report.html")


def test_copied_reports_are_read_without_their_ledger(folder):
    folder.write("run.json", b"copy")
    assert folder.published("run.json") == b"copy"
    folder.commit(Manifest("r1", {"run.json": "_lakescan/r1/run.json"}, ()), None)
    assert folder.published("run.json") == b"copy"


def test_only_one_of_two_first_commits_wins(folder):
    folder.commit(Manifest("r1", {}, ()), None)
    with pytest.raises(ChangedSourceError):
        folder.commit(Manifest("r2", {}, ()), None)
    assert folder.manifest().run_id == "r1"


def test_a_commit_over_a_manifest_that_has_changed_is_refused(folder):
    folder.commit(Manifest("r1", {}, ()), None)
    first = folder.manifest()
    folder.commit(Manifest("r2", {}, ("a",)), first)
    with pytest.raises(ChangedSourceError):
        folder.commit(Manifest("r3", {}, ()), first)
    assert folder.manifest() == Manifest("r2", {}, ("a",))


@pytest.mark.parametrize("text", [b"not json", b'{"layout": 99}'])
def test_a_foreign_manifest_is_refused(folder, text):
    folder.write(MANIFEST, text)
    with pytest.raises(CorruptFileError):
        folder.manifest()


def test_uris_lose_their_last_slash_and_paths_become_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert folder_uri("s3://bucket/runs/") == "s3://bucket/runs"
    assert folder_uri("out/") == str(tmp_path / "out")
    assert folder_uri(f"file://{tmp_path}/out") == str(tmp_path / "out")
