"""What the runs of a target write down, in a topic of one partition: first come counts.

``__lakescan.NAME``       begun, receipt, commit and abort, in the order in which they came
``__lakescan.NAME.RUN``   what a run has staged; gone once the run is over

A commit counts if the group ``lakescan.NAME`` stands right behind it in that topic: the offset is
committed in the transaction of the run's messages, so that both show or neither.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import orjson

from lakescan.connectors.kafka.address import Address
from lakescan.connectors.kafka.broker import PATIENCE, Broker, import_client, is_end, place_of
from lakescan.connectors.sinks.model import Committed, Staged, Target, Unfinished
from lakescan.errors import TransientError

if TYPE_CHECKING:
    from confluent_kafka import Consumer, KafkaError, Message, Producer, TopicPartition

_PREFIX = "__lakescan."
#: What a topic's name may hold (Kafka, org.apache.kafka.common.internals.Topic).
_ODD = re.compile(r"[^A-Za-z0-9._-]")
#: Names of topics have at most 249 characters.
_LONGEST = 100
#: Neither is to go while a run needs it.
_KEPT = {"cleanup.policy": "delete", "retention.ms": "-1"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was written down.

    Args:
        place: its offset.
        kind: ``begun``, ``receipt``, ``commit`` or ``abort``.
        run: of which run.
        told: the rest.
    """

    place: int
    kind: str
    run: str
    told: Mapping[str, object]


class RunLog:
    """The log of a target, as one of its runs sees it.

    Args:
        target: the run's.
    """

    def __init__(self, target: Target) -> None:
        import_client()
        self.address = Address.parse(target.uri)
        self.uri = self.address.uri
        self.run = target.run_id
        self.storage = target.storage
        self.broker = Broker(self.address.brokers, target.storage)
        name = _ODD.sub("_", self.address.topic)[:_LONGEST]
        self.group = f"lakescan.{name}"
        self.topic = f"{_PREFIX}{name}"
        self.staging = f"{self.topic}.{_ODD.sub('_', self.run)[:_LONGEST]}"

    def prepare(self) -> None:
        """Make the topics that are not there."""
        from confluent_kafka import KafkaException
        from confluent_kafka.cimpl import NewTopic

        wanted = [
            NewTopic(name, num_partitions=1, replication_factor=-1, config=_KEPT)
            for name in (self.topic, self.staging)
        ]
        admin = self.broker.admin(self.uri)
        for made in admin.create_topics(wanted).values():
            try:
                made.result(PATIENCE)
            except KafkaException as error:
                if error.args[0].name() != "TOPIC_ALREADY_EXISTS":
                    raise self.broker.error(self.uri, error.args[0]) from None
            except TimeoutError:
                raise self._silence() from None

    def clean(self) -> None:
        """Remove what the run staged."""
        from confluent_kafka import KafkaException

        admin = self.broker.admin(self.uri)
        for gone in admin.delete_topics([self.staging]).values():
            try:
                gone.result(PATIENCE)
            except KafkaException as error:
                if error.args[0].name() != "UNKNOWN_TOPIC_OR_PART":
                    raise self.broker.error(self.uri, error.args[0]) from None
            except TimeoutError:
                raise self._silence() from None

    def entries(self) -> list[Entry]:
        """All of the log; nothing where there is none."""
        found = []
        for message in self.messages(self.topic):
            told = orjson.loads(message.value() or b"{}")
            kind, run = str(told.pop("kind")), str(told.pop("run"))
            found.append(Entry(place_of(message)[1], kind, run, told))
        return found

    def own(self, kind: str) -> Iterator[Entry]:
        """The entries of this run of one kind, in order."""
        return (each for each in self.entries() if (each.kind, each.run) == (kind, self.run))

    def messages(self, topic: str) -> Iterator[Message]:
        """All messages of a topic of one partition; none where there is no such topic."""
        from confluent_kafka import OFFSET_BEGINNING, TopicPartition

        with self.broker.consumer(self.uri) as consumer:
            if topic not in consumer.list_topics(timeout=PATIENCE).topics:
                return
            consumer.assign([TopicPartition(topic, 0, OFFSET_BEGINNING)])
            heard = time.monotonic()
            while True:
                for message in consumer.consume(500, timeout=0.2):
                    if is_end(message):
                        return
                    heard = time.monotonic()
                    yield message
                if time.monotonic() - heard > PATIENCE:
                    raise self._silence()

    def add(self, kind: str, told: Mapping[str, object]) -> int:
        """Write something down; its place."""
        with self.broker.producer(self.uri) as producer:
            return self.add_by(producer, kind, told)

    def add_by(self, producer: Producer, kind: str, told: Mapping[str, object]) -> int:
        """The same with a producer that is there, whose messages have all arrived."""
        places: list[int] = []
        failed: list[KafkaError] = []

        def heard(error: KafkaError | None, message: Message) -> None:
            if error is None:
                places.append(place_of(message)[1])
            else:
                failed.append(error)

        value = orjson.dumps({"kind": kind, "run": self.run, **told})
        producer.produce(self.topic, value=value, partition=0, on_delivery=heard)
        producer.flush(PATIENCE)
        if failed:
            raise self.broker.error(self.uri, failed[0])
        if not places:
            raise self._silence()
        return places[0]

    def _silence(self) -> TransientError:
        return TransientError(f"{self.uri}: the broker does not answer", uri=self.uri)

    def mark(self) -> int:
        """Where the group stands in the log: one behind the commit that counts; 0 before any."""
        with self.broker.member(self.uri, self.group) as consumer:
            return self.positions(consumer, [(self.topic, 0)]).get((self.topic, 0), 0)

    def positions(
        self, consumer: Consumer, spots: list[tuple[str, int]]
    ) -> dict[tuple[str, int], int]:
        """Where the group stands, of the partitions that it stands in.

        Args:
            consumer: a member.
            spots: topics and numbers of partitions.
        """
        from confluent_kafka import TopicPartition

        asked = [TopicPartition(*spot) for spot in spots]
        told: list[TopicPartition] = consumer.committed(asked, timeout=PATIENCE) if asked else []
        return {(each.topic, each.partition): each.offset for each in told if each.offset >= 0}

    def committed(self, entries: list[Entry], mark: int) -> Committed | None:
        """What the run came to, if its commit counts."""
        for entry in counting(entries, mark):
            if entry.run == self.run:
                told = cast("dict[str, Any]", entry.told)
                return Committed(entry.run, str(entry.place + 1), told["outputs"], told["rows"])
        return None

    def receipts(self, entries: list[Entry]) -> Iterator[Staged]:
        """What is staged: the first of each unit."""
        units: set[str] = set()
        for entry in entries:
            if (entry.kind, entry.run) == ("receipt", self.run):
                staged = Staged(**cast("dict[str, Any]", entry.told))
                if staged.unit not in units:
                    units.add(staged.unit)
                    yield staged

    def unfinished(self) -> Unfinished | None:
        """The run that began last and is not over."""
        entries = self.entries()
        over = {each.run for each in entries if each.kind == "abort"}
        over |= {each.run for each in counting(entries, self.mark())}
        for entry in reversed(entries):
            if entry.kind == "begun" and entry.run not in over:
                return Unfinished(entry.run, cast("Mapping[str, str]", entry.told["metadata"]))
        return None


def counting(entries: list[Entry], mark: int) -> Iterator[Entry]:
    """The commits that count, the last one first: each names the one before it."""
    places = {each.place: each for each in entries if each.kind == "commit"}
    while (entry := places.get(mark - 1)) is not None:
        yield entry
        mark = int(str(entry.told["base"]))
