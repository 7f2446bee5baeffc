"""Fills the page."""

from __future__ import annotations

from lakescan.reports.model import ScanReport


def to_html(report: ScanReport, baseline: ScanReport | None = None) -> bytes:
    """The report as one self-contained HTML page, UTF-8."""
    return f"<!doctype html><title>lakescan {report.run_id}</title>".encode()
