"""Presidio's contract: bodies as its public clients and end-to-end tests send them."""

from __future__ import annotations

import hashlib
import json

import pytest

from lakescan.service.adapters.presidio_bodies import AnalyzerResult, AnonymizeBody
from lakescan.service.adapters.presidio_operators import anonymized

JOHN = "John Smith drivers license is AC432223"
JANE = "hello world, my name is Jane Doe. My number is: 034453334"
WASHINGTON = "I'm George Washington Square Park"
KEYS = ["analysis_explanation", "end", "entity_type", "score", "start"]


def analyze(client, status=200, **body):
    answer = client.post("/analyze", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def triples(results):
    return {(each["entity_type"], each["start"], each["end"]) for each in results}


# --- analyze --------------------------------------------------------------------------------------


def test_a_text(client):
    results = analyze(client, text=JOHN, language="en")
    assert [list(each) for each in results] == [KEYS, KEYS]
    assert triples(results) == {("PERSON", 0, 10), ("US_DRIVER_LICENSE", 30, 38)}
    assert all(each["analysis_explanation"] is None for each in results)
    scores = [each["score"] for each in results]
    assert scores == sorted(scores, reverse=True)


def test_a_list_of_texts(client):
    results = analyze(client, text=[JOHN, "nothing"], language="en")
    assert [triples(each) for each in results] == [
        {("PERSON", 0, 10), ("US_DRIVER_LICENSE", 30, 38)},
        set(),
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"correlation_id": "123"},
        {"trace": "1"},
        {"trace": "somedata"},
        {"return_decision_process": 0},
    ],
)
def test_fields_that_change_nothing(client, more):
    assert analyze(client, text=JOHN, language="en", **more) == analyze(
        client, text=JOHN, language="en"
    )


def test_a_threshold_and_entities_leave_others_out(client):
    assert triples(analyze(client, text=JOHN, language="en", score_threshold=0.8)) == {
        ("PERSON", 0, 10)
    }
    assert triples(analyze(client, text=JOHN, language="en", entities=["PERSON"])) == {
        ("PERSON", 0, 10)
    }
    assert analyze(client, text=JOHN, language="en", entities=["IBAN_CODE"]) == []


def test_entities_by_presidios_names(client):
    text = "IBAN GB29NWBK60161331926819, 192.168.1.1, ann@example.com, Paris, 4111111111111111"
    names = ["IBAN_CODE", "IP_ADDRESS", "EMAIL_ADDRESS", "LOCATION", "CREDIT_CARD"]
    found = {each["entity_type"] for each in analyze(client, text=text, language="en")}
    assert set(names) <= found
    for name in names:
        found = analyze(client, text=text, language="en", entities=[name])
        assert {each["entity_type"] for each in found} == {name}


def test_entities_by_our_own_names(client):
    text = "IBAN GB29NWBK60161331926819, 4111111111111111"
    for asked, told in ((["IBAN"], {"IBAN"}), (["IBAN", "IBAN_CODE"], {"IBAN_CODE"})):
        found = analyze(client, text=text, language="en", entities=asked)
        assert {each["entity_type"] for each in found} == told


@pytest.mark.parametrize(
    "body, status, error",
    [
        ({}, 500, "No text provided"),
        ({"language": "en"}, 500, "No text provided"),
        ({"text": JOHN}, 500, "No language provided"),
        (
            {"text": JOHN, "language": "zz"},
            500,
            "No matching recognizers were found to serve the request.",
        ),
    ],
)
def test_the_products_own_errors(client, body, status, error):
    assert analyze(client, status, **body) == {"error": error}


def test_decisions_are_explained(client):
    text = "John Smith license is AC432223"
    person, licence = analyze(client, text=text, language="en", return_decision_process=True)
    for each in (person, licence):
        why = each["analysis_explanation"]
        assert {
            "recognizer", "pattern_name", "pattern", "original_score", "score",
            "textual_explanation", "score_context_improvement", "supportive_context_word",
            "validation_result",
        } <= set(why)  # fmt: skip
        assert why["score"] == each["score"]
    assert licence["analysis_explanation"]["supportive_context_word"] == "license"
    assert licence["analysis_explanation"]["pattern"]


ZIP = {
    "name": "Zip code Recognizer",
    "supported_language": "en",
    "patterns": [
        {"name": "zip code (weak)", "regex": "(\\b\\d{5}(?:\\-\\d{4})?\\b)", "score": 0.01}
    ],
    "supported_entity": "ZIP",
}


def zips(client, **more):
    text = f"{JOHN}. Zip code: 10023"
    results = analyze(client, text=text, language="en", ad_hoc_recognizers=[ZIP | more])
    assert {("PERSON", 0, 10), ("US_DRIVER_LICENSE", 30, 38)} <= triples(results)
    return [each for each in results if each["entity_type"] == "ZIP"]


