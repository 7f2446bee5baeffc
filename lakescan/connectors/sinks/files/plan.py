"""Datasets -> outputs: a file for each file of the source, at the same path; else one a split.

With the compacted layout several files of a folder become one (`compact`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from itertools import groupby

import pyarrow as pa

from lakescan.connectors.formats.detect import COMPRESSIONS, extension_of
from lakescan.connectors.lake.datasets import lake_partitions
from lakescan.connectors.model import Dataset, FileFormat, Split
from lakescan.connectors.paths import any_version, below, glob_root, inside
from lakescan.connectors.sinks.files.beside import checked_beside
from lakescan.connectors.sinks.files.bundle import INSIDE, is_bundle
from lakescan.connectors.sinks.files.compact import compacted
from lakescan.connectors.sinks.files.delta import FORMAT, delta_format, delta_output, delta_path
from lakescan.connectors.sinks.model import FileLayout, Mode, Origin, OutputUnit, Target
from lakescan.connectors.sinks.writers import EXTENSIONS, WRITABLE
from lakescan.connectors.storage.lookup import STORAGE_SCHEMES, absolute, scheme_of
from lakescan.errors import UnsupportedError, UsageError

#: What may stand in the name of an output that is no copy of a file's name.
_ODD = re.compile(r"[^A-Za-z0-9_.=-]+")
_NEW_FORMAT = "parquet"
_ICEBERG = "iceberg"
_NEW_SHEET = "Sheet1"


def plan_files(target: Target, dataset: Dataset, origin: Origin) -> Iterator[OutputUnit]:
    """The outputs of a dataset, in the order of its splits.

    Raises:
        UsageError: an output would be its own source.
        UnsupportedError: the source's format is not written, and no other is named.
    """
    if dataset.format == FORMAT and target.format in (None, FORMAT):
        yield from _delta(target, dataset, origin)
        return
    if target.mode is Mode.IN_PLACE:
        raise UsageError(
            f"{dataset.uri}: files are not written in place",
            hint="name another target, or leave them out with --exclude",
        )
    first = next(iter(dataset.splits), None)
    if first is None or scheme_of(first.uri) not in STORAGE_SCHEMES:
        yield from checked_beside(target, _parts(target, dataset, origin))
        return
    made = _files(dataset)
    if target.layout is FileLayout.COMPACTED:
        made = compacted(made).items()
    units = (_file(target, dataset, origin, uri, splits) for uri, splits in made)
    yield from checked_beside(target, units)


def _files(dataset: Dataset) -> Iterable[tuple[str, tuple[Split, ...]]]:
    """The files of a dataset, each with its splits, which stand together."""
    for uri, splits in groupby(dataset.splits, lambda split: split.uri):
        yield uri, tuple(splits)


def _delta(target: Target, dataset: Dataset, origin: Origin) -> Iterator[OutputUnit]:
    """A new file for each file of a Delta table, in the same partition."""
    table = delta_output(dataset, origin)
    schema = dataset.schema
    if schema is not None:
        schema = pa.schema([field for field in schema if field.name not in dataset.partitions])
    for _, splits in _files(dataset):
        form = delta_format(splits[0].format, table)
        told = "\n".join((target.run_id, table.path, *(split.token for split in splits)))
        unit = hashlib.sha256(told.encode()).hexdigest()[:32]
        yield OutputUnit(
            unit,
            delta_path(table, unit, lake_partitions(splits[0])),
            splits,
            form,
            schema,
            dataset.named,
            dataset.partitions,
            tuple(sorted(origin.storage.items())),
            hashlib.sha256(f"{table.path}\n{table.source}@{table.version}".encode()).hexdigest()[
                :12
            ],
        )


def _file(
    target: Target, dataset: Dataset, origin: Origin, uri: str, splits: tuple[Split, ...]
) -> OutputUnit:
    source = splits[0].format
    form = _format(target, source)
    path = _below(uri, origin.uri)
    if target.format is not None:
        if form.name == source.name == "excel":
            path = path.removesuffix(f"{INSIDE}{source.option('sheet')}")
        path = path.replace(INSIDE, "/")  # what is made anew lies in folders
    if form.name not in WRITABLE:
        raise UnsupportedError(
            f"{uri}: {form.name} is read, but not written",
            hint=f"name one of {', '.join(WRITABLE)} as the format to write",
            uri=uri,
        )
    if target.format is not None and target.format != source.name:
        path = _renamed(path, form)
    path = _in_book(path, form)
    if f"{absolute(target.uri).rstrip('/')}/{inside(path)[0]}" == absolute(inside(uri)[0]):
        raise UsageError(f"{uri}: would be written over itself", hint="name another target")
    return _unit(target, dataset, origin, path, form, splits)


def _parts(target: Target, dataset: Dataset, origin: Origin) -> Iterator[OutputUnit]:
    """What does not come from files: a folder named after the dataset, a file a split."""
    uri = any_version(dataset.uri) if dataset.format == _ICEBERG else dataset.uri
    tail = below(uri, origin.uri).rpartition("://")[2].rpartition("/")
    last = _ODD.sub("_", tail[2].partition("@")[2] or tail[2]).strip("._") or "data"
    folder = f"{tail[0]}/{last}" if tail[0] else last
    form = _format(target, FileFormat(_NEW_FORMAT))
    for number, split in enumerate(dataset.splits):
        path = _in_book(f"{folder}/part-{number:05d}{EXTENSIONS[form.name]}", form)
        yield _unit(target, dataset, origin, path, form, (split,))


def _unit(
    target: Target,
    dataset: Dataset,
    origin: Origin,
    path: str,
    form: FileFormat,
    splits: tuple[Split, ...],
) -> OutputUnit:
    told = "\n".join((target.run_id, path, str(form), *(split.token for split in splits)))
    return OutputUnit(
        hashlib.sha256(told.encode()).hexdigest()[:32],
        path,
        splits,
        form,
        dataset.schema,
        dataset.named,
        dataset.partitions,
        tuple(sorted(origin.storage.items())),
    )


def _below(uri: str, root: str) -> str:
    """The path of a file below the root of its source; just its name where it is the root."""
    file, part = inside(uri)
    base = absolute(glob_root(root)[0]).rstrip("/")
    path = file[len(base) + 1 :] if file.startswith(f"{base}/") else file.rpartition("/")[2]
    # Only what lies in one file is named so.
    path = path.replace(INSIDE, "/")
    return f"{path}{INSIDE}{part}" if part else path


def _in_book(path: str, form: FileFormat) -> str:
    """Where a sheet of a workbook goes; another output's path as it is.

    An old workbook, or one with macros, becomes a plain new one.
    """
    if form.name != "excel":
        return path
    sheet = form.option("sheet") or _NEW_SHEET
    book = path.removesuffix(f"{INSIDE}{sheet}")
    if not is_bundle(book):
        stem, dot, ending = book.rpartition(".")
        plain = stem if dot and ending.lower() in ("xls", "xlsm") else book
        book = f"{plain}{EXTENSIONS[form.name]}"
    return f"{book}{INSIDE}{sheet}"


def _format(target: Target, source: FileFormat) -> FileFormat:
    """The format to write, with the target's options over the source's."""
    if target.format is None or target.format == source.name:
        options = {**dict(source.options), **target.options}
        return FileFormat(source.name, tuple(sorted(options.items())), source.compression)
    return FileFormat(target.format, tuple(sorted(target.options.items())))


def _renamed(path: str, form: FileFormat) -> str:
    """A path with the extension of another format."""
    folder, slash, name = path.rpartition("/")
    for extension in COMPRESSIONS:
        name = name.removesuffix(extension)
    known = extension_of(name)
    stem = name[: -len(known)] if known and len(known) < len(name) else name
    return f"{folder}{slash}{stem}{EXTENSIONS[form.name]}"
