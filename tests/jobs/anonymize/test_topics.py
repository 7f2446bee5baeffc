"""Topics and tables into topics: found, hidden, and written once."""

from __future__ import annotations

import json

import pytest

import lakescan

pytestmark = pytest.mark.kafka

POLICY = """
accuracy_mode: patterns
anonymize: {rules: [{entities: EMAIL_ADDRESS, operator: token, domain: mail}]}
"""


def mails(broker, topic):
    return [json.loads(message.value())["email"] for message in broker.messages(topic)]


def test_a_topic_and_a_table_have_the_same_tokens(broker, key, people, tmp_path):
    policy = lakescan.Policy.parse(POLICY)
    told = [{"number": one["customer_id"], "email": one["email"]} for one in people]
    source = broker.topic([{"value": json.dumps(one), "key": "k"} for one in told])
    (tmp_path / "people.jsonl").write_text("".join(json.dumps(one) + "\n" for one in told))
    first, second = broker.topic(), broker.topic()
    done = [
        lakescan.anonymize(origin, broker.uri(target), policy, engine="local",
                           writing=lakescan.Writing(run_id="r1"))
        for origin, target in (
            (broker.uri(source), first), (tmp_path / "people.jsonl", second),
            (broker.uri(source), first),
        )
    ]  # fmt: skip
    assert [(each.status, each.value.rows) for each in done] == [("complete", len(people))] * 3
    tokens = mails(broker, first)
    assert tokens == mails(broker, second)
    assert len(set(tokens)) == len(people)
    assert not set(tokens) & {one["email"] for one in people}
    report = lakescan.verify(broker.uri(first), broker.uri(source), policy, engine="local")
    assert report.leaks == 0


WHOLE = """
accuracy_mode: patterns
anonymize:
  rules:
    - {column: key, operator: replace, options: {text: gone}}
    - {column: "headers.{}", operator: replace, options: {text: gone}}
"""


@pytest.mark.parametrize("odd", [{"key": b"\xff\xfe"}, {"headers": [("a", b"\xfd"), ("b", "b")]}])
def test_keys_and_headers_that_are_no_text_are_replaced_whole(broker, key, odd, caplog):
    records = [{"value": "1", "key": "plain"}, {"value": "2", **odd}, {"value": "3"}]
    source, target = broker.topic(records), broker.topic()
    policy = lakescan.Policy.parse(WHOLE)
    done = lakescan.anonymize(
        broker.uri(source), broker.uri(target), policy, engine="local",
        writing=lakescan.Writing(run_id="r1"),
    )  # fmt: skip
    assert (done.status, done.value.rows) == ("complete", 3)
    made = {one.value(): one for one in broker.messages(target)}
    headers = {value: dict(one.headers()) for value, one in made.items()}
    (part,) = ["key"] if "key" in odd else ["headers.a"]
    assert headers[b"2"]["lakescan.was-bytes"] == part.encode()
    assert [v for v, each in headers.items() if "lakescan.was-bytes" in each] == [b"2"]
    written = made[b"2"].key() if part == "key" else headers[b"2"]["a"]
    assert written == made[b"1"].key() == b"gone"
    assert "1 messages had bytes" in caplog.text
