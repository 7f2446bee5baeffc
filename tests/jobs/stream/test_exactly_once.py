"""Processes that are killed, stopped and replaced, against a real broker.

The broker shows what was written in transactions that were aborted, also to those who ask for
committed messages only. So what a broker that honours isolation would hide is found from the
producer's side: every message names its transaction and the offset that it was made of, and a
process that begins again says at which offset: what a killed one wrote of offsets from there on was
never committed.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

PARTITIONS = 3
POLICY = """
accuracy_mode: patterns
anonymize: {rules: [{entities: EMAIL_ADDRESS, operator: mask}]}
"""
Place = tuple[int, int]


class Streaming:
    """``lakescan stream`` in a process of its own."""

    def __init__(self, broker, source, target, folder, *more: str) -> None:
        self._log = folder / f"stream-{time.monotonic_ns()}.log"
        (folder / "policy.yaml").write_text(POLICY)
        command = [
            sys.executable, "-m", "lakescan", "stream", broker.uri(source),
            "--to", broker.uri(target), "--policy", str(folder / "policy.yaml"), "-v",
            "--group", f"group-{source}", "--instance", "one", "--format", "json",
            "--storage", "kafka.session.timeout.ms=1500",
            "--storage", "kafka.heartbeat.interval.ms=300", *more,
        ]  # fmt: skip
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)

    @property
    def log(self) -> str:
        return self._log.read_text()

    @property
    def began(self) -> dict[int, int]:
        """Where each partition went on."""
        return {int(p): int(o) for p, o in re.findall(r"\[(\d+)\] goes on at (\d+)", self.log)}

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()

    def ended(self) -> tuple[int, str]:
        answer, _ = self.process.communicate(timeout=150)
        return self.process.returncode, answer.decode()


class Watcher:
    """Reads a topic as it grows, whatever became of its transactions."""

    def __init__(self, broker, topic) -> None:
        from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

        settings = {"bootstrap.servers": broker.address, "group.id": "watcher"}
        self._consumer = Consumer(settings | {"isolation.level": "read_uncommitted"})
        places = [TopicPartition(topic, number, OFFSET_BEGINNING) for number in range(PARTITIONS)]
        self._consumer.assign(places)
        self._seen = 0

    def until_so_many_more(self, messages: int) -> None:
        deadline, wanted = time.monotonic() + 60, self._seen + messages
        while self._seen < wanted:
            assert time.monotonic() < deadline, f"nothing comes: {self._seen} of {wanted}"
            self._seen += self._consumer.poll(0.02) is not None

    def what_is_left(self) -> None:
        while self._consumer.poll(0.3) is not None:
            self._seen += 1

    def close(self) -> None:
        self._consumer.close()


def source_of(message) -> Place:
    _, partition, offset = dict(message.headers())["lakescan.source"].decode().split(":")
    return int(partition), int(offset)


def transaction_of(message) -> str:
    return dict(message.headers())["lakescan.transaction"].decode()


def check_exactly_once(messages, processes: list[Streaming]) -> list[object]:
    """Every transaction is on one side of where the next process began; returns the hidden."""
    by_transaction: dict[str, list[object]] = {}
    for one in messages:
        by_transaction.setdefault(transaction_of(one), []).append(one)
    order = [re.search(r"run (\w+)", process.log) for process in processes]
    runs = [found[1] for found in order if found]
    shown, hidden = [], []
    for name, members in by_transaction.items():
        place = runs.index(name.split("-")[0])
        after = processes[place + 1 :]
        aborted = [
            any(next_one.began[p] <= offset for next_one in after[:1])
            for p, offset in map(source_of, members)
        ]
        assert len(set(aborted)) == 1, f"{name}: its offsets were committed in part"
        (hidden if aborted[0] else shown).extend(members)
    counts = Counter(source_of(one) for one in shown)
    assert set(counts.values()) == {1}
    return hidden


def test_ten_thousand_messages_and_three_kills(broker, tmp_path, capsys):
    records = [
        {
            "value": json.dumps({"id": i, "mail": f"u{i}@example.com"}),
            "key": f"k{i % 50}",
        }
        for i in range(10_000)
    ]
    source, target = broker.topic(records, PARTITIONS), broker.topic(partitions=PARTITIONS)
    watcher = Watcher(broker, target)
    processes = []
    for _ in range(3):
        # Back-pressure keeps a transaction of 1,000 open for a while: it is killed in the next
        # one. Of more than 1,000 that are written, some are of a transaction that was committed.
        slow = ("--storage", "kafka.queue.buffering.max.messages=100")
        processes.append(Streaming(broker, source, target, tmp_path, *slow))
        watcher.until_so_many_more(1_500)
        processes[-1].kill()
        watcher.what_is_left()
    watcher.close()
    processes.append(Streaming(broker, source, target, tmp_path, "--drain"))
    code, answer = processes[-1].ended()
    assert code == 0, processes[-1].log
    assert json.loads(answer)["messages"] < 10_000
    messages = broker.messages(target)
    hidden = check_exactly_once(messages, processes)
    assert len(messages) - len(hidden) == 10_000
    assert {json.loads(one.value())["id"] for one in messages} == set(range(10_000))
    assert not any(b"u1" in one.value() for one in messages)
    assert sum(broker.committed(f"group-{source}", source, PARTITIONS).values()) == 10_000
    with capsys.disabled():
        print(
            f"\n{len(hidden)} messages of transactions that were aborted are shown by this broker"
        )


def test_a_process_that_was_replaced_writes_nothing(broker, tmp_path):
    source = broker.topic([{"value": f"{i}"} for i in range(3_000)], PARTITIONS)
    target = broker.topic(partitions=PARTITIONS)
    watcher = Watcher(broker, target)
    zombie = Streaming(broker, source, target, tmp_path)
    watcher.until_so_many_more(500)
    watcher.close()
    zombie.process.send_signal(signal.SIGSTOP)
    heir = Streaming(broker, source, target, tmp_path, "--drain")
    assert heir.ended()[0] == 0, heir.log
    before = Counter(transaction_of(one) for one in broker.messages(target))
    broker.produce(source, [{"value": f"late-{i}"} for i in range(100)])
    zombie.process.send_signal(signal.SIGCONT)
    code, _ = zombie.ended()
    # This broker never answers a commit that was under way when its process was replaced.
    ends = ("took over", "did not say in 75 seconds whether it committed")
    assert (code, any(end in zombie.log for end in ends)) == (3, True), zombie.log
    assert Counter(transaction_of(one) for one in broker.messages(target)) == before
    last = Streaming(broker, source, target, tmp_path, "--drain")
    assert last.ended()[0] == 0
    assert len(broker.messages(target)) >= 3_100
    check_exactly_once(broker.messages(target), [zombie, heir, last])


def test_sigterm_ends_after_a_commit(broker, tmp_path):
    source, target = broker.topic([{"value": "x"}] * 50, PARTITIONS), broker.topic(partitions=3)
    running = Streaming(broker, source, target, tmp_path)
    watcher = Watcher(broker, target)
    watcher.until_so_many_more(50)
    watcher.close()
    running.process.send_signal(signal.SIGTERM)
    code, answer = running.ended()
    assert (code, json.loads(answer)["messages"]) == (0, 50), running.log
    assert sum(broker.committed(f"group-{source}", source, PARTITIONS).values()) == 50
