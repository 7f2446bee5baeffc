"""What a message's value says to a scan: text, or Avro behind a schema registry's number."""

from __future__ import annotations

from collections.abc import Mapping

from lakescan.connectors.kafka.avro import UNREADABLE, as_json, read_record
from lakescan.connectors.kafka.messages import Decode, text
from lakescan.connectors.kafka.registry import HEAD, Registry


def decoder(storage: Mapping[str, str]) -> Decode:
    """How values are decoded: with a schema registry, Avro as JSON; all else is text."""
    registry = Registry.named(storage)
    return text if registry is None else _Avro(registry)


class _Avro:
    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def __call__(self, data: bytes) -> str:
        if len(data) < HEAD.size or data[0] != 0:
            return text(data)
        schema = self._registry.schema(HEAD.unpack_from(data)[1])
        try:
            return as_json(read_record(data, schema))
        except UNREADABLE:
            return text(data)
