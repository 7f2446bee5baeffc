"""Which offsets of a topic's partitions a scan reads, and the ranges they are cut into."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from lakescan.connectors.kafka.address import Last, Place
from lakescan.connectors.kafka.broker import PATIENCE, is_end, place_of

if TYPE_CHECKING:
    from confluent_kafka import Consumer

#: Offsets in a range. Ranges begin at multiples of it, so that the next scan cuts at the same
#: places and reads only what has come since.
RANGE = 50_000


@dataclass(frozen=True, slots=True)
class Extent:
    """What a partition holds.

    Args:
        low: the first offset.
        high: one past the last that was committed.
        mean_bytes: of its messages, by the first one.
    """

    low: int
    high: int
    mean_bytes: int


def extents(consumer: Consumer, topic: str, partitions: list[int]) -> dict[int, Extent]:
    """What each partition holds, as fetching from it tells.

    A fetch brings the high watermark along; the answer to ListOffsets is not relied upon, which
    some brokers give as of an earlier time.
    """
    from confluent_kafka import OFFSET_BEGINNING, TopicPartition

    consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in partitions])
    found: dict[int, Extent] = {}
    deadline = time.monotonic() + PATIENCE
    while len(found) < len(partitions) and time.monotonic() < deadline:
        message = consumer.poll(0.2)
        if message is None:
            continue
        ended = is_end(message)
        number, low = place_of(message)
        if message.topic() != topic or number in found:
            continue
        place = TopicPartition(topic, number)
        _, high = consumer.get_watermark_offsets(place, timeout=PATIENCE, cached=True)
        size = 0 if ended else len(message) + len(message.key() or b"")
        found[number] = Extent(low, low if ended else max(high, low + 1), size)
        consumer.pause([place])
    for number in set(partitions) - set(found):
        place = TopicPartition(topic, number)
        low, high = consumer.get_watermark_offsets(place, timeout=PATIENCE)
        found[number] = Extent(low, high, 0)
    consumer.unassign()
    return found


def chosen(
    consumer: Consumer, topic: str, found: dict[int, Extent], low: Place, high: Place
) -> dict[int, Extent]:
    """The extents cut down to what lies between two places.

    A time to end at cuts nothing: producers set timestamps, so that an early one may come late.
    """
    first = _offsets(consumer, topic, found, low)
    late = None if isinstance(high, datetime) else high
    last = _offsets(consumer, topic, found, late)
    return {
        number: Extent(
            extent.low if low is None else min(max(first[number], extent.low), extent.high),
            extent.high if late is None else min(max(last[number], extent.low), extent.high),
            extent.mean_bytes,
        )
        for number, extent in found.items()
    }


def _offsets(
    consumer: Consumer, topic: str, found: dict[int, Extent], place: Place
) -> dict[int, int]:
    if isinstance(place, datetime):
        from confluent_kafka import TopicPartition

        asked = [TopicPartition(topic, number, milliseconds(place)) for number in found]
        told = consumer.offsets_for_times(asked, timeout=PATIENCE)
        # Below zero: all messages are older.
        return {t.partition: found[t.partition].high if t.offset < 0 else t.offset for t in told}
    if isinstance(place, Last):
        return {number: extent.high - place.messages for number, extent in found.items()}
    return dict.fromkeys(found, place or 0)


def milliseconds(when: datetime) -> int:
    """A time as Kafka counts it, since 1970."""
    return int(when.timestamp() * 1000)


def ranges(extent: Extent) -> Iterator[tuple[int, int]]:
    """The extent in half-open ranges, cut at multiples of `RANGE`."""
    low = extent.low
    while low < extent.high:
        high = min(extent.high, (low // RANGE + 1) * RANGE)
        yield low, high
        low = high
