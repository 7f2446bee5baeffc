"""The connector: topics are datasets, ranges of a partition's offsets are splits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa

from lakescan.connectors.cells import check_cells
from lakescan.connectors.kafka.address import SCHEME, Address
from lakescan.connectors.kafka.broker import Broker
from lakescan.connectors.kafka.listing import Listing
from lakescan.connectors.kafka.messages import SCHEMA, Bounds, batches
from lakescan.connectors.kafka.offsets import chosen, extents, milliseconds, ranges
from lakescan.connectors.kafka.values import decoder
from lakescan.connectors.model import (
    Dataset,
    FileFormat,
    ReadRequest,
    Selection,
    SourceFailure,
    Split,
)
from lakescan.connectors.paths import matches
from lakescan.errors import LakeError, NotFoundError

if TYPE_CHECKING:
    from confluent_kafka import Consumer


class KafkaConnector:
    """Reads topics between two places of each partition; see `Connector`.

    A topic has the columns ``key``, ``value`` and ``headers``, all text; what JSON, or Avro with a
    schema registry, holds stands below ``value.$``. Internal topics (``__...``) are left out.
    """

    schemes = frozenset({SCHEME})

    def discover(self, uri: str, selection: Selection) -> Iterator[Dataset | SourceFailure]:
        """List topics, and what their partitions hold now."""
        address = Address.parse(uri)
        broker = Broker(address.brokers, selection.storage)
        with broker.consumer(address.uri) as consumer:
            listing = Listing.of(broker, consumer, address.topic, address.uri)
            topics = [name for name in listing.topics if _is_wanted(name, selection)]
            if not topics:
                raise NotFoundError(f"{address.uri}: no such topic", uri=address.uri)
            for topic in topics:
                one = replace(address, topic=topic)
                try:
                    partitions = listing.topics[topic]
                    if isinstance(partitions, LakeError):
                        raise partitions
                    yield _dataset(consumer, one, list(partitions))
                except LakeError as error:
                    if topic == address.topic:
                        raise
                    yield SourceFailure(one.uri, error)

    def read(self, split: Split, request: ReadRequest) -> Iterator[pa.RecordBatch]:
        """Read one range of offsets."""
        address = Address.parse(split.uri)
        left = request.max_rows
        broker = Broker(address.brokers, request.storage)
        decode = decoder(request.storage)
        with broker.consumer(split.uri) as consumer:
            for batch in batches(
                consumer, split.uri, Bounds.of(split), decode, request.batch_bytes
            ):
                rows = batch if left is None else batch.slice(0, left)
                check_cells(rows, request.max_cell_bytes, split.uri)
                yield (
                    rows
                    if request.columns is None
                    else rows.select([name for name in SCHEMA.names if name in request.columns])
                )
                if left is not None and (left := left - rows.num_rows) <= 0:
                    return


def _is_wanted(topic: str, selection: Selection) -> bool:
    if selection.include and not matches(topic, selection.include):
        return False
    return not matches(topic, selection.exclude)


def _dataset(consumer: Consumer, address: Address, partitions: list[int]) -> Dataset:
    found = extents(consumer, address.topic, partitions)
    wanted = chosen(consumer, address.topic, found, address.low, address.high)
    times = tuple(
        (name, str(milliseconds(place)))
        for name, place in (("since", address.low), ("until", address.high))
        if isinstance(place, datetime)
    )
    splits = tuple(
        Split(
            replace(address, partition=number).uri,
            version=f"{number}:{start}-{stop}",
            format=FileFormat("kafka", times),
            start=start,
            stop=stop,
            unit="offset",
            size=(stop - start) * max(1, extent.mean_bytes),
        )
        for number, extent in sorted(wanted.items())
        for start, stop in ranges(extent)
    )
    digest = hashlib.sha256("\n".join(split.token for split in splits).encode())
    return Dataset(
        address.uri,
        "kafka",
        digest.hexdigest()[:16],
        splits,
        SCHEMA,
        size=sum(split.size for split in splits),
    )
