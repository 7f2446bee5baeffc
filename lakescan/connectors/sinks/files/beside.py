"""Files are not written into the folder of a lake table: its readers would not see them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lakescan.connectors.paths import inside
from lakescan.connectors.sinks.model import Mode, OutputUnit, Target
from lakescan.connectors.storage.lookup import absolute, storage_for
from lakescan.connectors.storage.protocol import Storage
from lakescan.errors import UnsupportedError

#: What tells a table: a folder of it, and the ending of what lies there.
_MARKS = {"Delta": ("_delta_log", ".json"), "Iceberg": ("metadata", ".metadata.json")}


def checked_beside(target: Target, units: Iterable[OutputUnit]) -> Iterator[OutputUnit]:
    """The units, all of them having been looked at: no file may lie in a table's folder.

    Args:
        target: where they are written. A new one is empty, and not asked.
        units: of which each is one file below it, or part of one.

    Raises:
        UnsupportedError: a Delta or Iceberg table is there already; after the last unit.
    """
    folders: set[str] = set()
    for unit in units:
        if target.mode is not Mode.CREATE:
            folders.update(_above(inside(unit.output)[0]))
        yield unit
    root = absolute(target.uri).rstrip("/")
    storage = storage_for(root, target.storage)
    for folder in sorted(folders):
        where = f"{root}/{folder}".rstrip("/")
        kind = table_at(storage, where)
        if kind is not None:
            raise UnsupportedError(
                f"{where}: is a table of {kind}, whose readers see no files beside its log",
                hint="name another target; or make the source a table of the same kind",
                uri=where,
            )


def table_at(storage: Storage, folder: str) -> str | None:
    """Which kind of lake table a folder is, if it is one."""
    for name, (log, ending) in _MARKS.items():
        if any(each.uri.endswith(ending) for each in storage.list(f"{folder}/{log}/")):
            return name
    return None


def _above(path: str) -> Iterable[str]:
    """The folders of a path, the target itself first."""
    parts = path.split("/")[:-1]
    return ("/".join(parts[:count]) for count in range(len(parts) + 1))
