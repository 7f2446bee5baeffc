"""The forms that people read, and how a form is asked for."""

import dataclasses
import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from lakescan.errors import UnknownNameError
from lakescan.reports.markdown import to_markdown
from lakescan.reports.model import ErrorReport, ScanReport
from lakescan.reports.rendering import FORMS, form_of, render
from lakescan.reports.summary import totals
from lakescan.reports.terminal import print_report

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("form", ["json", "jsonl", "markdown", "table", "sarif"])
def test_each_form_is_its_golden_file(report, form):
    assert render(report, form).decode() == (GOLDEN / f"report{FORMS[form]}").read_text(
        encoding="utf-8"
    )


def test_html_is_a_page(report):
    assert b"<!doctype html>" in render(report, "html")


def test_unknown_form_names_the_known_ones(report):
    with pytest.raises(UnknownNameError, match="did you mean 'markdown'"):
        render(report, "markdwn")


def test_a_files_ending_asks_for_a_form():
    assert form_of("/x/report.HTML") == "html"
    assert form_of("found.md") == "markdown"
    with pytest.raises(UnknownNameError, match=r"report\.docx"):
        form_of("/x/report.docx")


def test_terminal_is_harmless_whatever_a_column_is_called(hostile_report):
    text = io.StringIO()
    print_report(hostile_report, Console(file=text, width=100, color_system=None))
    assert all(character.isprintable() for character in text.getvalue().replace("\n", ""))
    assert "\\u202e" in text.getvalue()


def test_terminal_without_unicode_says_the_same_in_ascii(report):
    raw = io.BytesIO()
    text = io.TextIOWrapper(raw, encoding="ascii", errors="strict")
    print_report(report, Console(file=text, width=100, color_system=None))
    text.flush()
    assert "* " in raw.getvalue().decode("ascii")


def test_terminal_keeps_to_its_width(report, wide_report):
    for each in (report, wide_report):
        text = io.StringIO()
        print_report(each, Console(file=text, width=90, color_system=None))
        tables = [line for line in text.getvalue().splitlines() if line.startswith(("●", "○"))]
        assert tables
        assert max(map(len, tables)) <= 90


def test_markdown_cells_hold_whatever_a_column_is_called(hostile_report):
    lines = to_markdown(hostile_report).splitlines()
    rows = [line for line in lines if line.startswith("| ") and not line.startswith("| column")]
    assert len(rows) == 7
    assert all(row.count("|") == 9 for row in rows)
    assert not any("<script" in line or "<img" in line for line in lines if "`" not in line)


@pytest.mark.parametrize(
    "form, new, gone",
    [
        ("table", "  + s3://clinic/visits/: token: API_KEY", "  - /lake/crm/customers.csv: email: EMAIL_ADDRESS"),
        ("markdown", "- new: `API_KEY` in `s3://clinic/visits/`, `token`",
         "- gone: `EMAIL_ADDRESS` in `/lake/crm/customers.csv`, `email`"),
        ("html", 'tag new">new', "What is gone since run"),
    ],
)  # fmt: skip
def test_a_baseline_shows_what_came_and_what_went(report, form, new, gone):
    now = dataclasses.replace(report, datasets=report.datasets[1:])
    before = dataclasses.replace(report, datasets=report.datasets[:1])
    text = render(now, form, before).decode()
    assert new in text
    assert gone in text


def test_a_baseline_without_changes_says_so(report):
    assert "0 new findings, 0 gone" in render(report, "table", report).decode()
    assert "Nothing came and nothing went." in render(report, "markdown", report).decode()


def test_totals_count_columns_once(report):
    counted = totals(report)
    assert (counted.columns, counted.sensitive_columns, counted.other_columns) == (9, 5, 1)
    assert (counted.datasets, counted.sensitive_datasets) == (3, 2)


def test_a_run_that_read_nothing_is_said_to_have(hostile_report):
    failed = ScanReport(
        "r", "failed", "local", "p", 0, 0, 0.0, (), (ErrorReport("/x", "NotFound", "no"),)
    )
    assert "Not read in full: 1 object" in render(failed, "table").decode()
    assert "## Not read in full" in render(failed, "markdown").decode()
    assert "No column was read" in render(failed, "html").decode()


def test_a_notice_is_told_and_is_nothing_that_was_not_read():
    notice = ErrorReport("/x", "Notice", "/x: 2 values are null")
    known = ScanReport("r", "complete", "local", "p", 2, 0, 0.0, (), (notice,))
    for name in ("table", "markdown", "html"):
        shown = render(known, name).decode()
        assert "2 values are null" in shown
        assert not re.search("not read|could not be read|not everything", shown, re.IGNORECASE)
