"""A member of a consumer group: takes messages, and knows where each partition stands."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from lakescan.connectors.kafka.address import Last, Place
from lakescan.connectors.kafka.broker import PATIENCE, place_of
from lakescan.connectors.kafka.offsets import milliseconds

if TYPE_CHECKING:
    from confluent_kafka import Consumer, Message, TopicPartition

_log = logging.getLogger(__name__)

#: A topic and one of its partitions.
Spot: TypeAlias = tuple[str, int]
#: Given partitions, where each was left; those that are not told were never read.
Resume: TypeAlias = Callable[[Iterable[Spot]], Mapping[Spot, int]]
#: What a client gets over by itself.
_PASSING = frozenset({"_TRANSPORT", "_ALL_BROKERS_DOWN", "_RESOLVE", "_TIMED_OUT", "_WAIT_COORD",
                      "NOT_COORDINATOR", "COORDINATOR_LOAD_IN_PROGRESS",
                      "COORDINATOR_NOT_AVAILABLE", "LEADER_NOT_AVAILABLE",
                      "NOT_LEADER_FOR_PARTITION", "REBALANCE_IN_PROGRESS"})  # fmt: skip
#: Seconds that one look for a message lasts: so soon a stop is heard.
_LOOK = 0.2


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken at once.

    Args:
        messages: at most so many.
        bytes: about so many.
        seconds: no longer after the first one.
    """

    messages: int
    bytes: int
    seconds: float


class Member:
    """Takes messages of the partitions that the group gives it, in the order of each.

    Nothing is committed here: whoever has dealt with messages says so by `advance`, and what was
    taken and not dealt with comes again after `rewind`. When partitions go to another member,
    what was taken of them is forgotten: they are the other's now.

    Args:
        consumer: fresh.
        topics: names.
        start: where to begin where nobody has read.
        resume: where each partition was left; None for what the group has committed.
    """

    def __init__(
        self, consumer: Consumer, topics: list[str], start: Place, resume: Resume | None = None
    ) -> None:
        self._consumer = consumer
        self._start = start
        self._resume = resume or self._committed
        self._next: dict[Spot, int] = {}
        self._taken: list[Message] = []
        self._ended: set[Spot] = set()
        self._changes = 0
        self.joined = False
        consumer.subscribe(
            topics, on_assign=self._assigned, on_revoke=self._revoked, on_lost=self._revoked
        )

    @property
    def changes(self) -> int:
        """How often partitions came or went."""
        return self._changes

    @property
    def ended(self) -> bool:
        """Whether everything that its partitions hold was taken."""
        return self.joined and self._next.keys() <= self._ended

    @property
    def drained(self) -> bool:
        """Whether everything that its partitions hold was taken and dealt with."""
        return self.ended and not self._taken

    def take(self, limits: Limits, stopped: Callable[[], bool]) -> list[Message]:
        """The next messages; none if none came in ``limits.seconds``, or `stopped`.

        Raises:
            KafkaException: what a retry does not mend.
        """
        self._taken = []
        size, deadline = 0, time.monotonic() + limits.seconds
        while len(self._taken) < limits.messages and size < limits.bytes and not stopped():
            left = deadline - time.monotonic()
            if left <= 0 or (self._taken and self._next.keys() <= self._ended):
                break
            message = self._consumer.poll(min(left, _LOOK))
            if message is None or self._is_news(message):
                continue
            if not self._taken:
                deadline = time.monotonic() + limits.seconds
            self._ended.discard(_spot(message))
            self._taken.append(message)
            size += len(message) + len(message.key() or b"")
        taken, self._taken = self._taken, []
        return taken

    def after(self, messages: Iterable[Message]) -> dict[Spot, int]:
        """Where partitions stand once these are dealt with."""
        return {_spot(message): place_of(message)[1] + 1 for message in messages}

    def advance(self, positions: Mapping[Spot, int]) -> None:
        """They are dealt with."""
        for spot, offset in positions.items():
            if spot in self._next:
                self._next[spot] = offset

    def rewind(self) -> None:
        """Go back to where each partition stands: what was taken since comes again."""
        self._ended.clear()
        self._consumer.assign(_partitions(self._next))

    def places(self, positions: Mapping[Spot, int]) -> list[TopicPartition]:
        """Positions as the client has them."""
        return _partitions(positions)

    def lag(self) -> dict[Spot, int]:
        """How many messages each partition holds behind where it stands, as far as is known."""
        found = {}
        for spot, offset in self._next.items():
            _, high = self._consumer.get_watermark_offsets(_place(spot, 0), cached=True)
            if high >= 0:
                found[spot] = max(0, high - max(offset, 0))
        return found

    def _is_news(self, message: Message) -> bool:
        error = message.error()
        if error is None:
            return False
        if error.name() == "_PARTITION_EOF":
            self._ended.add(_spot(message))
            return True
        if error.name() in _PASSING or error.retriable():
            _log.warning("the broker: %s; waiting", error.name())
            return True
        from confluent_kafka import KafkaException

        raise KafkaException(error)

    def _assigned(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        spots = [(each.topic, each.partition) for each in partitions]
        known = dict(self._resume(spots))
        self._next = {spot: known.get(spot, -1) for spot in spots}
        for spot in spots:
            if self._next[spot] < 0:
                self._next[spot] = self._first(spot)
            _log.info("%s[%d] goes on at %d", *spot, self._next[spot])
        self._ended.clear()
        self._changes += 1
        self.joined = True
        consumer.assign(_partitions(self._next))

    def _revoked(self, _: Consumer, partitions: list[TopicPartition]) -> None:
        gone = {(each.topic, each.partition) for each in partitions}
        self._taken = [one for one in self._taken if _spot(one) not in gone]
        self._next = {spot: offset for spot, offset in self._next.items() if spot not in gone}
        self._ended -= gone
        self._changes += 1
        _log.info("%d partitions go to others", len(gone))

    def _committed(self, spots: Iterable[Spot]) -> dict[Spot, int]:
        asked = [_place(spot, 0) for spot in spots]
        told = self._consumer.committed(asked, timeout=PATIENCE)
        return {(each.topic, each.partition): each.offset for each in told if each.offset >= 0}

    def _first(self, spot: Spot) -> int:
        """The offset where a partition begins for us."""
        if isinstance(self._start, datetime):
            asked = [_place(spot, milliseconds(self._start))]
            (told,) = self._consumer.offsets_for_times(asked, timeout=PATIENCE)
            if told.offset >= 0:
                return told.offset
        low, high = self._consumer.get_watermark_offsets(_place(spot, 0), timeout=PATIENCE)
        if isinstance(self._start, datetime):
            return high
        if isinstance(self._start, Last):
            return max(low, high - self._start.messages)
        return max(low, self._start or 0)


def _spot(message: Message) -> Spot:
    topic = message.topic()
    assert topic is not None
    return topic, place_of(message)[0]


def _place(spot: Spot, offset: int) -> TopicPartition:
    from confluent_kafka import TopicPartition

    return TopicPartition(*spot, offset)


def _partitions(positions: Mapping[Spot, int]) -> list[TopicPartition]:
    return [_place(spot, offset) for spot, offset in sorted(positions.items())]
