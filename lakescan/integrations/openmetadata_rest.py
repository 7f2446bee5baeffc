"""OpenMetadata by REST: tags of columns, set and taken back beside those of others.

The classification and its tags are put (``PUT /api/v1/classifications``, ``/tags``); a table is
read by its name and its columns' tags changed by a JSON Patch (RFC 6902) that first tests that each
column is still where it was. ``PII.Sensitive`` and ``PII.None`` exclude each other there: ours is
set where a column has neither, or has one that came with our tags; a person's choice stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from lakescan.errors import ChangedSourceError, TransientError
from lakescan.integrations.catalogs.client import CatalogClient
from lakescan.integrations.catalogs.model import Sent, TableTags
from lakescan.integrations.openmetadata import CLASSIFICATION, labels, plan, qualified
from lakescan.reports.contract import Json

_OURS, _PII = f"{CLASSIFICATION}.", "PII."
#: Times that a table is read and changed until nobody else changed it in between.
_TRIES = 4


@dataclass(frozen=True, slots=True)
class _Column:
    """A column as the catalog has it.

    Args:
        pointer: where it is in the table's JSON.
        name: its name.
        tags: its labels, in their order.
    """

    pointer: str
    name: str
    tags: list[Json]

    def names(self, prefix: str) -> set[str]:
        """Those of its tags that begin so."""
        return {tag for one in self.tags if (tag := _text(one, "tagFQN")).startswith(prefix)}


@dataclass(frozen=True, slots=True)
class _Changes:
    patch: list[Json]
    added: int
    removed: int
    unknown: tuple[str, ...]


def send(client: CatalogClient, tables: tuple[TableTags, ...], *, whole: bool) -> Sent:
    """Tag columns.

    Args:
        client: of the server.
        tables: what was found.
        whole: whether the run saw everything, so that tags of ours may be taken back.

    Raises:
        LakeError: it does not take them.
    """
    needed = plan(tables)
    for kind in ("classifications", "tags"):
        for one in _items(needed, kind):
            client.send("PUT", f"/api/v1/{kind}", one)
    told = [_tagged(client, table, whole=whole) for table in tables]
    return Sent(
        len(tables),
        sum(one.added for one in told),
        sum(one.removed for one in told),
        tuple(name for one in told for name in one.unknown),
    )


def _tagged(client: CatalogClient, table: TableTags, *, whole: bool) -> _Changes:
    """Change a table's tags, from the beginning where it was changed meanwhile."""
    name = qualified(table.name)
    added = removed = 0
    for tries in range(1, _TRIES + 1):
        there = client.get(f"/api/v1/tables/name/{quote(name, safe='')}?fields=columns,tags")
        if there is None:
            return _Changes([], 0, 0, (name,))
        changes = _changes(table, name, _columns(there), whole=whole)
        if not changes.patch:
            return _Changes([], added, removed, changes.unknown)
        added, removed = changes.added, changes.removed
        try:
            client.patch(f"/api/v1/tables/{_text(there, 'id')}", changes.patch)
        except (ChangedSourceError, TransientError):
            if tries == _TRIES:
                raise
        else:
            return changes
    raise AssertionError("the last try returns or raises")


def _changes(
    table: TableTags, name: str, columns: dict[tuple[str, ...], _Column], *, whole: bool
) -> _Changes:
    patch: list[Json] = []
    added = removed = 0
    unknown = []
    fields = {field.path: field for field in table.fields}
    for path in sorted(table.scanned | fields.keys()):
        field = fields.get(path)
        column = columns.get(path)
        if column is None:
            if field is not None:
                unknown.append(f"{name}: {'.'.join(path)}")
            continue
        wanted = {} if field is None else {_text(one, "tagFQN"): one for one in labels(field)}
        gone = _gone(column, wanted, whole=whole)
        new = _new(column, wanted, gone)
        if gone or new:
            patch.append({"op": "test", "path": f"{column.pointer}/name", "value": column.name})
        for place in sorted(gone, reverse=True):
            at = f"{column.pointer}/tags/{place}"
            patch.append(
                {"op": "test", "path": f"{at}/tagFQN", "value": _text(column.tags[place], "tagFQN")}
            )
            patch.append({"op": "remove", "path": at})
        if new and not column.tags:  # there may be no list to be added to
            patch.append({"op": "add", "path": f"{column.pointer}/tags", "value": new})
        else:
            patch += [{"op": "add", "path": f"{column.pointer}/tags/-", "value": n} for n in new]
        added += len(new)
        removed += len(gone)
    return _Changes(patch, added, removed, tuple(unknown))


def _gone(column: _Column, wanted: dict[str, Json], *, whole: bool) -> set[int]:
    """Places of tags to be taken back: ours that are stale, and the PII tag that came with them."""
    gone = set()
    ours = bool(column.names(_OURS))
    for place, one in enumerate(column.tags):
        tag = _text(one, "tagFQN")
        stale = tag.startswith(_OURS) and whole
        turned = (
            tag.startswith(_PII)
            and ours
            and _text(one, "labelType") == "Automated"
            and (whole or any(name.startswith(_PII) for name in wanted))
        )
        if tag not in wanted and (stale or turned):
            gone.add(place)
    return gone


def _new(column: _Column, wanted: dict[str, Json], gone: set[int]) -> list[Json]:
    """The labels to be added: those that are not there, PII's only where no other of it stays."""
    staying = {_text(one, "tagFQN") for n, one in enumerate(column.tags) if n not in gone}
    decided = any(tag.startswith(_PII) for tag in staying)
    return [
        label
        for tag, label in wanted.items()
        if tag not in staying and not (decided and tag.startswith(_PII))
    ]


def _columns(table: Json) -> dict[tuple[str, ...], _Column]:
    """All columns, and those inside of them, by their path."""
    return dict(_below(table, "columns", "", ()))


def _below(
    value: Json, member: str, pointer: str, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], _Column]]:
    for place, one in enumerate(_items(value, member)):
        at, name = f"{pointer}/{member}/{place}", _text(one, "name")
        yield (*path, name), _Column(at, name, _items(one, "tags"))
        yield from _below(one, "children", at, (*path, name))


def _items(value: Json, name: str) -> list[Json]:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def _text(value: Json, name: str) -> str:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""
