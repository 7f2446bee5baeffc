"""The page inside a notebook's cell."""

from __future__ import annotations

from html import escape

from lakescan.reports.html.page import to_html
from lakescan.reports.model import ScanReport


def to_notebook(report: ScanReport) -> str:
    """The page in a frame of its own, so that neither it nor the notebook touches the other."""
    page = escape(to_html(report).decode())
    return (
        f'<iframe srcdoc="{page}" sandbox="allow-scripts" title="lakescan report" '
        'style="width:100%;height:40rem;border:0"></iframe>'
    )
