"""Batches into a topic: output, dead letters and consumed offsets in one transaction."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lakescan.connectors.kafka.broker import Broker
from lakescan.connectors.kafka.transactions import OURS, Consumed, Headers, Outgoing, transact
from lakescan.errors import TerminalError, UsageError
from lakescan.jobs.stream.cleaning import Clean, Cleaned, Dead
from lakescan.jobs.stream.flow import Flow

if TYPE_CHECKING:
    from confluent_kafka import Message, Producer


_log = logging.getLogger(__name__)


class TopicOutlet:
    """Writes what comes of messages to topics of their own cluster.

    Args:
        broker: the cluster.
        producer: of transactions, ready.
        uri: the target's; for errors.
        topics: source topic -> target topic.
        dead_letters: topic of those that failed; None to stop at one.
        about: headers that every message gets: policy and key ids.
    """

    #: The offsets are in the group, committed with the output.
    resume = None

    def __init__(
        self,
        broker: Broker,
        producer: Producer,
        uri: str,
        topics: dict[str, str],
        dead_letters: str | None,
        about: Headers,
    ) -> None:
        self._broker = broker
        self._producer = producer
        self._uri = uri
        self._topics = topics
        self._dead_letters = dead_letters
        self._about = about
        self._run = secrets.token_hex(4)
        _log.info("run %s", self._run)
        self._number = 0

    def once(self, flow: Flow) -> None:
        """One batch, one transaction."""
        messages = flow.member.take(flow.limits, flow.stopped)
        if not messages:
            return
        cleaned = flow.cleaner.clean(messages)
        self._number += 1
        positions = flow.member.after(messages)
        consumed = Consumed(flow.member.places(positions), flow.consumer.consumer_group_metadata())
        transact(self._broker, self._uri, self._producer, self._outgoing(cleaned), consumed)
        flow.member.advance(positions)
        dead = [one.kind for one in cleaned.dead]
        flow.counts.committed(len(messages), dead, cleaned.found)

    def _outgoing(self, cleaned: Cleaned) -> Iterator[Outgoing]:
        mark = f"{self._run}-{self._number}".encode()
        for one in cleaned.outcomes:
            if isinstance(one, Clean):
                yield self._clean(one, mark)
            else:
                yield dead_letter(one, self._dead_letters, mark)

    def _clean(self, one: Clean, mark: bytes) -> Outgoing:
        message = one.message
        headers = [*one.headers, *self._about, *origin(message, mark)]
        topic = self._topics[message.topic() or ""]
        return Outgoing(topic, one.key, one.value, headers, message.timestamp()[1])


def dead_letter(one: Dead, topic: str | None, mark: bytes) -> Outgoing:
    """A message as it came, and why it stands here.

    Raises:
        TerminalError: there is no topic for it.
    """
    message = one.message
    if topic is None:
        place = f"{message.topic()}[{message.partition()}] at {message.offset()}"
        raise TerminalError(
            f"a message of {place} could not be anonymized: {one.reason}",
            hint="name a topic for such messages: --dead-letters TOPIC",
        )
    why: Headers = [
        (f"{OURS}error", one.kind.encode()),
        (f"{OURS}reason", one.reason.encode()),
    ]
    given = message.headers() or []
    pairs = given.items() if isinstance(given, dict) else given
    kept: Headers = [
        (name, content.encode() if isinstance(content, str) else content)
        for name, content in pairs
        if not name.startswith(OURS)
    ]
    headers = [*kept, *why, *origin(message, mark)]
    return Outgoing(topic, message.key(), message.value(), headers, message.timestamp()[1])


def origin(message: Message, mark: bytes) -> Headers:
    """Where a message comes from, and the transaction that it was written in."""
    place = f"{message.topic()}:{message.partition()}:{message.offset()}"
    return [(f"{OURS}source", place.encode()), (f"{OURS}transaction", mark)]


def targets(topics: list[str], pattern: str) -> dict[str, str]:
    """Source topic -> target topic; ``{topic}`` in the target's name is the source's.

    Raises:
        UsageError: a topic would be read and written.
    """
    named = {topic: pattern.replace("{topic}", topic) for topic in topics}
    for target in named.values():
        if target in named:
            raise UsageError(f"{target} would be read and written", hint="name another topic")
    return named
