"""Whether an anonymized lake keeps what it promised."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from lakescan.markup import card as html
from lakescan.reports.legible import percent, plural
from lakescan.reports.verification.model import ColumnCheck, RiskCheck, Verification

_COLUMNS = (
    html.Head("table"),
    html.Head("column"),
    html.Head("held"),
    html.Head("operator"),
    html.Head("cells", is_number=True),
    html.Head("same", is_number=True),
    html.Head("originals", is_number=True),
    html.Head("found again", is_number=True),
)
_JOINS = (
    html.Head("join"),
    html.Head("with"),
    html.Head("rows before", is_number=True),
    html.Head("rows after", is_number=True),
)
_RISKS = (
    html.Head("table"),
    html.Head("told apart by"),
    html.Head("smallest group", is_number=True),
    html.Head("rows alone", is_number=True),
    html.Head("most telling"),
)


def verified_card(report: Verification) -> str:
    """Leaks first, then columns, differences, joins and how far rows stand out."""
    leaks = plural(report.leaks, "leak")
    mark = Markup("<b>{}</b>").format(leaks) if report.leaks else leaks
    kept = sum(join.before == join.after for join in report.joins)
    title = html.joined(
        [f"{report.status}:", mark, f"in {plural(len(report.columns), 'column')},",
         f"{kept} of {plural(len(report.joins), 'join')} kept"], " ",
    )  # fmt: skip
    facts = [
        report.target,
        f"against {report.source}",
        f"policy {report.policy_hash}",
        f"{report.seconds:.1f} s",
    ]
    return html.card(title, facts, *_parts(report))


def _parts(report: Verification) -> Iterator[Markup]:
    if report.columns:
        ordered = sorted(report.columns, key=lambda column: not column.leaks)
        yield html.table(_COLUMNS, [_column(each) for each in ordered])
    places = [
        f"{column.table}: {column.column} stands in {place}"
        for column in report.columns
        for place in column.found_in
    ]
    differences = [
        f"{check.table}: {difference}"
        for check in report.tables
        for difference in check.differences
    ]
    yield html.listed([*places, *differences])
    if report.joins:
        yield html.heading("Joins")
        yield html.table(
            _JOINS,
            [
                html.Row(
                    [join.left, join.right, f"{join.before:,}", f"{join.after:,}"],
                    "" if join.before == join.after else "alarm",
                )
                for join in report.joins
            ],
        )
    if report.risks:
        yield html.heading("How far rows stand out")
        yield html.table(_RISKS, [_risk(each) for each in report.risks])


def _column(check: ColumnCheck) -> html.Row:
    return html.Row(
        [
            check.table,
            html.code(check.column or "-"),
            check.entity or "-",
            html.code(check.operator),
            f"{check.cells:,}",
            f"{check.same:,}",
            f"{check.originals:,}",
            f"{check.found:,}",
        ],
        "alarm" if check.leaks else "",
    )


def _risk(risk: RiskCheck) -> html.Row:
    alone = risk.unique / risk.rows if risk.rows else 0.0
    return html.Row(
        [
            risk.table,
            ", ".join(risk.columns),
            f"{risk.k:,}",
            html.joined([html.bar(alone, alone, alone), percent(alone)]),
            risk.worst[0] if risk.worst else "",
        ]
    )
