"""The report of an anonymize job as JSON and as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

import orjson
import pyarrow as pa

from lakescan.errors import CorruptFileError
from lakescan.reports.anonymization.model import AnonymizeReport, ColumnAction, TableAction
from lakescan.reports.model import ErrorReport
from lakescan.reports.tables import table_of

#: One row for each table, column and operator.
ACTIONS_SCHEMA = pa.schema(
    [
        pa.field("run_id", pa.string(), nullable=False),
        pa.field("uri", pa.string(), nullable=False),
        pa.field("column", pa.string()),
        pa.field("index", pa.int32(), nullable=False),
        pa.field("type", pa.string(), nullable=False),
        pa.field("entity", pa.string(), nullable=False),
        pa.field("category", pa.string(), nullable=False),
        pa.field("operator", pa.string(), nullable=False),
        pa.field("scope", pa.string(), nullable=False),
        pa.field("domain", pa.string()),
        pa.field("key_id", pa.string()),
        pa.field("reversible", pa.bool_(), nullable=False),
        pa.field("deterministic", pa.bool_(), nullable=False),
        pa.field("cells", pa.int64(), nullable=False),
        pa.field("found", pa.int64(), nullable=False),
        pa.field("changed", pa.int64(), nullable=False),
        pa.field("unfit", pa.int64(), nullable=False),
        pa.field("rule", pa.string(), nullable=False),
    ]
)


def to_json(report: AnonymizeReport) -> bytes:
    """The whole report as indented JSON, UTF-8, with a newline at its end."""
    value = asdict(report)
    value["seconds"] = round(report.seconds, 3)
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def from_json(data: bytes) -> AnonymizeReport:
    """Read what `to_json` wrote.

    Raises:
        CorruptFileError: that is something else.
    """
    try:
        value = orjson.loads(data)
        tables = tuple(
            TableAction(
                **each
                | {
                    "outputs": tuple(each["outputs"]),
                    "columns": tuple(ColumnAction(**column) for column in each["columns"]),
                }
            )
            for each in value["tables"]
        )
        errors = tuple(ErrorReport(**each) for each in value["errors"])
        return AnonymizeReport(**value | {"tables": tables, "errors": errors})
    except (KeyError, TypeError, ValueError):
        raise CorruptFileError(
            "this is no report of an anonymize run",
            hint="give what `lakescan anonymize --report FILE.json` wrote",
        ) from None


def actions_table(report: AnonymizeReport) -> pa.Table:
    """What was done, as a table of `ACTIONS_SCHEMA`."""
    return table_of(list(_rows(report)), ACTIONS_SCHEMA)


def _rows(report: AnonymizeReport) -> Iterator[dict[str, object]]:
    for table in report.tables:
        for column in table.columns:
            yield {"run_id": report.run_id, "uri": table.uri, **asdict(column)}
