"""dbt: what a run found, as ``meta`` and ``tags`` of the columns in a properties file.

A file that is there is written back with its comments, order and quotes. What is ours in it
(the key ``lakescan`` of a ``meta``, tags that begin with ``lakescan``) is replaced, all else stays.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, MutableMapping, MutableSequence
from typing import TypeAlias, cast

from lakescan.errors import CorruptFileError, MissingDependencyError
from lakescan.integrations.catalogs.model import FieldTags, TableTags

Node: TypeAlias = MutableMapping[str, object]

#: What of a properties file has columns, beside the tables of sources.
_KINDS = ("models", "seeds", "snapshots")
_TAG = "lakescan"
_SENSITIVE = "lakescan_sensitive"


def properties(tables: tuple[TableTags, ...], there: bytes | None, *, whole: bool) -> bytes:
    """A properties file with each table's columns.

    Args:
        tables: named by the last part of their names; one that the file does not know becomes a
            model of it.
        there: the file as it is; None where there is none.
        whole: whether the run is complete: a partial one takes nothing back, and neither does one
            that has not looked at a column.

    Raises:
        CorruptFileError: that is no properties file.
    """
    try:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import YAMLError
    except ImportError:
        raise MissingDependencyError("ruamel.yaml", "dbt") from None
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    try:
        document = yaml.load(there) if there and there.strip() else None
    except YAMLError as error:
        raise CorruptFileError(f"not a properties file: {type(error).__name__}") from None
    if document is None:
        document = {"version": 2}
    if not isinstance(document, MutableMapping):
        raise CorruptFileError("not a properties file: it holds no mapping")
    for table in tables:
        nodes = list(_named(document, table.name[-1]))
        if not nodes and table.columns:
            model: Node = {"name": table.name[-1]}
            _list(document, "models").append(model)
            nodes = [model]
        seen = {path[0].lower() for path in table.scanned} if whole else set()
        for node in nodes:
            _tell(node, table.columns, seen)
    out = io.BytesIO()
    yaml.dump(document, out)
    return out.getvalue()


def _named(document: Node, name: str) -> Iterator[Node]:
    """What is called so in the file."""
    groups = [_nodes(document, kind) for kind in _KINDS]
    groups += [_nodes(source, "tables") for source in _nodes(document, "sources")]
    for group in groups:
        for node in group:
            if str(node.get("name", "")).lower() == name.lower():
                yield node


def _tell(node: Node, columns: tuple[FieldTags, ...], seen: set[str]) -> None:
    waiting = {column.path[0].lower(): column for column in columns}
    for there in _nodes(node, "columns"):
        name = str(there.get("name", "")).lower()
        if name in waiting or name in seen:
            _set(there, waiting.pop(name, None))
    for column in waiting.values():
        new: Node = {"name": column.path[0]}
        _set(new, column)
        _list(node, "columns").append(new)


def _set(column: Node, found: FieldTags | None) -> None:
    """Say of a column what was found; where nothing was, take away what was said before."""
    for holder in (column, _node(column, "config")):
        meta = _node(holder, "meta")
        meta.pop(_TAG, None)
        tags = holder.get("tags")
        if isinstance(tags, MutableSequence):
            for place in reversed(range(len(tags))):
                if tags[place] in (_TAG, _SENSITIVE):
                    del tags[place]
    if found is None:
        return
    # dbt 1.9 moved both under config; a column that keeps them beside its name is left so.
    outside = "meta" in column or "tags" in column
    holder = column if outside else _mapping(column, "config")
    _mapping(holder, "meta")[_TAG] = {
        "entity": found.entity,
        "category": found.category,
        "domain": found.domain,
        "sensitive": found.sensitive,
        "confidence": round(found.confidence, 2),
    }
    tags = holder.get("tags")
    if isinstance(tags, str):
        holder["tags"] = [tags]
    _list(holder, "tags").append(_SENSITIVE if found.sensitive else _TAG)


def _nodes(node: Node, key: str) -> list[Node]:
    there = node.get(key)
    if not isinstance(there, MutableSequence):
        return []
    return [cast("Node", one) for one in there if isinstance(one, MutableMapping)]


def _node(node: Node, key: str) -> Node:
    there = node.get(key)
    return cast("Node", there) if isinstance(there, MutableMapping) else {}


def _mapping(node: Node, key: str) -> Node:
    if not isinstance(node.get(key), MutableMapping):
        node[key] = {}
    return cast("Node", node[key])


def _list(node: Node, key: str) -> MutableSequence[object]:
    if not isinstance(node.get(key), MutableSequence):
        node[key] = []
    return cast("MutableSequence[object]", node[key])
