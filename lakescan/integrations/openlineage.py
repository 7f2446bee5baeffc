"""OpenLineage: a scan as a run whose inputs are the datasets, with what their columns hold as tags.

Events of the specification 2-0-2, with the facets ``schema``, ``tags`` (of fields),
``version`` and ``dataQualityMetrics``; made of the classes of openlineage-python.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import orjson

import lakescan
from lakescan.errors import MissingDependencyError
from lakescan.integrations.catalogs.client import CatalogClient
from lakescan.integrations.catalogs.model import Sent, TableTags, field_path
from lakescan.integrations.catalogs.naming import place_of
from lakescan.reports.model import ScanReport

if TYPE_CHECKING:
    from openlineage.client.event_v2 import InputDataset
    from openlineage.client.generated.tags_dataset import TagsDatasetFacet

PRODUCER = f"urn:lakescan:{lakescan.__version__}"
NAMESPACE = "lakescan"
_JOB = "scan"
#: Where servers take events, unless they say otherwise (``OPENLINEAGEENDPOINT``'s usual value).
ENDPOINT = "/api/v1/lineage"


def events(report: ScanReport, tables: tuple[TableTags, ...]) -> bytes:
    """The run's two events, a JSON object a line: it started, and how it ended.

    The run's id is a UUID made of lakescan's own, so that sending it twice tells of one run.
    """
    try:
        from openlineage.client.event_v2 import Job, Run, RunEvent, RunState
        from openlineage.client.serde import Serde
    except ImportError:
        raise MissingDependencyError("openlineage-python", "openlineage") from None
    started = datetime.fromisoformat(report.started) if report.started else datetime.now(UTC)
    ended = started + timedelta(seconds=report.seconds)
    last = RunState.FAIL if report.status == "failed" else RunState.COMPLETE
    run = Run(str(uuid.uuid5(uuid.NAMESPACE_URL, f"lakescan:{report.run_id}")))
    inputs = [_input(table) for table in tables]
    return b"".join(
        orjson.dumps(
            Serde.to_dict(
                RunEvent(
                    eventTime=time.isoformat(),
                    eventType=state,
                    run=run,
                    job=Job(NAMESPACE, _JOB),
                    inputs=given,
                    outputs=[],
                    producer=PRODUCER,
                )
            ),
            option=orjson.OPT_APPEND_NEWLINE,
        )
        for time, state, given in ((started, RunState.START, []), (ended, last, inputs))
    )


def post(client: CatalogClient, report: ScanReport, tables: tuple[TableTags, ...]) -> Sent:
    """Send the events to a server of OpenLineage's HTTP transport (``POST /api/v1/lineage``).

    A dataset's tags are a facet, which the event replaces: what a column no longer holds goes.

    Raises:
        LakeError: it does not take them.
    """
    for line in events(report, tables).splitlines():
        client.send("POST", ENDPOINT, orjson.loads(line))
    return Sent(len(tables), sum(len(table.fields) for table in tables))


def _input(table: TableTags) -> InputDataset:
    from openlineage.client.event_v2 import InputDataset
    from openlineage.client.generated import data_quality_metrics_input_dataset as quality
    from openlineage.client.generated.dataset_version_dataset import DatasetVersionDatasetFacet
    from openlineage.client.generated.schema_dataset import (
        SchemaDatasetFacet,
        SchemaDatasetFacetFields,
    )

    place = place_of(table.dataset.uri)
    named = [(".".join(field_path(column)), column) for column in table.dataset.columns]
    return InputDataset(
        place.namespace,
        place.name,
        facets={
            "schema": SchemaDatasetFacet(
                [SchemaDatasetFacetFields(name, column.type) for name, column in named],
                producer=PRODUCER,
            ),
            "version": DatasetVersionDatasetFacet(table.dataset.version, producer=PRODUCER),
            "tags": _tags(table),
        },
        inputFacets={
            "dataQualityMetrics": quality.DataQualityMetricsInputDatasetFacet(
                {
                    name: quality.ColumnMetrics(column.nulls, column.distinct)
                    for name, column in named
                },
                rowCount=table.dataset.rows_scanned,
                producer=PRODUCER,
            )
        },
    )


def _tags(table: TableTags) -> TagsDatasetFacet:
    from openlineage.client.generated.tags_dataset import (
        TagsDatasetFacet,
        TagsDatasetFacetFields,
    )

    told = []
    for field in table.fields:
        said = {
            "lakescan.entity": field.entity,
            "lakescan.category": field.category,
            "lakescan.domain": field.domain,
            "lakescan.sensitive": "true" if field.sensitive else "false",
            "lakescan.confidence": f"{field.confidence:.2f}",
        }
        told += [
            TagsDatasetFacetFields(key, value, "LAKESCAN", ".".join(field.path))
            for key, value in said.items()
        ]
    return TagsDatasetFacet(told, producer=PRODUCER)
