"""The report of an anonymize job as one page."""

from __future__ import annotations

from lakescan.reports.anonymization.model import AnonymizeReport
from lakescan.reports.still_page import still_page


def to_html(report: AnonymizeReport) -> bytes:
    """The page, UTF-8."""
    return still_page("lakescan.reports.anonymization", report)