def test_an_ad_hoc_recognizer(client):
    assert [(each["start"], each["end"], each["score"]) for each in zips(client)] == [
        (50, 55, 0.01)
    ]


def test_context_raises_its_score_to_the_floor(client):
    assert [each["score"] for each in zips(client, context=["zip", "code"])] == [0.4]


def test_an_ad_hoc_deny_list(client):
    titles = {"supported_language": "en", "supported_entity": "TITLE", "deny_list": ["Mr", "Mr."]}
    results = analyze(
        client, text="Mr. Smith and Mr Jones", language="en", ad_hoc_recognizers=[titles]
    )
    spans = [(r["start"], r["end"], r["score"]) for r in results if r["entity_type"] == "TITLE"]
    assert spans == [(0, 3, 1.0), (14, 16, 1.0)]


@pytest.mark.parametrize(
    "pattern",
    [
        {"type": "zip code (weak)", "bebex": "x", "confidence": 0.01},
        {"name": "x", "regex": "(?<=a)b", "score": 0.5},
        {"name": "x", "regex": "(", "score": 0.5},
        {"name": "x", "regex": "a", "score": 7},
    ],
)
def test_a_wrong_ad_hoc_recognizer_is_refused(client, pattern):
    error = analyze(
        client, 400, text=JOHN, language="en", ad_hoc_recognizers=[ZIP | {"patterns": [pattern]}]
    )["error"]
    assert error.startswith("Failed to parse /analyze request for AnalyzerEngine.analyze().")


def test_a_hostile_regex_stalls_nobody(client):
    hostile = {"name": "x", "regex": "(a+)+$", "score": 0.5}
    analyze(
        client,
        text="a" * 50_000 + "b",
        language="en",
        ad_hoc_recognizers=[ZIP | {"patterns": [hostile]}],
    )


def test_an_allow_list(client):
    text = "ann@example.com and bob@example.com"
    kept = analyze(client, text=text, language="en", allow_list=["ann@example.com"])
    assert triples(kept) == {("EMAIL_ADDRESS", 20, 35)}
    kept = analyze(client, text=text, language="en", allow_list=["^BOB@"], allow_list_match="regex")
    assert triples(kept) == {("EMAIL_ADDRESS", 0, 15)}


def test_what_there_is(client):
    assert client.get("/health").text == "Presidio Analyzer service is up"
    supported = client.get("/supportedentities", params={"language": "en"}).json()
    assert {"PHONE_NUMBER", "US_SSN", "PERSON", "IBAN_CODE", "LOCATION", "CREDIT_CARD"} <= set(
        supported
    )
    assert client.get("/supportedentities?uknown=input").json() == supported
    assert client.get("/supportedentities?language=he").status_code == 500
    recognizers = client.get("/recognizers?language=en").json()
    assert {"CreditCardRecognizer", "IbanRecognizer", "UsSsnRecognizer"} <= set(recognizers)
    assert client.get("/recognizers?language=he").json() == {
        "error": "No matching recognizers were found to serve the request."
    }
    assert set(client.get("/anonymizers").json()) == {
        "custom", "encrypt", "hash", "keep", "mask", "redact", "replace",
    }  # fmt: skip
    assert client.get("/deanonymizers").json() == ["decrypt", "deanonymize_keep"]


# --- anonymize ------------------------------------------------------------------------------------


def found(start, end, entity, score=0.8):
    return {"start": start, "end": end, "score": score, "entity_type": entity}


