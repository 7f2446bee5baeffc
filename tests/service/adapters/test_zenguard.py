"""ZenGuard's contract: the page's sample and facts."""

from __future__ import annotations

PROMPT = "My credit card number is 1234-5679-1234-1234 and my name is John Smith."
KEY = {"x-api-key": "a-key"}


def detect(client, *messages):
    answer = client.post("/v1/detect/pii", json={"messages": list(messages)}, headers=KEY)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_sample(client):
    value = detect(client, PROMPT)
    assert list(value) == ["is_detected", "score", "latency", "extra"]
    assert value["latency"] > 0
    del value["latency"]
    assert value == {
        "is_detected": True,
        "score": 1.0,
        "extra": {
            "sanitized_message": "My credit card number is CREDIT_CARD_1 and my name is NAME_1.",
            "detected_pii": [
                {"text": "John Smith", "type": "name"},
                {"text": "1234-5679-1234-1234", "type": "credit_card"},
            ],
        },
    }


def test_nothing_found(client):
    value = detect(client, "The sky is blue today.")
    assert value["is_detected"] is False
    assert value["score"] == 0.0
    assert value["extra"] == {"sanitized_message": None, "detected_pii": []}


def test_several_messages_count_on(client):
    value = detect(client, "Write to ann@example.com", "or bob@example.com or ann@example.com")
    assert value["extra"]["sanitized_message"] == "Write to EMAIL_1\nor EMAIL_2 or EMAIL_1"


def test_one_message_as_the_products_first_clients_send_it(client):
    answer = client.post("/v1/detect/pii", json={"message": PROMPT}, headers=KEY)
    assert answer.json()["extra"] == detect(client, PROMPT)["extra"]
    refused = client.post("/v1/detect/pii", json={"message": 5}, headers=KEY)
    assert refused.status_code == 400


def test_the_nine_types(client):
    text = (
        "Ann Smith of 12 Main Street, Paris; ann@example.com, 202-555-0142, SSN 536-22-8726, "
        "4111 1111 1111 1111, 192.168.1.20, id 8f14e45f-ceea-467f-a9d2-1c1f7f6b5d2a"
    )
    found = {each["type"] for each in detect(client, text)["extra"]["detected_pii"]}
    assert found == {
        "name", "address", "location", "email", "phone", "ssn", "credit_card", "ip_address", "uuid",
    }  # fmt: skip


def test_a_key_there_must_be(client):
    answer = client.post("/v1/detect/pii", json={"messages": [PROMPT]})
    assert answer.status_code == 401


def test_a_malformed_body_is_400(client):
    for body in ({"messages": []}, {"messages": "x"}, {}, {"messages": [1]}):
        assert client.post("/v1/detect/pii", json=body, headers=KEY).status_code == 400


def test_the_policy_says_which_types_and_how_they_are_hidden(guarded):
    with guarded.client(headers={"x-api-key": "first-key"}) as client:
        body = {"messages": [PROMPT + " ann@example.com"]}
        extra = client.post("/v1/detect/pii", json=body).json()["extra"]
    assert extra["sanitized_message"] == (
        f"My credit card number is {'*' * 19} and my name is John Smith. ann@example.com"
    )
    assert [each["type"] for each in extra["detected_pii"]] == ["credit_card"]
