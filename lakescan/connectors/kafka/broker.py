"""Connections to brokers through confluent-kafka: consumers, members of groups, producers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from lakescan.connectors.kafka.refusals import Refusals
from lakescan.connectors.kafka.settings import CONFIG_VARIABLE, client_properties
from lakescan.errors import LakeError, MissingDependencyError, UsageError

if TYPE_CHECKING:
    from confluent_kafka import Consumer, KafkaError, Message, Producer
    from confluent_kafka.admin import AdminClient

#: Seconds until a broker that does not answer is given up.
PATIENCE = 15.0
#: Milliseconds that a broker may wait for more messages before it says that there are none.
_NEWS_MS = 50
#: What a consumer holds of messages that were fetched ahead.
_AHEAD_KBYTES = 32 << 10
#: What a producer holds of messages that are on their way.
_BEHIND_KBYTES = 64 << 10


class Broker:
    """A cluster, by the addresses of some of its brokers; gives out clients.

    Args:
        brokers: ``host:port``, comma-separated.
        storage: connection properties; see `lakescan.connectors.kafka.settings`.
    """

    def __init__(self, brokers: str, storage: Mapping[str, str]) -> None:
        self._brokers = brokers
        self._properties = client_properties(brokers, storage)
        self._refusals = Refusals()

    @contextmanager
    def consumer(self, uri: str) -> Iterator[Consumer]:
        """A consumer that belongs to no group's history: nothing it reads is committed.

        Raises:
            MissingDependencyError: confluent-kafka is not installed.
            CredentialError: the cluster refuses us.
            TransientError: it does not answer.
        """
        # At its end a partition is asked for news that nobody waits for.
        own = {"group.id": "lakescan", "fetch.wait.max.ms": _NEWS_MS}
        with self._consumer(uri, own | self._properties) as made:
            yield made

    @contextmanager
    def member(self, uri: str, group: str) -> Iterator[Consumer]:
        """A member of a consumer group, which commits when it is told to; errors as `consumer`."""
        settings = {"queued.max.messages.kbytes": _AHEAD_KBYTES} | self._properties
        with self._consumer(uri, settings | {"group.id": group}) as made:
            yield made

    @contextmanager
    def producer(
        self, uri: str, transactional_id: str | None = None, open_for: float | None = None
    ) -> Iterator[Producer]:
        """A producer; of transactions, where it has a name for them.

        Args:
            uri: for errors.
            transactional_id: names its transactions.
            open_for: seconds that one of them may take; None for the client's default.

        Raises:
            MissingDependencyError, CredentialError, TransientError: as `consumer`.
            TerminalError: another producer of that name took over.
        """
        import_client()
        import confluent_kafka

        settings: dict[str, object] = {
            "client.id": "lakescan",
            "queue.buffering.max.kbytes": _BEHIND_KBYTES,
            "linger.ms": 5,
            # Java's: equal keys go to the partition where its producers put them.
            "partitioner": "murmur2_random",
            "socket.timeout.ms": int(PATIENCE * 1000),
        }
        if open_for is not None:
            settings["transaction.timeout.ms"] = int(open_for * 1000)
        settings |= self._properties
        settings |= {
            "bootstrap.servers": self._brokers,
            "enable.idempotence": True,
            "error_cb": self._refusals.note,
        }
        if transactional_id is not None:
            settings["transactional.id"] = transactional_id
        with self._errors(uri):
            made = confluent_kafka.Producer(settings, logger=_SILENT)
        try:
            with self._errors(uri):
                if transactional_id is not None:
                    made.init_transactions(PATIENCE)
                yield made
        finally:
            made.purge()
            made.flush(1)

    def admin(self, uri: str) -> AdminClient:
        """What makes and deletes topics; errors as `consumer`."""
        import_client()
        from confluent_kafka.admin import AdminClient

        settings: dict[str, Any] = {
            "client.id": "lakescan",
            "socket.timeout.ms": int(PATIENCE * 1000),
            **self._properties,
            "bootstrap.servers": self._brokers,
            "error_cb": self._refusals.note,
        }
        with self._errors(uri):
            return AdminClient(settings, logger=_SILENT)

    @contextmanager
    def _consumer(self, uri: str, settings: Mapping[str, object]) -> Iterator[Consumer]:
        import_client()
        import confluent_kafka

        every: dict[str, object] = {
            "client.id": "lakescan",
            "isolation.level": "read_committed",
            "socket.timeout.ms": int(PATIENCE * 1000),
        }
        every |= settings
        every |= {
            "bootstrap.servers": self._brokers,
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "error",
            "error_cb": self._refusals.note,
        }
        with self._errors(uri):
            made = confluent_kafka.Consumer(every, logger=_SILENT)
        try:
            with self._errors(uri):
                yield made
        finally:
            made.close()

    @contextmanager
    def _errors(self, uri: str) -> Iterator[None]:
        import confluent_kafka

        try:
            yield
        except confluent_kafka.KafkaException as error:
            told = error.args[0]
            if told.name() in ("_INVALID_ARG", "_CONF"):
                raise UsageError(
                    f"{uri}: the Kafka client takes no such properties: {told.str()}",
                    hint=f"check ${CONFIG_VARIABLE}",
                ) from None
            raise self.error(uri, told) from None

    def error(self, uri: str, error: KafkaError) -> LakeError:
        """Our error for one of Kafka's."""
        return self._refusals.error(uri, error)


def import_client() -> None:
    """Make sure that the client's package is there.

    Raises:
        MissingDependencyError: it is not.
    """
    try:
        import confluent_kafka  # noqa: F401 - that it is there is what is asked
    except ImportError:
        raise MissingDependencyError("confluent-kafka", "kafka") from None


def place_of(message: Message) -> tuple[int, int]:
    """The partition and the offset of a message that came from a broker."""
    partition, offset = message.partition(), message.offset()
    assert partition is not None
    assert offset is not None
    return partition, offset


def is_end(message: Message) -> bool:
    """Whether it is no message but the news that a partition's end is reached.

    Raises:
        KafkaException: it is the news of an error.
    """
    error = message.error()
    if error is None:
        return False
    if error.name() == "_PARTITION_EOF":
        return True
    from confluent_kafka import KafkaException

    raise KafkaException(error)


class _Silent:
    """Takes librdkafka's log lines, which would go to standard error; errors come as errors."""

    def log(self, *_: object) -> None:
        """Drop one."""


_SILENT = _Silent()
