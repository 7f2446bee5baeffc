"""A URI's scheme -> its connector: ours, then those that plug-ins bring."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import entry_points

import pyarrow as pa

from lakescan.connectors.damage import Damage
from lakescan.connectors.files import FileConnector
from lakescan.connectors.kafka import KafkaConnector
from lakescan.connectors.lake.iceberg import IcebergConnector
from lakescan.connectors.model import Dataset, ReadRequest, Selection, SourceFailure, Split
from lakescan.connectors.protocol import Connector
from lakescan.connectors.sql.address import DIALECTS, Address
from lakescan.connectors.sql.connector import SqlConnector
from lakescan.connectors.storage.lookup import scheme_of
from lakescan.connectors.utf8 import mended
from lakescan.errors import UnknownNameError

#: The entry point group of third-party connectors; each names a class or factory of a `Connector`.
ENTRY_POINT_GROUP = "lakescan.connectors"


def connector_for(uri: str) -> Connector:
    """The connector that reads ``uri``.

    Raises:
        UnknownNameError: no connector has that scheme.
    """
    scheme = scheme_of(uri)
    connectors = _connectors()
    if scheme not in connectors:
        unknown = UnknownNameError("source scheme", scheme, connectors)
        unknown.hint = unknown.hint or "choose from " + ", ".join(sorted(connectors))
        raise unknown
    return connectors[scheme]


def discover(uri: str, selection: Selection | None = None) -> Iterator[Dataset | SourceFailure]:
    """List the datasets under ``uri``; see `Connector.discover`."""
    return connector_for(uri).discover(uri, selection or Selection())


def read(split: Split, request: ReadRequest | None = None) -> Iterator[pa.RecordBatch]:
    """Read one split; see `Connector.read`. All strings are UTF-8, whatever the source holds."""
    request = request or ReadRequest()
    damage = request.damage or Damage()
    for batch in connector_for(split.uri).read(split, request):
        yield mended(batch, damage)


@lru_cache(maxsize=1)
def _connectors() -> dict[str, Connector]:
    known: dict[str, Connector] = {}
    for point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda p: p.name):
        connector: Connector = point.load()()
        known.update(dict.fromkeys(connector.schemes, connector))
    for ours in (FileConnector(), IcebergConnector(), KafkaConnector(), SqlConnector()):
        known.update(dict.fromkeys(ours.schemes, ours))
    return known


def shown(uri: str) -> str:
    """A URI as reports and records have it: a database's without its login and options."""
    if scheme_of(uri).partition("+")[0] in DIALECTS:
        return Address.parse(uri).shown
    return uri
