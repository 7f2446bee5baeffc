"""Rows -> messages. A row that comes from a message becomes that message, where it is changed.

Any other row becomes a JSON object, without a key.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import orjson
import pyarrow as pa

from lakescan.connectors.kafka.address import SCHEME, Address
from lakescan.connectors.kafka.avro import UNREADABLE, as_json, read_record
from lakescan.connectors.kafka.broker import Broker, place_of
from lakescan.connectors.kafka.codec import Decoded
from lakescan.connectors.kafka.messages import SCHEMA, Bounds, ranged, text
from lakescan.connectors.kafka.registry import HEAD, Registry
from lakescan.connectors.kafka.transactions import OURS, Headers, Outgoing
from lakescan.connectors.model import FileFormat, Split
from lakescan.connectors.sinks.kafka.staging import headers_of
from lakescan.connectors.sinks.model import OutputUnit
from lakescan.connectors.sinks.writers import Draft, open_writer
from lakescan.connectors.storage.lookup import scheme_of
from lakescan.errors import ChangedSourceError, CorruptFileError

if TYPE_CHECKING:
    from confluent_kafka import Message


def outgoing(unit: OutputUnit, batches: Iterable[pa.RecordBatch]) -> Iterator[Outgoing]:
    """The messages of a unit, in the order of its rows.

    Raises:
        ChangedSourceError: messages of the source expired meanwhile.
        CorruptFileError: bytes that are no text would have to be changed.
    """
    if unit.splits and scheme_of(unit.splits[0].uri) == SCHEME:
        yield from _copied(unit, batches)
        return
    for batch in batches:
        for line in _lines(batch, unit.output):
            yield Outgoing(unit.output, None, line, [])


def _lines(batch: pa.RecordBatch, output: str) -> list[bytes]:
    out = io.BytesIO()
    writer = open_writer(
        pa.PythonFile(out, "w"), Draft(FileFormat("jsonl"), batch.schema, uri=output)
    )
    writer.write(batch)
    writer.close()
    return out.getvalue().splitlines()


def _copied(unit: OutputUnit, batches: Iterable[pa.RecordBatch]) -> Iterator[Outgoing]:
    (split,) = unit.splits
    storage = dict(unit.storage)
    broker = Broker(Address.parse(split.uri).brokers, storage)
    registry = Registry.named(storage)
    with broker.consumer(split.uri) as consumer:
        messages = ranged(consumer, split.uri, Bounds.of(split))
        for batch in batches:
            for row in _rows(batch):
                message = next(messages, None)
                if message is None:
                    raise _expired(split)
                yield _changed(message, row, unit.output, registry)
        if next(messages, None) is not None:
            raise _expired(split)


def _rows(batch: pa.RecordBatch) -> Iterator[tuple[object, object, object]]:
    """Key, value and headers of each row; None of a column that the policy dropped."""
    names = batch.schema.names
    gone: list[None] = [None] * batch.num_rows
    columns = [
        batch.column(names.index(name)).to_pylist() if name in names else gone
        for name in SCHEMA.names
    ]
    return zip(*columns, strict=True)


def _changed(
    message: Message, row: tuple[object, object, object], topic: str, registry: Registry | None
) -> Outgoing:
    """A message with what became of its parts; what is as it was keeps its very bytes."""
    key, value, pairs = row
    partition, offset = place_of(message)
    place = f"{message.topic()}:{partition}:{offset}"
    given = headers_of(message)
    headers: Headers = []
    if isinstance(pairs, list):
        for (name, data), (_, now) in zip(given, pairs, strict=True):
            if not name.startswith(OURS):
                headers.append((name, _plain(data, now, place)))
    headers.append((f"{OURS}source", place.encode()))
    kept = _plain(message.key(), key, place)
    # Without a key a message stays in its partition, so that their order does.
    return Outgoing(
        topic,
        kept,
        _value(message.value(), value, place, registry),
        headers,
        max(0, message.timestamp()[1]),
        partition if kept is None else -1,
    )


def _plain(data: bytes | str | None, now: object, place: str) -> bytes | None:
    before = data.encode() if isinstance(data, str) else data
    if before is None or not isinstance(now, str):
        return None
    if text(before) == now:
        return before
    try:
        before.decode()
    except UnicodeDecodeError:
        raise CorruptFileError(
            f"{place}: bytes that are no UTF-8 text would have to be changed",
            hint="lakescan stream puts such messages into a topic of their own: --dead-letters",
        ) from None
    return now.encode()


def _value(
    data: bytes | str | None, now: object, place: str, registry: Registry | None
) -> bytes | None:
    """A value in the form that it had: Avro with its schema's number, or text."""
    raw = data.encode() if isinstance(data, str) else data
    if registry is None or raw is None or not isinstance(now, str) or raw[:1] != b"\0":
        return _plain(raw, now, place)
    if len(raw) < HEAD.size:
        return _plain(raw, now, place)
    schema = registry.schema(HEAD.unpack_from(raw)[1])
    try:
        record = read_record(raw, schema)
    except UNREADABLE:
        return _plain(raw, now, place)
    if as_json(record) == now:
        return raw
    if isinstance(record, str):
        return Decoded(raw, record, record=record, schema=schema).encoded(str(orjson.loads(now)))
    return Decoded(raw, as_json(record), record=record, schema=schema).encoded(now)


def _expired(split: Split) -> ChangedSourceError:
    return ChangedSourceError(
        f"{split.uri}: messages expired while they were read", hint="run again", uri=split.uri
    )
