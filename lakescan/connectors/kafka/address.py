"""``kafka://BROKER[,BROKER...]/TOPIC?from=...&to=...``: which topics, from where to where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from lakescan.errors import UsageError

SCHEME = "kafka"
_KNOWN = frozenset({"from", "to", "partition"})
_PORT = 9092


@dataclass(frozen=True, slots=True)
class Last:
    """So many messages before the end of each partition."""

    messages: int


#: A place in a partition: its beginning or end (None), an offset, a time, so many from the end.
Place: TypeAlias = int | datetime | Last | None


@dataclass(frozen=True, slots=True)
class Address:
    """A URI, taken apart.

    Args:
        brokers: ``host:port``, comma-separated.
        topic: a name or a glob; empty for all topics.
        low: where to begin in each partition.
        high: where to end.
        partition: of a split.
    """

    brokers: str
    topic: str
    low: Place = None
    high: Place = None
    partition: int | None = None

    @property
    def uri(self) -> str:
        """Without what is read of it; the name of a topic or of a partition of it."""
        query = "" if self.partition is None else "?" + urlencode({"partition": self.partition})
        return f"{SCHEME}://{self.brokers}/{quote(self.topic)}{query}"

    @classmethod
    def parse(cls, uri: str) -> Address:
        """Take a URI apart.

        Raises:
            UsageError: it names no broker, holds a login, or asks for what there is not.
        """
        parts = urlsplit(uri)
        if "@" in parts.netloc:
            raise UsageError(
                f"{SCHEME}:// URIs hold no user and password: they would be shown and logged",
                hint="put sasl.username and sasl.password into a file, and its path into "
                "LAKESCAN_KAFKA_CONFIG",
            )
        brokers = [broker for broker in parts.netloc.split(",") if broker]
        if not brokers:
            raise UsageError(f"{uri}: no broker", hint=f"{SCHEME}://host:{_PORT}/topic")
        asked = dict(parse_qsl(parts.query, keep_blank_values=True))
        if unknown := sorted(asked.keys() - _KNOWN):
            raise UsageError(f"{uri}: unknown option {unknown[0]!r}", hint="choose from from, to")
        partition = asked.get("partition")
        return cls(
            ",".join(b if ":" in b else f"{b}:{_PORT}" for b in brokers),
            unquote(parts.path.strip("/")),
            Last(0) if asked.get("from") == "latest" else _place(asked.get("from", ""), uri),
            _place(asked.get("to", ""), uri),
            None if partition is None else int(partition),
        )


def _place(text: str, uri: str) -> Place:
    if text in ("earliest", "latest", ""):
        return None
    if text.isdigit():
        return int(text)
    if text.startswith("latest-") and text.removeprefix("latest-").isdigit():
        return Last(int(text.removeprefix("latest-")))
    try:
        when = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise UsageError(
            f"{uri}: {text!r} is no place in a topic",
            hint="an offset, a time (2026-11-01T00:00:00Z), earliest, latest or latest-1000",
        ) from None
    return when if when.tzinfo else when.replace(tzinfo=UTC)
