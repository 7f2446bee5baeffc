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
