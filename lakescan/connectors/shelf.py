"""What was listed and what was found in it, on disk: a listing of any length in bounded memory."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import overload

import orjson

from lakescan.connectors.formats.protocol import Layout, Piece
from lakescan.connectors.model import FileFormat, Split
from lakescan.connectors.scratch import Cell, Scratch, packed, unpacked, whole
from lakescan.connectors.storage.protocol import FileObject

_LISTED = """
CREATE TABLE listed (number INTEGER PRIMARY KEY, uri BLOB, size INT, version BLOB, modified REAL)"""
_FOUND = """
CREATE TABLE found (number INTEGER PRIMARY KEY, uri BLOB, size INT, version BLOB, shape INT,
                    rows INT, pieces BLOB, dataset INT)"""
_ALL = """
SELECT number, uri, size, version, shape, rows, pieces FROM found
WHERE number > ? ORDER BY number"""
_OF_DATASET = """
SELECT number, uri, size, version, shape, rows, pieces FROM found
WHERE dataset = ? AND number > ? ORDER BY number"""
#: The same rows, numbered by their names.
_SORTED = """
INSERT INTO found (uri, size, version, shape, rows, pieces)
SELECT uri, size, version, shape, rows, pieces FROM unsorted ORDER BY uri, number"""


@dataclass(frozen=True, slots=True)
class Found:
    """One table in one file."""

    file: FileObject
    layout: Layout

    @property
    def uri(self) -> str:
        """The table's name: the file's, with the sheet's after it."""
        return f"{self.file.uri}!/{self.layout.part}" if self.layout.part else self.file.uri


class Listing:
    """Objects as they were listed; read as often as one likes."""

    def __init__(self, objects: Iterable[FileObject]) -> None:
        self._scratch = Scratch(_LISTED)
        self._scratch.run_many(
            "INSERT INTO listed (uri, size, version, modified) VALUES (?, ?, ?, ?)",
            ((packed(o.uri), o.size, packed(o.version), o.modified) for o in objects),
        )

    def __iter__(self) -> Iterator[FileObject]:
        query = (
            "SELECT number, uri, size, version, modified FROM listed"
            " WHERE number > ? ORDER BY number"
        )
        for page in self._scratch.pages(query):
            for _, uri, size, version, modified in page:
                assert isinstance(modified, float)
                yield FileObject(unpacked(uri), whole(size), unpacked(version), modified)

    def __contains__(self, uri: str) -> bool:
        return bool(self._scratch.run("SELECT 1 FROM listed WHERE uri = ? LIMIT 1", (packed(uri),)))


class Shelf:
    """Tables found in files, in the order of their names once all are there.

    What files of one kind have in common (format, schema) is kept once, in memory.
    """

    def __init__(self) -> None:
        self._scratch = Scratch(_FOUND)
        self._shapes: dict[Layout, int] = {}
        self._by_number: list[Layout] = []
        self._seen: dict[tuple[int, FileFormat, bool, str], int] = {}
        self._last = b""
        self._in_order = True

    def put(self, found: Iterable[Found]) -> None:
        """Add tables, in any order."""
        self._scratch.run_many(
            "INSERT INTO found (uri, size, version, shape, rows, pieces) VALUES (?, ?, ?, ?, ?, ?)",
            (self._row(one) for one in found),
        )

    def sorted(self) -> Iterator[tuple[int, int, Found]]:
        """All tables by their names, each after its number and that of its format and schema."""
        self._sort()
        for page in self._scratch.pages(_ALL):
            for row in page:
                yield whole(row[0]), whole(row[4]), self._found(row)

    def assign(self, datasets: Iterable[tuple[int, int]]) -> None:
        """Say which dataset, by its number, tables belong to: pairs of dataset and table."""
        self._scratch.run_many("UPDATE found SET dataset = ? WHERE number = ?", datasets)

    def assigned(self) -> None:
        """Every table has its dataset."""
        self._scratch.run("CREATE INDEX by_dataset ON found (dataset, number)")

    def splits(self, dataset: int) -> Iterator[Split]:
        """The splits of a dataset, in order."""
        for page in self._scratch.pages(_OF_DATASET, (dataset,)):
            for row in page:
                yield from splits_of(self._found(row))

    def _row(self, one: Found) -> tuple[Cell, ...]:
        number = self._number(one.layout)
        uri = packed(one.uri)
        self._in_order = self._in_order and self._last <= uri
        self._last = uri
        pieces = [(p.start, p.stop, p.unit, p.size, p.rows) for p in one.layout.pieces]
        file, layout = one.file, one.layout
        return (uri, file.size, packed(file.version), number, layout.rows, orjson.dumps(pieces))

    def _number(self, layout: Layout) -> int:
        """The number of what a table has in common with others: its format and schema."""
        # By the schema's place first: to ask whether two wide ones are equal takes longer.
        look = (id(layout.schema), layout.format, layout.named, layout.part)
        number = self._seen.get(look)
        if number is not None:
            return number
        shape = _shape(layout)
        number = self._shapes.setdefault(shape, len(self._by_number))
        if number == len(self._by_number):
            self._by_number.append(shape)
            self._seen[look] = number  # the schema is held from here on, and so is its place
        return number

    def _found(self, row: tuple[Cell, ...]) -> Found:
        _, uri, size, version, shape, rows, pieces = row
        common = self._by_number[whole(shape)]
        name = unpacked(uri)
        if common.part:
            name = name[: -len(common.part) - 2]
        assert isinstance(pieces, bytes)
        layout = Layout(
            common.format,
            tuple(Piece(*piece) for piece in orjson.loads(pieces)),
            common.schema,
            common.named,
            None if rows is None else whole(rows),
            common.part,
        )
        return Found(FileObject(name, whole(size), unpacked(version), 0.0), layout)

    def _sort(self) -> None:
        if self._in_order:
            return
        self._scratch.run("ALTER TABLE found RENAME TO unsorted")
        self._scratch.run(_FOUND)
        self._scratch.run(_SORTED)
        self._scratch.run("DROP TABLE unsorted")
        self._in_order = True


class LazySplits(Sequence[Split]):
    """Splits to be gone through, not to be jumped about in."""

    @abstractmethod
    def __iter__(self) -> Iterator[Split]:
        """All of them, in order."""

    @overload
    def __getitem__(self, index: int) -> Split: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Split]: ...

    def __getitem__(self, index: int | slice) -> Split | Sequence[Split]:
        if isinstance(index, slice):
            places = range(len(self))[index]
            chosen = {n: s for n, s in enumerate(self) if n in places}
            return tuple(chosen[place] for place in places)
        place = range(len(self))[index]
        return next(islice(self, place, None))

    def __reduce__(self) -> tuple[object, ...]:
        return tuple, (tuple(self),)


class ShelvedSplits(LazySplits):
    """The splits of one dataset on a shelf.

    Args:
        shelf: where they are.
        dataset: its number there.
        count: of its splits.
    """

    def __init__(self, shelf: Shelf, dataset: int, count: int) -> None:
        self._shelf = shelf
        self._dataset = dataset
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Split]:
        return self._shelf.splits(self._dataset)


def splits_of(one: Found) -> Iterator[Split]:
    """The splits of one table, in order."""
    for piece in one.layout.pieces:
        yield Split(
            one.uri,
            one.file.version,
            one.layout.format,
            piece.start,
            piece.stop,
            piece.unit,
            piece.size,
            piece.rows,
        )


def _shape(layout: Layout) -> Layout:
    return replace(layout, pieces=(), rows=None)
