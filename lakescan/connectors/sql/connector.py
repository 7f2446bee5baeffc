"""Databases as a connector: tables are datasets, ranges of their keys splits."""

from __future__ import annotations

import base64
import hashlib
import logging
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing

import pyarrow as pa

from lakescan.connectors.cells import check_cells
from lakescan.connectors.held import hold, is_held
from lakescan.connectors.model import (
    Dataset,
    FileFormat,
    Hidden,
    Misfits,
    ReadRequest,
    Selection,
    SourceFailure,
    Split,
)
from lakescan.connectors.paths import matches
from lakescan.connectors.sql.access import Access, located
from lakescan.connectors.sql.address import DIALECTS, FILES, Address
from lakescan.connectors.sql.bounds import KeyRange
from lakescan.connectors.sql.columns import SqlColumn, SqlTable, schema_of
from lakescan.connectors.sql.database import Database
from lakescan.connectors.sql.dialects.lookup import open_database
from lakescan.connectors.sql.patience import paced
from lakescan.connectors.sql.reading import rows_within
from lakescan.connectors.sql.splits import cut
from lakescan.connectors.sql.unseen import Unseen
from lakescan.connectors.sql.versions import file_version
from lakescan.errors import (
    ChangedSourceError,
    CredentialError,
    LakeError,
    LakescanError,
    NotFoundError,
    TransientError,
)

#: A worker waits so long for a server that does not answer: it may be on its way up again.
_PATIENCE_SECONDS = 20.0
_AGAIN_SECONDS = 0.5

#: What a sink keeps in a database beside its tables begins so; it is nobody's data.
OURS = "_lakescan"

_log = logging.getLogger(__name__)


class SqlConnector:
    """Reads tables of databases; see `Connector`."""

    schemes = frozenset(DIALECTS)

    def discover(self, uri: str, selection: Selection) -> Iterator[Dataset | SourceFailure]:
        """List tables, over the catalog, and cut them."""
        address = located(Address.parse(uri))
        databases = [address.database]
        if not address.database:
            with closing(open_database(address)) as server:
                databases = server.databases()
            if not databases:
                raise NotFoundError(f"{address.shown}: no databases there", uri=address.shown)
        found = 0
        for name in databases:
            place = address.at(database=name, schema=address.schema, table=address.table)
            try:
                for one in _discover(place, selection, prefix="" if address.database else name):
                    found += 1
                    yield one
            except LakeError as error:
                if address.database:
                    raise
                found += 1
                yield SourceFailure(place.shown, error)
        if not found:
            raise NotFoundError(f"{address.shown}: no tables to read there", uri=address.shown)

    def read(self, split: Split, request: ReadRequest) -> Iterator[pa.RecordBatch]:
        """Read one range of a table."""
        access = Access.of_text(split.access)
        address = access.login(Address.parse(split.uri))
        within = split.format.option("range")
        schema = pa.ipc.read_schema(pa.py_buffer(base64.b64decode(split.format.option("schema"))))
        columns = _columns(schema, request.columns)
        table = SqlTable(address.schema, address.table, columns, rows=split.rows, size=split.size)
        if address.dialect in FILES:
            _check(address, split)
        unseen, notices = Unseen(columns), list[str]()
        with closing(_reached(address, access.snapshot, split, notices)) as database:
            ranges = KeyRange.of_text(within) if within else None
            batches = rows_within(database, table, ranges, request, unseen)
            for batch in paced(batches, database.patience.rows_per_second):
                check_cells(batch, request.max_cell_bytes, split.uri)
                yield batch
        notices += unseen.notices()
        if request.damage is not None:
            request.damage.notices += notices
        else:
            for notice in notices:
                _log.warning("%s: %s", split.uri, notice)
        if address.dialect in FILES:
            _check(address, split)


def _discover(
    address: Address, selection: Selection, prefix: str
) -> Iterator[Dataset | SourceFailure]:
    views = address.option("views") in ("true", "1", "yes")
    database = open_database(address)
    snapshot = ""
    kept = False
    try:
        tables = database.tables(address.schema, views=views or bool(address.table))
        chosen = [t for t in tables if _wanted(t, address, selection, prefix)]
        if is_held() and any(table.readable for table in chosen):
            # Versions have been read before: a change between counts as one after.
            snapshot = database.snapshot()
        for table in chosen:
            place = address.at(schema=table.schema, table=table.name)
            try:
                yield _dataset(database, table, place, snapshot, selection)
            except LakescanError as error:
                yield SourceFailure(place.shown, error)
        kept = bool(snapshot)
    finally:
        if kept:
            hold(database)
        else:
            database.close()


def _wanted(table: SqlTable, address: Address, selection: Selection, prefix: str) -> bool:
    path = f"{prefix}/{table.path}" if prefix else table.path
    if table.name.startswith(OURS):
        return False
    if address.table and not matches(table.name, (address.table,)):
        return False
    if selection.include and not matches(path, selection.include):
        return False
    return not matches(path, selection.exclude)


def _dataset(
    database: Database, table: SqlTable, address: Address, snapshot: str, selection: Selection
) -> Dataset:
    if not table.readable:
        raise CredentialError(
            f"{address.shown}: permission denied",
            hint="grant SELECT on it, or exclude it",
            uri=address.shown,
        )
    if selection.misfits is Misfits.KEPT:
        table = database.exact(table)
    ranges = cut(database, table, selection.split_bytes)
    # Where the database tells nothing, no two looks at it are alike.
    version = table.version or f"{time.time_ns():x}-{uuid.uuid4().hex[:8]}"
    schema = schema_of(table.columns, table.comment)
    packed = base64.b64encode(_with_forms(table.columns).serialize().to_pybytes()).decode()
    access = Hidden(Access.of(address, snapshot).to_text())
    splits = tuple(
        Split(
            address.shown,
            version,
            FileFormat(
                address.dialect,
                (("range", within.to_text() if within else ""), ("schema", packed)),
            ),
            number,
            number + 1,
            "range",
            table.size // len(ranges),
            None if table.rows is None else table.rows // len(ranges),
            access,
        )
        for number, within in enumerate(ranges)
    )
    return Dataset(
        address.shown,
        address.dialect,
        hashlib.sha256(version.encode()).hexdigest()[:16],
        splits,
        schema,
        size=table.size,
    )


def _check(address: Address, split: Split) -> None:
    """Make sure that a database's file is still what was planned: no snapshot outlasts a split."""
    if file_version(address.database) != split.version:
        raise ChangedSourceError(
            f"{split.uri}: changed since it was listed", hint="scan it again", uri=split.uri
        )


def _reached(address: Address, snapshot: str, split: Split, notices: list[str]) -> Database:
    """A session for one split, once the server answers; what there is to know of it is noted."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return open_database(address, snapshot)
        except NotFoundError:
            if not snapshot:
                raise
            notices.append(
                f"the scan's snapshot is gone, as after a crash of the server; {split.unit}"
                f" {split.start} was read in its state after that"
            )
            snapshot = ""
        except TransientError:
            if address.dialect in FILES or time.monotonic() > deadline:
                raise
            time.sleep(_AGAIN_SECONDS)


def _with_forms(columns: Sequence[SqlColumn]) -> pa.Schema:
    return pa.schema([pa.field(c.name, c.arrow, metadata={"form": c.form}) for c in columns])


def _columns(schema: pa.Schema, wanted: tuple[str, ...] | None) -> tuple[SqlColumn, ...]:
    return tuple(
        SqlColumn(field.name, field.type, field.metadata[b"form"].decode())
        for field in schema
        if wanted is None or field.name in wanted
    )
