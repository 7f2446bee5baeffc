"""DataHub: tags of schema fields, as metadata change proposals.

A proposal patches a field's tags, so that tags which others set stay. The form is that of DataHub's
own ``file`` source and of its REST endpoint (``/aspects?action=ingestProposal``); paths are JSON
Pointers (RFC 6901) into the aspect ``editableSchemaMetadata``.
"""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from lakescan.errors import UsageError
from lakescan.integrations.catalogs.model import FieldTags, TableTags
from lakescan.integrations.catalogs.naming import place_of
from lakescan.reports.catalog import about
from lakescan.reports.contract import Json

#: What DataHub knows as the kind of an environment (``FabricType``).
ENVIRONMENTS = ("PROD", "STG", "QA", "UAT", "TEST", "DEV", "PRE", "CORP", "NON_PROD", "SANDBOX")

SENSITIVE = "lakescan.sensitive"


def proposals(tables: tuple[TableTags, ...], environment: str = "PROD") -> list[dict[str, Json]]:
    """Metadata change proposals: each tag once, then each field that has some.

    Raises:
        UsageError: there is no such environment.
    """
    if environment not in ENVIRONMENTS:
        raise UsageError(
            f"{environment!r} is no environment of DataHub",
            hint=f"one of {', '.join(ENVIRONMENTS)}",
        )
    return [
        *definitions(tables),
        *(
            patch(dataset_urn(table, environment), [*additions(table)])
            for table in tables
            if table.fields
        ),
    ]


def definitions(tables: tuple[TableTags, ...]) -> list[dict[str, Json]]:
    """A proposal for each tag that tables need."""
    needed = {tag for table in tables for field in table.fields for tag in _tags(field)}
    return [_definition(name) for name in sorted(needed)]


def wanted(table: TableTags) -> dict[str, frozenset[str]]:
    """The URNs of tags that a table's fields are to have, by the field's path."""
    return {
        ".".join(field.path): frozenset(f"urn:li:tag:{_part(tag)}" for tag in _tags(field))
        for field in table.fields
    }


def additions(table: TableTags) -> Iterator[Json]:
    """The patches that give a table's fields their tags."""
    for field in table.fields:
        for tag in _tags(field):
            urn = f"urn:li:tag:{_part(tag)}"
            yield {"op": "add", "path": pointer(".".join(field.path), urn), "value": {"tag": urn}}


def pointer(field: str, urn: str) -> str:
    """Where a field's tag is in ``editableSchemaMetadata``, for a patch."""
    name = field.replace("~", "~0").replace("/", "~1")
    return f"/editableSchemaFieldInfo/{name}/globalTags/tags/{urn}"


def patch(urn: str, changes: list[Json]) -> dict[str, Json]:
    """A proposal that changes tags of a dataset's fields."""
    return _proposal("dataset", urn, "PATCH", "editableSchemaMetadata", changes)


def dataset_urn(table: TableTags, environment: str) -> str:
    """``urn:li:dataset:(urn:li:dataPlatform:s3,lake/crm/customers.csv,PROD)``."""
    place = place_of(table.dataset.uri)
    platform = "delta-lake" if table.dataset.format == "delta" else place.platform
    name = ".".join(table.name)
    if not name or (table.name == place.parts and platform == "iceberg"):
        bucket = place.namespace.partition("://")[2]
        name = place.name if place.parts else f"{bucket}/{place.name}".strip("/")
        if platform == "file":
            name = place.name
    return f"urn:li:dataset:(urn:li:dataPlatform:{platform},{_part(name)},{environment})"


def _part(name: str) -> str:
    """A part of a URN: what would end it is percent-encoded."""
    for mark, code in (("%", "%25"), (",", "%2C"), ("(", "%28"), (")", "%29")):
        name = name.replace(mark, code)
    return name


def _tags(field: FieldTags) -> tuple[str, ...]:
    told = tuple(f"lakescan.{entity}" for entity in field.entities)
    return (SENSITIVE, *told) if field.sensitive else told


def _definition(name: str) -> dict[str, Json]:
    if name == SENSITIVE:
        title, text = "Sensitive", "Personal data about a person, found by lakescan."
    else:
        entity = about(name.removeprefix("lakescan."))
        title, text = entity.title, entity.description
    value: dict[str, Json] = {"name": title, "description": text}
    return _proposal("tag", f"urn:li:tag:{_part(name)}", "UPSERT", "tagProperties", value)


def _proposal(kind: str, urn: str, change: str, aspect: str, value: Json) -> dict[str, Json]:
    kinds = {"PATCH": "application/json-patch+json"}
    return {
        "entityType": kind,
        "entityUrn": urn,
        "changeType": change,
        "aspectName": aspect,
        "aspect": {
            "value": orjson.dumps(value).decode(),
            "contentType": kinds.get(change, "application/json"),
        },
    }
