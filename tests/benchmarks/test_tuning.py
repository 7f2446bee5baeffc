"""benchmarks/tuning.py runs, on inputs too small for its figures to mean anything."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"

pytestmark = [pytest.mark.bench, pytest.mark.usefixtures("unmeasured")]


def test_a_setting_changes_what_is_read(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import tuning
    from mixed import cached

    base = cached(tmp_path, 1, "parquet")
    chosen = {s.title: s for s in tuning.settings(2, ray=True) if s.group == "sampling"}
    small = tuning.Setting("files of", "500 rows", file_rows=500, group_rows=500)
    folder = tuning.laid_out(base, small, tmp_path)
    assert len(list(folder.iterdir())) == -(-base.rows // 500)
    whole = tuning.measured(chosen["all"], folder, 1, 1)
    part = tuning.measured(chosen["2 files"], folder, 1, 1)
    assert (whole.rows, part.rows) == (base.rows, 500 + (base.rows % 500 or 500))
    assert whole.cpu_seconds > 0
    assert sys.modules.pop("tuning")
