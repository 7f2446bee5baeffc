"""A URI's scheme -> its sink: ours, then those that plug-ins bring."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from importlib.metadata import entry_points

from lakescan.connectors.sinks.protocol import Sink
from lakescan.connectors.sql.address import DIALECTS, FILES
from lakescan.connectors.storage.lookup import STORAGE_SCHEMES, scheme_of
from lakescan.errors import UnknownNameError

#: The entry point group of third-party sinks; each names a class or factory of a `Sink`.
ENTRY_POINT_GROUP = "lakescan.sinks"
#: Ours: schemes, and where the sink that writes them is.
_OURS: tuple[tuple[frozenset[str], str, str], ...] = (
    (STORAGE_SCHEMES, "lakescan.connectors.sinks.files.sink", "FileSink"),
    (frozenset({"kafka"}), "lakescan.connectors.sinks.kafka.sink", "KafkaSink"),
    (frozenset({"iceberg"}), "lakescan.connectors.sinks.iceberg.sink", "IcebergSink"),
    (
        frozenset(scheme for scheme, dialect in DIALECTS.items() if dialect in FILES),
        "lakescan.connectors.sinks.sql.embedded.sink",
        "EmbeddedSink",
    ),
    (
        frozenset(scheme for scheme, dialect in DIALECTS.items() if dialect not in FILES),
        "lakescan.connectors.sinks.sql.servers.sink",
        "ServerSink",
    ),
)


def sink_for(uri: str) -> Sink:
    """The sink that writes ``uri``.

    Raises:
        UnknownNameError: no sink has that scheme.
    """
    scheme = scheme_of(uri).partition("+")[0]
    for schemes, module, name in _OURS:
        if scheme in schemes:
            return _made(module, name)
    plugged = _plugged()
    if scheme not in plugged:
        known = {*plugged, *(one for schemes, _, _ in _OURS for one in schemes)}
        raise UnknownNameError("sink scheme", scheme, known)
    return plugged[scheme]


@lru_cache(maxsize=16)
def _made(module: str, name: str) -> Sink:
    made: Sink = getattr(import_module(module), name)()
    return made


@lru_cache(maxsize=1)
def _plugged() -> dict[str, Sink]:
    known: dict[str, Sink] = {}
    for point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda p: p.name):
        sink: Sink = point.load()()
        known.update(dict.fromkeys(sink.schemes, sink))
    return known
