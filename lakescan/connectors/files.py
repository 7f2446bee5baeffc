"""Files: local paths and object stores, every format, one connector."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa

from lakescan.connectors.formats import Layout, detect, format_named
from lakescan.connectors.formats.delimited import SAMPLE_BYTES, read_head
from lakescan.connectors.formats.detect import compression_of
from lakescan.connectors.grouping import Found, group
from lakescan.connectors.model import Dataset, ReadRequest, Selection, SourceFailure, Split
from lakescan.connectors.paths import (
    glob_pattern,
    glob_root,
    hidden,
    matches,
    partitions_of,
    split_member,
)
from lakescan.connectors.source import Source
from lakescan.connectors.storage import FileObject, Storage, storage_for
from lakescan.connectors.storage.lookup import STORAGE_SCHEMES
from lakescan.errors import CorruptFileError, LakeError, NotFoundError, UsageError

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
        files = list(_select(storage, uri, selection))
        if not files:
            raise NotFoundError(f"{uri}: nothing to read there", uri=uri)
        with ThreadPoolExecutor(_THREADS) as pool:
            outcomes = list(pool.map(lambda file: _inspect(storage, file, selection), files))
        found = [one for outcome in outcomes if isinstance(outcome, list) for one in outcome]
        failures = [outcome for outcome in outcomes if isinstance(outcome, SourceFailure)]
        yield from group(found, selection.group)
        yield from failures

    def read(self, split: Split, request: ReadRequest) -> Iterator[pa.RecordBatch]:
        """Read one split."""
        uri, _ = split_member(split.uri)
        source = Source(
            storage_for(uri, request.storage),
            uri,
            split.size,
            split.version,
            split.format.compression,
        )
        source.check()
        partitions = partitions_of(uri)
        left = request.max_rows
        batches = format_named(split.format.name).read(source, split, request)
        for batch in _own_errors(batches, source):
            if left is not None:
                batch = batch.slice(0, left)
                left -= batch.num_rows
            yield _with_partitions(batch, partitions, request)
            if left == 0:
                break
        source.check()


def _select(storage: Storage, uri: str, selection: Selection) -> Iterator[FileObject]:
    """The files that a URI, its globs and the selection take."""
    root, pattern = glob_root(uri) if not storage.exists(uri) else (uri, None)
    for file in storage.list(root):
        if file.uri == uri:
            yield file
            continue
        below = file.uri[len(root.rstrip("/")) :].lstrip("/") if file.uri != root else ""
        if pattern and not glob_pattern(pattern).match(file.uri):
            continue
        if hidden(below) or (selection.include and not matches(below, selection.include)):
            continue
        if not matches(below, selection.exclude):
            yield file


def _inspect(
    storage: Storage, file: FileObject, selection: Selection
) -> list[Found] | SourceFailure:
    """The tables of one file, or why there are none."""
    source = Source(storage, file.uri, file.size, file.version)
    try:
        return [Found(file, layout) for layout in _layouts(source, selection)]
    except LakeError as error:
        return SourceFailure(file.uri, error)
    except (pa.ArrowException, OSError, ValueError) as error:
        return SourceFailure(file.uri, _corrupt(file.uri, error))


def _layouts(source: Source, selection: Selection) -> tuple[Layout, ...]:
    with source.stream() as stream:
        head = read_head(stream, SAMPLE_BYTES)
    compression = compression_of(head)
    if compression:
        source = Source(source.storage, source.uri, source.size, source.version, compression)
        with source.stream() as stream:
            head = read_head(stream, SAMPLE_BYTES)
    name = selection.format or detect(source.uri, head)
    return format_named(name).inspect(source, selection)


def _own_errors(batches: Iterator[pa.RecordBatch], source: Source) -> Iterator[pa.RecordBatch]:
    """Turn a decoder's errors into ours; a file that changed underneath says so."""
    try:
        yield from batches
    except LakeError:
        source.check()
        raise
    except (pa.ArrowException, OSError, ValueError) as error:
        source.check()
        raise _corrupt(source.uri, error) from error


def _corrupt(uri: str, error: Exception) -> CorruptFileError:
    """A decoder's complaint, without the values that it may quote."""
    return CorruptFileError(f"{uri}: cannot be decoded ({type(error).__name__})", uri=uri)


def _with_partitions(
    batch: pa.RecordBatch, partitions: tuple[tuple[str, str | None], ...], request: ReadRequest
) -> pa.RecordBatch:
    """The batch with its partition values as columns; a column in the file goes before them."""
    for key, value in partitions:
        if key in batch.schema.names or (
            request.columns is not None and key not in request.columns
        ):
            continue
        values = pa.DictionaryArray.from_arrays(
            pa.repeat(pa.scalar(0 if value is not None else None, pa.int32()), batch.num_rows),
            pa.array([value] if value is not None else [], pa.string()),
        )
        batch = batch.append_column(key, values)
    return batch
