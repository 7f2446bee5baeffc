"""The sink of topics: see `Sink` for the promise, `log` for what it leaves in the cluster."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, cast

import pyarrow as pa

from lakescan.connectors.kafka.address import SCHEME, Address
from lakescan.connectors.kafka.broker import PATIENCE, Broker, is_end
from lakescan.connectors.kafka.listing import Listing
from lakescan.connectors.kafka.transactions import OURS, Consumed, Outgoing, enqueue, transact
from lakescan.connectors.model import Dataset, Split
from lakescan.connectors.paths import below
from lakescan.connectors.sinks.kafka.log import RunLog, counting
from lakescan.connectors.sinks.kafka.rows import outgoing
from lakescan.connectors.sinks.kafka.staging import final_form, staged_form
from lakescan.connectors.sinks.model import (
    Committed,
    Mode,
    Origin,
    OutputUnit,
    Staged,
    Target,
    Transaction,
    Unfinished,
)
from lakescan.connectors.sinks.sql.plan import named_after
from lakescan.errors import (
    ChangedSourceError,
    CorruptFileError,
    LakeError,
    NotFoundError,
    TransientError,
    UsageError,
)

if TYPE_CHECKING:
    from confluent_kafka import Consumer, KafkaError

#: What a broker lets a transaction be open for (Kafka, `transaction.max.timeout.ms`: 15 minutes).
_OPEN_SECONDS = 900.0
_NAMES = ("{topic}", "{table}")


class KafkaSink:
    """Writes topics; a run's messages show with one transaction, and the offsets read with them."""

    schemes = frozenset({SCHEME})

    def begin(self, target: Target) -> Transaction:
        """Begin a run, or go on with it."""
        log = _log(target)
        log.prepare()
        entries, mark = log.entries(), log.mark()
        done = log.committed(entries, mark)
        if done is not None:
            log.clean()
            return Transaction(target, "", done)
        own = [each for each in entries if each.run == log.run]
        if any(each.kind == "abort" for each in own):
            log.clean()
            raise UsageError(f"run {target.run_id} was aborted", hint="begin one of another name")
        if not any(each.kind == "begun" for each in own):
            log.add("begun", {"base": mark, "metadata": dict(target.metadata)})
        begun = next(log.own("begun"))  # of several drivers the first one's
        return Transaction(target, str(begun.told["base"]))

    def plan(
        self, transaction: Transaction, dataset: Dataset, origin: Origin
    ) -> tuple[OutputUnit, ...]:
        """A unit for each split; of a topic that was copied before, for what has come since."""
        target = transaction.target
        log = _log(target)
        topic = _topic(log, dataset, origin)
        with log.broker.consumer(log.uri) as consumer:
            known = _partitions(log, consumer, topic)
            if target.mode is Mode.CREATE and _holds(consumer, topic, known):
                raise UsageError(
                    f"{_uri(log, topic)}: holds messages", hint="--mode update adds to them"
                )
        splits = dataset.splits
        if dataset.format == SCHEME and target.mode is Mode.UPDATE:
            splits = tuple(_unread(log, splits, origin))
        units = []
        for split in splits:
            told = f"{target.run_id}\n{topic}\n{split.token}"
            units.append(
                OutputUnit(
                    hashlib.sha256(told.encode()).hexdigest()[:32], topic, (split,),
                    schema=dataset.schema, named=dataset.named,
                    storage=tuple(sorted(origin.storage.items())),
                )
            )  # fmt: skip
        return tuple(units)

    def staged(self, transaction: Transaction) -> Iterator[Staged]:
        """The receipts of the run."""
        log = _log(transaction.target)
        yield from log.receipts(log.entries())

    def stage(
        self, transaction: Transaction, unit: OutputUnit, batches: Iterable[pa.RecordBatch]
    ) -> Staged:
        """Write a unit's messages into the topic of the run, and a receipt behind them."""
        log = _log(transaction.target)
        before = _counted(log, unit.id)
        if before is not None:
            return before
        attempt = f"{unit.id}-{secrets.token_hex(4)}"
        failed: list[KafkaError] = []
        rows = size = 0
        with log.broker.producer(log.uri) as producer:
            for one in outgoing(unit, batches):
                enqueue(producer, staged_form(one, log.staging, attempt), failed)
                rows += 1
                size += len(one.value or b"") + len(one.key or b"")
                if failed:
                    break
            if producer.flush(4 * PATIENCE) and not failed:
                raise TransientError(f"{log.uri}: the broker does not answer", uri=log.uri)
            if failed:
                raise log.broker.error(log.uri, failed[0])
            mine = Staged(unit.id, unit.output, attempt, rows, size, _read_to(unit))
            log.add_by(producer, "receipt", asdict(mine))
        counts = _counted(log, unit.id)
        assert counts is not None
        return counts

    def commit(self, transaction: Transaction, staged: Iterable[Staged]) -> Committed:
        """One transaction: all messages, the offsets that were read, and the place in the log."""
        log = _log(transaction.target)
        done = log.committed(log.entries(), log.mark())
        if done is not None:
            return done
        units = {one.unit: one for one in staged}
        with (
            log.broker.producer(log.uri, log.group, _OPEN_SECONDS) as producer,
            log.broker.member(log.uri, log.group) as member,
        ):
            # From here on no other driver commits: what it began is over, one way or the other.
            entries, mark = log.entries(), log.mark()
            done = log.committed(entries, mark)
            if done is not None:
                return done
            if str(mark) != transaction.base or any(log.own("abort")):
                raise ChangedSourceError(
                    f"{log.uri}: another run was committed since this one began"
                    if str(mark) != transaction.base
                    else f"{log.uri}: run {log.run} was aborted",
                    uri=log.uri,
                )
            topics = {one.output for one in units.values()}
            rows = sum(one.rows for one in units.values())
            place = log.add("commit", {"base": mark, "outputs": len(topics), "rows": rows})
            counts = {topic: len(_partitions(log, member, topic)) for topic in topics}
            body = _body(log, units.values(), counts)
            read = _positions(log, member, units.values())
            read[log.topic, 0] = place + 1
            consumed = Consumed(_places(read), member.consumer_group_metadata())
            transact(log.broker, log.uri, producer, body, consumed)
        with suppress(LakeError):  # whoever begins the run again removes it
            log.clean()
        return Committed(log.run, str(place + 1), len(topics), rows)

    def abort(self, transaction: Transaction) -> None:
        """Remove what the run staged; a commit that is under way is ended first."""
        log = _log(transaction.target)
        with log.broker.producer(log.uri, log.group):
            if log.committed(log.entries(), log.mark()) is not None:
                return
            log.add("abort", {})
        log.clean()

    def recorded(self, target: Target) -> Mapping[str, str]:
        """The metadata of the run whose commit counts."""
        log = _log(target)
        entries = log.entries()
        last = next(counting(entries, log.mark()), None) if entries else None
        for entry in entries:
            if last is not None and (entry.kind, entry.run) == ("begun", last.run):
                return cast("Mapping[str, str]", entry.told["metadata"])
        return {}

    def unfinished(self, target: Target) -> Unfinished | None:
        """The run that began last and is not over."""
        return _log(target).unfinished()


