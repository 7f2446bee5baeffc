"""The README's look at real output is what a scan of the demo lake prints."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"


def shown_lines(text):
    """(mark, column, entity) of each column's line."""
    return re.findall(r"^([●○])\s+(\S+)\s+(\S+)", text, re.MULTILINE)


def test_the_output_in_the_readme_is_real(desk):
    run = subprocess.run(["lakescan", "scan", "demo/lake"], capture_output=True, text=True)
    excerpt = shown_lines(README.read_text(encoding="utf-8"))

    assert len(excerpt) > 5
    assert set(excerpt) <= set(shown_lines(run.stdout))
    found = {column for _, column, _ in shown_lines(run.stdout)}
    assert not {"loyalty_no", "tracking_no"} & found
    assert "upload.parquet: CorruptFile" in run.stdout + run.stderr
