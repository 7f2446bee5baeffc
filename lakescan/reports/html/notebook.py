"""The page inside a notebook's cell."""

from __future__ import annotations

from markupsafe import Markup

from lakescan.markup.card import framed
from lakescan.reports.html.page import to_html
from lakescan.reports.model import ScanReport


def to_notebook(report: ScanReport) -> str:
    """The page in a frame of its own, so that neither it nor the notebook touches the other."""
    return framed(
        Markup(
            '<iframe srcdoc="{}" sandbox="allow-scripts" title="lakescan report"></iframe>'
        ).format(to_html(report).decode())
    )
