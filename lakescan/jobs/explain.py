"""``explain``: why a column of a run got its verdict, and why a text's findings are told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lakescan.errors import UnknownNameError, UsageError
from lakescan.jobs.accuracy import asked
from lakescan.jobs.detect import detectors_for
from lakescan.jobs.result import ScanResult
from lakescan.jobs.runs import open_run
from lakescan.policy import AccuracyMode, Policy
from lakescan.reports.baseline import column_name
from lakescan.reports.explanation.model import (
    ColumnExplanation,
    FindingExplanation,
    FormExplanation,
    TextExplanation,
)
from lakescan.reports.model import ColumnReport, ScanReport
from lakescan.udfs.classify.profile.masking import mask
from lakescan.udfs.detect.conflicts.outvoted import Found
from lakescan.udfs.detect.describe import describe
from lakescan.udfs.detect.explaining import bare_forms, context_words, judge_text
from lakescan.udfs.detect.values import without_lone_surrogates


def explain(
    run: ScanResult | ScanReport | str | Path, column: str, dataset: str | None = None
) -> tuple[ColumnExplanation, ...]:
    """Why columns of a run got their verdicts, from the evidence that the run kept.

    Args:
        run: a result or its report, or the run's folder.
        column: the column's path, in any case; or ``#3``, its position.
        dataset: a part of the dataset's URI, where several datasets have such a column.

    Raises:
        UnknownNameError: no dataset has such a column; with what was probably meant.
        UsageError: no dataset has that URI.
        NotFoundError: there is no finished run in the folder.
    """
    report = _report(run)
    found = [each for each in report.datasets if dataset is None or dataset in each.uri]
    if not found:
        raise UsageError(f"the run has no dataset with {dataset!r} in its URI")
    columns = [(each.uri, one) for each in found for one in each.columns]
    for names in (_exactly, _in_any_case):
        chosen = [(uri, one) for uri, one in columns if names(one, column)]
        if chosen:
            return tuple(
                ColumnExplanation(uri, one, {name: describe(name) for name in _detectors(one)})
                for uri, one in chosen
            )
    known = {column_name(one.column, one.index) for _, one in columns}
    raise UnknownNameError("column", column, known)


def _report(run: ScanResult | ScanReport | str | Path) -> ScanReport:
    if isinstance(run, ScanReport):
        return run
    return run.value if isinstance(run, ScanResult) else open_run(str(run), {})


def _exactly(column: ColumnReport, name: str) -> bool:
    return name in (column_name(column.column, column.index), f"#{column.index}")


def _in_any_case(column: ColumnReport, name: str) -> bool:
    return (column.column or "").lower() == name.lower()


def _detectors(column: ColumnReport) -> Iterator[str]:
    told = [reason for found in column.classifications for reason in found.evidence]
    outvoted = [reason for found in column.outvoted for reason in found.evidence]
    return (reason.detector for reason in (*told, *outvoted))


def explain_text(
    text: str, policy: Policy | None = None, *, accuracy_mode: AccuracyMode | None = None
) -> TextExplanation:
    """Why `lakescan.detect` finds in a text what it finds, and not other things.

    Args:
        text: of any length; only masked previews are kept of it.
        policy: what to look for; None for the default.
        accuracy_mode: which model reads the text, instead of what the policy says.
    """
    rules = asked(policy or Policy.default(), accuracy_mode)
    if not text:
        return TextExplanation((), (), ())
    text = without_lone_surrogates(text)
    detectors = detectors_for(rules)
    told, rejected = judge_text(detectors, text)
    forms = bare_forms(text, told, detectors)
    return TextExplanation(
        tuple(_finding(each, text, rules) for each in told),
        tuple(_finding(each, text, rules) for each in rejected),
        tuple(
            FormExplanation(f.start, f.end, mask(text[f.start : f.end]), f.detectors) for f in forms
        ),
    )


def _finding(found: Found, text: str, policy: Policy) -> FindingExplanation:
    return FindingExplanation(
        start=found.start,
        end=found.end,
        entity=found.entity,
        category=policy.category_of(found.entity),
        score=found.score,
        detector=found.detector,
        preview=mask(text[found.start : found.end]),
        about=describe(found.detector),
        words=context_words(text, found, policy),
        why_not=found.why,
    )
