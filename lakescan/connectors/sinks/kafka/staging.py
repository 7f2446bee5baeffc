"""A message as it lies until the commit: its own headers, and ours before them.

It has the time of its staging, since brokers drop what is old by a message's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lakescan.connectors.kafka.transactions import OURS, Headers, Outgoing

if TYPE_CHECKING:
    from confluent_kafka import Message

_ATTEMPT, _KEY, _WHEN = f"{OURS}attempt", f"{OURS}key", f"{OURS}when"
_OWN = 3


def staged_form(one: Outgoing, topic: str, attempt: str) -> Outgoing:
    """A message to be staged in ``topic`` by one attempt at a unit."""
    when = f"{one.partition}:{one.timestamp}".encode()
    ours: Headers = [(_ATTEMPT, attempt.encode()), (_KEY, one.key), (_WHEN, when)]
    return Outgoing(topic, None, one.value, [*ours, *one.headers], partition=0)


def final_form(
    message: Message, outputs: Mapping[str, str], partitions: Mapping[str, int]
) -> Outgoing | None:
    """What readers will see of a staged message; None if its attempt does not count.

    Args:
        message: as it is staged.
        outputs: the attempts that count -> their topics.
        partitions: how many each topic has.
    """
    headers = headers_of(message)
    (_, attempt), (_, key), (_, when) = headers[:_OWN]
    topic = outputs.get((attempt or b"").decode())
    if topic is None:
        return None
    partition, _, timestamp = (when or b"").decode().partition(":")
    place = int(partition)
    if place >= 0:
        place %= partitions[topic]
    return Outgoing(topic, key, message.value(), headers[_OWN:], int(timestamp), place)


def headers_of(message: Message) -> Headers:
    """A message's headers as pairs of bytes, in order."""
    given = message.headers() or []
    pairs = given.items() if isinstance(given, dict) else given
    return [(name, v.encode() if isinstance(v, str) else v) for name, v in pairs]
