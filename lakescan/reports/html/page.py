"""Fills the page.

The page forbids itself everything but its own style and script (Content Security Policy Level 3,
by their hashes): even a name that slipped through the escaping could neither run nor load
anything.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from importlib import resources

from jinja2 import DictLoader, Environment, StrictUndefined, Template

from lakescan.reports.baseline import changes
from lakescan.reports.html.view import (
    MAX_COLUMNS,
    dataset_views,
    entity_choices,
    kind_counts,
    listed,
    overview,
)
from lakescan.reports.html.words import moment
from lakescan.reports.legible import legible, percent, plural, problem, size
from lakescan.reports.model import ScanReport
from lakescan.reports.summary import totals

#: Where there is no JavaScript to open them, the explanations are open.
_PLAIN_STYLE = ".why[hidden] { display: table-row !important; }"


def to_html(report: ScanReport, baseline: ScanReport | None = None) -> bytes:
    """The report as one self-contained HTML page, UTF-8.

    Args:
        report: what was found.
        baseline: an earlier run; what is new since then is marked.
    """
    datasets = tuple(dataset_views(report, baseline))
    shown = listed(datasets, MAX_COLUMNS)
    total = totals(report)
    rows = sum(dataset.rows for dataset in report.datasets)
    text = _template().render(
        report=report,
        baseline=baseline,
        gone=() if baseline is None else changes(report, baseline).gone,
        datasets=shown,
        counts=kind_counts(shown),
        total=total,
        personal=overview(datasets, "personal"),
        other=overview(datasets, "other"),
        entities=entity_choices(datasets),
        rows=rows,
        sampled=percent(report.rows_scanned / rows) if report.rows_scanned < rows else "",
        style=_part("page.css"),
        style_hash=_hash(_part("page.css")),
        plain_style=_PLAIN_STYLE,
        plain_style_hash=_hash(_PLAIN_STYLE),
        script=_part("page.js"),
        script_hash=_hash(_part("page.js")),
    )
    return text.encode("utf-8", "replace")


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=DictLoader({"page.html": _part("page.html")}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        legible=legible, problem=problem, moment=moment, size=size, plural=plural
    )
    return environment.get_template("page.html")


@lru_cache(maxsize=3)
def _part(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256-" + base64.b64encode(digest).decode("ascii")
