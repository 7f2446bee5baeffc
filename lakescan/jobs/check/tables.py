"""Whether a database or a catalog lets us in, shows us tables and gives us their rows."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from urllib.parse import urlsplit

from lakescan.connectors import Connector, Dataset, ReadRequest, Selection, SourceFailure
from lakescan.connectors.storage.lookup import scheme_of
from lakescan.errors import CredentialError, LakescanError, UsageError
from lakescan.jobs.check.model import Outcome, Step
from lakescan.jobs.check.network import reach

#: Tables that are looked at.
_TABLES = 3
#: Where a server listens if the URI has no port.
_PORTS: Mapping[str, int] = MappingProxyType(
    {"postgresql": 5432, "postgres": 5432, "mysql": 3306, "mariadb": 3306, "mssql": 1433,
     "sqlserver": 1433, "oracle": 1521}
)  # fmt: skip


def ask_tables(uri: str, connector: Connector, storage: Mapping[str, str]) -> Iterator[Step]:
    """Reach the server that the URI names, list some tables, and read a row of one.

    Args:
        uri: as a scan has it.
        connector: that reads it.
        storage: connection properties.
    """
    selection = Selection(storage=storage)
    yield from _reached(uri)
    try:
        found = list(itertools.islice(connector.discover(uri, selection), _TABLES))
    except LakescanError as error:
        yield _failed(_step_of(error), error)
        return
    if not found:
        yield Step("discover", Outcome.NOTED, "nothing to read", "check the name")
        return
    yield Step("discover", Outcome.OK, ", ".join(one.uri for one in found))
    yield _read(found, connector, storage)


def _reached(uri: str) -> Iterator[Step]:
    """Only where the URI itself names the server; without its login, which reports would show."""
    scheme = scheme_of(uri)
    place = uri.partition("://")[2].partition("/")[0].rpartition("@")[2]
    try:
        parts = urlsplit(f"{scheme}://{place}")
        port = parts.port or _PORTS.get(scheme.partition("+")[0])
    except ValueError:
        return
    if parts.hostname and port and "," not in parts.hostname:  # of several, the driver finds one
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        yield from (s for s in reach(f"{scheme}://{host}:{port}") if s.name != "tls")


def _read(
    found: Sequence[Dataset | SourceFailure], connector: Connector, storage: Mapping[str, str]
) -> Step:
    """A row of the first table; what is refused is told, also where others are not."""
    refused = [one for one in found if not isinstance(one, Dataset)]
    if refused:
        error = refused[0].error
        outcome = Outcome.NOTED if len(refused) < len(found) else Outcome.FAILED
        return Step("read", outcome, error.message, error.hint)
    try:
        for one in found:
            for split in one.splits[:1] if isinstance(one, Dataset) else ():
                batches = connector.read(split, ReadRequest(max_rows=1, storage=storage))
                if any(batch.num_rows for batch in batches):
                    return Step("read", Outcome.OK, f"a row of {one.uri}")
    except LakescanError as error:
        return _failed("read", error)
    return Step("read", Outcome.NOTED, "no rows in these tables")


def _step_of(error: LakescanError) -> str:
    if "TLS: " in error.message:
        return "tls"
    if isinstance(error, UsageError):
        return "source"
    return "credentials" if isinstance(error, CredentialError) else "discover"


def _failed(name: str, error: LakescanError) -> Step:
    return Step(name, Outcome.FAILED, error.message, error.hint)
