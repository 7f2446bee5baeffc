"""Live progress: what a watcher of a terminal is told."""

import io

from rich.console import Console

from lakescan.reports.live import LiveProgress
from lakescan.reports.model import ErrorReport
from lakescan.reports.progress import Counts


def watched(*steps):
    text = io.StringIO()
    console = Console(file=text, width=120, force_terminal=True, color_system=None)
    with LiveProgress(console) as progress:
        for step in steps:
            step(progress)
            progress._progress.refresh()
    return text.getvalue()


def test_tells_how_far_it_is():
    counts = Counts(
        planned=200, done=12, failed=1, rows=1_234, bytes=5_000, planned_bytes=10_000, rate=1.5e6
    )
    shown = watched(
        lambda p: p.phase("planning"), lambda p: p.phase("scanning"), lambda p: p.update(counts)
    )
    assert "Listing" in shown
    assert "Scanning" in shown
    assert "12/200 splits, 1,234 rows, 1.5 MB/s, 1 failed" in shown


def test_counts_can_come_before_any_phase():
    assert "0/0 splits" in watched(lambda p: p.update(Counts()))


def test_a_problem_is_printed_as_it_comes_and_harmless():
    problem = ErrorReport("/lake/a\u202eb.csv", "CorruptFile", "/lake/a\u202eb.csv: \x1b[2J cut")
    shown = watched(lambda p: p.phase("scanning"), lambda p: p.problem(problem))
    assert "/lake/a\\u202eb.csv: CorruptFile: \\x1b[2J cut" in shown
    assert "\x1b[2J" not in shown
