"""A run in the words of a catalog, as bytes to be written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import orjson

from lakescan.errors import UnknownNameError, UsageError
from lakescan.integrations import aws_glue, datahub, dbt, openlineage, openmetadata, unity
from lakescan.integrations.catalogs.model import TableTags, stale, tables_of
from lakescan.integrations.catalogs.naming import Names
from lakescan.reports.contract import Json
from lakescan.reports.model import ScanReport

#: The catalogs, and how many parts a table's name must have there; none where its URI will do.
CATALOGS = {
    "openlineage": None,
    "datahub": None,
    "openmetadata": 4,
    "dbt": 1,
    "unity": 3,
    "glue": 2,
}
#: Those that are told what to take back by an earlier run, since we do not see what they have.
REMEMBERING = ("unity", "glue")


@dataclass(frozen=True, slots=True)
class Export:
    """What a catalog reads.

    Args:
        data: UTF-8: JSON, JSON lines, YAML or SQL.
        left_out: URIs of datasets that it cannot name.
    """

    data: bytes
    left_out: tuple[str, ...]


def export(
    report: ScanReport,
    catalog: str,
    names: Names | None = None,
    there: bytes | None = None,
    before: ScanReport | None = None,
) -> Export:
    """Write what was found as a catalog reads it.

    Args:
        report: what was found.
        catalog: a name of `CATALOGS`.
        names: what datasets are called there.
        there: the file that dbt's answer goes into.
        before: an earlier run, of whose tags those are taken back that hold no more; for catalogs
            of `REMEMBERING`, that are told without being seen.

    Raises:
        UnknownNameError: there is no such catalog.
        UsageError: it can name none of the datasets, or takes back tags without ``before``.
    """
    if catalog not in CATALOGS:
        raise UnknownNameError("catalog", catalog, CATALOGS)
    if before is not None and catalog not in REMEMBERING:
        raise UsageError(
            f"an earlier run is for {' and '.join(REMEMBERING)}, not for {catalog}",
            hint="the others are asked what they have, by --send, or replace what they had",
        )
    told, left = named_tables(report, catalog, names)
    gone = () if before is None else stale(told, report, before)
    return Export(_written(report, catalog, told, gone, there), left)


def named_tables(
    report: ScanReport, catalog: str, names: Names | None
) -> tuple[tuple[TableTags, ...], tuple[str, ...]]:
    """The run's tables that a catalog can name, and the URIs of the others.

    Raises:
        UsageError: it can name none.
    """
    rules = names or Names()
    tables = tables_of(report, {d.uri: rules.of(d.uri) for d in report.datasets})
    told = tuple(table for table in tables if _is_named(table, catalog))
    left = tuple(table.dataset.uri for table in tables if not _is_named(table, catalog))
    if left and not told:
        parts = ("lake", "main", "crm", "people")[-(CATALOGS[catalog] or 1) :]
        raise UsageError(
            f"nothing says what {left[0]} is called in {catalog}",
            hint=f"give --name URI=NAME, such as {left[0]}={'.'.join(parts)}",
        )
    return told, left


def _is_named(table: TableTags, catalog: str) -> bool:
    wanted = CATALOGS[catalog]
    if wanted is None:
        return True
    return len(table.name) >= 1 if wanted == 1 else len(table.name) == wanted


def _written(
    report: ScanReport,
    catalog: str,
    tables: tuple[TableTags, ...],
    gone: tuple[TableTags, ...],
    there: bytes | None,
) -> bytes:
    if catalog == "dbt":
        return dbt.properties(tables, there, whole=report.status == "complete")
    writers: dict[str, Callable[[], bytes]] = {
        "openlineage": lambda: openlineage.events(report, tables),
        "datahub": lambda: _json([*datahub.proposals(tables)]),
        "openmetadata": lambda: _json(openmetadata.plan(tables)),
        "unity": lambda: "".join(f"{one}\n" for one in unity.statements(tables, gone)).encode(),
        "glue": lambda: _json(aws_glue.plan(tables, gone)),
    }
    return writers[catalog]()


def _json(value: Json) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
