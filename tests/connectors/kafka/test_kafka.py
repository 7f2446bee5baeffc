"""Topics as datasets, against a real broker."""

from __future__ import annotations

import io
import json
import random
import struct
from collections import Counter
from collections.abc import Iterator

import pyarrow.compute as pc
import pytest
from schema_registry import schema_registry

import lakescan
from lakescan.connectors import Dataset, ReadRequest, Selection, SourceFailure, discover, read
from lakescan.connectors.kafka import messages as messages_module
from lakescan.connectors.kafka import offsets
from lakescan.connectors.kafka.settings import CONFIG_VARIABLE
from lakescan.connectors.sinks import Origin, Target, sink_for
from lakescan.errors import (
    CredentialError,
    LakeError,
    NotFoundError,
    TransientError,
    UsageError,
)

pytestmark = pytest.mark.kafka


def dataset(uri: str, selection: Selection | None = None) -> Dataset:
    (found,) = discover(uri, selection)
    assert isinstance(found, Dataset)
    return found


def rows(found: Dataset, request: ReadRequest | None = None) -> list[dict[str, object]]:
    return [
        row for split in found.splits for batch in read(split, request) for row in batch.to_pylist()
    ]


@pytest.mark.parametrize("seed", range(3))
def test_every_message_comes_once_however_it_is_cut(broker, monkeypatch, seed):
    rng = random.Random(seed)
    records = [{"value": f"{seed}-{i}", "key": f"k{i % 7}"} for i in range(rng.randint(50, 900))]
    topic = broker.topic(records, partitions=3)
    monkeypatch.setattr(offsets, "RANGE", rng.randint(20, 400))
    found = dataset(broker.uri(topic))
    read_back = Counter(row["value"] for row in rows(found, ReadRequest(batch_bytes=2000)))
    assert read_back == Counter(record["value"] for record in records)
    assert found.size > 0
    assert all(split.stop - split.start <= offsets.RANGE for split in found.splits)


def test_keys_headers_and_bytes_that_are_no_text(broker):
    records = [
        {"value": b"\xff\x00", "key": None, "headers": [("who", b"ann@example.com"), ("no", None)]},
        {"value": None, "key": b"k"},
        {"value": "Zoë", "key": "ключ"},
    ]
    found = rows(dataset(broker.uri(broker.topic(records))))
    assert found == [
        {"key": None, "value": "\ufffd\x00", "headers": [("who", "ann@example.com"), ("no", None)]},
        {"key": "k", "value": None, "headers": None},
        {"key": "ключ", "value": "Zoë", "headers": None},
    ]


def test_a_scan_finds_what_json_values_and_headers_hold(broker):
    records = [
        {
            "value": json.dumps({"id": i, "mail": f"user{i}@example.com"}),
            "headers": [("ip", f"203.0.113.{i % 250}")],
        }
        for i in range(300)
    ]
    uri = broker.uri(broker.topic(records, partitions=2))
    result = lakescan.scan(uri, accuracy_mode="patterns")
    (scanned,) = result.value.datasets
    verdicts = {
        column.column: [found.entity for found in column.classifications]
        for column in scanned.columns
    }
    assert verdicts["value.$.mail"] == ["EMAIL_ADDRESS"]
    assert verdicts["headers.{}"][0].startswith("IP")
    assert (scanned.uri, scanned.rows_scanned, result.status) == (uri, 300, "complete")


def test_only_what_has_come_since_is_read_again(broker, monkeypatch, tmp_path):
    monkeypatch.setattr(offsets, "RANGE", 100)
    topic = broker.topic([{"value": f"a{i}@example.com"} for i in range(250)])
    output = tmp_path / "run"
    lakescan.scan(broker.uri(topic), output=output, accuracy_mode="patterns")
    broker.produce(topic, [{"value": f"b{i}@example.com"} for i in range(30)])
    again = lakescan.Output(str(output), incremental=True)
    result = lakescan.scan(broker.uri(topic), output=again, accuracy_mode="patterns")
    statuses = Counter(row["status"] for row in _splits(output))
    assert statuses == {"reused": 2, "complete": 1}
    assert result.value.rows_scanned == 280


