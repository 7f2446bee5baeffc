"""The data files of an Iceberg snapshot, one manifest after the other.

pyiceberg's own plan of a snapshot is a list of all its files. Here a driver keeps them on disk, and
a worker knows those of the manifests that it read last; both hold the files of deletes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING

from lakescan.connectors.model import FileFormat, Hidden, Split
from lakescan.connectors.scratch import Cell, Scratch, packed, unpacked, whole
from lakescan.connectors.shelf import LazySplits
from lakescan.errors import UnsupportedError

if TYPE_CHECKING:
    from pyiceberg.manifest import ManifestEntry, ManifestFile
    from pyiceberg.table import FileScanTask, Table
    from pyiceberg.table.delete_file_index import DeleteFileIndex

#: Manifests that are read at once; of each some thousands of files.
_READ = 4
_FILES = """
CREATE TABLE files (number INTEGER PRIMARY KEY, path BLOB, version TEXT, size INT, rows INT,
                    manifest INT)"""
_ALL = """
SELECT number, path, version, size, rows, manifest FROM files WHERE number > ? ORDER BY number"""


class Snapshot:
    """The manifests of a snapshot, which never change.

    Raises:
        UnsupportedError: rows are deleted by their values (equality deletes).
    """

    def __init__(self, table: Table, number: int) -> None:
        from pyiceberg.manifest import ManifestContent

        self.table = table
        self.number = number
        found = table.snapshot_by_id(number)
        manifests = [] if found is None else found.manifests(table.io)
        self._data = [one for one in manifests if one.content == ManifestContent.DATA]
        self._deletes = _index(
            table, [one for one in manifests if one.content == ManifestContent.DELETES]
        )

    def tasks(self) -> Iterator[tuple[int, FileScanTask]]:
        """All files that have rows, each after the number of its manifest."""
        left = enumerate(self._data)
        with ThreadPoolExecutor(_READ) as pool:
            while some := list(islice(left, _READ)):
                read = pool.map(self._entries, [manifest for _, manifest in some])
                for (number, _), entries in zip(some, read, strict=True):
                    for entry in entries:
                        yield number, self._task(entry)

    def manifest(self, number: int) -> Mapping[str, FileScanTask]:
        """The files of a manifest, by their paths."""
        entries = self._entries(self._data[number])
        return {entry.data_file.file_path: self._task(entry) for entry in entries}

    def _entries(self, manifest: ManifestFile) -> list[ManifestEntry]:
        entries = manifest.fetch_manifest_entry(self.table.io)
        return [entry for entry in entries if entry.data_file.record_count]

    def _task(self, entry: ManifestEntry) -> FileScanTask:
        from pyiceberg.table import FileScanTask

        file = entry.data_file
        deletes = self._deletes.for_data_file(entry.sequence_number or 0, file, file.partition)
        return FileScanTask(file, deletes)


def _index(table: Table, manifests: list[ManifestFile]) -> DeleteFileIndex:
    from pyiceberg.manifest import DataFileContent
    from pyiceberg.table.delete_file_index import DeleteFileIndex

    index = DeleteFileIndex()
    for manifest in manifests:
        for entry in manifest.fetch_manifest_entry(table.io):
            if entry.data_file.content != DataFileContent.POSITION_DELETES:
                raise UnsupportedError(
                    f"{'.'.join(table.name())}: rows are deleted by their values (equality deletes)"
                )
            index.add_delete_file(entry, entry.data_file.partition)
    return index


class SnapshotSplits(LazySplits):
    """The splits of a snapshot, a data file with its deletes each.

    Args:
        table: the table's URI and what comes between it and a file's path.
        snapshot: has the files.
    """

    def __init__(self, table: str, snapshot: Snapshot) -> None:
        self._scratch = Scratch(_FILES)
        self._table = table
        self._snapshot = snapshot.number
        schema = str(snapshot.table.schema().schema_id)
        self._format = FileFormat("iceberg", (("schema", schema),))
        self.size = self._count = 0
        self._scratch.run_many(
            "INSERT INTO files (path, version, size, rows, manifest) VALUES (?, ?, ?, ?, ?)",
            (self._row(manifest, task) for manifest, task in snapshot.tasks()),
        )

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Split]:
        for page in self._scratch.pages(_ALL):
            for _, path, version, size, rows, manifest in page:
                yield Split(
                    f"{self._table}{unpacked(path)}",
                    str(version),
                    self._format,
                    size=whole(size),
                    rows=None if rows is None else whole(rows),
                    access=Hidden(f"{self._snapshot}/{whole(manifest)}"),
                )

    def _row(self, manifest: int, task: FileScanTask) -> tuple[Cell, ...]:
        file = task.file
        self._count += 1
        self.size += file.file_size_in_bytes
        rows = None if task.delete_files else file.record_count
        return (packed(file.file_path), _version(task), file.file_size_in_bytes, rows, manifest)


def _version(task: FileScanTask) -> str:
    """Files are never written twice: a data file changes when deletes are added to it."""
    names = sorted(f"{file.file_path}:{file.file_size_in_bytes}" for file in task.delete_files)
    return hashlib.sha256("\n".join([task.file.file_path, *names]).encode()).hexdigest()[:16]
