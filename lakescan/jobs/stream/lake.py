"""Batches into a lake: files, or a table, whose commit also says how far the stream got."""

from __future__ import annotations

import logging
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import orjson
import pyarrow as pa

from lakescan.connectors import Dataset, FileFormat, Split
from lakescan.connectors.kafka.broker import PATIENCE
from lakescan.connectors.kafka.group import Limits, Spot
from lakescan.connectors.kafka.transactions import enqueue
from lakescan.connectors.sinks import Mode, Origin, Sink, Target, sink_for
from lakescan.errors import ChangedSourceError, TerminalError, TransientError
from lakescan.jobs.stream.cleaning import Clean, Dead
from lakescan.jobs.stream.flow import Flow
from lakescan.jobs.stream.topic import dead_letter

if TYPE_CHECKING:
    from confluent_kafka import Message, Producer

_log = logging.getLogger(__name__)

#: Rows of a lake: a message each, key and value as text (Avro as JSON).
SCHEMA = pa.schema(
    [
        ("topic", pa.string()),
        ("partition", pa.int32()),
        ("offset", pa.int64()),
        ("timestamp", pa.timestamp("ms", "UTC")),
        ("key", pa.large_string()),
        ("value", pa.large_string()),
        ("headers", pa.map_(pa.string(), pa.large_string())),
    ]
)
#: Where the positions stand in what is kept beside the output, by group, topic and partition.
_POSITIONS = "lakescan.positions"
#: What `lakescan.reveal` reads: how each column was treated.
_COLUMNS = "lakescan.anonymized"
#: Messages that are treated at once.
_AT_ONCE = 1_000


@dataclass(slots=True)
class _Taken:
    """What went into one commit so far."""

    positions: dict[Spot, int] = field(default_factory=dict)
    messages: int = 0
    bytes: int = 0
    dead: list[str] = field(default_factory=list)
    found: Counter[str] = field(default_factory=Counter)


