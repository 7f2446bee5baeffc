"""What an anonymize job did, or would do: which operator on which column; of a dry run, samples."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from lakescan.markup import card as html
from lakescan.reports.anonymization.model import AnonymizeReport, ColumnAction, TableAction
from lakescan.reports.legible import plural

#: A dry run's first changed cells, before and after, masked; by dataset and column.
Samples = Mapping[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]]

_HEADS = (
    html.Head("column"),
    html.Head("held"),
    html.Head("operator"),
    html.Head("on"),
    html.Head("found", is_number=True),
    html.Head("unfit", is_number=True),
    html.Head("undone"),
)
_SAMPLED = (html.Head("before, masked"), html.Head("after, masked"))


def anonymized_card(report: AnonymizeReport, samples: Samples) -> str:
    """The columns that change, table by table; those that stay are counted."""
    done = {
        (table.uri, column.index, column.column)
        for table in report.tables
        for column in table.columns
        if column.operator != "keep"
    }
    changed = Markup("<b>{}</b>").format(plural(len(done), "column"))
    if report.status == "planned":
        title = Markup("A dry run: {} would change, nothing was written").format(changed)
    elif not report.version:
        title = Markup("{} to change, {} ready: nothing shows before the rest is").format(
            changed, plural(report.rows, "row")
        )
    else:
        title = Markup("{} changed, {} written").format(changed, plural(report.rows, "row"))
    facts = [f"from {report.source}"]
    facts += [f"to {report.target}"] if report.target else []
    facts += [report.status, f"key {report.key_id or 'none'}", f"policy {report.policy_hash}"]
    if report.kept:
        facts.append(f"{report.kept:,} of {plural(report.outputs, 'file')} kept from before")
    errors = [f"{error.uri}: {error.message}" for error in report.errors]
    return html.card(
        title,
        facts,
        *(_table(table, samples) for table in report.tables),
        html.joined([html.heading("Not read"), html.listed(errors)]) if errors else "",
    )


def _table(table: TableAction, samples: Samples) -> Markup:
    changed = [column for column in table.columns if column.operator != "keep"]
    kept = len({c.index for c in table.columns} - {c.index for c in changed})
    name = html.heading(html.joined([html.code(table.uri), f"{plural(kept, 'column')} kept"], "  "))
    if not changed:
        return name
    heads = (*_HEADS, *_SAMPLED) if samples else _HEADS
    return name + html.table(heads, [_row(table, column, samples) for column in changed])


def _row(table: TableAction, column: ColumnAction, samples: Samples) -> html.Row:
    cells: list[html.Piece] = [
        html.code(column.column or f"column {column.index}"),
        column.entity or "-",
        html.code(column.operator),
        column.scope,
        f"{column.found:,}",
        f"{column.unfit:,}" if column.unfit else "",
        "by reveal" if column.reversible else "",
    ]
    if samples:
        before, after = samples.get((table.uri, column.column or ""), ((), ()))
        cells += [_lines(before), _lines(after)]
    return html.Row(cells)


def _lines(values: tuple[str, ...]) -> Markup:
    return html.joined([html.code(value) if value else "null" for value in values], Markup("<br>"))
