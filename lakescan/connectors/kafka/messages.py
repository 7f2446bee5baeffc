"""Messages -> Arrow: key, value and headers as text; JSON in a value is found there as anywhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from lakescan.connectors.kafka.address import Address
from lakescan.connectors.kafka.broker import PATIENCE, is_end, place_of
from lakescan.connectors.model import Split
from lakescan.errors import TransientError

if TYPE_CHECKING:
    from confluent_kafka import Consumer, Message

SCHEMA = pa.schema(
    [
        ("key", pa.large_string()),
        ("value", pa.large_string()),
        ("headers", pa.map_(pa.string(), pa.large_string())),
    ]
)
#: Messages asked for at once, and seconds that the client waits for so many.
_AT_ONCE, _WAIT = 1000, 0.1


@dataclass(frozen=True, slots=True)
class Bounds:
    """Which messages of a partition are wanted.

    Args:
        topic: its name.
        partition: its number.
        start: the first offset.
        stop: one past the last.
        since: the earliest timestamp, in milliseconds since 1970; None for any.
        until: the first timestamp that is too late; None for any.
    """

    topic: str
    partition: int
    start: int
    stop: int
    since: int | None = None
    until: int | None = None

    @classmethod
    def of(cls, split: Split) -> Bounds:
        """Those of a split."""
        address = Address.parse(split.uri)
        assert address.partition is not None
        assert split.stop is not None
        since, until = (split.format.option(name) for name in ("since", "until"))
        return cls(
            address.topic,
            address.partition,
            split.start,
            split.stop,
            int(since) if since else None,
            int(until) if until else None,
        )

    def hold(self, message: Message) -> bool:
        """Whether a message's timestamp is wanted. Producers set it, so it need not ascend."""
        _, when = message.timestamp()
        return (self.since is None or when >= self.since) and (
            self.until is None or when < self.until
        )


class Decode(Protocol):
    """Bytes of a message's value -> text."""

    def __call__(self, data: bytes) -> str:
        """Decode; bytes that are no text are replaced (U+FFFD)."""


def batches(
    consumer: Consumer,
    uri: str,
    bounds: Bounds,
    decode: Decode,
    batch_bytes: int,
) -> Iterator[pa.RecordBatch]:
    """The messages of a range of a partition's offsets, in batches bounded by their bytes.

    Offsets that are not there (compacted, or of transactions) are passed over.

    Args:
        consumer: fresh.
        uri: for errors.
        bounds: the range.
        decode: for values.
        batch_bytes: about how large a batch becomes.

    Raises:
        TransientError: the broker stopped answering.
    """
    rows: list[Message] = []
    size = 0
    for message in ranged(consumer, uri, bounds):
        rows.append(message)
        size += len(message) + len(message.key() or b"")
        if size >= batch_bytes:
            yield batch(rows, decode)
            rows, size = [], 0
    if rows:
        yield batch(rows, decode)


def ranged(consumer: Consumer, uri: str, bounds: Bounds) -> Iterator[Message]:
    """The messages themselves; arguments and errors as `batches`."""
    from confluent_kafka import TopicPartition

    consumer.assign([TopicPartition(bounds.topic, bounds.partition, bounds.start)])
    at, heard = bounds.start, time.monotonic()
    while at < bounds.stop:
        for message in consumer.consume(_AT_ONCE, timeout=_WAIT):
            at = bounds.stop if is_end(message) else place_of(message)[1] + 1
            if is_end(message) or at > bounds.stop:
                break
            if bounds.hold(message):
                yield message
            heard = time.monotonic()  # whoever takes one may take his time
        if at < bounds.stop and time.monotonic() - heard > PATIENCE:
            raise TransientError(f"{uri}: the broker stopped answering", uri=uri)


def batch(messages: list[Message], decode: Decode) -> pa.RecordBatch:
    """Messages as rows."""
    keys = [None if (key := m.key()) is None else text(key) for m in messages]
    values = [None if (value := m.value()) is None else decode(value) for m in messages]
    headers = [_headers(m) for m in messages]
    arrays = [pa.array(c, f.type) for c, f in zip((keys, values, headers), SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def text(data: bytes | str) -> str:
    """Bytes as text."""
    return data if isinstance(data, str) else data.decode("utf-8", "replace")


def _headers(message: Message) -> list[tuple[str, str | None]] | None:
    given = message.headers()
    if given is None:
        return None
    pairs = given.items() if isinstance(given, dict) else given
    return [(name, None if value is None else text(value)) for name, value in pairs]
