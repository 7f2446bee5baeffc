"""COPY ... TO STDOUT as CSV, parsed by pyarrow: no value becomes a Python object.

The server sends a message a row (PostgreSQL documentation, 55.2.6), so that what has come is whole
rows at any time. It is sent no faster than it is taken: two blocks are all that is held.
"""

from __future__ import annotations

import os
import queue
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from lakescan.connectors.sql.columns import SqlColumn
from lakescan.connectors.sql.wire import decoded, wire_type
from lakescan.errors import CorruptFileError, TransientError

if TYPE_CHECKING:
    from psycopg2.extensions import connection as PsycopgConnection  # noqa: N812

#: CSV that is parsed at once; a longer row comes alone.
BLOCK_BYTES = 4 << 20
_ENDED = b""
#: How often it is looked whether anything came.
_LOOK_SECONDS = 1.0


def copied(
    connection: PsycopgConnection,
    query: str,
    columns: Sequence[SqlColumn],
    batch_bytes: int,
    silence_seconds: float,
) -> Iterator[pa.RecordBatch]:
    """The rows of a query.

    Args:
        connection: in a transaction.
        query: without parameters.
        columns: what it selects.
        batch_bytes: what a batch may take in memory; its CSV is bounded by it.
        silence_seconds: how long the server may send nothing.

    Raises:
        TransientError: it sent nothing for so long.
    """
    copying = _Copying(connection, query, min(BLOCK_BYTES, max(1, batch_bytes // 2)))
    try:
        while block := copying.take(silence_seconds):
            yield parsed(block, columns)
    finally:
        copying.end()


class _Copying:
    """Runs COPY in a thread of its own and gathers what it writes into blocks."""

    def __init__(self, connection: PsycopgConnection, query: str, block_bytes: int) -> None:
        self._connection = connection
        self._query = query
        self._limit = block_bytes
        self._block = bytearray()
        self._blocks: queue.Queue[bytes | bytearray] = queue.Queue(maxsize=1)
        self._error: Exception | None = None
        self._stopped = False
        self._silent = False
        self._seen = False
        self._thread = threading.Thread(target=self._run, name="copy", daemon=True)
        self._thread.start()

    def write(self, row: bytes) -> None:
        """Psycopg2 calls it with each row."""
        self._seen = True
        block = self._block
        block += row
        if len(block) >= self._limit:
            self._hand_over()

    def take(self, seconds: float) -> bytes | bytearray:
        """The next block; empty at the end."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                block = self._blocks.get(timeout=min(seconds, _LOOK_SECONDS))
                break
            except queue.Empty:
                if self._seen:
                    self._seen = False
                    deadline = time.monotonic() + seconds
                elif time.monotonic() > deadline:
                    self._hang_up()
                    raise TransientError("the server fell silent") from None
        if not block and self._error is not None:
            raise self._error
        return block

    def end(self) -> None:
        """Stop where not all was taken: the server is told."""
        if self._thread.is_alive():
            self._stopped = True
            if not self._silent:
                self._connection.cancel()
            while self._thread.is_alive():
                try:
                    self._blocks.get(timeout=0.05)
                except queue.Empty:
                    continue
        self._thread.join()

    def _hang_up(self) -> None:
        """Cut the connection: the thread that reads from it ends."""
        self._silent = True
        with socket.socket(fileno=os.dup(self._connection.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)

    def _hand_over(self) -> None:
        if self._stopped:
            raise InterruptedError
        self._blocks.put(self._block)
        self._block = bytearray()

    def _run(self) -> None:
        try:
            with self._connection.cursor() as cursor:
                cursor.copy_expert(f"COPY ({self._query}) TO STDOUT (FORMAT csv)", self)
            if self._block:
                self._hand_over()
        except Exception as error:  # noqa: BLE001 - it is raised where the rows are taken
            self._error = error
        self._blocks.put(_ENDED)


def parsed(block: bytes | bytearray, columns: Sequence[SqlColumn]) -> pa.RecordBatch:
    """A block of CSV as a batch.

    Raises:
        CorruptFileError: a value is not of its column's type, which the server would not send.
    """
    try:
        table = _table(block, columns)
    except pa.ArrowInvalid:
        try:  # SQL_ASCII: whatever bytes a client once sent
            table = _table(bytes(block).decode("utf-8", "replace").encode(), columns)
        except pa.ArrowInvalid as error:
            raise CorruptFileError("COPY: values that are not of their column's type") from error
    arrays = [
        decoded(table.column(at).combine_chunks(), column) for at, column in enumerate(columns)
    ]
    if not columns:  # no column is wanted: the rows still count
        return pa.RecordBatch.from_struct_array(pa.array([{}] * table.num_rows, pa.struct([])))
    return pa.RecordBatch.from_arrays(arrays, names=[column.name for column in columns])


def _table(block: bytes | bytearray, columns: Sequence[SqlColumn]) -> pa.Table:
    from pyarrow import csv

    # A column that is no column stands for none.
    names = [str(at) for at in range(max(1, len(columns)))]
    types = {name: wire_type(c) for name, c in zip(names, columns, strict=False)}
    return csv.read_csv(
        pa.BufferReader(block),
        csv.ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=names),
        csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        csv.ConvertOptions(
            column_types=types,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["t"],
            false_values=["f"],
        ),
    )