def _log(target: Target) -> RunLog:
    if target.format not in (None, SCHEME):
        raise UsageError(f"{target.uri}: a topic has messages, and no format of files")
    if target.mode in (Mode.REPLACE, Mode.IN_PLACE):
        raise UsageError(
            f"{target.uri}: what a topic holds is not taken back",
            hint="write to an empty topic, or add to one with --mode update",
        )
    log = RunLog(target)
    if not log.address.topic:
        raise UsageError(
            f"{target.uri}: names no topic", hint="kafka://broker/clean, or clean.{topic}"
        )
    return log


def _topic(log: RunLog, dataset: Dataset, origin: Origin) -> str:
    """Where a dataset goes: the topic that the target names, or one named after the dataset.

    Raises:
        UsageError: it is read, too; or it is one of several and the target names one topic.
    """
    pattern = log.address.topic
    if dataset.format == SCHEME:
        source = Address.parse(dataset.uri)
        only = source.topic == Address.parse(origin.uri).topic
        name = source.topic
    else:
        only = dataset.uri.rstrip("/") == origin.uri.rstrip("/")
        name = named_after(below(dataset.uri, origin.uri))
    topic = pattern
    for each in _NAMES:
        topic = topic.replace(each, name)
    if topic == pattern and not only:
        raise UsageError(
            f"{dataset.uri}: one of several tables, and the target names one topic",
            hint=f"{SCHEME}://{log.address.brokers}/clean.{{topic}}",
        )
    if dataset.format == SCHEME and source.topic == topic and _same_cluster(log, dataset, origin):
        raise UsageError(f"{topic} would be read and written", hint="name another topic")
    return topic


def _uri(log: RunLog, topic: str) -> str:
    return replace(log.address, topic=topic).uri


def _partitions(log: RunLog, consumer: Consumer, topic: str) -> tuple[int, ...]:
    uri = _uri(log, topic)
    found = Listing.of(log.broker, consumer, topic, uri).topics[topic]
    if isinstance(found, LakeError):
        raise found
    if not found:
        raise NotFoundError(f"{uri}: no such topic", hint="make it first", uri=uri)
    return found


