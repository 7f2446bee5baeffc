"""Scans that stop when so much was read, and go on later."""

from __future__ import annotations

import pytest

import lakescan
from lakescan import Budget, Output
from lakescan.errors import UsageError
from lakescan.reports.folder import read_splits


def statuses(out):
    return [split.status for split in read_splits(lambda name: (out / name).read_bytes())]


@pytest.mark.parametrize("budget", [Budget(rows=25), Budget(bytes=900), Budget(seconds=1e-9)])
def test_a_spent_budget_ends_the_run_as_partial_and_resume_reads_the_rest(
    budget, make_lake, tmp_path, reads, findings
):
    lake, out = make_lake(12), tmp_path / "out"
    cut = lakescan.scan(lake, output=out, budget=budget)

    assert cut.status == "partial"
    assert [(error.uri, error.kind) for error in cut.errors] == [
        (cut.value.datasets[0].uri, "Budget")
    ]
    read = len(reads)
    assert 0 < read < 12
    assert statuses(out).count("left") == 12 - read
    assert f"{12 - read} splits were left" in cut.errors[0].message

    whole = lakescan.scan(lake, output=Output(str(out), resume=True))
    assert len(reads) == len(set(reads)) == 12
    assert findings(whole) == findings(lakescan.scan(lake))


def test_what_earlier_runs_read_costs_nothing(make_lake, tmp_path, reads):
    lake, out = make_lake(9), tmp_path / "out"
    kept, budget = Output(str(out), resume=True), Budget(rows=30)
    for read, status in ((3, "partial"), (6, "partial"), (9, "complete")):
        result = lakescan.scan(lake, output=kept, budget=budget)
        assert (len(reads), result.status, result.value.rows_scanned) == (read, status, read * 10)


def test_a_budget_that_suffices_changes_nothing(make_lake, findings):
    lake = make_lake(3)
    budget = Budget(rows=30, seconds=1000, bytes=1 << 30)
    assert findings(lakescan.scan(lake, budget=budget)) == findings(lakescan.scan(lake))


@pytest.mark.parametrize("bound", [{"rows": 0}, {"seconds": -1.0}, {"bytes": 0}])
def test_a_budget_of_nothing_is_refused(bound):
    with pytest.raises(UsageError, match="reads nothing"):
        Budget(**bound)
