"""From topic to topic, against a real broker."""

from __future__ import annotations

import json

import pytest

import lakescan
from lakescan.errors import NotFoundError, PolicyError, TerminalError, UsageError

pytestmark = pytest.mark.kafka


def headers(message) -> dict[str, str]:
    return {name: value.decode() for name, value in message.headers() or []}


def test_messages_come_out_once_in_order_without_the_people(broker, drained):
    records = [
        {
            "key": f"order-{i % 7}",
            "value": json.dumps(
                {"id": i, "who": {"mail": f"u{i}@example.com"}, "note": "Zoë 😀 call 202-555-0142"}
            ),
            "headers": [("from", f"u{i}@example.com"), ("trace", b"\xff\x01"), ("none", None)],
            "timestamp": 1_700_000_000_000 + i,
        }
        for i in range(700)
    ]
    source, target = broker.topic(records, partitions=3), broker.topic(partitions=3)
    streaming = lakescan.Streaming(messages=200)
    result = drained(broker.uri(source), broker.uri(target), streaming=streaming)
    assert (result.messages, result.dead_letters, result.commits >= 4) == (700, 0, True)
    assert result.findings["EMAIL_ADDRESS"] == 1400
    by_key: dict[bytes, list[int]] = {}
    for message in broker.messages(target):
        value = json.loads(message.value())
        by_key.setdefault(message.key(), []).append(value["id"])
        i = value["id"]
        assert value["who"]["mail"][0] == "u"
        assert "@example.com" not in value["who"]["mail"]
        assert value["note"] == "Zoë 😀 call <PHONE_NUMBER>"
        told = dict(message.headers())
        assert (told["trace"], told["none"]) == (b"\xff\x01", None)
        assert b"example" not in told["from"]
        assert told["lakescan.source"].decode().startswith(f"{source}:")
        assert message.timestamp()[1] == 1_700_000_000_000 + i
    assert sorted(i for ids in by_key.values() for i in ids) == list(range(700))
    assert all(ids == sorted(ids) for ids in by_key.values())
    committed = broker.committed(result.group, source, 3)
    assert sum(committed.values()) == 700


def test_who_begins_again_goes_on(broker, drained):
    source, target = broker.topic([{"value": "a@example.com"}]), broker.topic()
    drained(broker.uri(source), broker.uri(target))
    broker.produce(source, [{"value": "b"}, {"value": None, "key": "gone"}])
    assert drained(broker.uri(source), broker.uri(target)).messages == 2
    assert [m.value() for m in broker.messages(target)] == [b"a@*******.***", b"b", None]


def test_where_a_new_group_begins(broker, drained):
    source = broker.topic([{"value": str(i)} for i in range(9)])
    target = broker.topic()
    assert drained(broker.uri(source, "?from=6"), broker.uri(target)).messages == 3
    assert [m.value() for m in broker.messages(target)] == [b"6", b"7", b"8"]


def test_what_cannot_be_read_goes_aside_as_it_came(broker, drained, caplog):
    records = [{"value": f"m{i}@example.com"} for i in range(50)]
    bad = b"ann@example.com \xff"
    records[20] = {"value": bad, "key": "k", "headers": [("h", b"x")]}
    source, target, aside = broker.topic(records), broker.topic(), broker.topic()
    streaming = lakescan.Streaming(dead_letters=aside)
    with caplog.at_level("DEBUG"):
        result = drained(broker.uri(source), broker.uri(target), streaming=streaming)
    assert (result.messages, result.dead_letters) == (50, 1)
    assert len(broker.messages(target)) == 49
    (message,) = broker.messages(aside)
    assert (message.value(), message.key()) == (bad, b"k")
    told = headers(message)
    assert told["lakescan.reason"] == "bytes that are no UTF-8 text"
    assert told["lakescan.source"] == f"{source}:0:20"
    assert told["h"] == "x"
    assert "example" not in caplog.text