class LakeOutlet:
    """Writes messages through a sink, one run a commit, with the positions in its metadata.

    Who begins again asks the lake where it was, not the group: the offsets that are committed to
    the group afterwards are for those who watch its lag.

    Args:
        target: where; its run and metadata are set for each commit.
        source: the topics' URI.
        group: the consumer group.
        about: given what stands beside the output, what it is told of how it was treated.
        dead: writes dead letters, and their topic; None to stop at one.
    """

    def __init__(
        self,
        target: Target,
        source: str,
        group: str,
        about: Callable[[Mapping[str, str]], Mapping[str, str]],
        dead: tuple[Producer, str] | None,
    ) -> None:
        self._target = replace(target, mode=Mode.UPDATE)
        self._source = source
        self._group = group
        self._about = about
        self._dead = dead
        self._sink: Sink = sink_for(target.uri)

    def resume(self, spots: Iterable[Spot]) -> Mapping[Spot, int]:
        """Where the last commit in the lake left each partition."""
        known = self._positions(self._sink.recorded(self._target)).get(self._group, {})
        return {
            (topic, partition): known[topic][str(partition)]
            for topic, partition in spots
            if str(partition) in known.get(topic, {})
        }

    def once(self, flow: Flow) -> None:
        """One file or more, one commit; nothing is begun before a message comes."""
        first = flow.member.take(replace(flow.limits, messages=self._most(flow, 0)), flow.stopped)
        if not first:
            return
        # Digits only: files whose names differ in numbers are one table.
        run_id = f"stream-{time.time_ns()}-{secrets.randbelow(10**6):06d}"
        target = replace(self._target, run_id=run_id)
        transaction = self._sink.begin(target)
        taken = _Taken()
        try:
            (unit,) = self._sink.plan(transaction, self._dataset(run_id), Origin(self._source))
            # Of files, each has the run's name: those of all runs stand in one folder.
            unit = replace(unit, output=unit.output.replace("part-00000", run_id))
            staged = [self._sink.stage(transaction, unit, self._batches(flow, first, taken))]
            metadata = self._metadata(self._sink.recorded(target), taken.positions)
            transaction = replace(transaction, target=replace(target, metadata=metadata))
            self._flush()
            self._sink.commit(transaction, staged)
        except ChangedSourceError as error:
            # Another process of the group was first: what it took is not ours any more.
            self._sink.abort(transaction)
            raise TransientError(f"{target.uri}: another commit came between") from error
        except BaseException:
            self._sink.abort(transaction)
            raise
        flow.member.advance(taken.positions)
        flow.counts.committed(taken.messages, taken.dead, taken.found)
        _tell_group(flow, taken.positions)

    def _batches(self, flow: Flow, first: list[Message], taken: _Taken) -> Iterator[pa.RecordBatch]:
        """Rows, until the commit is full or it is time for it."""
        changes, deadline = flow.member.changes, time.monotonic() + flow.limits.seconds
        yield _rows([])
        messages = first
        while messages:
            cleaned = flow.cleaner.clean(messages)
            for one in cleaned.dead:
                self._aside(one)
            taken.positions |= flow.member.after(messages)
            taken.messages += len(messages)
            taken.bytes += sum(len(message) for message in messages)
            taken.dead += [one.kind for one in cleaned.dead]
            taken.found.update(cleaned.found)
            yield _rows([one for one in cleaned.outcomes if isinstance(one, Clean)])
            left = deadline - time.monotonic()
            most = self._most(flow, taken.messages)
            if left <= 0 or most <= 0 or flow.stopped():
                break
            if flow.until == "drained" and flow.member.ended:
                break
            messages = flow.member.take(Limits(most, flow.bytes, left), flow.stopped)
        if flow.member.changes != changes:
            raise TransientError("partitions went to another process while a file was written")

    def _most(self, flow: Flow, taken: int) -> int:
        return min(_AT_ONCE, flow.limits.messages - taken)

    def _aside(self, one: Dead) -> None:
        """To the dead letters; where a commit fails, they may come there twice."""
        if self._dead is None:
            dead_letter(one, None, b"")
            return
        producer, topic = self._dead
        enqueue(producer, dead_letter(one, topic, b""))

    def _flush(self) -> None:
        """Make sure that the broker has the dead letters before the lake says they are done."""
        if self._dead is not None and self._dead[0].flush(PATIENCE):
            raise TransientError("dead letters: the broker does not answer")

    def _dataset(self, run_id: str) -> Dataset:
        """What the sink plans by: one part, named after the run."""
        split = Split(self._source, run_id, FileFormat("kafka"), unit="offset")
        return Dataset(self._source, "kafka", run_id, (split,), SCHEMA)

    def _metadata(self, before: Mapping[str, str], positions: Mapping[Spot, int]) -> dict[str, str]:
        known = self._positions(before)
        mine = known.setdefault(self._group, {})
        for (topic, partition), offset in positions.items():
            mine.setdefault(topic, {})[str(partition)] = offset
        return {**before, **self._about(before), _POSITIONS: orjson.dumps(known).decode()}

    def _positions(self, recorded: Mapping[str, str]) -> dict[str, dict[str, dict[str, int]]]:
        found = orjson.loads(recorded.get(_POSITIONS, "{}"))
        if not isinstance(found, dict):
            raise TerminalError(f"{self._target.uri}: its positions are none of lakescan's")
        return found


def _rows(outcomes: list[Clean]) -> pa.RecordBatch:
    messages = [one.message for one in outcomes]
    columns: tuple[list[object], ...] = (
        [message.topic() for message in messages],
        [message.partition() for message in messages],
        [message.offset() for message in messages],
        [message.timestamp()[1] for message in messages],
        [one.texts[0] for one in outcomes],
        [one.texts[1] for one in outcomes],
        [[(n, None if c is None else c.decode(errors="replace")) for n, c in one.headers]
         for one in outcomes],
    )  # fmt: skip
    arrays = [pa.array(c, f.type) for c, f in zip(columns, SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def _tell_group(flow: Flow, positions: Mapping[Spot, int]) -> None:
    """Commit to the group what the lake holds: whoever watches its lag sees it."""
    from confluent_kafka import KafkaException

    try:
        flow.consumer.commit(offsets=flow.member.places(positions), asynchronous=False)
    except KafkaException as error:
        _log.warning("the group's offsets: %s", error.args[0].name())


def added(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """What is known of how columns were treated, with what this process knows of them.

    They are the same for all files of the lake.
    """
    columns: dict[str, object] = {}
    for part in (before, now):
        for one in orjson.loads(part.get(_COLUMNS, "[]")):
            columns[one["column"]] = {**one, "table": ""}
    return {**now, _COLUMNS: orjson.dumps(list(columns.values())).decode()}
