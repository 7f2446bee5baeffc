"""Iceberg tables behind a catalog, through pyiceberg: a data file with its deletes is a split.

The catalog is known by its name, and where it is by pyiceberg's own configuration
(``~/.pyiceberg.yaml``, ``PYICEBERG_CATALOG__NAME__URI``), which workers need too; so no secret is
ever in a URI.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import pyarrow as pa

from lakescan.connectors.cells import check_cells
from lakescan.connectors.lake.iceberg_files import Snapshot, SnapshotSplits
from lakescan.connectors.model import Dataset, ReadRequest, Selection, SourceFailure, Split
from lakescan.connectors.paths import matches
from lakescan.connectors.sql.driver_errors import driver_errors
from lakescan.errors import (
    ChangedSourceError,
    CredentialError,
    LakeError,
    LakescanError,
    MissingDependencyError,
    NotFoundError,
    TransientError,
    UnsupportedError,
    UsageError,
)

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog
    from pyiceberg.table import FileScanTask, Table

_SCHEME = "iceberg"
_FILE = "!/"
#: Whose files a worker keeps: those of a manifest are read one after the other.
_MANIFESTS = 4
#: Seconds that a REST catalog is given for its first word.
_PATIENCE = 15.0
#: Characters of what a REST catalog says that are told on.
_TOLD = 300


@dataclass(frozen=True, slots=True)
class Place:
    """``iceberg://catalog/namespace/table@snapshot``; a namespace's levels are joined by dots."""

    catalog: str
    namespace: str = ""
    table: str = ""
    snapshot: int | None = None

    @classmethod
    def parse(cls, uri: str) -> Place:
        path = uri.partition("://")[2].partition(_FILE)[0]
        catalog, *names = [unquote(part) for part in path.split("/") if part] or [""]
        if ":" in catalog or "@" in catalog:  # neither used nor repeated
            raise UsageError(
                "iceberg:// URIs hold no login: it would be seen",
                hint="write iceberg://catalog/namespace/table, with the catalog's configured name",
            )
        if not catalog or len(names) > 2:
            raise UsageError(
                f"{uri}: names no catalog, or too much",
                hint="write iceberg://catalog/namespace/table",
            )
        namespace, table = [*names, "", ""][:2]
        name, at, number = table.rpartition("@")
        if at and number.isdigit():
            return cls(catalog, namespace, name, int(number))
        return cls(catalog, namespace, table)

    @property
    def uri(self) -> str:
        names = "/".join(quote(n, safe="") for n in (self.catalog, self.namespace, self.table) if n)
        return f"{_SCHEME}://{names}" + (f"@{self.snapshot}" if self.snapshot is not None else "")


class IcebergConnector:
    """Reads tables of Iceberg catalogs; see `Connector`."""

    schemes = frozenset({_SCHEME})

    def discover(self, uri: str, selection: Selection) -> Iterator[Dataset | SourceFailure]:
        """List the tables of a catalog or namespace, and the files of each snapshot."""
        place = Place.parse(uri)
        with iceberg_errors(place.uri):
            tables = list(_tables(catalog_named(place.catalog), place, selection))
        if not tables:
            raise NotFoundError(f"{place.uri}: no tables there", uri=place.uri)
        for table in tables:
            try:
                with iceberg_errors(table.uri):
                    yield _dataset(table)
            except LakescanError as error:
                if place.table:
                    raise
                yield SourceFailure(table.uri, error)

    def read(self, split: Split, request: ReadRequest) -> Iterator[pa.RecordBatch]:
        """Read one data file, without the rows that its delete files take out."""
        from pyiceberg.expressions import AlwaysTrue
        from pyiceberg.io.pyarrow import ArrowScan

        place = Place.parse(split.uri)
        with iceberg_errors(split.uri):
            number, _, manifest = split.access.partition("/")
            snapshot = _snapshot(place.catalog, place.namespace, place.table, int(number))
            task = _tasks(snapshot, int(manifest)).get(split.uri.partition(_FILE)[2])
            if task is None:
                raise ChangedSourceError(f"{split.uri}: no file of the snapshot", uri=split.uri)
            table = snapshot.table
            scan = table.scan(
                snapshot_id=snapshot.number,
                selected_fields=request.columns if request.columns is not None else ("*",),
            )
            reader = ArrowScan(table.metadata, table.io, scan.projection(), AlwaysTrue())
            left = request.max_rows
            for batch in reader.to_record_batches([task]):
                rows = batch if left is None else batch.slice(0, left)
                check_cells(rows, request.max_cell_bytes, split.uri)
                yield rows
                if left is not None and (left := left - rows.num_rows) <= 0:
                    break


def _tables(catalog: Catalog, place: Place, selection: Selection) -> Iterator[Place]:
    if place.table:
        yield place
        return
    spaces = [place.namespace] if place.namespace else _namespaces(catalog)
    for space in spaces:
        for identifier in sorted(catalog.list_tables(tuple(space.split(".")))):
            path = f"{space}/{identifier[-1]}"
            if selection.include and not matches(path, selection.include):
                continue
            if not matches(path, selection.exclude):
                yield Place(place.catalog, space, identifier[-1])


