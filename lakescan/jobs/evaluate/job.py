"""``evaluate``: read gold and predictions, count, score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from lakescan.errors import CorruptFileError, UsageError
from lakescan.jobs.detect import detect_texts
from lakescan.jobs.evaluate.columns import ColumnLabel, columns_of, read_columns
from lakescan.jobs.evaluate.labels import NONE, Labels
from lakescan.jobs.evaluate.spans import count_spans
from lakescan.jobs.evaluate.tally import level
from lakescan.jobs.evaluate.texts import LabelledText, Span, json_lines, read_spans, read_texts
from lakescan.jobs.evaluate.verdicts import (
    Judged,
    calibration,
    count_columns,
    facts,
    matched,
    units_of,
)
from lakescan.jobs.result import ScanResult
from lakescan.jobs.runs import open_run
from lakescan.policy import Policy
from lakescan.reports.evaluation.model import Confusion, Evaluation, Resampling
from lakescan.reports.legible import plural

#: What is compared when nobody gave predictions.
OURSELVES = "lakescan"


def evaluate(
    gold: str | Path,
    pred: str | Path | ScanResult | None = None,
    policy: Policy | str | Path | None = None,
    *,
    labels: str | Path | None = None,
    resampling: Resampling | None = None,
) -> Evaluation:
    """Hold predictions against gold labels.

    Args:
        gold: texts (JSON Lines with ``id``, ``text``, ``spans``) or column labels (CSV, JSON).
        pred: a file of the same form; for columns also a run folder, what ``scan --format json``
            printed, or a result. None runs lakescan itself on the gold texts.
        policy: what lakescan looks for then, and whose own entities are known labels.
        labels: a label map for foreign names, see `Labels.load`.
        resampling: how intervals are made.

    Raises:
        UsageError: a label is not known; columns have no predictions; the policy is wrong.
        NotFoundError: a file is missing.
        CorruptFileError: a file is not what it should be.
    """
    rules = (
        policy
        if isinstance(policy, Policy)
        else Policy.load(policy)
        if policy
        else Policy.default()
    )
    names = Labels.load(labels, rules) if labels is not None else Labels(rules)
    how = resampling or Resampling()
    path = Path(gold)
    if holds_texts(path):
        if isinstance(pred, ScanResult) or (pred is not None and Path(pred).is_dir()):
            raise UsageError(
                "spans in texts are compared with spans, a scan has none",
                hint="leave --pred out: lakescan reads the texts itself",
            )
        return _texts(path, None if pred is None else Path(pred), rules, names, how)
    if pred is None:
        raise UsageError(
            "column labels are compared with a scan",
            hint="lakescan scan ... --output RUN, then --pred RUN",
        )
    return _columns(path, pred, names, how)


def holds_texts(path: Path) -> bool:
    """Whether a gold file labels spans in texts, and not columns.

    Raises:
        NotFoundError: there is no such file.
        CorruptFileError: its first line is not JSON where it should be.
    """
    if path.suffix.lower() in (".csv", ".json"):
        return False
    for _, record in json_lines(path):
        return "text" in record
    raise CorruptFileError("is empty", uri=str(path))


def _texts(
    gold: Path, pred: Path | None, policy: Policy, labels: Labels, how: Resampling
) -> Evaluation:
    texts = read_texts(gold)
    found = _own_spans(texts, policy) if pred is None else read_spans(pred)
    counts = count_spans(texts, found, labels)
    return Evaluation(
        kind="text",
        gold=gold.name,
        predicted=OURSELVES if pred is None else pred.name,
        items=len(texts),
        levels=(
            level("tokens", counts.tokens, how),
            level("spans", counts.spans, how),
            level("any", counts.any, how),
        ),
        confusions=_confusions(counts.confusions),
        resampling=how,
        units=len(texts),
        notes=_text_notes(texts, found, labels),
    )


def _own_spans(texts: Sequence[LabelledText], policy: Policy) -> dict[str, tuple[Span, ...]]:
    found = detect_texts([text.text for text in texts], policy)
    return {
        text.id: tuple(Span(f.start, f.end, f.category, f.score) for f in findings)
        for text, findings in zip(texts, found, strict=True)
    }


def _text_notes(
    texts: Sequence[LabelledText], found: Mapping[str, Sequence[Span]], labels: Labels
) -> tuple[str, ...]:
    ids = {text.id for text in texts}
    missing, extra = len(ids - found.keys()), len(found.keys() - ids)
    used = {labels.category(span.label) for text in texts for span in text.spans}
    scored = used if labels.scored is None else labels.scored
    other = {labels.category(span.label) for name in ids & found.keys() for span in found[name]}
    return _notes("text", missing, extra, {str(name) for name in other - {*scored, NONE, None}})


def _columns(
    gold: Path, pred: str | Path | ScanResult, labels: Labels, how: Resampling
) -> Evaluation:
    wanted = read_columns(gold, labels)
    found, name = _predicted_columns(pred, labels)
    used = {c for label in wanted for c in (label.category, *label.also) if c} - {NONE}
    scored = frozenset(used if labels.scored is None else labels.scored)
    judged = matched(wanted, found, scored)
    units = units_of(judged)
    counts, confusions = count_columns(judged, units, sorted(scored))
    rate, flags = facts(judged, units, how)
    return Evaluation(
        kind="columns",
        gold=gold.name,
        predicted=name,
        items=len(judged),
        levels=(level("columns", counts, how),),
        confusions=_confusions(confusions),
        resampling=how,
        units=len(counts.values),
        false_positive_rate=rate,
        flags=flags,
        calibration=calibration(judged, units, how),
        notes=_column_notes(wanted, found, judged, scored),
    )


def _predicted_columns(
    pred: str | Path | ScanResult, labels: Labels
) -> tuple[list[ColumnLabel], str]:
    if isinstance(pred, ScanResult):
        return columns_of(pred.value, labels), f"run {pred.value.run_id}"
    if "://" in str(pred) or Path(pred).is_dir():
        report = open_run(str(pred), {})
        return columns_of(report, labels), f"run {report.run_id}"
    return read_columns(Path(pred), labels), Path(pred).name


def _column_notes(
    wanted: Sequence[ColumnLabel],
    found: Sequence[ColumnLabel],
    judged: Sequence[Judged],
    scored: frozenset[str],
) -> tuple[str, ...]:
    missing = sum(each.found is None for each in judged)
    used = {id(each.found) for each in judged}
    labelled = len(wanted) - len(judged)
    other = {str(label.category) for label in found if id(label) in used} - {*scored, NONE, "None"}
    notes = _notes("column", missing, 0, other)
    if labelled:
        notes = (
            f"{plural(labelled, 'column')} are empty or not scored, and were left out.",
            *notes,
        )
    return notes


def _notes(what: str, missing: int, extra: int, other: set[str]) -> tuple[str, ...]:
    notes = []
    if missing:
        notes.append(f"No predictions for {plural(missing, what)}: counted as nothing found.")
    if extra:
        notes.append(f"Predictions for {plural(extra, what)} that the gold does not have.")
    if other:
        names = ", ".join(sorted(other))
        notes.append(
            f"Also predicted, but not in the gold, and so not counted: {names}. "
            "Name them under 'scored' in a label map to have them counted."
        )
    return tuple(notes)


def _confusions(counted: Counter[tuple[str, str]]) -> tuple[Confusion, ...]:
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Confusion(gold, seen, count) for (gold, seen), count in ordered)
