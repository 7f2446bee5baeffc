"""The units of a plan, in its order: on disk, so that a driver's memory is bounded.

In memory are only ways to reach what is read (`Split.access`), which never go to disk.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import ClassVar, overload

from lakescan.connectors.model import Hidden
from lakescan.connectors.scratch import Cell, Scratch, whole
from lakescan.engines.protocol import Unit


class ListedUnits(Sequence[Unit]):
    """Units in a table ``units``, which has columns ``place`` (the primary key) and ``id``.

    Args:
        tables: the statements that make it, and other tables.
    """

    #: The statement that reads units; the place is the first of its columns.
    _select: ClassVar[str]

    def __init__(self, tables: str) -> None:
        self._scratch = Scratch(tables)
        self._access: list[Hidden] = []
        self._access_numbers: dict[Hidden, int] = {}
        self._indexed = False

    @abstractmethod
    def _unit(self, row: tuple[Cell, ...]) -> Unit:
        """A unit out of its columns."""

    def place(self, unit: str) -> int | None:
        """The place of a unit, by its id; None where it is not planned."""
        if not self._indexed:
            self._scratch.run("CREATE INDEX by_id ON units (id)")
            self._indexed = True
        found = self._scratch.run("SELECT place FROM units WHERE id = ? LIMIT 1", (unit,))
        return whole(found[0][0]) if found else None

    def __iter__(self) -> Iterator[Unit]:
        for page in self._scratch.pages(f"{self._select} WHERE place > ? ORDER BY place"):
            for row in page:
                yield self._unit(row)

    @overload
    def __getitem__(self, index: int) -> Unit: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Unit]: ...

    def __getitem__(self, index: int | slice) -> Unit | Sequence[Unit]:
        places = range(len(self))[index]
        if isinstance(places, range):
            return tuple(self[place] for place in places)
        (row,) = self._scratch.run(f"{self._select} WHERE place = ?", (places,))
        return self._unit(row)

    def _number(self, access: Hidden) -> int:
        """What stands for a way to reach something on disk."""
        number = self._access_numbers.setdefault(access, len(self._access))
        if number == len(self._access):
            self._access.append(access)
        return number