def anonymize(client, text, results, status=200, **operators):
    body = {"text": text, "analyzer_results": results, "anonymizers": operators}
    answer = client.post("/anonymize", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def item(operator, entity, start, end, text):
    return {"start": start, "end": end, "entity_type": entity, "text": text, "operator": operator}


def test_replace_and_mask(client):
    results = [
        found(24, 32, "NAME"), found(24, 28, "FIRST_NAME"), found(29, 32, "LAST_NAME", 0.6),
        found(48, 57, "PHONE_NUMBER", 0.95),
    ]  # fmt: skip
    replace = {"type": "replace", "new_value": "ANONYMIZED"}
    mask = {"type": "mask", "masking_char": "*", "chars_to_mask": 4, "from_end": True}
    assert anonymize(client, JANE, results, DEFAULT=replace, PHONE_NUMBER=mask) == {
        "text": "hello world, my name is ANONYMIZED. My number is: 03445****",
        "items": [
            item("mask", "PHONE_NUMBER", 50, 59, "03445****"),
            item("replace", "NAME", 24, 34, "ANONYMIZED"),
        ],
    }


def test_the_results_of_analyze_go_in_as_they_came(client):
    results = analyze(client, text=JOHN, language="en")
    assert anonymize(client, JOHN, results)["text"] == (
        "<PERSON> drivers license is <US_DRIVER_LICENSE>"
    )


def test_operators_is_another_name_for_anonymizers(client):
    body = {
        "text": JANE,
        "analyzer_results": [found(24, 32, "NAME")],
        "operators": {"NAME": {"type": "redact"}},
    }
    text = client.post("/anonymize", json=body).json()["text"]
    assert text == "hello world, my name is . My number is: 034453334"


def test_nothing_to_do(client):
    assert anonymize(client, "", []) == {"text": "", "items": []}
    assert anonymize(client, "hello world!", []) == {"text": "hello world!", "items": []}


@pytest.mark.parametrize(
    "operators, text, items",
    [
        (
            {"NAME": {"type": "keep"}, "LOCATION": {"type": "replace"}},
            "I'm George Washington<LOCATION>",
            [item("replace", "LOCATION", 21, 31, "<LOCATION>"),
             item("keep", "NAME", 4, 21, "George Washington")],
        ),
        (
            {"NAME": {"type": "replace"}, "LOCATION": {"type": "keep"}},
            "I'm <NAME>Washington Square Park",
            [item("keep", "LOCATION", 10, 32, "Washington Square Park"),
             item("replace", "NAME", 4, 10, "<NAME>")],
        ),
        (
            {"DEFAULT": {"type": "keep"}},
            "I'm George WashingtonWashington Square Park",
            [item("keep", "LOCATION", 21, 43, "Washington Square Park"),
             item("keep", "NAME", 4, 21, "George Washington")],
        ),
    ],
)  # fmt: skip
def test_spans_that_overlap_in_part(client, operators, text, items):
    results = [found(4, 21, "NAME"), found(11, 33, "LOCATION")]
    assert anonymize(client, WASHINGTON, results, **operators) == {"text": text, "items": items}


def test_overlaps_of_one_entity_become_one_and_neighbours_too(client):
    text = "Jane Doe Smith, Ann"
    results = [found(0, 8, "PERSON"), found(5, 14, "PERSON"), found(16, 19, "PERSON")]
    assert anonymize(client, text, results)["text"] == "<PERSON>, <PERSON>"
    results = [found(0, 4, "PERSON"), found(5, 8, "PERSON")]
    assert anonymize(client, text, results)["text"] == "<PERSON> Smith, Ann"


def test_of_equal_spans_the_surer_one(client):
    results = [found(0, 4, "A", 0.5), found(0, 4, "B", 0.9), found(0, 4, "C", 0.7)]
    assert anonymize(client, "Jane", results)["text"] == "<B>"


def test_hash_is_sha2_over_text_and_salt(client):
    salt = "0123456789abcdef"
    for kind in ("sha256", "sha512"):
        given = {"type": "hash", "hash_type": kind, "salt": salt}
        text = anonymize(client, "Jane", [found(0, 4, "A")], A=given)["text"]
        assert text == hashlib.new(kind, b"Jane" + salt.encode()).hexdigest()
    plain = [anonymize(client, "Jane", [found(0, 4, "A")], A={"type": "hash"}) for _ in range(2)]
    assert plain[0] != plain[1]


@pytest.mark.parametrize(
    "operator, status, error",
    [
        ({"type": "custom", "new_value": "lambda x: x"}, 400, "Custom type anonymizer is not supported"),
        ({"type": "shred"}, 422, "Invalid operator class 'shred'."),
        ({}, 422, "Invalid input, operator config must contain operator_name"),
        ({"type": "mask"}, 422, "Expected parameter masking_char"),
        ({"type": "mask", "masking_char": "**", "chars_to_mask": 1, "from_end": True}, 422,
         "Invalid input, masking_char must be a character"),
        ({"type": "mask", "masking_char": "*", "chars_to_mask": "4", "from_end": True}, 422,
         "Invalid parameter value for chars_to_mask. Expecting 'number', but got 'string'."),
        ({"type": "encrypt", "key": "invalidkey"}, 422,
         "Invalid input, key must be of length 128, 192 or 256 bits"),
        ({"type": "encrypt"}, 422, "Expected parameter key"),
        ({"type": "hash", "hash_type": "md5"}, 422,
         "Parameter hash_type value md5 is not in range of values ['sha256', 'sha512']"),
        ({"type": "hash", "salt": "short"}, 422,
         "Salt must be at least 16 bytes (128 bits). Provided salt is 5 bytes."),
    ],
)  # fmt: skip
def test_operators_that_make_no_sense(client, operator, status, error):
    refused = anonymize(client, JANE, [found(24, 32, "NAME")], status, DEFAULT=operator)
    assert refused == {"error": error}


@pytest.mark.parametrize(
    "result, error",
    [
        ({"start": 0, "end": 99, "score": 1, "entity_type": "A"},
         "Invalid analyzer result, start: 0 and end: 99, while text length is only 57."),
        ({"start": -1, "end": 2, "score": 1, "entity_type": "A"},
         "Invalid input, result start and end must be positive"),
        ({"end": 2, "score": 1, "entity_type": "A"}, "Invalid input, result must contain start"),
        ({"start": 0, "end": 2, "entity_type": "A"}, "Invalid input, analyzer result must contain score"),
        ({"start": 0, "end": 2, "score": 1}, "Invalid input, result must contain entity_type"),
    ],
)  # fmt: skip
def test_results_that_make_no_sense(client, result, error):
    assert anonymize(client, JANE, [result], 422) == {"error": error}


def test_malformed_and_empty_bodies(client):
    headers = {"content-type": "application/json"}
    broken = client.post("/anonymize", content='{"text": "x",}', headers=headers)
    assert broken.status_code == 400
    assert broken.json()["error"].startswith("The browser (or proxy) sent a request")
    for path in ("/anonymize", "/deanonymize"):
        empty = client.post(path, json={})
        assert (empty.status_code, empty.json()) == (400, {"error": "Invalid request json"})
    missing = client.post("/anonymize", json={"text": "x"})
    assert missing.json() == {"error": "Invalid input, request must contain analyzer results"}


# --- deanonymize ----------------------------------------------------------------------------------

#: "text_for_encryption" as Presidio itself encrypted it, from its public end-to-end tests.
ENCRYPTED = "e6HnOMnIxbd4a8Qea44LshQDnjvxwzBIaAz+YqHNnMW2mC5r3AWoay8Spsoajyyy"


def test_what_presidio_encrypted_comes_back(client):
    text = ENCRYPTED.replace("+", "-")
    body = {
        "text": text,
        "deanonymizers": {"NUMBER": {"type": "decrypt", "key": "1111111111111111"}},
        "anonymizer_results": [{"start": 0, "end": len(text), "entity_type": "NUMBER"}],
    }
    for each in (text, ENCRYPTED):
        assert client.post("/deanonymize", json=body | {"text": each}).json() == {
            "text": "text_for_encryption",
            "items": [item("decrypt", "NUMBER", 0, 19, "text_for_encryption")],
        }
    wrong = {"NUMBER": {"type": "decrypt", "key": "2222222222222222"}}
    assert client.post("/deanonymize", json=body | {"deanonymizers": wrong}).status_code == 422


def test_encrypted_text_comes_back(client):
    text = "Lorem Ipsum is a Software Engineer"
    keys = {"NAME": "1" * 16, "TITLE": "2" * 32}
    hide = {name: {"type": "encrypt", "key": key} for name, key in keys.items()}
    hidden = anonymize(client, text, [found(0, 12, "NAME"), found(17, 34, "TITLE")], **hide)
    assert "Lorem" not in hidden["text"]
    body = {
        "text": hidden["text"],
        "deanonymizers": {n: {"type": "decrypt", "key": k} for n, k in keys.items()},
        "anonymizer_results": hidden["items"],
    }
    assert client.post("/deanonymize", json=body).json()["text"] == text


def test_nothing_to_bring_back(client):
    answer = client.post("/deanonymize", json={"text": ENCRYPTED})
    assert answer.json() == {"text": ENCRYPTED, "items": []}
    assert client.post("/deanonymize", json={"key": "1" * 16}).json() == {"text": "", "items": []}
    wrong = {"text": "x", "deanonymizers": {"A": {"type": "decrypt", "key": "invalidkey"}},
             "anonymizer_results": [{"start": 0, "end": 1, "entity_type": "A"}]}  # fmt: skip
    answer = client.post("/deanonymize", json=wrong)
    assert answer.status_code == 422
    assert json.loads(answer.text)["error"].startswith("Invalid input, key must be of length")


def test_offsets_of_items_stand_in_the_new_text():
    text = "añn 😀 bob and eve"
    spans = [(0, 3, "A"), (6, 9, "B"), (14, 17, "C")]
    body = AnonymizeBody(
        text=text,
        analyzer_results=[
            AnalyzerResult(start=a, end=b, score=1, entity_type=e) for a, b, e in spans
        ],
    )
    done = anonymized(body)
    for each in done["items"]:
        assert done["text"][each["start"] : each["end"]] == f"<{each['entity_type']}>"


def test_an_ad_hoc_regex_that_matches_everywhere_is_refused(client):
    pattern = {"name": "all", "regex": "", "score": 0.5}
    recognizer = {"name": "all", "supported_entity": "ALL", "patterns": [pattern], "context": [""]}
    body = {"text": "Ann", "language": "en", "ad_hoc_recognizers": [recognizer]}
    told = client.post("/analyze", json=body)
    assert told.status_code == 400
    assert "regex" in told.json()["error"]
    pattern["regex"] = "Ann"
    assert client.post("/analyze", json=body).status_code == 200
