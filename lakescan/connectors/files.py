"""Files: local paths and object stores, every format, one connector."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice

import pyarrow as pa

from lakescan.connectors.cells import check_cells
from lakescan.connectors.decoding import DECODER_ERRORS, decoder_error
from lakescan.connectors.formats import format_named
from lakescan.connectors.formats.batches import texts
from lakescan.connectors.grouping import group
from lakescan.connectors.inspection import inspect_file
from lakescan.connectors.lake.datasets import OPTION, aligned, lake_dataset, lake_partitions
from lakescan.connectors.lake.delta import as_of, delta_roots, delta_snapshot
from lakescan.connectors.model import Dataset, ReadRequest, Selection, SourceFailure, Split
from lakescan.connectors.paths import glob_root, hidden, matches, partitions_of
from lakescan.connectors.shelf import Found, Listing, Shelf
from lakescan.connectors.source import Source
from lakescan.connectors.storage import FileObject, Storage, storage_for
from lakescan.connectors.storage.arrow_errors import cause
from lakescan.connectors.storage.local import LocalStorage, local_path
from lakescan.connectors.storage.lookup import STORAGE_SCHEMES, scheme_of
from lakescan.errors import LakeError, LakescanError, NotFoundError, UsageError
from lakescan.policy.globs import whole_path_pattern

#: Files that are inspected at once, and that are handed to the threads together, in how many turns.
_THREADS, _BATCH, _TURNS = 16, 1024, 8


class FileConnector:
    """Reads what stands in files; see `Connector`."""

    schemes = STORAGE_SCHEMES

    def discover(self, uri: str, selection: Selection) -> Iterator[Dataset | SourceFailure]:
        """List, inspect and group the files under a path, prefix or glob."""
        if selection.group not in ("auto", "file", "prefix"):
            raise UsageError(
                f"unknown grouping {selection.group!r}", hint="choose from auto, file, prefix"
            )
        storage = storage_for(uri, selection.storage)
        if uri.partition("://")[1] and not uri.partition("://")[2].strip("/"):
            yield from self._account(storage, uri, selection)
            return
        if isinstance(storage, LocalStorage):
            uri = local_path(uri)  # as its files are listed, so that globs are over like paths
        whole, version = as_of(uri) if not storage.exists(uri) else (uri, None)
        if version is not None and next(storage.list(f"{whole}/_delta_log/"), None):
            uri = whole
        else:
            version = None
        listing = Listing(_listed(storage, uri))
        roots = delta_roots(file.uri for file in listing)
        inside: dict[str, list[FileObject]] = {root: [] for root in roots}
        shelf = Shelf()
        failures: list[SourceFailure] = []
        plain = _Plain(_select(listing, uri, selection), inside)
        for found in _inspected(storage, plain, selection):
            shelf.put(one for one in found if isinstance(one, Found))
            failures += (one for one in found if isinstance(one, SourceFailure))
        if not plain.count and not roots:
            raise _nothing(uri, listing)
        del listing
        tables = 0
        for root in roots:
            for one in self._table(storage, root, version, inside[root], selection):
                tables += 1
                yield one
        if not plain.count and not tables:
            raise _left_out(uri)
        yield from group(shelf, selection.group)
        yield from failures

    def _table(
        self,
        storage: Storage,
        root: str,
        version: int | None,
        files: Sequence[FileObject],
        selection: Selection,
    ) -> Iterator[Dataset | SourceFailure]:
        """A Delta table, of the files below it that its log names; none where globs want none."""
        if selection.include and not files:
            return
        try:
            snapshot = delta_snapshot(root, version, selection.storage)
        except LakescanError as error:
            yield SourceFailure(root, error)
            return
        taken = [file for file in files if file.uri in snapshot.files]
        if snapshot.files and not taken and (selection.include or selection.exclude):
            return
        looked = _inspected(storage, taken, replace(selection, format="parquet"))
        failures: list[SourceFailure] = []
        uri = f"{root}/" if version is None else f"{root}@v{version}"
        yield lake_dataset(snapshot, uri, _members(looked, failures))
        yield from failures
        if not selection.include and not selection.exclude:
            lost = set(snapshot.files) - {file.uri for file in taken}
            for name in sorted(lost):
                gone = NotFoundError(f"{name}: the table's log names it, but it is not there")
                yield SourceFailure(name, gone)

    def _account(
        self, storage: Storage, uri: str, selection: Selection
    ) -> Iterator[Dataset | SourceFailure]:
        """Everything in every bucket; one that is refused is a failure among others."""
        for bucket in storage.buckets(uri):
            try:
                yield from self.discover(f"{bucket}/", selection)
            except NotFoundError:
                continue  # nothing in it
            except LakeError as error:
                yield SourceFailure(bucket, error)

    def read(self, split: Split, request: ReadRequest) -> Iterator[pa.RecordBatch]:
        """Read one split."""
        source = Source.of_split(storage_for(split.uri, request.storage), split)
        source.check()
        partitions = partitions_of(source.location)
        left = request.max_rows
        lake = bool(split.format.option(OPTION))
        if lake:
            partitions = lake_partitions(split)
            # Deleted rows are told by their place in the file.
            request = replace(request, columns=None, max_row_groups=None)
        try:
            batches = format_named(split.format.name).read(source, split, request)
            for batch in aligned(split, batches) if lake else batches:
                rows = batch if left is None else batch.slice(0, left)
                check_cells(rows, request.max_cell_bytes, split.uri)
                yield _with_partitions(rows, partitions, request)
                if left is not None and (left := left - rows.num_rows) <= 0:
                    break
        except LakeError:
            source.check()
            raise
        except DECODER_ERRORS as error:
            source.check()
            raise decoder_error(split.uri, error) from cause(error)
        source.check()


class _Plain:
    """Goes through files once: those of tables are put aside, the others handed out and counted.

    Args:
        files: all that are to be read.
        inside: the tables' folders; each is given its files.
    """

    def __init__(self, files: Iterable[FileObject], inside: dict[str, list[FileObject]]) -> None:
        self._files = files
        self._inside = inside
        self.count = 0

    def __iter__(self) -> Iterator[FileObject]:
        for file in self._files:
            roots = (root for root in self._inside if file.uri.startswith(root + "/"))
            root = next(roots, None)
            if root is None:
                self.count += 1
                yield file
            else:
                self._inside[root].append(file)


def _inspected(
    storage: Storage, files: Iterable[FileObject], selection: Selection
) -> Iterator[list[Found | SourceFailure]]:
    """Look into files, a batch at a time: what waits for a thread takes more room than answers."""
    schemas = _Schemas()
    left = iter(files)
    with ThreadPoolExecutor(_THREADS) as pool:
        while batch := list(islice(left, _BATCH)):
            # Of many files some go to a thread at once: to hand one over takes a tenth of its time.
            some = max(1, len(batch) // (_THREADS * _TURNS))
            parts = [batch[place : place + some] for place in range(0, len(batch), some)]
            outcomes = pool.map(
                lambda part: [
                    one for file in part for one in inspect_file(storage, file, selection)
                ],
                parts,
            )
            yield [schemas.share(one) for outcome in outcomes for one in outcome]


class _Schemas:
    """Gives files with equal schemas one schema in common."""

    def __init__(self) -> None:
        self._known: dict[pa.Schema, pa.Schema] = {}
        self._places: set[int] = set()

    def share(self, one: Found | SourceFailure) -> Found | SourceFailure:
        """The same, with the schema of the first file that has an equal one."""
        if isinstance(one, SourceFailure) or one.layout.schema is None:
            return one
        if id(one.layout.schema) in self._places:  # no other can be there: it is held
            return one
        schema = self._known.setdefault(one.layout.schema, one.layout.schema)
        self._places.add(id(schema))
        return replace(one, layout=replace(one.layout, schema=schema))


def _listed(storage: Storage, uri: str) -> Iterator[FileObject]:
    """What stands under a URI, before its globs are looked at."""
    return storage.list(uri if storage.exists(uri) else glob_root(uri)[0])


def _nothing(uri: str, listing: Listing) -> NotFoundError:
    """Why nothing under a URI is to be read."""
    if next(iter(listing), None) is not None:
        return _left_out(uri)
    if scheme_of(uri) == "file" and not glob_root(uri)[1] and not os.path.exists(uri):
        return NotFoundError(f"{uri}: no such file or folder", uri=uri)
    return NotFoundError(f"{uri}: no files are there", hint="check the path", uri=uri)


def _left_out(uri: str) -> NotFoundError:
    return NotFoundError(
        f"{uri}: all files there are left out",
        hint="by a glob, --include or --exclude, or as their names begin with _ or .",
        uri=uri,
    )


def _members(
    looked: Iterable[Iterable[Found | SourceFailure]], failures: list[SourceFailure]
) -> Iterator[Found]:
    """What was found in files; failures are put aside."""
    for batch in looked:
        for one in batch:
            if isinstance(one, SourceFailure):
                failures.append(one)
            else:
                yield one


def _select(listed: Listing, uri: str, selection: Selection) -> Iterator[FileObject]:
    """The files that a URI's globs and the selection take."""
    root, pattern = glob_root(uri)
    if uri in listed:
        root, pattern = uri, None
    for file in listed:
        if file.uri == uri:
            yield file
            continue
        below = file.uri[len(root.rstrip("/")) :].lstrip("/") if file.uri != root else ""
        if pattern and not whole_path_pattern(pattern).fullmatch(file.uri):
            continue
        if hidden(below) or (selection.include and not matches(below, selection.include)):
            continue
        if not matches(below, selection.exclude):
            yield file


def _with_partitions(
    batch: pa.RecordBatch, partitions: tuple[tuple[str, str | None], ...], request: ReadRequest
) -> pa.RecordBatch:
    """The batch with its partition values as columns; a column in the file goes before them."""
    for key, value in partitions:
        wanted = request.columns is None or key in request.columns
        if key in batch.schema.names or not wanted:
            continue
        if value is None:
            codes, words = pa.nulls(batch.num_rows, pa.int32()), texts([])
        else:
            zeros = pa.py_buffer(bytes(4 * batch.num_rows))
            codes = pa.Array.from_buffers(pa.int32(), batch.num_rows, [None, zeros])
            words = texts([value])
        values = pa.DictionaryArray.from_arrays(codes, words)
        batch = batch.append_column(key, values)
    return batch
