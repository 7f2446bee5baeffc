"""Why a text's findings are told, and what was outvoted."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from lakescan.markup import card as html
from lakescan.reports.explanation.model import (
    FindingExplanation,
    FormExplanation,
    TextExplanation,
)
from lakescan.reports.legible import plural

_HEADS = (
    html.Head("start", is_number=True),
    html.Head("end", is_number=True),
    html.Head("entity"),
    html.Head("score", is_number=True),
    html.Head("detector"),
    html.Head("looks like"),
    html.Head("why"),
)
_FORMS = (
    html.Head("start", is_number=True),
    html.Head("end", is_number=True),
    html.Head("looks like"),
    html.Head("form of"),
)


def explained_text_card(explanation: TextExplanation) -> str:
    """What is told, what is not, and what only looks like something."""
    return html.card(
        f"{plural(len(explanation.told), 'finding')} told, {len(explanation.outvoted):,} outvoted",
        [],
        _findings("", explanation.told),
        _findings("Outvoted", explanation.outvoted),
        _forms(explanation.forms),
    )


def _findings(title: str, findings: Sequence[FindingExplanation]) -> Markup:
    rows = [
        html.Row(
            [
                f"{found.start:,}",
                f"{found.end:,}",
                html.code(found.entity),
                f"{found.score:.2f}",
                html.code(found.detector),
                html.code(found.preview),
                _why(found),
            ],
            "quiet" if found.why_not else "",
        )
        for found in findings
    ]
    if not rows:
        return Markup("")
    return (html.heading(title) if title else Markup("")) + html.table(_HEADS, rows)


def _why(found: FindingExplanation) -> str:
    near = "nearby: " + ", ".join(found.words) if found.words else ""
    return found.why_not or "; ".join(filter(None, (found.about, near)))


def _forms(forms: Sequence[FormExplanation]) -> Markup:
    rows = [
        html.Row([f"{f.start:,}", f"{f.end:,}", html.code(f.preview), ", ".join(f.detectors)])
        for f in forms
    ]
    if not rows:
        return Markup("")
    return html.heading("Looks like something, but no word nearby says so") + html.table(
        _FORMS, rows
    )
