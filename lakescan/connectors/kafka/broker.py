"""Connections to brokers through confluent-kafka, and what they complain of as our errors."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lakescan.errors import (
    ChangedSourceError,
    CredentialError,
    LakeError,
    MissingDependencyError,
    NotFoundError,
    TransientError,
    UsageError,
)

if TYPE_CHECKING:
    from confluent_kafka import Consumer, KafkaError, Message

#: A file of librdkafka's properties, one ``name=value`` a line, as for Kafka's own tools.
CONFIG_VARIABLE = "LAKESCAN_KAFKA_CONFIG"
#: Connection properties with this prefix are librdkafka's.
PREFIX = "kafka."
#: Seconds until a broker that does not answer is given up.
PATIENCE = 15.0
_HINT = f"check the broker's address, and the properties in ${CONFIG_VARIABLE}"


class Broker:
    """A cluster, by the addresses of some of its brokers; gives out consumers.

    Args:
        brokers: ``host:port``, comma-separated.
        storage: connection properties; of these ``kafka.*``.
    """

    def __init__(self, brokers: str, storage: Mapping[str, str]) -> None:
        self._brokers = brokers
        self._properties = _file_properties() | {
            name.removeprefix(PREFIX): value
            for name, value in storage.items()
            if name.startswith(PREFIX)
        }
        self._refused: KafkaError | None = None

    @contextmanager
    def consumer(self, uri: str) -> Iterator[Consumer]:
        """A consumer that belongs to no group's history: nothing it reads is committed.

        Raises:
            MissingDependencyError: confluent-kafka is not installed.
            CredentialError: the cluster refuses us.
            TransientError: it does not answer.
        """
        try:
            import confluent_kafka
        except ImportError:
            raise MissingDependencyError("confluent-kafka", "kafka") from None
        settings = {
            "group.id": "lakescan",
            "client.id": "lakescan",
            "isolation.level": "read_committed",
            "socket.timeout.ms": int(PATIENCE * 1000),
        } | self._properties
        settings |= {
            "bootstrap.servers": self._brokers,
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "error",
            "error_cb": self._complain,
        }
        try:
            made = confluent_kafka.Consumer(settings, logger=_SILENT)
        except confluent_kafka.KafkaException as error:
            raise UsageError(
                f"{uri}: the Kafka client takes no such properties: {error.args[0].str()}",
                hint=f"check ${CONFIG_VARIABLE}",
            ) from None
        try:
            yield made
        except confluent_kafka.KafkaException as error:
            raise self.error(uri, error.args[0]) from None
        finally:
            made.close()

    def _complain(self, error: KafkaError) -> None:
        """Remember why the cluster refuses us: calls only say that they waited in vain."""
        if error.code() in _codes("_AUTHENTICATION", "SASL_AUTHENTICATION_FAILED", "_SSL"):
            self._refused = error

    def error(self, uri: str, error: KafkaError) -> LakeError:
        """Our error for one of Kafka's."""
        code, name = error.code(), error.name()
        if self._refused is not None:
            return CredentialError(f"{uri}: refused ({self._refused.name()})", hint=_HINT, uri=uri)
        if code in _codes(
            "TOPIC_AUTHORIZATION_FAILED", "GROUP_AUTHORIZATION_FAILED",
            "CLUSTER_AUTHORIZATION_FAILED", "SASL_AUTHENTICATION_FAILED",
        ):  # fmt: skip
            hint = "the login may not Describe and Read the topic, or not use the group lakescan"
            return CredentialError(f"{uri}: refused ({name})", hint=hint, uri=uri)
        if code in _codes("UNKNOWN_TOPIC_OR_PART", "_UNKNOWN_TOPIC", "_UNKNOWN_PARTITION"):
            return NotFoundError(f"{uri}: no such topic", uri=uri)
        if code in _codes("OFFSET_OUT_OF_RANGE", "_AUTO_OFFSET_RESET"):
            hint = "scan again; a scan has to be quicker than the topic's retention"
            return ChangedSourceError(f"{uri}: messages expired meanwhile", hint=hint, uri=uri)
        return TransientError(f"{uri}: the broker does not answer ({name})", hint=_HINT, uri=uri)


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


def _codes(*names: str) -> set[int]:
    from confluent_kafka import KafkaError

    return {getattr(KafkaError, name) for name in names}


def _file_properties() -> dict[str, str]:
    path = os.environ.get(CONFIG_VARIABLE)
    if not path:
        return {}
    try:
        lines = Path(path).read_text("utf-8").splitlines()
    except OSError as error:
        raise UsageError(f"{CONFIG_VARIABLE}: {path} cannot be read: {error.strerror}") from None
    pairs = (line.partition("=") for line in lines if line.strip() and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}
