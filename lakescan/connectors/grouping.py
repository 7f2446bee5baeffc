"""Which files make one dataset: equal named schemas, names that differ in numbers, dates or ids."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lakescan.connectors.formats.protocol import Layout
from lakescan.connectors.model import Dataset, Split
from lakescan.connectors.paths import partitions_of, split_version
from lakescan.connectors.storage.protocol import FileObject

_UUID = r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}(?![a-z])"
#: A part of a name that tells one piece of a dataset from the next: a UUID, a run of hexadecimal
#: digits or a mixed id of eight and more, a month between digits, a number.
_VARIABLE = re.compile(
    rf"(?i){_UUID}|(?<![a-z0-9])(?=[a-z]*\d)[0-9a-f]{{8,}}(?![a-z0-9])"
    rf"|(?<![a-z0-9])(?=[a-z]*\d[a-z0-9]*[a-z])(?=\d*[a-z][a-z0-9]*\d)[a-z0-9]{{8,}}(?![a-z0-9])"
    rf"|(?<=[\d_-]){_MONTH}|\d+"
)
_RUN = re.compile(r"\*(?:[-_.T:+Z ]*\*)+[Z]?")
_RECORD_FORMATS = frozenset({"json", "jsonl"})
#: Share of the fields of the smaller of two records' kinds that the larger has too.
_SHARED_FIELDS = 0.5
_DATED = re.compile(r"[\d*_.T:+-]+")


@dataclass(frozen=True, slots=True)
class Found:
    """One table in one file."""

    file: FileObject
    layout: Layout

    @property
    def uri(self) -> str:
        """The table's name: the file's, with the sheet's after it."""
        return f"{self.file.uri}!/{self.layout.part}" if self.layout.part else self.file.uri


def name_pattern(name: str) -> str:
    """A file name with ``*`` for what varies between pieces of one dataset."""
    return _RUN.sub("*", _VARIABLE.sub("*", split_version(name)[0]))


def group(found: Sequence[Found], how: str) -> Iterator[Dataset]:
    """Make datasets of tables, ordered by URI.

    Args:
        found: tables in any order.
        how: ``auto``, ``file``, or ``prefix`` (names do not matter).
    """
    groups: dict[tuple[str, ...], list[Found]] = {}
    records = _RecordGroups()
    for one in sorted(found, key=lambda f: f.uri):
        groups.setdefault(records.key(one, _key(one, how)), []).append(one)
    roots = [_root(members[0].file.uri) for members in groups.values() if len(members) > 1]
    datasets = []
    for members in groups.values():
        uri = members[0].uri
        if len(members) > 1:
            root = _root(uri)
            shared = roots.count(root) > 1
            uri = root + (name_pattern(uri.rsplit("/", 1)[-1]) if shared else "")
        datasets.append(_dataset(uri, members))
    yield from sorted(datasets, key=lambda d: d.uri)


def _key(one: Found, how: str) -> tuple[str, ...]:
    """What tables of one dataset have in common."""
    layout = one.layout
    if how == "file" or not layout.named or layout.schema is None:
        return (one.uri,)
    keys = ",".join(key for key, _ in partitions_of(one.file.uri))
    columns = [f"{field.name}:{field.type}" for field in layout.schema]
    if layout.format.name in ("csv", "excel"):
        columns = list(layout.schema.names)
    elif layout.format.name in _RECORD_FORMATS:
        columns = []
    name = "" if how == "prefix" else name_pattern(one.uri.rsplit("/", 1)[-1])
    return ("", _root(one.file.uri), keys, name, layout.format.name, layout.part, *columns)


class _RecordGroups:
    """Tells apart records of different kinds.

    Formats of records have no schema but the fields that the first ones happen to have: those of
    one kind share most of them.
    """

    def __init__(self) -> None:
        self._fields: dict[tuple[str, ...], list[set[str]]] = {}

    def key(self, one: Found, key: tuple[str, ...]) -> tuple[str, ...]:
        """The key of a table, with the number of its kind if its format is of records."""
        schema = one.layout.schema
        if one.layout.format.name not in _RECORD_FORMATS or schema is None:
            return key
        names = set(schema.names)
        kinds = self._fields.setdefault(key, [])
        for number, fields in enumerate(kinds):
            if len(names & fields) >= _SHARED_FIELDS * min(len(names), len(fields)):
                fields.update(names)
                return (*key, str(number))
        kinds.append(names)
        return (*key, str(len(kinds) - 1))


def _root(uri: str) -> str:
    """The directory above all partition and date directories, ending in a slash."""
    parts = uri.split("/")[:-1]
    while len(parts) > 1 and ("=" in parts[-1] or _DATED.fullmatch(parts[-1])):
        parts.pop()
    return "/".join(parts) + "/"


def _dataset(uri: str, members: Sequence[Found]) -> Dataset:
    """A dataset of tables in order of their files."""
    splits = tuple(
        Split(
            one.uri,
            one.file.version,
            one.layout.format,
            piece.start,
            piece.stop,
            piece.unit,
            piece.size,
            piece.rows,
        )
        for one in members
        for piece in one.layout.pieces
    )
    first = members[0].layout
    rows = [one.layout.rows for one in members]
    versions = "\n".join(f"{one.uri}|{one.file.version}" for one in members)
    return Dataset(
        uri,
        first.format.name,
        hashlib.sha256(versions.encode()).hexdigest()[:16]
        if len(members) > 1
        else members[0].file.version,
        splits,
        first.schema,
        first.named,
        tuple(key for key, _ in partitions_of(members[0].file.uri)),
        sum({one.file.uri: one.file.size for one in members}.values()),
        sum(r for r in rows if r is not None) if None not in rows else None,
    )
