"""Labelled columns: from a CSV or JSON file that somebody wrote, or from a scan."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lakescan.errors import CorruptFileError, NotFoundError, UsageError
from lakescan.jobs.evaluate.labels import NONE, Labels
from lakescan.jobs.evaluate.texts import json_lines
from lakescan.reports.model import ScanReport

#: Names under which each thing may stand; the first that is there counts.
_KEYS = {
    "table": ("uri", "file", "dataset", "table", "path"),
    "column": ("column", "field", "name"),
    "index": ("index", "position"),
    "label": ("category", "label", "entity"),
    "also": ("also",),
    "sensitive": ("sensitive",),
    "empty": ("empty",),
    "confidence": ("confidence", "score"),
}
_YES = frozenset(["true", "yes", "1", "y"])


@dataclass(frozen=True, slots=True)
class ColumnLabel:
    """What one column holds, as gold or as prediction.

    Args:
        table: the file's or dataset's path, or the end of it.
        column: its name; None where the table has none.
        index: its position; None where it is not told.
        category: `NONE` where nothing is in it; None where the label is not scored.
        also: categories that are right as well.
        sensitive: None where it is not told.
        empty: whether there is nothing in the column to judge.
        confidence: how sure the prediction is.
    """

    table: str
    column: str | None
    index: int | None
    category: str | None
    also: frozenset[str] = frozenset()
    sensitive: bool | None = None
    empty: bool = False
    confidence: float | None = None


def read_columns(path: Path, labels: Labels) -> list[ColumnLabel]:
    """Column labels of a file: CSV with a header, a JSON array, or JSON Lines.

    A file that ``lakescan scan --format json`` or ``jsonl`` wrote is read as well.

    Raises:
        NotFoundError: there is no such file.
        CorruptFileError: it is not what its ending says; names the line, never its content.
        UsageError: a column of it is missing.
        UnknownNameError: a label is not known.
    """
    if path.suffix.lower() == ".csv":
        records = _csv_records(path)
    elif _is_lines(path):
        records = [record for _, record in json_lines(path)]
    else:
        value = _json(path)
        if isinstance(value, dict) and "datasets" in value:
            return list(_of_contract(value, path, labels))
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise CorruptFileError("is no JSON array of objects", uri=str(path))
        records = value
    if records and "classifications" in records[0]:
        return [_of_scan(record, str(record["uri"]), labels) for record in records]
    return [_of_record(record, path, labels) for record in records]


def columns_of(report: ScanReport, labels: Labels) -> list[ColumnLabel]:
    """A scan's verdicts as column labels."""
    from lakescan.reports.contract import column_value

    return [
        _of_scan(column_value(column), dataset.uri, labels)
        for dataset in report.datasets
        for column in dataset.columns
    ]


def _of_contract(value: Mapping[str, object], path: Path, labels: Labels) -> Iterator[ColumnLabel]:
    try:
        for dataset in _objects(value["datasets"]):
            for column in _objects(dataset["columns"]):
                yield _of_scan(column, str(dataset["uri"]), labels)
    except (KeyError, TypeError) as error:
        raise CorruptFileError(
            f"not a scan's JSON: {type(error).__name__} while reading it", uri=str(path)
        ) from None


def _objects(value: object) -> Iterable[Mapping[str, object]]:
    if not isinstance(value, list):
        raise TypeError("a list is missing")
    return value


def _of_scan(column: Mapping[str, object], uri: str, labels: Labels) -> ColumnLabel:
    """The verdict is the first classification, but prose is prose whatever is in it."""
    classes = list(_objects(column["classifications"]))
    prose = column["type_hint"] == "FREE_TEXT"
    told = classes and column["type_hint"] != "SPARSE"
    name = "FREE_TEXT" if prose else str(classes[0]["category"]) if told else NONE
    confidence = classes[0]["confidence"] if classes else None
    column_name, index = column["column"], column["index"]
    return ColumnLabel(
        table=uri,
        column=None if column_name is None else str(column_name),
        index=index if isinstance(index, int) else None,
        category=labels.category(name),
        sensitive=bool(column["sensitive"]),
        confidence=float(confidence) if isinstance(confidence, int | float) else None,
    )


def _of_record(record: Mapping[str, object], path: Path, labels: Labels) -> ColumnLabel:
    found = {what: _first(record, keys) for what, keys in _KEYS.items()}
    for what, wanted in (("table", found["table"]), ("label", found["label"])):
        if wanted is None and not any(key in record for key in _KEYS[what]):
            names = " or ".join(_KEYS[what])
            raise UsageError(
                f"column labels without a {what}", hint=f"name it {names}", uri=str(path)
            )
    if found["column"] is None and found["index"] is None:
        hint = "name it column or index"
        raise UsageError("column labels without a column", hint=hint, uri=str(path))
    confidence = found["confidence"]
    return ColumnLabel(
        table=str(found["table"] or ""),
        column=None if found["column"] is None else str(found["column"]),
        index=None if found["index"] in (None, "") else _whole(found["index"], path),
        category=labels.category(str(found["label"] or "")),
        also=frozenset(filter(None, map(labels.category, _names(found["also"])))),
        sensitive=None if found["sensitive"] in (None, "") else _truth(found["sensitive"]),
        empty=_truth(found["empty"]),
        confidence=None if confidence in (None, "") else _real(confidence, path),
    )


def _first(record: Mapping[str, object], keys: tuple[str, ...]) -> object:
    return next((record[key] for key in keys if record.get(key) is not None), None)


def _names(value: object) -> list[str]:
    if isinstance(value, str):
        return [part.strip() for part in value.split("|") if part.strip()]
    return [str(part) for part in value] if isinstance(value, list) else []


def _truth(value: object) -> bool:
    return value.strip().lower() in _YES if isinstance(value, str) else bool(value)


def _whole(value: object, path: Path) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise CorruptFileError("has an index that is no whole number", uri=str(path)) from None


def _real(value: object, path: Path) -> float:
    try:
        return float(str(value))
    except ValueError:
        raise CorruptFileError("has a confidence that is no number", uri=str(path)) from None


def _csv_records(path: Path) -> list[Mapping[str, object]]:
    text = _text(path)
    return [dict(row) for row in csv.DictReader(io.StringIO(text, newline=""))]


def _is_lines(path: Path) -> bool:
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        return True
    return not _text(path).lstrip().startswith(("[", '{\n "', '{\n  "', '{"run_id"'))


def _json(path: Path) -> object:
    try:
        return json.loads(_text(path))
    except json.JSONDecodeError as error:
        raise CorruptFileError(f"line {error.lineno} is not JSON", uri=str(path)) from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise NotFoundError("there is no such file", uri=str(path)) from None
    except UnicodeDecodeError:
        raise CorruptFileError("is not UTF-8 text", uri=str(path)) from None
