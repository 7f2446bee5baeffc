"""How long to wait and how hard to pull, so that a database in production is not hurt."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from lakescan.errors import UnknownNameError, UsageError

_NUMBERS = ("connect_seconds", "lock_seconds", "rows_per_second", "statement_seconds")
#: Options of a database's URI that are ours; others go to the driver where the dialect knows them.
OPTIONS = frozenset((*_NUMBERS, "copy", "password", "views"))


@dataclass(frozen=True, slots=True)
class Patience:
    """Bounds in seconds, and rows a second of one worker (0: as many as come)."""

    connect_seconds: float = 10.0
    lock_seconds: float = 10.0
    rows_per_second: float = 0.0
    statement_seconds: float = 3600.0

    @classmethod
    def of(cls, options: Mapping[str, str], known: frozenset[str]) -> Patience:
        """Read the options of a URI.

        Args:
            options: as the query has them.
            known: names that the dialect's driver takes.

        Raises:
            UnknownNameError: there is no such option.
            UsageError: one of the numbers is none.
        """
        for name in options:
            if name not in OPTIONS | known:
                raise UnknownNameError("database option", name, OPTIONS | known)
        given = {}
        for name in _NUMBERS:
            if name in options:
                try:
                    given[name] = float(options[name])
                except ValueError as error:
                    raise UsageError(f"{name} is not a number of seconds or rows") from error
                if not 0 <= given[name] < float("inf"):
                    raise UsageError(f"{name} cannot be negative or endless")
        return cls(**given)


def paced(batches: Iterable[pa.RecordBatch], rows_per_second: float) -> Iterator[pa.RecordBatch]:
    """Hand batches on no faster than asked; the server waits meanwhile, as nobody fetches."""
    if not rows_per_second:
        yield from batches
        return
    started, rows = time.monotonic(), 0
    for batch in batches:
        rows += batch.num_rows
        yield batch
        ahead = rows / rows_per_second - (time.monotonic() - started)
        if ahead > 0:
            time.sleep(ahead)
