"""From topics into a lake, against a real broker."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections import Counter

import pyarrow.parquet as pq
import pytest
from brokers import TansuBroker

import lakescan
from lakescan.connectors.sinks import Target, sink_for
from lakescan.errors import TerminalError, UnsupportedError

pytestmark = pytest.mark.kafka


def table(lake):
    """What stands in the lake: what its manifest names."""
    files = sorted(path for path in lake.rglob("*.parquet") if "_lakescan" not in path.parts)
    return [row for path in files for row in pq.read_table(path).to_pylist()]


def records(count: int) -> list[dict[str, object]]:
    return [
        {"key": f"k{i}", "value": json.dumps({"id": i, "mail": f"u{i}@example.com", "x": "Zoë 😀"})}
        for i in range(count)
    ]


def test_messages_become_rows_and_the_lake_knows_how_far(broker: TansuBroker, drained, tmp_path):
    source, lake = broker.topic(records(500), partitions=3), tmp_path / "lake"
    how = lakescan.Streaming(messages=200)
    result = drained(broker.uri(source), str(lake), streaming=how)
    rows = table(lake)
    assert (result.messages, len(rows), result.commits) == (500, 500, 3)
    assert {json.loads(row["value"])["id"] for row in rows} == set(range(500))
    assert not any("@example.com" in row["value"] for row in rows)
    assert Counter(row["partition"] for row in rows).keys() == {0, 1, 2}
    broker.produce(source, records(10))
    assert drained(broker.uri(source), str(lake)).messages == 10
    assert len(table(lake)) == 510
    assert sum(broker.committed(result.group, source, 3).values()) == 510
    (dataset,) = lakescan.scan(str(lake), accuracy_mode="patterns").value.datasets
    assert dataset.rows == 510


def test_the_lake_counts_not_the_group(broker: TansuBroker, drained, tmp_path, monkeypatch):
    """Killed between the lake's commit and the group's, nothing comes twice."""
    source, lake = broker.topic(records(50)), tmp_path / "lake"
    monkeypatch.setattr("lakescan.jobs.stream.lake._tell_group", lambda *_: None)
    group = drained(broker.uri(source), str(lake)).group
    assert broker.committed(group, source, 1) == {0: 0}
    assert drained(broker.uri(source), str(lake)).messages == 0
    assert len(table(lake)) == 50


def test_dead_letters_and_what_comes_without_a_place_for_them(broker, drained, tmp_path):
    source, aside = broker.topic([{"value": "ok"}, {"value": b"\xff"}]), broker.topic()
    with pytest.raises(TerminalError, match="could not be anonymized"):
        drained(broker.uri(source), str(tmp_path / "one"))
    assert not (tmp_path / "one").exists() or table(tmp_path / "one") == []
    how = lakescan.Streaming(dead_letters=aside)
    assert drained(broker.uri(source), str(tmp_path / "two"), streaming=how).dead_letters == 1
    assert [row["value"] for row in table(tmp_path / "two")] == ["ok"]
    assert [message.value() for message in broker.messages(aside)] == [b"\xff"]


def test_what_was_encrypted_on_the_way_can_be_revealed(broker, drained, tmp_path, monkeypatch):
    monkeypatch.setenv("LAKESCAN_KEY", "ab" * 32)
    policy = """
accuracy_mode: patterns
anonymize: {rules: [{column: "value.$.mail", operator: encrypt}]}
"""
    source, lake = broker.topic(records(5)), tmp_path / "lake"
    drained(broker.uri(source), str(lake), policy)
    assert not any("@example.com" in row["value"] for row in table(lake))
    audit = lakescan.Audit(str(tmp_path / "audit.jsonl"), "a test")
    lakescan.reveal(lake, tmp_path / "back", audit)
    mails = {json.loads(row["value"])["mail"] for row in table(tmp_path / "back")}
    assert mails == {f"u{i}@example.com" for i in range(5)}


@pytest.mark.slow
def test_a_process_that_is_killed_leaves_each_message_once(broker, drained, tmp_path):
    source, lake = broker.topic(records(4_000), partitions=3), tmp_path / "lake"
    (tmp_path / "policy.yaml").write_text("accuracy_mode: patterns\n")
    command = [
        sys.executable, "-m", "lakescan", "stream", broker.uri(source), "--to", str(lake),
        "--policy", str(tmp_path / "policy.yaml"), "--commit-messages", "500", "--group", "lake-1",
        "--storage", "kafka.session.timeout.ms=1500",
        "--storage", "kafka.heartbeat.interval.ms=300",
    ]  # fmt: skip
    for number in range(2):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while len(list((lake / source).glob("*.parquet"))) < 2 * number + 2:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
    how = lakescan.Streaming(group="lake-1", messages=1_000)
    drained(broker.uri(source), str(lake), "accuracy_mode: patterns", how)
    ids = Counter(json.loads(row["value"])["id"] for row in table(lake))
    assert ids == Counter(range(4_000))
    recorded = sink_for(str(lake)).recorded(Target(str(lake), "read"))
    told = json.loads(recorded["lakescan.positions"])
    assert sum(told["lake-1"][source].values()) == 4_000


@pytest.mark.parametrize(
    ("mark", "form"),
    [
        ("_delta_log/00000000000000000000.json", "parquet"),
        ("metadata/v1.metadata.json", "parquet"),
        (None, "delta"),
    ],
)
def test_a_lake_table_is_refused_and_nothing_is_written_beside_its_log(
    broker: TansuBroker, drained, tmp_path, mark, form
):
    """Its readers follow its log, and would never see the files."""
    source, lake = broker.topic(records(5)), tmp_path / "lake"
    if mark is not None:
        (lake / mark).parent.mkdir(parents=True)
        (lake / mark).write_text("{}")
    before = sorted(lake.rglob("*"))
    with pytest.raises(UnsupportedError, match="streams are not written to") as told:
        drained(broker.uri(source), str(lake), streaming=lakescan.Streaming(format=form))
    assert "another folder" in (told.value.hint or "")
    assert sorted(lake.rglob("*")) == before
