"""Topics as targets, against a real broker: one transaction shows a run, and nothing comes twice.

The broker shows its readers what was aborted, too (it does not honour `read_committed`): messages
are counted by the transaction that their headers name, as an honest broker's readers see them.
"""

from __future__ import annotations

import json
import pickle
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import overtaken_driver
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lakescan import errors
from lakescan.connectors import Selection, discover, read
from lakescan.connectors.kafka import offsets, transactions
from lakescan.connectors.sinks import Mode, Origin, Target, sink_for
from lakescan.connectors.sinks.kafka import rows
from lakescan.connectors.sinks.kafka import sink as module
from lakescan.connectors.sinks.kafka.sink import KafkaSink
from lakescan.errors import (
    ChangedSourceError,
    CorruptFileError,
    LakeError,
    NotFoundError,
    UsageError,
)

pytestmark = pytest.mark.kafka


class KilledError(BaseException):
    """A process that ends here."""


class Run:
    """What a driver does, and its workers, from a source to a topic."""

    def __init__(self, source: str, to: str, run: str = "r1", mode: Mode = Mode.CREATE) -> None:
        self.sink, self.origin = KafkaSink(), Origin(source)
        self.target = Target(to, run, mode)

    def begin(self):
        return self.sink.begin(self.target)

    def units(self, transaction):
        found = list(discover(self.origin.uri, Selection()))
        return [u for d in found for u in self.sink.plan(transaction, d, self.origin)]

    def stage(self, transaction, units):
        return [
            self.sink.stage(transaction, u, (b for s in u.splits for b in read(s))) for u in units
        ]

    def go(self):
        transaction = self.begin()
        if transaction.committed is not None:
            return transaction.committed
        there = {one.unit: one for one in self.sink.staged(transaction)}
        units = self.units(transaction)
        rest = self.stage(transaction, [u for u in units if u.id not in there])
        kept = [there[u.id] for u in units if u.id in there]
        return self.sink.commit(transaction, [*kept, *rest])


def numbered(count, first=0):
    return [
        {"value": json.dumps({"n": i}), "key": f"k{i % 5}" if i % 2 else None}
        for i in range(first, first + count)
    ]


def seen(broker, topic):
    """Transaction -> the messages that it wrote."""
    found = defaultdict(Counter)
    for message in broker.messages(topic):
        found[dict(message.headers())["lakescan.transaction"]][message.value()] += 1
    return found


def whole(broker, topic, count):
    """The transactions that have each message once: that of the run, if it was committed."""
    wanted = Counter(json.dumps({"n": i}).encode() for i in range(count))
    return [mark for mark, messages in seen(broker, topic).items() if messages == wanted]


def staging_topics(broker):
    from confluent_kafka.admin import AdminClient

    names = AdminClient(broker.client).list_topics(timeout=10).topics
    return [name for name in names if name.startswith("__lakescan.") and name.count(".") > 1]


def test_messages_come_as_they_were_and_with_them_how_far_was_read(broker):
    records = [
        {"value": b"\xff\x00", "key": b"\xfe", "headers": [("a", b"\xfd"), ("a", None)]},
        {"value": None, "key": "gone"},
        {"value": "å\U0001f600", "headers": [("lakescan.source", b"older")]},
    ]
    stamped = [{**r, "timestamp": 1_600_000_000_000 + i} for i, r in enumerate(records)]
    source, target = broker.topic(stamped), broker.topic(partitions=2)
    run = Run(broker.uri(source), broker.uri(target))
    transaction = run.begin()
    units = run.units(transaction)
    staged = run.stage(transaction, units)
    assert run.stage(transaction, units) == staged  # a second worker of each unit
    assert broker.messages(target) == []
    assert broker.committed(f"lakescan.{target}", source, 1) == {0: 0}
    committed = run.sink.commit(transaction, staged)
    assert (committed.outputs, committed.rows) == (1, 3)
    made = sorted(broker.messages(target), key=lambda one: one.timestamp())
    assert [(m.key(), m.value(), m.timestamp()[1]) for m in made] == [
        (None if r.get("key") is None else r["key"] if isinstance(r["key"], bytes) else r["key"].encode(),
         r["value"].encode() if isinstance(r["value"], str) else r["value"], r["timestamp"])
        for r in stamped
    ]  # fmt: skip
    assert made[0].headers()[:2] == [("a", b"\xfd"), ("a", None)]
    assert dict(made[2].headers())["lakescan.source"] == f"{source}:0:2".encode()
    assert broker.committed(f"lakescan.{target}", source, 1) == {0: 3}
    assert staging_topics(broker) == []
    for again in (run.sink.commit(transaction, staged), run.go(), run.begin().committed):
        assert again == committed
    assert len(broker.messages(target)) == 3


def test_a_run_that_is_cut_anywhere_goes_on(broker, monkeypatch):
    """Killed after one unit, before the transaction, in it, and after it."""
    monkeypatch.setattr(offsets, "RANGE", 40)
    source, target = broker.topic(numbered(80)), broker.topic(partitions=3)
    run = Run(broker.uri(source), broker.uri(target))
    transaction = run.begin()
    units = run.units(transaction)
    assert len(units) == 2
    run.stage(transaction, units[:1])

    def before(*_):
        raise KilledError

    real, body = transactions.transact, module._body

    def within(*given):
        for count, one in enumerate(body(*given)):
            if count == 50:
                raise KilledError
            yield one

    def after(*given):
        real(*given)
        raise KilledError

    for name, death in (("transact", before), ("_body", within), ("transact", after)):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, death)
            assert whole(broker, target, 80) == []
            with pytest.raises(KilledError):
                run.go()
    committed = run.go()
    assert committed.rows == 80
    assert len(whole(broker, target, 80)) == 1
    assert broker.committed(f"lakescan.{target}", source, 1) == {0: 80}
    assert staging_topics(broker) == []
    assert run.go() == committed
    assert len(whole(broker, target, 80)) == 1


