"""A column's verdict, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup

from lakescan.markup import card as html
from lakescan.reports.baseline import column_name
from lakescan.reports.catalog import title_of
from lakescan.reports.html.words import certainty, reason_words
from lakescan.reports.legible import percent, plural
from lakescan.reports.model import Classification, ColumnReport, Evidence

_REASONS = (
    html.Head("evidence"),
    html.Head("rows", is_number=True),
    html.Head("score", is_number=True),
    html.Head("weight", is_number=True),
    html.Head("looks like"),
    html.Head("what it looks at"),
)
_INSIDE = (html.Head("inside"), html.Head("holds"), html.Head("sure", is_number=True))


def column_card(
    column: ColumnReport,
    uri: str = "",
    about: Mapping[str, str] | None = None,
    inner: Sequence[ColumnReport] = (),
) -> str:
    """What a column holds, with its evidence and what was outvoted.

    Args:
        column: judged.
        uri: its dataset's, if it has one.
        about: what each detector looks at, in words.
        inner: the verdicts of what is inside its values.
    """
    filled = column.rows - column.nulls
    facts = [
        *([uri] if uri else []),
        column.type,
        f"{plural(filled, 'value')}, about {column.distinct:,} distinct",
        "sensitive" if column.sensitive else "not sensitive",
    ]
    name = html.code(column_name(column.column, column.index))
    held = column.classifications
    verdict = Markup("<b>{}</b>").format(title_of(held[0].entity)) if held else "nothing was found"
    parts = [_found(each, about or {}, first=each is held[0]) for each in held]
    return html.card(
        html.joined([name, verdict], ": "),
        facts,
        *parts,
        *_inner(inner),
        *_outvoted(column, about or {}),
    )


def _found(found: Classification, about: Mapping[str, str], *, first: bool) -> Markup:
    share = f"{percent(found.prevalence)} of the values"
    low, high = map(percent, found.interval)
    if low != high:
        share += f" ({low} to {high})"
    if not found.rows_hit:
        share = "by its name only"
    line = html.joined(
        [
            html.tag(found.domain),
            html.code(found.entity),
            "" if first else "also",
            f"{found.confidence:.2f}, {certainty(found.confidence)};",
            html.bar(found.prevalence, *found.interval) if found.rows_hit else "",
            share,
        ],
        " ",
    )
    return html.joined(
        [html.heading(line), _evidence(found.evidence, about), html.listed(found.because)]
    )


def _evidence(evidence: Sequence[Evidence], about: Mapping[str, str]) -> Markup:
    rows = [
        html.Row(
            [
                html.code(each.detector),
                "" if each.rows_hit is None else f"{each.rows_hit:,}",
                f"{each.score:.2f}",
                "" if each.weight is None else f"{each.weight:.2f}",
                html.code(each.samples[0]) if each.samples else "",
                about.get(each.detector) or reason_words(each.detector),
            ]
        )
        for each in evidence
    ]
    return html.table(_REASONS, rows) if rows else Markup("")


def _outvoted(column: ColumnReport, about: Mapping[str, str]) -> Iterator[Markup]:
    for each in column.outvoted:
        line = html.joined(["Outvoted:", html.code(each.entity), f"{each.confidence:.2f}"], " ")
        yield html.joined(
            [html.heading(line), _evidence(each.evidence, about), html.listed(each.because)]
        )


def _inner(columns: Sequence[ColumnReport]) -> Iterator[Markup]:
    rows = [
        html.Row(
            [
                html.code(column_name(each.column, each.index)),
                each.classifications[0].entity if each.classifications else "nothing",
                f"{each.classifications[0].confidence:.2f}" if each.classifications else "",
            ],
            "" if each.classifications else "quiet",
        )
        for each in columns
    ]
    if rows:
        yield html.table(_INSIDE, rows)
