"""Messages that become visible together with the offsets of those that they were made of."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lakescan.connectors.kafka.broker import PATIENCE, Broker
from lakescan.connectors.kafka.refusals import FENCED, REBALANCED
from lakescan.errors import TerminalError, TransientError

if TYPE_CHECKING:
    from confluent_kafka import KafkaError, Message, Producer, TopicPartition

_log = logging.getLogger(__name__)

Headers = list[tuple[str, bytes | None]]
#: Our own headers begin so; those of an earlier run are replaced.
OURS = "lakescan."
#: So often a commit that got no answer is asked for: it is the same commit. For longer than a
#: broker keeps a transaction open (Kafka's producer setting `transaction.timeout.ms`, 60 s).
_ASKED = 5


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to be written.

    Args:
        topic: where to.
        key: decides on the partition; None for any.
        value: None for a tombstone.
        headers: in order.
        timestamp: milliseconds since 1970; 0 for now.
        partition: where to, before what the key says; below zero for that.
    """

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers
    timestamp: int = 0
    partition: int = -1


@dataclass(frozen=True, slots=True)
class Consumed:
    """What a transaction's messages were made of.

    Args:
        positions: where each partition stands once it is committed.
        group: the consumer group's metadata, as `Consumer.consumer_group_metadata` gives it.
    """

    positions: list[TopicPartition]
    group: object


def transact(
    broker: Broker, uri: str, producer: Producer, batch: Iterable[Outgoing], consumed: Consumed
) -> None:
    """Write messages and offsets, all or nothing.

    Args:
        broker: for its errors.
        uri: where to; for errors.
        producer: of transactions, ready.
        batch: the messages.
        consumed: what is committed with them.

    Raises:
        TransientError: the transaction was aborted; the messages are to be taken again.
        TerminalError: another process took over; nothing of this one shows. Or the broker never
            said whether it committed: only a process that begins anew can find out.
    """
    from confluent_kafka import KafkaException

    try:
        producer.begin_transaction()
        for one in batch:
            enqueue(producer, one)
        producer.send_offsets_to_transaction(consumed.positions, consumed.group, PATIENCE)
        _commit(producer, uri)
    except KafkaException as error:
        told: KafkaError = error.args[0]
        if told.fatal() or told.name() in FENCED:
            raise broker.error(uri, told) from None
        _abort(broker, uri, producer)
        if told.retriable() or told.txn_requires_abort() or told.name() in REBALANCED:
            message = f"{uri}: a transaction was aborted ({told.name()})"
            raise TransientError(message, uri=uri) from None
        raise broker.error(uri, told) from None


def enqueue(producer: Producer, one: Outgoing, failed: list[KafkaError] | None = None) -> None:
    """Hand a message to the client; waits while it holds as many as it may.

    Args:
        producer: takes it.
        one: the message.
        failed: gets the errors of those that did not arrive; a transaction tells by itself.
    """

    def heard(error: KafkaError | None, _: Message) -> None:
        if error is not None and failed is not None:
            failed.append(error)

    while True:
        try:
            producer.produce(
                one.topic,
                value=one.value,
                key=one.key,
                headers=list(one.headers),
                timestamp=one.timestamp,
                partition=one.partition,
                on_delivery=None if failed is None else heard,
            )
        except BufferError:
            producer.poll(0.1)
        else:
            return


def _commit(producer: Producer, uri: str) -> None:
    from confluent_kafka import KafkaException

    for _ in range(_ASKED):
        try:
            producer.commit_transaction(PATIENCE)
        except KafkaException as error:
            told = error.args[0]
            if not told.retriable() or told.txn_requires_abort():
                raise
            _log.warning("a commit got no answer (%s); asking again", told.name())
        else:
            return
    # Neither aborted nor begun again by this producer: it may have been committed.
    raise TerminalError(
        f"{uri}: the broker did not say in {_ASKED * PATIENCE:.0f} seconds whether it committed",
        hint="start it again: it goes on from what was committed, and nothing comes twice",
        uri=uri,
    )


def _abort(broker: Broker, uri: str, producer: Producer) -> None:
    from confluent_kafka import KafkaException

    try:
        producer.purge()
        producer.abort_transaction(PATIENCE)
    except KafkaException as error:
        raise broker.error(uri, error.args[0]) from None