def _holds(consumer: Consumer, topic: str, partitions: Iterable[int]) -> bool:
    """Whether a reader finds a message there."""
    from confluent_kafka import OFFSET_BEGINNING, TopicPartition

    waiting = set(partitions)
    consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in waiting])
    while waiting:
        message = consumer.poll(PATIENCE)
        if message is None:
            raise TransientError(f"{topic}: the broker does not answer")
        if not is_end(message):
            return True
        waiting.discard(cast("int", message.partition()))
    return False


def _same_cluster(log: RunLog, dataset: Dataset, origin: Origin) -> bool:
    return _cluster(dataset.uri, origin.storage) == _cluster(log.uri, log.storage)


def _cluster(uri: str, storage: Mapping[str, str]) -> str:
    """What names a cluster: its id; its addresses where it has none."""
    address = Address.parse(uri)
    with Broker(address.brokers, storage).consumer(address.uri) as consumer:
        told: object = vars(consumer.list_topics(timeout=PATIENCE)).get("cluster_id")
    return str(told or address.brokers)


def _unread(log: RunLog, splits: Iterable[Split], origin: Origin) -> Iterator[Split]:
    """What the target's runs have not read yet of splits of topics of its own cluster."""
    found = list(splits)
    if not found or _cluster(found[0].uri, origin.storage) != _cluster(log.uri, log.storage):
        yield from found
        return
    spots = {
        (Address.parse(s.uri).topic, cast("int", Address.parse(s.uri).partition)) for s in found
    }
    with log.broker.member(log.uri, log.group) as member:
        read = log.positions(member, sorted(spots))
    for split in found:
        address = Address.parse(split.uri)
        start = max(split.start, read.get((address.topic, cast("int", address.partition)), 0))
        if start == split.start:
            yield split
        elif split.stop is not None and start < split.stop:
            version = f"{address.partition}:{start}-{split.stop}"
            yield replace(split, start=start, version=version)


def _read_to(unit: OutputUnit) -> str:
    """Where a unit's partition stands once it is dealt with; empty of what is no topic."""
    split = unit.splits[0]
    if not split.uri.startswith(f"{SCHEME}://"):
        return ""
    address = Address.parse(split.uri)
    cluster = _cluster(split.uri, dict(unit.storage))
    return f"{cluster}|{address.topic}|{address.partition}|{split.stop}"


def _positions(
    log: RunLog, member: Consumer, staged: Iterable[Staged]
) -> dict[tuple[str, int], int]:
    """Where each partition of the target's cluster that was read stands now: never further back."""
    here = _cluster(log.uri, log.storage)
    found: dict[tuple[str, int], int] = {}
    for one in staged:
        cluster, *rest = one.version.rsplit("|", 3)
        if rest and cluster == here:
            spot = (rest[0], int(rest[1]))
            found[spot] = max(found.get(spot, 0), int(rest[2]))
    before = log.positions(member, sorted(found))
    return {spot: max(place, before.get(spot, 0)) for spot, place in found.items()}


def _places(positions: Mapping[tuple[str, int], int]) -> list:  # type: ignore[type-arg]
    from confluent_kafka import TopicPartition

    return [TopicPartition(*spot, place) for spot, place in sorted(positions.items())]


def _counted(log: RunLog, unit: str) -> Staged | None:
    """The receipt of a unit that counts, if there is one.

    Raises:
        ChangedSourceError: the run is over.
    """
    entries = log.entries()
    over = any((each.kind, each.run) == ("abort", log.run) for each in entries)
    if over or log.committed(entries, log.mark()) is not None:
        raise ChangedSourceError(f"{log.uri}: run {log.run} is over", uri=log.uri)
    return next((one for one in log.receipts(entries) if one.unit == unit), None)


def _body(log: RunLog, staged: Iterable[Staged], counts: Mapping[str, int]) -> Iterator[Outgoing]:
    """Every message of the attempts that count, once, with the run in its headers.

    Raises:
        CorruptFileError: some are gone.
    """
    units = {one.location: one for one in staged}
    outputs = {attempt: one.output for attempt, one in units.items()}
    left = sum(one.rows for one in units.values())
    mark = f"{log.run}-{secrets.token_hex(4)}".encode()
    for message in log.messages(log.staging) if left else ():
        one = final_form(message, outputs, counts)
        if one is not None:
            left -= 1
            yield replace(one, headers=[*one.headers, (f"{OURS}transaction", mark)])
    if left:
        raise CorruptFileError(
            f"{log.uri}: {left} staged messages are gone", hint="begin another run", uri=log.uri
        )
