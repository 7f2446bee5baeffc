"""Which files make one dataset: equal named schemas, names that differ in numbers, dates or ids."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lakescan.connectors.formats.protocol import Layout
from lakescan.connectors.model import Dataset, Split
from lakescan.connectors.paths import partitions_of, split_version
from lakescan.connectors.shelf import Found, Shelf, ShelvedSplits

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
#: Splits of a dataset that are handed out in memory; and tables that are written down at once.
_HELD, _ASSIGNED = 4096, 4096


def name_pattern(name: str) -> str:
    """A file name with ``*`` for what varies between pieces of one dataset."""
    return _RUN.sub("*", _VARIABLE.sub("*", split_version(name)[0]))


@dataclass(slots=True)
class _Group:
    """What is known of a dataset of which all tables so far were seen; not the tables themselves.

    Args:
        first: its first table.
        tables, splits: how many.
        versions: of its tables; None while there is one.
        file: of the table seen last.
        size: of its files.
        rows: where all metadata say so.
    """

    first: Found
    tables: int
    splits: int
    versions: hashlib._Hash | None
    file: str
    size: int
    rows: int | None

    @classmethod
    def of(cls, one: Found) -> _Group:
        file, layout = one.file, one.layout
        return cls(one, 1, len(layout.pieces), None, file.uri, file.size, layout.rows)

    def add(self, one: Found) -> None:
        """Count one more table."""
        if self.versions is None:
            self.versions = hashlib.sha256(_version(self.first))
        self.versions.update(b"\n" + _version(one))
        self.tables += 1
        self.splits += len(one.layout.pieces)
        if one.file.uri != self.file:
            self.size += one.file.size
            self.file = one.file.uri
        rows = one.layout.rows
        self.rows = None if self.rows is None or rows is None else self.rows + rows


def group(shelf: Shelf, how: str) -> Iterator[Dataset]:
    """Make datasets of tables, ordered by URI.

    In memory is what is known of each dataset, not of each table.

    Args:
        shelf: has the tables.
        how: ``auto``, ``file``, or ``prefix`` (names do not matter).
    """
    numbers: dict[tuple[str | int, ...], int] = {}
    groups: list[_Group] = []
    kinds = _Kinds(how)
    members: list[tuple[int, int]] = []
    for number, shape, one in shelf.sorted():
        place = numbers.setdefault(kinds.key(one, shape), len(groups))
        if place == len(groups):
            groups.append(_Group.of(one))
        else:
            groups[place].add(one)
        members.append((place, number))
        if len(members) >= _ASSIGNED:
            shelf.assign(members)
            members = []
    shelf.assign(members)
    shelf.assigned()
    del numbers, kinds
    shared = Counter(_root(one.first.file.uri) for one in groups if one.tables > 1)
    named = sorted((_uri(one, shared), place) for place, one in enumerate(groups))
    for uri, place in named:
        yield _dataset(uri, groups[place], ShelvedSplits(shelf, place, groups[place].splits))


def _uri(one: _Group, shared: Counter[str]) -> str:
    """A dataset's URI: its only table's, or the folder's, with a pattern where that has several."""
    first = one.first
    if one.tables == 1:
        return first.uri
    part, file = first.layout.part, first.file.uri
    root = _root(file)
    pattern = name_pattern(file.rsplit("/", 1)[-1]) if part or shared[root] > 1 else ""
    return f"{root}{pattern}!/{part}" if part else f"{root}{pattern}"


class _Kinds:
    """Tells what tables of one dataset have in common.

    Args:
        how: as `group` has it.
    """

    def __init__(self, how: str) -> None:
        self._how = how
        self._records = _RecordGroups()
        self._columns: dict[tuple[str, ...], int] = {}
        self._by_shape: dict[int, int] = {}

    def key(self, one: Found, shape: int) -> tuple[str | int, ...]:
        """The same for all tables of one dataset.

        Args:
            one: the table.
            shape: the number of its format and schema.
        """
        layout = one.layout
        if self._how == "file" or not layout.named or layout.schema is None:
            return (one.uri,)
        keys = ",".join(key for key, _ in partitions_of(one.file.uri))
        name = "" if self._how == "prefix" else name_pattern(one.file.uri.rsplit("/", 1)[-1])
        number = self._by_shape.get(shape)
        if number is None:
            columns = _columns(layout)
            number = self._by_shape[shape] = self._columns.setdefault(columns, len(self._columns))
        return self._records.key(one, ("", _root(one.file.uri), keys, name, number))


def _columns(layout: Layout) -> tuple[str, ...]:
    """What of formats and schemas is alike in one dataset."""
    assert layout.schema is not None
    columns = [f"{field.name}:{field.type}" for field in layout.schema]
    if layout.format.name in ("csv", "excel"):
        columns = list(layout.schema.names)
    elif layout.format.name in _RECORD_FORMATS:
        columns = []
    return (layout.format.name, layout.part, *columns)


class _RecordGroups:
    """Tells apart records of different kinds.

    Formats of records have no schema but the fields that the first ones happen to have: those of
    one kind share most of them.
    """

    def __init__(self) -> None:
        self._fields: dict[tuple[str | int, ...], list[set[str]]] = {}

    def key(self, one: Found, key: tuple[str | int, ...]) -> tuple[str | int, ...]:
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


def _dataset(uri: str, one: _Group, splits: Sequence[Split]) -> Dataset:
    first = one.first
    return Dataset(
        uri,
        first.layout.format.name,
        first.file.version if one.versions is None else one.versions.hexdigest()[:16],
        tuple(splits) if len(splits) <= _HELD else splits,
        first.layout.schema,
        first.layout.named,
        tuple(key for key, _ in partitions_of(first.file.uri)),
        one.size,
        one.rows,
    )


def _version(one: Found) -> bytes:
    return f"{one.uri}|{one.file.version}".encode("utf-8", "surrogatepass")
