"""The run folder in storage: its layout, and the manifest that says what in it counts.

manifest.json                     the commit point: written once, last, on a condition
run.json, columns.parquet, ...    what people open: copies of what the manifest names
_lakescan/RUN/begun.json          a run that began
_lakescan/RUN/parts/*.arrow       its partial results, readable by later runs
_lakescan/RUN/run.json, ...       its reports
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import IO

import orjson

from lakescan.connectors import Storage, storage_for
from lakescan.connectors.storage.local import local_path
from lakescan.connectors.storage.lookup import scheme_of
from lakescan.errors import CorruptFileError, NotFoundError

MANIFEST = "manifest.json"
LEDGER = "_lakescan"
_LAYOUT = 1
_PIECE = 4 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What of a run folder counts.

    Args:
        run_id: the run that was committed.
        files: a report's name -> its path in the folder.
        parts: paths of all parts that make up the run, earlier runs' among them.
        layout: version of the folder's layout.
        token: storage's version of the manifest itself; empty before it is stored.
    """

    run_id: str
    files: Mapping[str, str]
    parts: tuple[str, ...]
    layout: int = _LAYOUT
    token: str = field(default="", compare=False)

    def to_json(self) -> bytes:
        """As it is stored."""
        value = asdict(self)
        del value["token"]
        return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


class RunFolder:
    """A run folder, local or in object storage.

    Args:
        uri: where.
        storage: connection properties.
    """

    def __init__(self, uri: str, storage: Mapping[str, str]) -> None:
        self.uri = folder_uri(uri)
        self._storage: Storage = storage_for(self.uri, storage)

    def at(self, path: str) -> str:
        """The URI of a path in the folder."""
        return f"{self.uri}/{path}"

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        return self._storage.read_bytes(self.at(path))

    def write(self, path: str, data: bytes) -> None:
        """Write a file, whole."""
        self._storage.write_bytes(self.at(path), data)

    def copy(self, source: IO[bytes], path: str) -> None:
        """Write a file, whole, of one on this machine, a piece at a time."""
        source.seek(0)
        with self._storage.writing(self.at(path)) as sink:
            while piece := source.read(_PIECE):
                sink.write(piece)

    def delete(self, path: str) -> None:
        """Remove a file."""
        self._storage.delete(self.at(path))

    def ledger_paths(self) -> Iterator[str]:
        """Paths of all files of all runs' ledgers."""
        for file in self._storage.list(self.at(LEDGER) + "/"):
            yield file.uri[len(self.uri) + 1 :]

    def manifest(self) -> Manifest | None:
        """The manifest; None before a first run is committed.

        Raises:
            CorruptFileError: it is none of ours.
        """
        uri = self.at(MANIFEST)
        try:
            token = self._storage.stat(uri).version
            value = orjson.loads(self._storage.read_bytes(uri))
        except NotFoundError:
            return None
        except orjson.JSONDecodeError as error:
            raise CorruptFileError("not a manifest of lakescan", uri=uri) from error
        if value.get("layout") != _LAYOUT:
            raise CorruptFileError(
                f"the run folder has layout {value.get('layout')}, this lakescan knows {_LAYOUT}",
                uri=uri,
            )
        return Manifest(value["run_id"], value["files"], tuple(value["parts"]), token=token)

    def commit(self, manifest: Manifest, before: Manifest | None) -> None:
        """Make ``manifest`` the folder's, provided that ``before`` still is.

        Raises:
            ChangedSourceError: another run was committed in the meantime.
        """
        uri = self.at(MANIFEST)
        if before is None:
            self._storage.write_bytes(uri, manifest.to_json(), if_absent=True)
        else:
            self._storage.write_bytes(uri, manifest.to_json(), if_match=before.token)

    def published(self, name: str) -> bytes:
        """A report of the committed run, by its name (``run.json``).

        Of a folder of which only the reports were copied, it is the copy.

        Raises:
            NotFoundError: no run was committed here.
        """
        manifest = self.manifest()
        if manifest is not None and name in manifest.files:
            with contextlib.suppress(NotFoundError):
                return self.read(manifest.files[name])
        return self.read(name)


def folder_uri(uri: str) -> str:
    """A folder's URI without its last slash; of a local folder, its absolute path."""
    local = scheme_of(uri) == "file"
    return (local_path(uri) if local else uri).rstrip("/")