def _splits(folder) -> list[dict[str, object]]:
    import pyarrow.parquet as pq

    return pq.read_table(folder / "splits.parquet").to_pylist()


def test_places(broker):
    topic = broker.topic([{"value": str(i), "timestamp": 1_700_000_000_000 + i} for i in range(50)])

    def values(query: str) -> list[object]:
        return [row["value"] for row in rows(dataset(broker.uri(topic, query)))]

    assert values("?from=40") == [str(i) for i in range(40, 50)]
    assert values("?from=10&to=12") == ["10", "11"]
    assert values("?from=latest-3") == ["47", "48", "49"]
    assert values("?from=2099-01-01T00:00:00Z") == []
    assert len(values("?from=2001-01-01")) == 50
    # 1,700,000,000 s is 22:13:20 UTC.
    assert values("?from=2023-11-14T22:13:20.047%2B00:00") == ["47", "48", "49"]
    assert values("?to=2023-11-14T22:13:20.002") == ["0", "1"]
    assert values("?from=70") == []


def test_a_message_that_comes_late_counts_by_its_time(broker):
    times = [1_700_000_000_000, 1_700_000_900_000, 1_700_000_000_001]
    topic = broker.topic([{"value": str(i), "timestamp": when} for i, when in enumerate(times)])
    found = rows(dataset(broker.uri(topic, "?to=2023-11-14T22:14:00Z")))
    assert [row["value"] for row in found] == ["0", "2"]


def test_topics_are_chosen_by_globs(broker):
    one, two = broker.topic([{"value": "x"}]), broker.topic()
    uris = {found.uri for found in discover(f"kafka://{broker.address}/topic*")}
    assert {broker.uri(one), broker.uri(two)} <= uris
    assert dataset(f"kafka://{broker.address}", Selection(include=(one,))).uri == broker.uri(one)
    assert dataset(broker.uri(two)).splits == ()


def test_a_bounded_sample(broker):
    found = dataset(broker.uri(broker.topic([{"value": str(i)} for i in range(500)])))
    assert len(rows(found, ReadRequest(max_rows=20, batch_bytes=100))) == 20
    assert rows(found, ReadRequest(columns=("value",), max_rows=1)) == [{"value": "0"}]


def test_a_topic_that_is_not_there(broker):
    with pytest.raises(NotFoundError, match="no such topic"):
        list(discover(broker.uri("nowhere")))


def test_a_broker_that_is_not_there(monkeypatch):
    monkeypatch.setattr("lakescan.connectors.kafka.listing.PATIENCE", 1.0)
    with pytest.raises(TransientError, match="does not answer"):
        list(discover("kafka://127.0.0.1:9/topic"))


def test_a_broker_that_dies_while_it_is_read(own_broker, monkeypatch):
    topic = own_broker.topic([{"value": "x" * 2000} for _ in range(2000)])
    (split,) = dataset(own_broker.uri(topic)).splits
    monkeypatch.setattr(messages_module, "PATIENCE", 1.0)
    properties = {
        "kafka.queued.max.messages.kbytes": "200",
        "kafka.fetch.message.max.bytes": "50000",
    }
    batches = read(split, ReadRequest(batch_bytes=10_000, storage=properties))
    next(batches)
    own_broker.stop()
    with pytest.raises(TransientError, match=r"stopped answering|does not answer"):
        list(batches)


@pytest.mark.parametrize(
    ("uri", "message"),
    [
        ("kafka://ann:secret@host/topic", "hold no user and password"),
        ("kafka:///topic", "no broker"),
        ("kafka://host/topic?from=yesterday", "no place in a topic"),
        ("kafka://host/topic?form=1", "unknown option 'form'"),
    ],
)
def test_uris_that_make_no_sense(uri, message):
    with pytest.raises(UsageError, match=message) as caught:
        list(discover(uri))
    assert "secret" not in str(caught.value)


def test_properties_come_from_a_file(broker, monkeypatch, tmp_path):
    file = tmp_path / "client.properties"
    file.write_text("# for all\nno.such.property = 1\n")
    monkeypatch.setenv(CONFIG_VARIABLE, str(file))
    with pytest.raises(UsageError, match=r"no\.such\.property"):
        list(discover(broker.uri("topic1")))
    monkeypatch.setenv(CONFIG_VARIABLE, str(tmp_path / "none"))
    with pytest.raises(UsageError, match="cannot be read"):
        list(discover(broker.uri("topic1")))


