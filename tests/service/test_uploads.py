"""Documents that were announced: found by their id, forgotten in time, bounded together."""

from __future__ import annotations

from lakescan.service import uploads as module
from lakescan.service.uploads import Options, Uploads


def test_a_job_is_forgotten_in_time():
    now = [0.0]
    uploads = Uploads(lambda: now[0])
    first = uploads.announce(Options(mode="detection"))
    now[0] = 600.0
    second = uploads.announce(Options())
    assert uploads.find(first).options.mode == "detection"
    now[0] = 900.0
    assert uploads.find(first) is None
    assert uploads.find(second) is not None


def test_results_are_bounded_together(monkeypatch):
    monkeypatch.setattr(module, "_BYTES", 10)
    uploads = Uploads()
    waiting, *jobs = [uploads.announce(Options()) for _ in range(4)]
    for job in jobs:
        uploads.keep(job, b"12345")
    assert [uploads.find(job) is not None for job in jobs] == [False, True, True]
    assert uploads.find(waiting) is not None, "it holds nothing yet"
    uploads.keep(jobs[0], b"12345")
    assert uploads.find(jobs[0]) is None
    uploads.keep(jobs[2], b"1")
    assert uploads.find(jobs[1]).result == b"12345"


def test_so_many_are_announced_and_no_more(monkeypatch):
    monkeypatch.setattr(module, "_MOST", 2)
    uploads = Uploads()
    jobs = [uploads.announce(Options()) for _ in range(3)]
    assert len(set(jobs)) == 3
    assert [uploads.find(job) is not None for job in jobs] == [False, True, True]
