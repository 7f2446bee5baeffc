"""How a dataset is called elsewhere: by the rules of its store, or as the user says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from lakescan.errors import UsageError

#: Scheme -> (platform, namespace's scheme, port) of databases whose URI is server/database/table.
_SERVERS = {
    "postgresql": ("postgres", "postgres", 5432),
    "mysql": ("mysql", "mysql", 3306),
    "mariadb": ("mariadb", "mysql", 3306),
    "mssql": ("mssql", "mssql", 1433),
    "oracle": ("oracle", "oracle", 1521),
}
_STORES = {"s3": "s3", "s3a": "s3", "gs": "gcs", "abfss": "abs", "abfs": "abs", "az": "abs"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a dataset is, apart from any catalog.

    Args:
        platform: what keeps it, as DataHub calls it: ``s3``, ``postgres``, ``kafka``, ...
        namespace: the data source, as OpenLineage names it: ``s3://lake``.
        name: the dataset in it, as OpenLineage names it: ``crm/people.csv``, ``shop.crm.people``.
        parts: database, schema and table where the store has such names; else empty.
    """

    platform: str
    namespace: str
    name: str
    parts: tuple[str, ...] = ()


def place_of(uri: str) -> Place:
    """Name a dataset by the OpenLineage naming specification, or by its rule for what it lacks.

    The rule (spec/Naming.md): the namespace is ``scheme://authority``, the name the path.
    """
    scheme, colon, rest = uri.partition("://")
    scheme = scheme.lower()
    if not colon:
        return _local(uri)
    if scheme == "file":
        return Place("file", "file", rest)
    if scheme in _STORES:
        bucket, _, key = rest.partition("/")
        kept = {"s3a": "s3", "abfs": "abfss"}.get(scheme, scheme)
        return Place(_STORES[scheme], f"{kept}://{bucket}", key or "/")
    if scheme in _SERVERS:
        return _server(uri, scheme)
    if scheme in ("sqlite", "duckdb"):
        file, _, table = rest.partition("?")[0].partition("!/")
        parts = tuple(unquote(part) for part in table.split("/") if part)
        path = file.removeprefix("/")
        return Place(scheme, scheme, f"{path}/{'.'.join(parts)}", parts)
    if scheme == "kafka":
        brokers, _, topic = rest.partition("?")[0].partition("/")
        first = brokers.split(",")[0]
        return Place("kafka", f"kafka://{first}", topic, (topic,))
    authority, _, path = rest.partition("?")[0].partition("/")
    parts = tuple(part for part in path.split("/") if part)
    if scheme == "iceberg":
        return Place("iceberg", f"iceberg://{authority}", ".".join(parts), (authority, *parts))
    return Place(scheme, f"{scheme}://{authority}", path)


def _local(uri: str) -> Place:
    if "/" in uri or "\\" in uri:
        return Place("file", "file", uri)
    parts = tuple(part.strip("`") for part in uri.split("."))  # a table of a Spark catalog
    return Place("hive", "spark", ".".join(parts), parts)


def _server(uri: str, scheme: str) -> Place:
    platform, kept, usual = _SERVERS[scheme]
    address = urlsplit(uri)
    parts = tuple(unquote(part) for part in address.path.split("/") if part)
    host, port = address.hostname or "localhost", address.port or usual
    return Place(platform, f"{kept}://{host}:{port}", ".".join(parts), parts)


@dataclass(frozen=True, slots=True)
class Names:
    """What datasets are called in a catalog, by the beginning of their URIs.

    Args:
        rules: ``s3://lake/crm/`` -> ``main.crm``: what follows in the URI is appended by parts,
            without the file's ending. The longest rule that fits is taken.
    """

    rules: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, texts: Iterable[str]) -> Names:
        """Read rules of the form ``URI=NAME``.

        Raises:
            UsageError: one is not of that form.
        """
        rules = {}
        for text in texts:
            prefix, equals, name = text.rpartition("=")
            if not (equals and prefix and name):
                raise UsageError(
                    f"--name takes URI=NAME, not {text!r}", hint="such as s3://lake/crm/=main.crm"
                )
            rules[prefix] = name
        return cls(rules)

    def of(self, uri: str) -> tuple[str, ...]:
        """The parts of a dataset's name; empty where nothing says how it is called."""
        fitting = [prefix for prefix in self.rules if _begins(uri, prefix)]
        if not fitting:
            return place_of(uri).parts
        prefix = max(fitting, key=len)
        rest = uri[len(prefix) :].strip("/")
        parts = [part for part in rest.replace("!/", "/").split("/") if part and part != "*"]
        if parts:
            parts[-1] = _stem(parts[-1])
        return (*self.rules[prefix].split("."), *parts)


def _begins(uri: str, prefix: str) -> bool:
    """Whether a URI is at or below a prefix, which ends where a part of the path ends."""
    if not uri.startswith(prefix):
        return False
    return prefix.endswith("/") or uri[len(prefix) : len(prefix) + 1] in ("", "/", "!")


def _stem(name: str) -> str:
    """``customers`` of ``customers.csv.gz``, and of ``customers-*.csv``."""
    return name.partition(".")[0].rstrip("*-_") or name