# ------------------------------------------------------------------------------ Avro, a registry

SCHEMA = {
    "type": "record",
    "name": "Person",
    "fields": [
        {"name": "mail", "type": "string"},
        {"name": "born", "type": {"type": "int", "logicalType": "date"}},
        {"name": "id", "type": {"type": "string", "logicalType": "uuid"}},
    ],
}
LOGIN = "reader:let-me-in"


@pytest.fixture
def registry() -> Iterator[str]:
    with schema_registry(7, SCHEMA, LOGIN) as address:
        yield address


def avro(number: int, mail: str) -> bytes:
    import datetime as dt
    import uuid

    from fastavro import parse_schema, schemaless_writer

    stream = io.BytesIO()
    record = {"mail": mail, "born": dt.date(1984, 3, 17), "id": uuid.UUID(int=7)}
    schemaless_writer(stream, parse_schema(SCHEMA), record)
    return struct.pack(">bI", 0, number) + stream.getvalue()


def test_avro_values(broker, registry, monkeypatch):
    topic = broker.topic([{"value": avro(7, "ann@example.com")}, {"value": "plain"}])
    request = ReadRequest(storage={"schema.registry.url": registry})
    monkeypatch.setenv("SCHEMA_REGISTRY_BASIC_AUTH", LOGIN)
    one, two = (row["value"] for row in rows(dataset(broker.uri(topic)), request))
    assert json.loads(one) == {
        "mail": "ann@example.com",
        "born": "1984-03-17",
        "id": "00000000-0000-0000-0000-000000000007",
    }
    assert two == "plain"


def test_avro_values_are_written_as_avro(broker, registry, monkeypatch):
    monkeypatch.setenv("SCHEMA_REGISTRY_BASIC_AUTH", LOGIN)
    monkeypatch.setenv("SCHEMA_REGISTRY_URL", registry)
    mails = ["ann@example.com", "bob@example.com"]
    source = broker.topic([{"value": avro(7, mail)} for mail in mails])
    target = broker.topic()
    sink = sink_for(broker.uri(target))
    transaction = sink.begin(Target(broker.uri(target), "r1"))
    (unit,) = sink.plan(transaction, dataset(broker.uri(source)), Origin(broker.uri(source)))
    batches = (batch for split in unit.splits for batch in read(split))
    masked = (
        batch.set_column(1, "value", pc.replace_substring(batch["value"], "ann", "***"))
        for batch in batches
    )
    sink.commit(transaction, [sink.stage(transaction, unit, masked)])
    made = [message.value() for message in broker.messages(target)]
    assert made == [avro(7, "***@example.com"), avro(7, mails[1])]


@pytest.mark.parametrize(
    ("login", "number", "error"), [("ann:wrong", 8, CredentialError), (LOGIN, 9, NotFoundError)]
)
def test_a_registry_that_refuses(broker, registry, monkeypatch, login, number, error):
    topic = broker.topic([{"value": avro(number, "ann@example.com")}])
    monkeypatch.setenv("SCHEMA_REGISTRY_BASIC_AUTH", login)
    monkeypatch.setenv("SCHEMA_REGISTRY_URL", registry)
    with pytest.raises(error) as caught:
        rows(dataset(broker.uri(topic)))
    assert "let-me-in" not in str(caught.value)


def test_a_topic_that_fails_spoils_no_other(broker, monkeypatch):
    good, bad = broker.topic([{"value": "x"}]), broker.topic([{"value": "y"}])
    real = offsets.extents

    def failing(consumer, topic, partitions):
        if topic == bad:
            raise TransientError("the broker does not answer", uri=broker.uri(bad))
        return real(consumer, topic, partitions)

    monkeypatch.setattr("lakescan.connectors.kafka.connector.extents", failing)
    found = {one.uri: one for one in discover(f"kafka://{broker.address}/topic*")}
    assert isinstance(found[broker.uri(good)], Dataset)
    failure = found[broker.uri(bad)]
    assert isinstance(failure, SourceFailure)
    assert isinstance(failure.error, LakeError)
