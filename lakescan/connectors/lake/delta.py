"""Delta tables: the log says which files are the table; what else lies below is stale.

A table is told by its folder ``_delta_log`` (Delta's transaction log protocol). An older version of
it is written ``folder@v12``, as Delta's own tools do.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pyarrow as pa

from lakescan.connectors.storage.lookup import scheme_of, storage_for
from lakescan.errors import (
    ChangedSourceError,
    CorruptFileError,
    LakeError,
    MissingDependencyError,
    NotFoundError,
    UnsupportedError,
)

if TYPE_CHECKING:
    from deltalake import DeltaTable

#: A commit's or a checkpoint's name is its version, of twenty digits.
_COMMIT = re.compile(r"(.+?)/_delta_log/\d{20}\..+")
#: What has to be there for a table to be described: its log, and its deletion vectors.
_DESCRIBES = re.compile(r"_delta_log/(_sidecars/)?[^/]+|([^/.]+/)?deletion_vector_[^/]+\.bin")
_AS_OF = re.compile(r"(.+)@v(\d+)/?")
_MAPPED = "delta.columnMapping.mode"


@dataclass(frozen=True, slots=True)
class DeltaFile:
    """One data file of a version.

    Args:
        partitions: columns with their values, which do not stand in the file.
        kept: for each row whether it is still there; None where all are.
    """

    partitions: tuple[tuple[str, str | None], ...]
    kept: pa.BooleanArray | None = None


@dataclass(frozen=True, slots=True)
class DeltaSnapshot:
    """A version of a table.

    Args:
        root: its folder, without a slash at its end.
        version: its number.
        schema: its columns, partitions too.
        files: what it consists of, by URI.
    """

    root: str
    version: int
    schema: pa.Schema
    files: Mapping[str, DeltaFile]


def delta_roots(uris: Iterable[str]) -> list[str]:
    """The folders among what was listed that are Delta tables, outermost only."""
    roots = {found[1] for uri in uris if (found := _COMMIT.fullmatch(uri))}
    return sorted(
        root for root in roots if not any(root.startswith(other + "/") for other in roots)
    )


def as_of(uri: str) -> tuple[str, int | None]:
    """A table's folder, and the version that its URI asks for."""
    found = _AS_OF.fullmatch(uri)
    return (found[1], int(found[2])) if found else (uri, None)


def delta_snapshot(root: str, version: int | None, storage: Mapping[str, str]) -> DeltaSnapshot:
    """Read a table's log.

    Raises:
        MissingDependencyError: deltalake is not installed.
        NotFoundError: there is no such version.
        UnsupportedError: the table uses what cannot be read.
        CorruptFileError: the log is broken.
    """
    try:
        from deltalake import DeltaTable
        from deltalake.exceptions import DeltaError, TableNotFoundError
    except ModuleNotFoundError as error:
        raise MissingDependencyError("deltalake", "delta") from error
    try:
        with delta_log(root, storage) as (place, options):
            table = DeltaTable(place, version=version, storage_options=options)
            return _told(root, place, table)
    except LakeError:
        raise
    except TableNotFoundError:
        raise NotFoundError(f"{root}: no such Delta table", uri=root) from None
    except (DeltaError, OSError, ValueError) as error:
        if version is not None:
            raise NotFoundError(f"{root}: no version {version}", uri=root) from None
        name = type(error).__name__
        raise CorruptFileError(f"{root}: its Delta log cannot be read ({name})", uri=root) from None


def _told(root: str, place: str, table: DeltaTable) -> DeltaSnapshot:
    if table.metadata().configuration.get(_MAPPED, "none") != "none":
        raise UnsupportedError(f"{root}: its columns are mapped to other names", uri=root)
    schema = pa.schema(table.schema().to_arrow())
    return DeltaSnapshot(root, table.version(), schema, _files(root, place, table))


@contextmanager
def delta_log(root: str, storage: Mapping[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Where deltalake finds a table's log, and what it has to be told of that place.

    It opens local disks and S3 itself. Of any other store, whose logins it would have to be told,
    it gets a copy of the log and of the deletion vectors, without the data; `add_commit` brings
    back what it writes there.
    """
    if _is_deltalakes(root):
        yield root, _options(root, storage)
        return
    store = storage_for(root, storage)
    with tempfile.TemporaryDirectory(prefix="lakescan-delta-") as folder:
        for found in store.list(f"{root}/"):
            name = found.uri.removeprefix(f"{root}/")
            if _DESCRIBES.fullmatch(name):
                copy = Path(folder, name)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(store.read_bytes(found.uri))
        yield folder, {}


def add_commit(root: str, place: str, storage: Mapping[str, str]) -> bool:
    """Put the last commit of a copied log into the table's own: of two writers one succeeds.

    A commit's file is made only where there is none of its number (Delta's protocol, "Delta Log
    Entries"), by the store's own conditional write.

    Args:
        root: the table's folder.
        place: as `delta_log` told it; where that is the table itself, all is done.
        storage: connection properties.

    Returns:
        False where another writer has made that version meanwhile.
    """
    if _is_deltalakes(root):
        return True
    last = max(Path(place, "_delta_log").glob("[0-9]*.json"))
    uri = f"{root}/_delta_log/{last.name}"
    try:
        storage_for(root, storage).write_bytes(uri, last.read_bytes(), if_absent=True)
    except ChangedSourceError:
        return False
    return True


def _is_deltalakes(root: str) -> bool:
    return scheme_of(root) in ("file", "s3")


def _files(root: str, place: str, table: DeltaTable) -> dict[str, DeltaFile]:
    actions = pa.table(table.get_add_actions(flatten=True))
    keys = table.metadata().partition_columns
    values = [actions.column(f"partition.{key}").cast(pa.string()).to_pylist() for key in keys]
    vectors = pa.table(table.deletion_vectors())
    kept = {
        _uri(root, path).replace(place, root, 1): mask.values
        for path, mask in zip(
            vectors.column("filepath").to_pylist(),
            vectors.column("selection_vector").combine_chunks(),
            strict=True,
        )
    }
    found = {}
    for row, path in enumerate(actions.column("path").to_pylist()):
        uri = _uri(root, path)
        pairs = tuple((key, column[row]) for key, column in zip(keys, values, strict=True))
        found[uri] = DeltaFile(pairs, kept.get(uri))
    return found


def _uri(root: str, path: str) -> str:
    """A data file as storage lists it; the log has it encoded, and relative or whole."""
    plain = unquote(path)
    if plain.startswith("file://"):
        return plain.removeprefix("file://")
    return plain if "://" in plain or plain.startswith("/") else f"{root}/{plain}"


def _options(root: str, storage: Mapping[str, str]) -> dict[str, str]:
    """What deltalake has to be told of storage; the rest it finds in the environment."""
    if scheme_of(root) == "file":
        return {}
    endpoint = storage.get("endpoint") or os.environ.get("AWS_ENDPOINT_URL", "")
    given = {"AWS_REGION": storage.get("region", "")}
    if endpoint:
        given |= {"AWS_ENDPOINT_URL": endpoint}
    if endpoint.startswith("http://"):
        given |= {"AWS_ALLOW_HTTP": "true"}
    if storage.get("anonymous") == "true":
        given |= {"AWS_SKIP_SIGNATURE": "true"}
    return {name: value for name, value in given.items() if value}