def test_without_a_place_for_them_the_first_one_ends_the_stream(broker, drained):
    source = broker.topic([{"value": "ann@example.com"}, {"value": b"\xff"}])
    target = broker.topic()
    with pytest.raises(TerminalError, match=r"\[0\] at 1 could not be anonymized") as caught:
        drained(broker.uri(source), broker.uri(target), streaming=lakescan.Streaming(group="g1"))
    assert "ann" not in str(caught.value)
    assert broker.committed("g1", source, 1) == {0: 0}
    assert [m for m in broker.messages(target) if m.value() is None] == []


def test_a_field_that_nothing_is_known_of_can_be_refused(broker, drained):
    policy = """
accuracy_mode: patterns
anonymize: {unrecognized: fail, rules: [{column: "value.$.ok", operator: keep}]}
"""
    records = [{"value": '{"ok": "a"}'}, {"value": '{"ok": "a", "new": "ann@example.com"}'}]
    source, target, aside = broker.topic(records), broker.topic(), broker.topic()
    result = drained(
        broker.uri(source), broker.uri(target), policy, lakescan.Streaming(dead_letters=aside)
    )
    assert result.dead_letters == 1
    assert "value.$.new" in headers(broker.messages(aside)[0])["lakescan.reason"]


def test_rules_by_path_key_and_entity(broker, drained, monkeypatch):
    monkeypatch.setenv("LAKESCAN_KEY", "ab" * 32)
    policy = """
accuracy_mode: patterns
columns: [{column: "value.$.name", entity: PERSON}]
anonymize:
  rules:
    - {column: key, operator: token}
    - {entities: PERSON, operator: replace}
    - {column: "value.$.card", operator: encrypt}
    - {column: "headers.{}", operator: "null"}
"""
    value = {"name": "Ann", "card": "4111111111111111", "list": ["x", {"mail": "a@example.com"}]}
    record = {"key": "k1", "value": json.dumps(value), "headers": [("h", b"v")]}
    source, target = broker.topic([record, record]), broker.topic()
    drained(broker.uri(source), broker.uri(target), policy)
    one, two = broker.messages(target)
    made = json.loads(one.value())
    assert made["name"] == "<PERSON>"
    assert made["list"] == ["x", {"mail": "<EMAIL_ADDRESS>"}]
    assert made["card"] != value["card"]
    assert one.key() == two.key() != b"k1"
    assert dict(one.headers())["h"] is None
    assert dict(one.headers())["lakescan.key_id"]


def test_a_list_at_the_top_is_searched_too(broker, drained):
    records = [{"value": '[{"mail": "ann@example.com"}, "bob@example.com"]'}]
    source, target = broker.topic(records), broker.topic()
    drained(broker.uri(source), broker.uri(target))
    (message,) = broker.messages(target)
    assert json.loads(message.value()) == [{"mail": "a**@*******.***"}, "b**@*******.***"]


def test_what_makes_no_sense_is_said_before_a_message_is_read(broker, drained):
    topic = broker.topic([{"value": "x"}])
    for target, error, told in (
        (broker.uri("nowhere"), NotFoundError, "no such topic"),
        (broker.uri(topic), UsageError, "would be read and written"),
    ):
        with pytest.raises(error, match=told):
            drained(broker.uri(topic), target)
    token = "anonymize: {rules: [{column: key, operator: token}]}"
    with pytest.raises(PolicyError, match="needs a key"):
        drained(broker.uri(topic), broker.uri(broker.topic()), token)
    with pytest.raises(UsageError, match="only topics are streamed"):
        lakescan.stream("somewhere", broker.uri(topic))


def test_another_cluster_is_refused(broker, own_broker, drained):
    source, target = broker.topic([{"value": "x"}]), own_broker.topic()
    with pytest.raises(UsageError, match="another cluster"):
        drained(broker.uri(source), own_broker.uri(target))
