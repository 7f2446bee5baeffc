"""Targets of a stream that are lake tables: refused before a message is read."""

from __future__ import annotations

from lakescan.connectors import shown
from lakescan.connectors.sinks import Target
from lakescan.connectors.sinks.files.beside import table_at
from lakescan.connectors.storage.lookup import (
    STORAGE_SCHEMES,
    absolute,
    scheme_of,
    storage_for,
)
from lakescan.errors import UnsupportedError

_HINT = "name another folder: files of Parquet, whose manifest says how far the stream got"


def check_lake_target(target: Target) -> None:
    """Make sure that files written to a target are seen by those who read it.

    Raises:
        UnsupportedError: a Delta or Iceberg table stands there, or is asked for: files beside its
            log would be no part of it.
    """
    where = shown(target.uri)
    if target.format in ("delta", "iceberg"):
        raise UnsupportedError(
            f"{where}: streams are not written to {target.format.capitalize()} tables",
            hint=_HINT,
            uri=where,
        )
    if scheme_of(target.uri) not in STORAGE_SCHEMES:
        return
    root = absolute(target.uri).rstrip("/")
    storage = storage_for(root, target.storage)
    name = table_at(storage, root)
    if name is not None:
        raise UnsupportedError(
            f"{where}: is a table of {name}, and streams are not written to such",
            hint=_HINT,
            uri=where,
        )