def test_a_driver_that_was_replaced_writes_nothing(broker, tmp_path):
    source, target = broker.topic(numbered(60)), broker.topic(partitions=2)
    run = Run(broker.uri(source), broker.uri(target))
    transaction = run.begin()
    staged = run.stage(transaction, run.units(transaction))
    told = tmp_path / "run"
    told.write_bytes(pickle.dumps((transaction, staged)))
    with subprocess.Popen(
        [sys.executable, overtaken_driver.__file__, told],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as first:  # fmt: skip
        assert first.stdout.readline() == "amid\n"
        committed = run.sink.commit(transaction, staged)
        rest, _ = first.communicate("go on\n")
    # At times librdkafka ends the process of a producer that was fenced, natively. What counts is
    # that nothing of it shows.
    if first.returncode != -signal.SIGSEGV:
        assert first.returncode == 0
        assert issubclass(getattr(errors, rest.strip()), LakeError)
    assert (committed, committed.rows) == (run.begin().committed, 60)
    assert len(whole(broker, target, 60)) == 1
    assert broker.committed(f"lakescan.{target}", source, 1) == {0: 60}
    assert run.sink.commit(transaction, staged) == committed


def test_of_two_runs_one_is_committed(broker):
    source, target = broker.topic(numbered(20)), broker.topic()
    late, soon = (Run(broker.uri(source), broker.uri(target), name) for name in ("late", "soon"))
    transaction = late.begin()
    staged = late.stage(transaction, late.units(transaction))
    assert soon.go().rows == 20
    assert soon.sink.unfinished(soon.target).run_id == "late"
    with pytest.raises(ChangedSourceError, match="another run"):
        late.sink.commit(transaction, staged)
    late.sink.abort(transaction)
    assert late.sink.unfinished(late.target) is None
    assert len(broker.messages(target)) == 20
    assert staging_topics(broker) == []
    with pytest.raises(UsageError, match="aborted"):
        late.begin()


def test_an_update_takes_what_has_come_since(broker):
    source, target = broker.topic(numbered(30)), broker.topic()
    metadata = {"lakescan.policy": "first"}
    run = Run(broker.uri(source), broker.uri(target))
    run.target = replace(run.target, metadata=metadata)
    assert run.go().rows == 30
    assert run.sink.recorded(run.target) == metadata
    broker.produce(source, numbered(12, first=30))
    assert Run(broker.uri(source), broker.uri(target), "r2", Mode.UPDATE).go().rows == 12
    values = [json.loads(m.value())["n"] for m in broker.messages(target)]
    assert sorted(values) == list(range(42))
    # The first run is over, whatever came after it.
    assert run.go().rows == 30


def test_a_table_becomes_objects(broker, tmp_path: Path):
    pq.write_table(
        pa.table({"id": [1, None], "at": [{"zip": "04103"}, None], "n": ["å", "x\ny"]}),
        tmp_path / "people.parquet",
    )
    target = broker.topic()
    run = Run(str(tmp_path / "people.parquet"), broker.uri(target))
    assert run.go().rows == 2
    assert [(m.key(), json.loads(m.value())) for m in broker.messages(target)] == [
        (None, {"id": 1, "at": {"zip": "04103"}, "n": "å"}),
        (None, {"id": None, "at": None, "n": "x\ny"}),
    ]


def test_what_is_refused(broker, tmp_path: Path):
    source, target = broker.topic(numbered(2)), broker.topic(numbered(1))
    for mode in (Mode.REPLACE, Mode.IN_PLACE):
        with pytest.raises(UsageError, match="not taken back"):
            Run(broker.uri(source), broker.uri(target), "r1", mode).go()
    with pytest.raises(UsageError, match="holds messages"):
        Run(broker.uri(source), broker.uri(target)).go()
    with pytest.raises(UsageError, match="read and written"):
        Run(broker.uri(source), broker.uri(source), "r2", Mode.UPDATE).go()
    with pytest.raises(NotFoundError, match="no such topic"):
        Run(broker.uri(source), broker.uri("nowhere")).go()
    with pytest.raises(UsageError, match="names no topic"):
        Run(broker.uri(source), broker.uri("")).go()
    with pytest.raises(UsageError, match="no format"):
        sink_for("kafka://x").begin(Target(broker.uri(target), "r", format="csv"))
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text(f"id,{name}\n1,2\n")
    with pytest.raises(UsageError, match="one of several"):
        Run(str(tmp_path), broker.uri(target), "r3", Mode.UPDATE).go()


def test_what_becomes_of_bytes_that_are_no_text():
    assert rows._plain(b"\xff", "\ufffd", "p") == b"\xff"  # as it was
    assert rows._plain(b"\xff", "<KEY>", "p") == b"<KEY>"
    assert rows._plain("\ufffd a".encode(), "\ufffd b", "p") == "\ufffd b".encode()
    assert rows._plain(b"\xff", None, "p") is None
    with pytest.raises(CorruptFileError, match="in part"):
        rows._plain(b"\xff a@b.example", "\ufffd <EMAIL_ADDRESS>", "p")
