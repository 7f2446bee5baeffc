"""The streaming job: a consumer group's member, what treats its messages, and where they go."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lakescan.connectors.kafka.address import SCHEME, Address
from lakescan.connectors.kafka.broker import Broker
from lakescan.connectors.kafka.codec import Codec
from lakescan.connectors.kafka.group import Limits, Member
from lakescan.connectors.kafka.listing import Listing
from lakescan.connectors.kafka.transactions import OURS, Headers
from lakescan.connectors.sinks import Target
from lakescan.connectors.storage.lookup import scheme_of
from lakescan.errors import UsageError
from lakescan.jobs.accuracy import decided
from lakescan.jobs.anonymize.summary import metadata_of
from lakescan.jobs.keys import key_uri, keyring_at
from lakescan.jobs.stream.cleaning import Cleaner
from lakescan.jobs.stream.flow import Flow, Outlet, go_round
from lakescan.jobs.stream.lake import LakeOutlet, added
from lakescan.jobs.stream.lake_target import check_lake_target
from lakescan.jobs.stream.plan import FieldPlans
from lakescan.jobs.stream.prometheus import exposed
from lakescan.jobs.stream.request import Streaming
from lakescan.jobs.stream.result import Counts, StreamResult
from lakescan.jobs.stream.topic import TopicOutlet, targets
from lakescan.policy import Policy
from lakescan.udfs.anonymize.keys import Keyring
from lakescan.udfs.anonymize.operators.workshop import Workshop
from lakescan.udfs.detect import build_detectors

if TYPE_CHECKING:
    from confluent_kafka import Consumer

_log = logging.getLogger(__name__)

#: Of one commit: messages and seconds, to a topic and to a lake.
_TOPIC_LIMITS = (1_000, 1.0)
#: Connection properties that are none of a lake's.
_OF_KAFKA = ("kafka.", "eventhubs.", "schema.registry.")
_LAKE_LIMITS = (100_000, 60.0)


def stream(
    source: str,
    to: str | Path,
    policy: Policy | str | Path | None = None,
    *,
    key: str | None = None,
    streaming: Streaming | None = None,
    stop: threading.Event | None = None,
) -> StreamResult:
    """Anonymize the messages of topics as they come.

    Every message is dealt with once: what is written and how far the group has read become
    visible together, or not at all.

    Args:
        source: ``kafka://broker/topic``, or a glob of topics; ``?from=`` says where to begin where
            the group has not read yet.
        to: ``kafka://broker/topic`` of the same cluster (``{topic}`` stands for the source's), or a
            folder or object store.
        policy: a policy or the path of one, with a section ``anonymize``.
        key: where the keyring is, as for `lakescan.anonymize`.
        streaming: how it is run.
        stop: set it to end after the batch in work, from another thread.

    Returns:
        What was done until it ended.

    Raises:
        PolicyError: the policy cannot be followed; nothing was read.
        LakeError: the brokers or the target refuse us, or a message failed and there is no topic
            for such; nothing of its batch is visible.
    """
    rules = policy if isinstance(policy, Policy) else Policy.load(policy) if policy else None
    if scheme_of(source) != SCHEME:
        raise UsageError(f"{source}: only topics are streamed", hint="kafka://host:9092/topic")
    job = _Job(decided(rules or Policy.default()), source, str(to), streaming or Streaming())
    return job.run(key_uri(key, job.policy.anonymize.key), stop or threading.Event())


@dataclass(frozen=True, slots=True)
class _Job:
    """One job under way."""

    policy: Policy
    source: str
    target: str
    how: Streaming

    def run(self, key: str | None, stop: threading.Event) -> StreamResult:
        started = time.monotonic()
        keyring = None if key is None else keyring_at(key)
        address = Address.parse(self.source)
        broker = Broker(address.brokers, self.how.storage)
        counts = Counts()
        with exposed(counts, self.how.metrics), broker.member(address.uri, self._group) as consumer:
            listing = Listing.of(broker, consumer, address.topic, address.uri)
            topics = listing.names
            self._check_dead_letters(broker, consumer, topics)
            plans = self._plans(topics, address, keyring)
            cleaner = self._cleaner(plans, keyring)
            with (
                self._to_topics(broker, listing, topics, self._about(keyring))
                if scheme_of(self.target) == SCHEME
                else self._to_lake(broker, plans, keyring)
            ) as outlet:
                _log.info("group %s, process %s", self._group, self.how.process)
                member = Member(consumer, topics, address.low, outlet.resume)
                flow = Flow(
                    consumer,
                    member,
                    cleaner,
                    self._limits,
                    self.how.bytes,
                    stop.is_set,
                    counts,
                    self.how.until,
                )
                go_round(flow, outlet)
        return StreamResult(
            address.uri,
            self.target,
            self._group,
            counts.messages,
            counts.dead.total(),
            dict(sorted(counts.found.items())),
            counts.commits,
            counts.aborts,
            round(time.monotonic() - started, 3),
        )

    @property
    def _group(self) -> str:
        """The consumer group: as asked, else one that source and target name."""
        between = f"{Address.parse(self.source).uri}\n{self.target}"
        return self.how.group or f"lakescan.{hashlib.sha256(between.encode()).hexdigest()[:12]}"

    @property
    def _limits(self) -> Limits:
        usual = _TOPIC_LIMITS if scheme_of(self.target) == SCHEME else _LAKE_LIMITS
        return Limits(self.how.messages or usual[0], self.how.bytes, self.how.seconds or usual[1])

    def _plans(
        self, topics: list[str], address: Address, keyring: Keyring | None
    ) -> dict[str, FieldPlans]:
        plans = {
            topic: FieldPlans(
                self.policy, replace(address, topic=topic).uri, has_key=keyring is not None
            )
            for topic in topics
        }
        for plan in plans.values():
            plan.check()
        return plans

    def _cleaner(self, plans: dict[str, FieldPlans], keyring: Keyring | None) -> Cleaner:
        detectors = build_detectors(self.policy)
        detectors.setup()
        codec = Codec.of(self.how.form, self.how.storage)
        return Cleaner(self.policy, plans, Workshop(keyring), detectors, codec)

    def _about(self, keyring: Keyring | None) -> Headers:
        """What every message is told to have been treated with."""
        about: Headers = [(f"{OURS}policy", self.policy.hash.encode())]
        if keyring is not None:
            about.append((f"{OURS}key_id", keyring.primary.encode()))
        return about

    def _check_dead_letters(self, broker: Broker, consumer: Consumer, topics: list[str]) -> None:
        name = self.how.dead_letters
        if name is not None:
            if name in topics:
                raise UsageError(f"{name} is read: it takes no dead letters")
            _ = Listing.of(broker, consumer, name, f"dead letters: {name}").names

    @contextmanager
    def _to_lake(
        self, broker: Broker, plans: dict[str, FieldPlans], keyring: Keyring | None
    ) -> Iterator[Outlet]:
        def about(before: Mapping[str, str]) -> Mapping[str, str]:
            tables = [(uri, plan.seen) for uri, plan in zip(uris, plans.values(), strict=True)]
            return added(before, metadata_of(source.uri, tables, self.policy, keyring))

        source = Address.parse(self.source)
        uris = [source.uri for _ in plans]
        storage = {k: v for k, v in self.how.storage.items() if not k.startswith(_OF_KAFKA)}
        target = Target(self.target, "stream", format=self.how.format, storage=storage)
        check_lake_target(target)
        with ExitStack() as stack:
            dead = None
            if self.how.dead_letters is not None:
                producer = stack.enter_context(broker.producer(source.uri))
                dead = (producer, self.how.dead_letters)
            yield LakeOutlet(target, source.uri, self._group, about, dead)

    @contextmanager
    def _to_topics(
        self, broker: Broker, listing: Listing, topics: list[str], about: Headers
    ) -> Iterator[Outlet]:
        address = Address.parse(self.target)
        between = targets(topics, address.topic)
        other = Broker(address.brokers, self.how.storage)
        with other.consumer(address.uri) as consumer:
            for topic in between.values():
                uri = replace(address, topic=topic).uri
                theirs = Listing.of(other, consumer, topic, uri)
                _ = theirs.names
                if theirs.cluster != listing.cluster:
                    raise UsageError(
                        f"{uri} is in another cluster: offsets and output cannot be committed at "
                        "once",
                        hint="stream to a topic beside the source, and mirror that",
                    )
        name = f"{self._group}.{self.how.process}"
        with broker.producer(address.uri, name) as producer:
            yield TopicOutlet(broker, producer, address.uri, between, self.how.dead_letters, about)
