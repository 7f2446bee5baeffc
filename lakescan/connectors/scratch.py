"""A database for what a plan holds of each object: on disk, so that a driver's memory is bounded.

SQLite's own temporary kind: kept in memory up to its cache, past that in an unnamed file of the
temporary folder (``SQLITE_TMPDIR``, ``TMPDIR``, else ``/var/tmp`` or ``/tmp``), gone when closed.
"""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from lakescan.errors import LakeError, TerminalError

#: What is kept in memory, and rows that are fetched at once.
_CACHE_KIB, _FETCHED = 8 << 10, 1024

Cell = str | bytes | int | float | None


class Scratch:
    """Tables that live as long as this value.

    Args:
        tables: the statements that make them.
    """

    def __init__(self, tables: str) -> None:
        self._alone = threading.Lock()  # some engines look units up in threads of theirs
        self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._close = weakref.finalize(self, self._connection.close)
        for setting in (f"cache_size = -{_CACHE_KIB}", "journal_mode = OFF", "synchronous = OFF"):
            self._connection.execute(f"PRAGMA {setting}").close()
        self._connection.executescript(tables)
        self._connection.execute("BEGIN")

    def run(self, statement: str, cells: Sequence[Cell] = ()) -> list[tuple[Cell, ...]]:
        """Run a statement; all that it answers.

        Raises:
            LakeError: there is no room in the temporary folder.
        """
        with self._alone, _named_errors():
            return self._connection.execute(statement, cells).fetchall()

    def run_many(self, statement: str, rows: Iterable[Sequence[Cell]]) -> None:
        """Run a statement for each row.

        Raises:
            LakeError: there is no room in the temporary folder.
        """
        with self._alone, _named_errors():
            self._connection.executemany(statement, rows)

    def pages(self, query: str, cells: Sequence[Cell] = ()) -> Iterator[list[tuple[Cell, ...]]]:
        """The rows of a query, some at a time; tables may be written in between.

        Args:
            query: has ``> ?`` for the first column of the last row seen, by which it is in order,
                as its last parameter.
            cells: the parameters before that.
        """
        last: Cell = -1
        while rows := self.run(f"{query} LIMIT {_FETCHED}", (*cells, last)):
            yield rows
            last = rows[-1][0]


def packed(name: str) -> bytes:
    """A name as a cell: file systems have names that are no Unicode, and bytes keep the order."""
    return name.encode("utf-8", "surrogatepass")


def unpacked(cell: Cell) -> str:
    """What `packed` was given."""
    assert isinstance(cell, bytes)
    return cell.decode("utf-8", "surrogatepass")


def whole(cell: Cell) -> int:
    """A cell that is a number."""
    assert isinstance(cell, int)
    return cell


@contextmanager
def _named_errors() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise _no_room(error) from None


def _no_room(error: sqlite3.Error) -> LakeError:
    return TerminalError(
        f"the plan does not fit into the temporary folder: {error}",
        hint="set SQLITE_TMPDIR to a folder with room, about 1 kB an object",
    )
