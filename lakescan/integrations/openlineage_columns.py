"""OpenLineage of an anonymize run: which column became which, by what, and whether that hides it.

Events of the specification 2-0-2; outputs have the facet ``columnLineage`` (1-2-0), whose
transformations say ``masking``; made of the classes of openlineage-python.
"""

from __future__ import annotations

import posixpath
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import orjson

from lakescan.connectors.storage.lookup import absolute
from lakescan.errors import MissingDependencyError, UsageError
from lakescan.integrations.catalogs.client import CatalogClient
from lakescan.integrations.catalogs.model import field_path
from lakescan.integrations.catalogs.naming import Place, place_of
from lakescan.integrations.openlineage import ENDPOINT, NAMESPACE, PRODUCER
from lakescan.reports.anonymization.model import AnonymizeReport, ColumnAction, TableAction

if TYPE_CHECKING:
    from openlineage.client.generated.column_lineage_dataset import (
        ColumnLineageDatasetFacet,
        Transformation,
    )
    from openlineage.client.generated.schema_dataset import SchemaDatasetFacet

_JOB = "anonymize"
#: Databases that are a file: a table stands after the second mark.
_FILES = ("sqlite", "duckdb")

Fields = dict[str, list[ColumnAction]]


def lineage(report: AnonymizeReport) -> bytes:
    """The run's two events, a JSON object a line: it started, and what it wrote of what.

    Raises:
        UsageError: it was a dry run, which wrote nothing.
    """
    if report.status == "planned":
        raise UsageError("a dry run wrote nothing, so there is no lineage", hint="run it with --to")
    try:
        from openlineage.client.event_v2 import (
            InputDataset,
            Job,
            OutputDataset,
            Run,
            RunEvent,
            RunState,
        )
        from openlineage.client.serde import Serde
    except ImportError:
        raise MissingDependencyError("openlineage-python", "openlineage") from None
    started = datetime.fromisoformat(report.started) if report.started else datetime.now(UTC)
    ended = started + timedelta(seconds=report.seconds)
    run = Run(str(uuid.uuid5(uuid.NAMESPACE_URL, f"lakescan:{report.run_id}")))
    inputs, outputs = [], []
    for table in report.tables:
        source, target = place_of(table.uri), place_of(target_of(report, table))
        fields = _fields(table.columns)
        inputs.append(
            InputDataset(source.namespace, source.name, facets={"schema": _schema(fields)})
        )
        left = {path: some for path, some in fields.items() if not _dropped(some)}
        facets = {"schema": _schema(left), "columnLineage": _lineage(left, source)}
        outputs.append(OutputDataset(target.namespace, target.name, facets=facets))
    events = [
        RunEvent(
            eventTime=time.isoformat(),
            eventType=state,
            run=run,
            job=Job(NAMESPACE, _JOB),
            inputs=read,
            outputs=made,
            producer=PRODUCER,
        )
        for time, state, read, made in (
            (started, RunState.START, [], []),
            (ended, RunState.COMPLETE, inputs, outputs),
        )
    ]
    lines = [orjson.dumps(Serde.to_dict(each), option=orjson.OPT_APPEND_NEWLINE) for each in events]
    return b"".join(lines)


def post(client: CatalogClient, report: AnonymizeReport) -> None:
    """Send the events to a server of OpenLineage's HTTP transport.

    Raises:
        LakeError: it does not take them.
    """
    for line in lineage(report).splitlines():
        client.send("POST", ENDPOINT, orjson.loads(line))


def target_of(report: AnonymizeReport, table: TableAction) -> str:
    """The URI of what was written of a table: of several files, that of their folder."""
    if report.target == report.source or not table.outputs:
        return table.uri
    root = absolute(report.target).rstrip("/")
    scheme = root.partition("://")[0].partition("+")[0]
    name = table.outputs[0]
    if len(table.outputs) > 1:
        name = posixpath.commonpath(table.outputs)
    if scheme == "iceberg":
        return f"{root}/{name.partition('/data')[0]}"
    return f"{root}{'!/' if scheme in _FILES else '/'}{name}"


def _fields(columns: Iterable[ColumnAction]) -> Fields:
    """What was done to each field; what is inside lists, maps and JSON is told of its field."""
    fields: Fields = {}
    for column in columns:
        fields.setdefault(".".join(field_path(column)), []).append(column)
    return fields


def _dropped(actions: list[ColumnAction]) -> bool:
    return all(action.operator == "drop" for action in actions)


def _schema(fields: Fields) -> SchemaDatasetFacet:
    from openlineage.client.generated.schema_dataset import (
        SchemaDatasetFacet,
        SchemaDatasetFacetFields,
    )

    told = [SchemaDatasetFacetFields(name, some[0].type) for name, some in fields.items()]
    return SchemaDatasetFacet(told, producer=PRODUCER)


def _lineage(fields: Fields, source: Place) -> ColumnLineageDatasetFacet:
    from openlineage.client.generated import column_lineage_dataset as columns

    return columns.ColumnLineageDatasetFacet(
        {
            name: columns.Fields(
                [
                    columns.InputField(
                        source.namespace,
                        source.name,
                        name,
                        [_transformation(action) for action in actions],
                    )
                ]
            )
            for name, actions in fields.items()
        },
        producer=PRODUCER,
    )


def _transformation(action: ColumnAction) -> Transformation:
    from openlineage.client.generated.column_lineage_dataset import Transformation

    if action.operator == "keep":
        return Transformation("DIRECT", "IDENTITY", masking=False)
    where = " inside texts" if action.scope == "spans" else ""
    said = f"{action.operator} of {action.entity or 'every value'}{where}"
    return Transformation("DIRECT", "TRANSFORMATION", said, masking=True)
