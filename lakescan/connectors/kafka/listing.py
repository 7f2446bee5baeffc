"""What a cluster tells of its topics."""

from __future__ import annotations

import fnmatch
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lakescan.connectors.kafka.broker import PATIENCE, Broker
from lakescan.errors import LakeError, NotFoundError, TransientError

if TYPE_CHECKING:
    from confluent_kafka import Consumer, KafkaError
    from confluent_kafka.admin._metadata import ClusterMetadata

#: Seconds of one turn of asking.
_TURN = 1.0
_GLOB = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class Listing:
    """The topics that a name or a glob means.

    Args:
        cluster: its id; empty where it has none.
        topics: name -> its partitions, or why they are not told.
    """

    cluster: str
    topics: Mapping[str, tuple[int, ...] | LakeError]

    @classmethod
    def of(cls, broker: Broker, consumer: Consumer, topic: str, uri: str) -> Listing:
        """Ask.

        A topic that has a name is asked for by it: of one that we may not see, a cluster only
        then says so. No topic is made by asking.

        Args:
            broker: for its errors.
            consumer: of it.
            topic: a name, a glob, or empty for all; internal ones only by name.
            uri: for errors.

        Raises:
            NotFoundError: there is none.
        """
        named = bool(topic) and not _GLOB.search(topic)
        told = _told(broker, consumer, topic if named else None, uri)
        found: dict[str, tuple[int, ...] | LakeError] = {}
        names: list[str] = sorted(told.topics)
        for name in names:
            hidden = name.startswith("__") and name != topic
            if hidden or not (name == topic or fnmatch.fnmatchcase(name, topic or "*")):
                continue
            one = told.topics[name]
            error: KafkaError | None = one.error
            partitions = tuple(sorted(one.partitions))
            found[name] = partitions if error is None else broker.error(uri, error)
        if not found:
            raise NotFoundError(f"{uri}: no such topic", uri=uri)
        # The stub has it as None always.
        cluster: object = vars(told).get("cluster_id")
        return cls(str(cluster or ""), found)

    @property
    def names(self) -> list[str]:
        """All of them.

        Raises:
            LakeError: the first one that is not told of.
        """
        for partitions in self.topics.values():
            if isinstance(partitions, LakeError):
                raise partitions
        return list(self.topics)


def _told(broker: Broker, consumer: Consumer, topic: str | None, uri: str) -> ClusterMetadata:
    """Ask in short turns: a refusal is told between them, and needs no more patience."""
    from confluent_kafka import KafkaException

    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            answer: ClusterMetadata = (
                consumer.list_topics(timeout=_TURN)
                if topic is None
                else consumer.list_topics(topic, timeout=_TURN)
            )
        except KafkaException as error:
            consumer.poll(0)
            told = broker.error(uri, error.args[0])
            if not isinstance(told, TransientError) or time.monotonic() > deadline:
                raise told from None
        else:
            return answer
