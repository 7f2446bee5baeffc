"""DataHub by REST: tags of fields, set and taken back beside those of others.

Of a dataset the aspect ``editableSchemaMetadata`` is read (``GET /aspects/URN``), and what differs
is proposed as a patch (``POST /aspects?action=ingestProposal``), so that a tag which somebody else
sets meanwhile stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from lakescan.integrations.catalogs.client import CatalogClient
from lakescan.integrations.catalogs.model import Sent, TableTags
from lakescan.integrations.datahub import dataset_urn, definitions, patch, pointer, wanted
from lakescan.reports.contract import Json

#: The version of Rest.li's protocol in which URNs in paths are written.
HEADERS = {"x-restli-protocol-version": "2.0.0"}
_ASPECT = "com.linkedin.schema.EditableSchemaMetadata"
_OURS = "urn:li:tag:lakescan."


def send(
    client: CatalogClient, tables: tuple[TableTags, ...], *, whole: bool, environment: str = "PROD"
) -> Sent:
    """Tag fields.

    Args:
        client: of the metadata service (GMS).
        tables: what was found.
        whole: whether the run saw everything, so that tags of ours may be taken back.
        environment: of the datasets.

    Raises:
        LakeError: it does not take them.
    """
    for tag in definitions(tables):
        _propose(client, tag)
    added = removed = 0
    for table in tables:
        urn = dataset_urn(table, environment)
        there = _there(client, urn)
        new = [*_new(table, there)]
        old = [*_stale(table, there)] if whole else []
        if new or old:
            _propose(client, patch(urn, [*new, *old]))
        added += len(new)
        removed += len(old)
    return Sent(len(tables), added, removed)


def _there(client: CatalogClient, urn: str) -> dict[str, set[str]]:
    """The tags that fields have, by the field's path."""
    path = f"/aspects/{quote(urn, safe='')}?aspect=editableSchemaMetadata&version=0"
    answer = client.get(path)
    aspect = _member(_member(answer, "aspect"), _ASPECT)
    found: dict[str, set[str]] = {}
    for field in _items(aspect, "editableSchemaFieldInfo"):
        name = _member(field, "fieldPath")
        tags = _items(_member(field, "globalTags"), "tags")
        found[str(name)] = {str(_member(tag, "tag")) for tag in tags}
    return found


def _new(table: TableTags, there: dict[str, set[str]]) -> Iterator[Json]:
    for field, tags in wanted(table).items():
        for urn in sorted(tags - there.get(field, set())):
            yield {"op": "add", "path": pointer(field, urn), "value": {"tag": urn}}


def _stale(table: TableTags, there: dict[str, set[str]]) -> Iterator[Json]:
    keep = wanted(table)
    for path in sorted(table.scanned):
        field = ".".join(path)
        ours = {urn for urn in there.get(field, set()) if urn.startswith(_OURS)}
        for urn in sorted(ours - keep.get(field, frozenset())):
            yield {"op": "remove", "path": pointer(field, urn)}


def _propose(client: CatalogClient, proposal: dict[str, Json]) -> None:
    client.send("POST", "/aspects?action=ingestProposal", {"proposal": proposal})


def _member(value: Json, name: str) -> Json:
    return value.get(name) if isinstance(value, dict) else None


def _items(value: Json, name: str) -> list[Json]:
    found = _member(value, name)
    return found if isinstance(found, list) else []
