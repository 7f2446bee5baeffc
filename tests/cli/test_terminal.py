"""On a real terminal: live progress goes to standard error, and values are shown only when asked."""

import os
import pty
import re
import subprocess
from contextlib import suppress

#: Sequences that colour text and move the cursor (ECMA-48, 5.4).
CONTROL = re.compile(r"\x1b\[[\d;?]*[A-Za-z]")


def on_a_terminal(lakescan, *args, stderr=None):
    """Run with standard output on a pseudo-terminal; what it showed, and the exit code."""
    ours, theirs = pty.openpty()
    environment = lakescan.environment({"TERM": "xterm", "COLUMNS": "140"})
    process = subprocess.Popen(
        lakescan.command(*args), env=environment, stdin=subprocess.DEVNULL, stdout=theirs,
        stderr=theirs if stderr is None else stderr,
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # the terminal's other end is closed: the program has ended
        while piece := os.read(ours, 65536):
            shown += piece
    os.close(ours)
    return CONTROL.sub("", shown.decode()), process.wait(timeout=60)


def test_masks_values_unless_asked(lakescan, lake):
    shown, code = on_a_terminal(
        lakescan, "classify", lake / "people.csv", stderr=subprocess.DEVNULL
    )
    assert code == 0
    assert "u***@e***.org" in shown
    assert "user000" not in shown


def test_shows_values_when_asked(lakescan, lake):
    shown, code = on_a_terminal(lakescan, "scan", lake, "--show-data", stderr=subprocess.DEVNULL)
    assert code == 0
    assert "user000@example0.org, user001@example1.org, user002@example2.org" in shown


def test_detect_shows_values_when_asked(lakescan):
    shown, _ = on_a_terminal(lakescan, "detect", "mail ann@example.org", "--show-data")
    assert "ann@example.org" in shown


def test_progress_is_shown_and_wiped(lakescan, lake):
    shown, code = on_a_terminal(lakescan, "scan", lake)
    assert code == 0
    assert "Scanning" in shown or "Listing" in shown
    assert shown.rstrip().endswith("complete.")
    quiet, _ = on_a_terminal(lakescan, "scan", lake, "--quiet")
    assert "Scanning" not in quiet
