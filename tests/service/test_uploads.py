"""Documents that were announced: found by their id, forgotten in time, bounded together."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from lakescan.service import uploads as module
from lakescan.service.answers import RefusedError
from lakescan.service.shared_uploads import SharedUploads
from lakescan.service.uploads import Options, Uploads


def run(coroutine):
    return asyncio.run(coroutine)


@pytest.fixture(params=["alone", "shared"])
def made(request, tmp_path):
    """Makes a place for documents, with a clock."""
    if request.param == "alone":
        return Uploads
    return lambda clock: SharedUploads(str(tmp_path), {}, clock)


def test_a_job_is_forgotten_in_time(made):
    now = [0.0]
    uploads = made(lambda: now[0])
    first = run(uploads.announce(Options(mode="detection")))
    now[0] = 600.0
    second = run(uploads.announce(Options()))
    assert run(uploads.find(first)).options.mode == "detection"
    assert run(uploads.find(first)).result is None
    now[0] = 900.0
    assert run(uploads.find(first)) is None
    assert run(uploads.find(second)) is not None
    for nonsense in ("", "x" * 40, "0" * 40, "../job", first[:-1] + "g", "f" * 500):
        assert run(uploads.find(nonsense)) is None


def test_results_are_bounded_together(monkeypatch):
    monkeypatch.setattr(module, "_BYTES", 10)
    uploads = Uploads()
    waiting, *jobs = [run(uploads.announce(Options())) for _ in range(4)]
    for job in jobs:
        run(uploads.keep(job, b"12345"))
    assert [run(uploads.find(job)) is not None for job in jobs] == [False, True, True]
    assert run(uploads.find(waiting)) is not None, "it holds nothing yet"
    run(uploads.keep(jobs[0], b"12345"))
    assert run(uploads.find(jobs[0])) is None
    run(uploads.keep(jobs[2], b"1"))
    assert run(uploads.find(jobs[1])).result == b"12345"


def test_so_many_are_announced_and_no_more(monkeypatch):
    monkeypatch.setattr(module, "_MOST", 2)
    uploads = Uploads()
    jobs = [run(uploads.announce(Options())) for _ in range(3)]
    assert len(set(jobs)) == 3
    assert [run(uploads.find(job)) is not None for job in jobs] == [False, True, True]


def test_shared_documents_tell_nothing_to_who_reads_the_folder(tmp_path):
    now = [0.0]
    one, other = (SharedUploads(str(tmp_path), {}, lambda: now[0]) for _ in range(2))
    job = run(one.announce(Options(mode="redaction")))
    run(other.keep(job, b"Ann Smith"))
    assert run(one.find(job)).result == b"Ann Smith"
    files = list(tmp_path.iterdir())
    assert len(files) == 2
    for file in files:
        assert job[8:] not in file.name
        assert b"Ann" not in file.read_bytes()
        assert b"redaction" not in file.read_bytes()
    changed = next(each for each in files if each.suffix == ".result")
    changed.write_bytes(bytes(40))
    assert run(one.find(job)).result is None, "what nobody sealed is none of ours"
    (tmp_path / "of-others.txt").write_text("stays")
    now[0] = 1000.0
    later = run(other.announce(Options()))
    assert run(one.find(later)) is not None
    assert len(list(tmp_path.iterdir())) == 2, "what is forgotten is removed, and nothing else"


def test_a_store_that_cannot_be_written_is_busy(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(RefusedError) as refused:
        run(SharedUploads(str(tmp_path / "file"), {}).announce(Options()))
    assert refused.value.status == 503


@pytest.mark.parametrize(
    "store", ["local", pytest.param("s3", marks=pytest.mark.s3)], indirect=True
)
def test_another_process_goes_on_with_a_document(servers, store):
    """As behind a balancer: announced to one, sent to another, asked of the first."""
    arguments = ("--accuracy-mode", "patterns", "--uploads", f"{store.root}/documents")
    first, second = servers(*arguments), servers(*arguments)
    with first.client() as one, second.client() as other:
        told = one.post("/presign", json={"pii": "redaction"}).json()
        where = httpx.URL(told["put_url"]).path
        assert other.get(f"/status/{told['job_id']}").json()["status"] == "Created"
        sent = other.put(where, content=b"Mail ann@example.com")
        assert sent.json()["markdown"]["output"] == "Mail [PII]"
        assert one.get(where).content == sent.content
        assert one.get(f"/status/{told['job_id']}").json()["status"] == "Done"
        assert one.get(where[:-1] + "g").status_code == 404
    assert first.stop() == second.stop() == 0
