"""What stands beside an anonymized output: which operator, domain and key each column has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from lakescan.connectors.sinks import Target, sink_for
from lakescan.errors import NotFoundError
from lakescan.udfs.anonymize.plan import Treatment


@dataclass(frozen=True, slots=True)
class ColumnRecord:
    """What was done to one column.

    Args:
        table: path of its dataset below the root.
        column: its path; empty in a table without names.
        index: of the top-level column.
        entity: what its cells were; empty where nothing had been found.
        scope: ``cells`` or ``spans``.
        treatments: what was done to them, or to spans in them.
    """

    table: str
    column: str
    index: int
    entity: str
    scope: str
    treatments: tuple[Treatment, ...]


def records_at(uri: str, storage: Mapping[str, str]) -> tuple[ColumnRecord, ...]:
    """Read what the anonymize job left beside its output.

    Raises:
        NotFoundError: nothing was anonymized there.
    """
    found = sink_for(uri).recorded(Target(uri, "read", storage=storage)).get("lakescan.anonymized")
    if found is None:
        raise NotFoundError(f"{uri}: nothing was anonymized here", uri=uri)
    return tuple(_record(each) for each in orjson.loads(found))


def _record(value: Mapping[str, Any]) -> ColumnRecord:
    return ColumnRecord(
        value["table"],
        value["column"],
        value["index"],
        value["entity"],
        value["scope"],
        tuple(
            Treatment(
                each["operator"],
                each["options"],
                each.get("domain", ""),
                each.get("key_id"),
            )
            for each in value["treatments"]
        ),
    )
