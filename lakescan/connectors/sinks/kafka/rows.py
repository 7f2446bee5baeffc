"""Rows -> messages. A row that comes from a message becomes that message, where it is changed.

Any other row becomes a JSON object, without a key.
"""

from __future__ import annotations

import io
import logging
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

#: Names the parts of a message that were bytes and are text now: ``key``, ``value``, a header.
WAS_BYTES = f"{OURS}was-bytes"
#: What stands in a text for bytes that are none.
_NO_TEXT = "\N{REPLACEMENT CHARACTER}"
_log = logging.getLogger(__name__)


def outgoing(unit: OutputUnit, batches: Iterable[pa.RecordBatch]) -> Iterator[Outgoing]:
    """The messages of a unit, in the order of its rows.

    Raises:
        ChangedSourceError: messages of the source expired meanwhile.
        CorruptFileError: bytes that are no text would have to be changed in part.
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
    were_bytes = 0
    with broker.consumer(split.uri) as consumer:
        messages = ranged(consumer, split.uri, Bounds.of(split))
        for batch in batches:
            for row in _rows(batch):
                message = next(messages, None)
                if message is None:
                    raise _expired(split)
                one = _changed(message, row, unit.output, registry)
                were_bytes += any(name == WAS_BYTES for name, _ in one.headers)
                yield one
        if next(messages, None) is not None:
            raise _expired(split)
    if were_bytes:
        _log.warning(
            "%s: %d messages had bytes that are no UTF-8 text where a rule wanted them changed; "
            "what the rule made of them is text now (header %s)",
            split.uri, were_bytes, WAS_BYTES,
        )  # fmt: skip


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
    changed: list[str] = []
    if isinstance(pairs, list):
        for (name, data), (_, now) in zip(given, pairs, strict=True):
            if not name.startswith(OURS):
                made = _plain(data, now, place)
                headers.append((name, made))
                if _was_bytes(data, made):
                    changed.append(f"headers.{name}")
    headers.append((f"{OURS}source", place.encode()))
    kept = _plain(message.key(), key, place)
    content = _value(message.value(), value, place, registry)
    if _was_bytes(message.key(), kept):
        changed.append("key")
    if registry is None and _was_bytes(message.value(), content):
        changed.append("value")
    if changed:
        headers.append((WAS_BYTES, ",".join(changed).encode()))
    # Without a key a message stays in its partition, so that their order does.
    return Outgoing(
        topic,
        kept,
        content,
        headers,
        max(0, message.timestamp()[1]),
        partition if kept is None else -1,
    )


def _plain(data: bytes | str | None, now: object, place: str) -> bytes | None:
    """Text for what a part of a message was; its very bytes where it is the same.

    Bytes that are no text can be replaced as a whole. If some of them stayed, they would be lost.
    """
    before = data.encode() if isinstance(data, str) else data
    if before is None or not isinstance(now, str):
        return None
    if text(before) == now:
        return before
    if _NO_TEXT in now and not _is_text(before):
        raise CorruptFileError(
            f"{place}: bytes that are no UTF-8 text would have to be changed in part",
            hint="a rule for the whole cell (cells: whole) replaces them; "
            "lakescan stream puts such messages into a topic of their own: --dead-letters",
        )
    return now.encode()


def _was_bytes(data: bytes | str | None, now: bytes | None) -> bool:
    """Whether bytes that are no text became text."""
    return isinstance(data, bytes) and now not in (None, data) and not _is_text(data)


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


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
