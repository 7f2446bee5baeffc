"""The report as Markdown (GitHub Flavored Markdown 0.29, section 4.10, tables)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from lakescan.reports.baseline import Changes, changes, column_name
from lakescan.reports.legible import bucket_line, legible, percent, plural, problem, size
from lakescan.reports.model import DatasetReport, ScanReport
from lakescan.reports.summary import totals

_PLAIN = re.compile(r"[^`|<>&\\]*")


def to_markdown(report: ScanReport, baseline: ScanReport | None = None) -> str:
    """The report as a document: totals, what changed, one table a dataset, errors."""
    return "\n".join(_lines(report, baseline)) + "\n"


def _lines(report: ScanReport, baseline: ScanReport | None) -> Iterator[str]:
    total = totals(report)
    yield "# What lakescan found"
    yield ""
    yield (
        f"**{total.sensitive_columns:,} of {plural(total.columns, 'column')} hold personal data**, "
        f"in {total.sensitive_datasets:,} of {plural(total.datasets, 'dataset')}; "
        f"{total.other_columns:,} more were recognized."
    )
    yield ""
    yield (
        f"Run {code(report.run_id)} ({report.status}), policy {code(report.policy_hash)}, "
        f"engine {report.engine}: {plural(report.rows_scanned, 'row')}, "
        f"{size(report.bytes_scanned)}, {report.seconds:.1f} s."
    )
    if baseline is not None:
        yield from _changes(changes(report, baseline), baseline.run_id)
    for dataset in report.datasets:
        yield from _dataset(dataset)
    if report.buckets:
        yield ""
        yield "## Buckets"
        yield ""
        yield from (f"- {plain(bucket_line(bucket))}" for bucket in report.buckets)
    for heading, errors in (("Not read in full", report.unread), ("Notices", report.notices)):
        if errors:
            yield ""
            yield f"## {heading}"
            yield ""
        for error in errors:
            yield f"- {code(error.uri)}: {error.kind}: {plain(problem(error))}"


def _changes(found: Changes, since: str) -> Iterator[str]:
    yield ""
    yield f"## Since run {code(since)}"
    yield ""
    if not (found.new or found.gone):
        yield "Nothing came and nothing went."
    for word, findings in (("new", found.new), ("gone", found.gone)):
        for finding in findings:
            place = f"{code(finding.uri)}, {code(finding.column_name)}"
            yield f"- {word}: {code(finding.entity)} in {place}"


def _dataset(dataset: DatasetReport) -> Iterator[str]:
    yield ""
    yield f"## {code(dataset.uri)}"
    yield ""
    found = [column for column in dataset.columns if column.classifications]
    rows = f"{dataset.rows_scanned:,} of {plural(dataset.rows, 'row')} scanned"
    yield f"{dataset.format}, {rows}, {plural(len(dataset.columns), 'column')}."
    if not found:
        yield ""
        yield "Nothing was found."
        return
    yield ""
    yield "| column | holds | domain | sensitive | confidence | values | example | evidence |"
    yield "|---|---|---|---|---:|---:|---|---|"
    for column in found:
        name = code(column_name(column.column, column.index))
        for rank, seen in enumerate(column.classifications):
            cells = (
                "" if rank else name,
                code(seen.entity),
                seen.domain,
                "yes" if column.sensitive and not rank else "",
                f"{seen.confidence:.2f}",
                percent(seen.prevalence) if seen.rows_hit else "",
                code(seen.samples[0]) if seen.samples else "",
                ", ".join(code(reason.detector) for reason in seen.evidence),
            )
            yield f"| {' | '.join(cells)} |"


def code(text: str) -> str:
    """The text as a code span that ends no cell and opens no tag."""
    text = legible(text)
    if text and _PLAIN.fullmatch(text):
        return f"`{text}`"
    return f"<code>{plain(text)}</code>"


def plain(text: str) -> str:
    """The text with every character that means something in Markdown or HTML as an entity."""
    escaped = html.escape(legible(text))
    return re.sub(r"[`|*_\[\]\\~#!]", lambda match: f"&#{ord(match[0])};", escaped)
