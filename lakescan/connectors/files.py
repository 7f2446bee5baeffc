"""Files: local paths and object stores, every format, one connector."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa

from lakescan.connectors.cells import check_cells
from lakescan.connectors.decoding import DECODER_ERRORS, decoder_error
from lakescan.connectors.formats import format_named
from lakescan.connectors.formats.batches import texts
from lakescan.connectors.grouping import Found, group
from lakescan.connectors.inspection import inspect_file
from lakescan.connectors.model import Dataset, ReadRequest, Selection, SourceFailure, Split
from lakescan.connectors.paths import glob_root, hidden, matches, partitions_of
from lakescan.connectors.source import Source
from lakescan.connectors.storage import FileObject, Storage, storage_for
from lakescan.connectors.storage.arrow_errors import cause
from lakescan.connectors.storage.local import LocalStorage, local_path
from lakescan.connectors.storage.lookup import STORAGE_SCHEMES
from lakescan.errors import LakeError, NotFoundError, UsageError
from lakescan.policy.globs import whole_path_pattern

#: Files that are inspected at once.
_THREADS = 16


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
        files = list(_select(storage, uri, selection))
        if not files:
            raise NotFoundError(f"{uri}: nothing to read there", uri=uri)
        with ThreadPoolExecutor(_THREADS) as pool:
            outcomes = pool.map(lambda file: inspect_file(storage, file, selection), files)
            found = [one for outcome in outcomes for one in outcome]
        yield from group([one for one in found if isinstance(one, Found)], selection.group)
        yield from (one for one in found if isinstance(one, SourceFailure))

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
        try:
            for batch in format_named(split.format.name).read(source, split, request):
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


def _select(storage: Storage, uri: str, selection: Selection) -> Iterator[FileObject]:
    """The files that a URI, its globs and the selection take."""
    root, pattern = glob_root(uri) if not storage.exists(uri) else (uri, None)
    for file in storage.list(root):
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
