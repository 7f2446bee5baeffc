"""Fewer, larger files: those of one folder of a table, in their order, become one.

Only what is the same format to the last option goes together (a delimiter, a codec), and only
formats of which two files on end are one. A file that is large by itself stays by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lakescan.connectors.model import FileFormat, Split
from lakescan.connectors.sinks.files.bundle import INSIDE

_FORMATS = frozenset({"arrow", "avro", "csv", "jsonl", "orc", "parquet"})
#: Bytes in storage that become one file, at most: what Spark and Delta's OPTIMIZE call a good size
#: is 128 MB to 1 GB.
FILE_BYTES = 512 << 20


@dataclass(slots=True)
class _Open:
    """The file of a folder that still takes some."""

    name: str
    format: FileFormat
    size: int


def compacted(files: Iterable[tuple[str, Sequence[Split]]]) -> dict[str, tuple[Split, ...]]:
    """Files by their URIs, each with what goes into it, under the name of its first.

    Args:
        files: of one table, in order, with their splits.
    """
    found: dict[str, list[Split]] = {}
    growing: dict[str, _Open] = {}
    for uri, splits in files:
        folder, size, form = uri.rpartition("/")[0], sum(s.size for s in splits), splits[0].format
        last = growing.get(folder)
        if INSIDE in uri or form.name not in _FORMATS:
            found[uri] = list(splits)
        elif last is None or last.format != form or last.size + size > FILE_BYTES:
            found[uri] = list(splits)
            growing[folder] = _Open(uri, form, size)
        else:
            found[last.name] += splits
            last.size += size
    return {uri: tuple(splits) for uri, splits in found.items()}
