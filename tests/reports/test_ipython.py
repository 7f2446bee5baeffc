"""Progress in a notebook's cell: in a real kernel, and nowhere else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from lakescan.reports.ipython import NotebookProgress, usual_progress
from lakescan.reports.progress import Silent

QUIET = """
from lakescan.reports.progress import Silent
again = lakescan.scan("mails.csv", progress=Silent())
"""


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    mails = "".join(f"{n},ann{n}@example.com\n" for n in range(50))
    (tmp_path / "mails.csv").write_text(f"id,mail\n{mails}", encoding="utf-8")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 of nothing PAR1")
    return tmp_path


def test_nobody_watches_outside_a_notebook():
    assert isinstance(usual_progress(), Silent)


def test_a_script_prints_nothing(lake):
    code = "import lakescan, IPython; lakescan.scan('mails.csv')"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=lake, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("", "")


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_cell_shows_one_line_that_ends_with_what_was_done(lake):
    cells = ["import lakescan\nfound = lakescan.scan('.')", QUIET]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    client = NotebookClient(
        book, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(lake)}}
    )
    client.execute()
    watched, quiet = book.cells
    (shown,) = watched.outputs  # the last state of the one display
    assert shown["data"]["text/plain"].startswith("Done: 1/1 split, 50 rows")
    assert shown["data"]["text/plain"].endswith("1 problem")
    assert "Done" in shown["data"]["text/html"]
    assert "ann" not in str(shown), "no value and no name of one"
    assert quiet.outputs == []


def test_a_line_has_a_bar_while_there_is_something_to_read(monkeypatch):
    from IPython import display as ipython

    drawn: list[object] = []

    class Handle:
        def update(self, line: object) -> None:
            drawn.append(line)

    def display(line: object, *, display_id: bool) -> Handle:
        assert display_id
        drawn.append(line)
        return Handle()

    monkeypatch.setattr(ipython, "display", display)
    monkeypatch.setattr("lakescan.reports.ipython._DRAW_SECONDS", 0.0)
    from lakescan.reports.progress import Counts

    progress = NotebookProgress()
    progress.phase("planning")
    progress.phase("scanning")
    progress.update(Counts(planned=4, done=1, rows=9, bytes=10, planned_bytes=40, rate=2e6))
    assert '<progress value="10" max="40">' in drawn[-1]._repr_html_()
    assert repr(drawn[-1]) == "Scanning: 1/4 splits, 9 rows, 2.0 MB/s"
    progress.phase("comparing")
    assert repr(drawn[-1]).startswith("Comparing: 1/4")
    assert "<progress" not in drawn[-1]._repr_html_()