def _namespaces(catalog: Catalog) -> list[str]:
    found, waiting = [], [tuple(name) for name in catalog.list_namespaces()]
    while waiting:
        name = waiting.pop()
        found.append(".".join(name))
        waiting += [tuple(n) for n in catalog.list_namespaces(name) if len(n) > len(name)]
    return sorted(found)


def _dataset(place: Place) -> Dataset:
    table = _table(place.catalog, place.namespace, place.table)
    snapshot = table.current_snapshot()
    if place.snapshot is not None:
        snapshot = table.snapshot_by_id(place.snapshot)
        if snapshot is None:
            raise NotFoundError(f"{place.uri}: no such snapshot", uri=place.uri)
    schema = table.schema().as_arrow()
    if snapshot is None:  # a table without rows yet
        return Dataset(place.uri, _SCHEME, "empty", (), schema)
    known = Snapshot(table, snapshot.snapshot_id)
    splits = SnapshotSplits(
        f"{Place(place.catalog, place.namespace, place.table).uri}{_FILE}", known
    )
    return Dataset(place.uri, _SCHEME, str(known.number), splits, schema, size=splits.size)


@lru_cache(maxsize=8)
def _snapshot(catalog: str, namespace: str, name: str, number: int) -> Snapshot:
    """A worker looks once at what never changes."""
    return Snapshot(_table(catalog, namespace, name), number)


@lru_cache(maxsize=_MANIFESTS)
def _tasks(snapshot: Snapshot, manifest: int) -> Mapping[str, FileScanTask]:
    return snapshot.manifest(manifest)


def _table(catalog: str, namespace: str, name: str) -> Table:
    return catalog_named(catalog).load_table((*namespace.split("."), name))


def catalog_named(name: str) -> Catalog:
    """A catalog, where pyiceberg's configuration says that it is."""
    try:
        from pyiceberg.catalog import load_catalog
        from pyiceberg.utils.config import Config
    except ModuleNotFoundError as error:
        raise MissingDependencyError("pyiceberg", "iceberg") from error
    # As the environment is now: what pyiceberg read of it when it was imported may be old.
    found = Config().get_catalog_config(name) or {}
    given = {str(key): str(value) for key, value in found.items()}
    if given.get("uri", "").startswith(("http://", "https://")):
        _greeted(given["uri"])
    return load_catalog(name, **given)


@lru_cache(maxsize=16)
def _greeted(url: str) -> None:
    """Make sure that a REST catalog answers at all: pyiceberg would wait for ever.

    Any answer will do, a refusal too: what it says is for pyiceberg to hear.

    Raises:
        TransientError: it lets us in, and says nothing.
    """
    from urllib.error import HTTPError, URLError
    from urllib.request import urlopen

    try:
        urlopen(f"{url.rstrip('/')}/v1/config", timeout=_PATIENCE).close()  # noqa: S310 - as given
    except TimeoutError:
        silent = True
    except HTTPError as error:
        error.close()
        return
    except URLError as error:
        silent = isinstance(error.reason, TimeoutError)
    except OSError:
        return
    else:
        return
    if silent:
        raise TransientError(
            f"{url}: the catalog does not answer in {_PATIENCE:.0f} seconds",
            hint="check its address and the network",
            uri=url,
        )


@contextmanager
def iceberg_errors(uri: str) -> Iterator[None]:
    """Turn pyiceberg's errors into ours."""
    try:
        from pyiceberg import exceptions as theirs
    except ModuleNotFoundError as error:
        raise MissingDependencyError("pyiceberg", "iceberg") from error
    try:
        yield
    except LakeError:
        raise
    except (theirs.NoSuchTableError, theirs.NoSuchNamespaceError):
        raise NotFoundError(f"{uri}: no such table or namespace", uri=uri) from None
    except (theirs.UnauthorizedError, theirs.ForbiddenError, theirs.OAuthError):
        raise CredentialError(f"{uri}: the catalog refuses us", uri=uri) from None
    except driver_errors() as error:  # whose texts may quote the login
        name = type(error).__name__
        raise TransientError(
            f"{uri}: the catalog's database does not answer, or refuses us ({name})",
            hint="check the catalog's uri, its login, and that its server runs",
            uri=uri,
        ) from None
    except FileNotFoundError:
        raise NotFoundError(f"{uri}: a file of the table is not there", uri=uri) from None
    except PermissionError:
        raise CredentialError(f"{uri}: a file of the table is refused", uri=uri) from None
    except (NotImplementedError, theirs.ValidationError) as error:
        name = type(error).__name__
        raise UnsupportedError(f"{uri}: uses what cannot be read ({name})", uri=uri) from None
    except ValueError as error:
        if "catalog" in str(error).lower() or "uri" in str(error).lower():
            raise UsageError(
                f"{uri}: nothing says where that catalog is",
                hint="set PYICEBERG_CATALOG__NAME__URI, or write ~/.pyiceberg.yaml",
            ) from None
        raise UnsupportedError(f"{uri}: uses what cannot be read (ValueError)", uri=uri) from None
    except (OSError, theirs.RESTError) as error:
        said = str(error).partition("\n")[0][:_TOLD] if isinstance(error, theirs.RESTError) else ""
        name = said or type(error).__name__
        raise TransientError(f"{uri}: the catalog or its files failed ({name})", uri=uri) from None
