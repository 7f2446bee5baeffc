"""Which run a book goes on with."""

from __future__ import annotations

from lakescan.jobs.ledger.book import Book
from lakescan.jobs.ledger.folder import RunFolder


def test_the_latest_run_that_was_cut_goes_on_though_they_began_in_one_second(tmp_path):
    folder = RunFolder(str(tmp_path / "run"), {})
    begun = [Book(folder, resume=False).run_id for _ in range(12)]
    assert begun == sorted(set(begun))
    assert Book(folder, resume=True).run_id == begun[-1]
