"""The Data Curation contract: the page's samples and its pattern rules."""

from __future__ import annotations

import pytest

from lakescan.service.adapters.data_curation_rules import matches

TEXT = "Contact John Smith at john.smith@example.com or 555-123-4567."


def presign(client, pii, text=TEXT):
    answer = client.post("/presign", json={"pii": pii, "markdown": {"output": text}})
    assert answer.status_code == 200, answer.text
    return answer.json()


def match(start, end, kind, redacted=(None, None)):
    return {
        "start": start,
        "end": end,
        "match_type": kind,
        "redacted_start": redacted[0],
        "redacted_end": redacted[1],
    }


def test_detection_leaves_the_text_as_it_is(client):
    assert presign(client, {"mode": "detection", "entity_redaction": True}) == {
        "markdown": {"output": TEXT},
        "pii_matches": [match(8, 18, "PERSON"), match(22, 44, "EMAIL"), match(48, 60, "PHONE")],
        "pii_match_type_counts": {"PERSON": 1, "EMAIL": 1, "PHONE": 1},
    }


def test_redaction_masks_it(client):
    value = presign(client, {"mode": "redaction", "entity_redaction": True})
    assert list(value) == ["markdown", "pii_matches", "pii_match_type_counts"]
    assert value == {
        "markdown": {"output": "Contact [PII] at [PII] or [PII]."},
        "pii_matches": [
            match(8, 18, "PERSON", (8, 13)),
            match(22, 44, "EMAIL", (17, 22)),
            match(48, 60, "PHONE", (26, 31)),
        ],
        "pii_match_type_counts": {"PERSON": 1, "EMAIL": 1, "PHONE": 1},
    }


def test_names_are_told_only_where_asked_for(client):
    for pii in (True, {"mode": "detection"}):
        assert presign(client, pii)["pii_match_type_counts"] == {"EMAIL": 1, "PHONE": 1}


def test_without_pii_or_a_match_the_fields_are_left_out(client):
    assert presign(client, False) == {"markdown": {"output": TEXT}}
    assert client.post("/presign", json={"markdown": {"output": TEXT}}).json() == {
        "markdown": {"output": TEXT}
    }
    assert presign(client, True, "The sky is blue.") == {"markdown": {"output": "The sky is blue."}}


def test_a_text_may_come_later(client):
    where = client.post("/presign", json={"pii": {"mode": "redaction"}}).json()
    answer = client.request(where["method"], where["url"], content=TEXT.encode())
    assert answer.json()["markdown"] == {"output": "Contact John Smith at [PII] or [PII]."}
    plain = client.post("/presign", json={}).json()
    assert client.put(plain["url"], content=TEXT.encode()).json() == {"markdown": {"output": TEXT}}
    assert client.put(plain["url"], content=b"\xff").status_code == 400


def test_other_shapes_of_pii_are_refused(client):
    for pii in ("yes", {"mode": "hide"}, {"entity": True}, 7):
        assert client.post("/presign", json={"pii": pii}).status_code == 422


@pytest.mark.parametrize(
    "text, told",
    [
        ("at 123 Main Street Apt 4B now", [("123 Main Street Apt 4B", "ADDRESS")]),
        ("a.b+c@x-y.co.uk", [("a.b+c@x-y.co.uk", "EMAIL")]),
        ("555-123-4567", [("555-123-4567", "PHONE")]),
        ("(555) 123.4567", [("(555) 123.4567", "PHONE")]),
        ("+1 5551234567", [("+1 5551234567", "PHONE")]),
        ("123-45-6789", [("123-45-6789", "SSN")]),
        ("123 45 6789", [("123 45 6789", "SSN")]),
        ("123456789", [("123456789", "SSN")]),
        ("123-45 6789", []),
        ("4111111111111111", [("4111111111111111", "CREDIT_CARD")]),
        ("4111-1111-1111-1112", [("4111-1111-1111-1112", "CREDIT_CARD")]),
        ("4111 1111 1111 1111", [("4111 1111 1111 1111", "CREDIT_CARD")]),
        ("3782-822463-10005", [("3782-822463-10005", "CREDIT_CARD")]),
        ("4222222222222", [("4222222222222", "CREDIT_CARD")]),
        ("30569309025904", [("30569309025904", "BANK_ACCOUNT")]),
        ("CVV: 123", [("123", "CVV")]),
        ('"cvv": "123"', [("123", "CVV")]),
        ("?cvv=1234", [("1234", "CVV")]),
        ("just 123", []),
        ("paid by Visa", [("Visa", "CREDIT_CARD_ISSUER")]),
        ("account 12345678 there", [("12345678", "BANK_ACCOUNT")]),
        ("account (12345678)", []),
        ("GB29NWBK60161331926819", [("GB29NWBK60161331926819", "IBAN")]),
        ("password=hunter22", [("hunter22", "SECRET")]),
        ('"api_key": "abcd1234"', [("abcd1234", "SECRET")]),
        ("ftp://user:pass@host", [("pass", "SECRET")]),
        ("999.999.999.999", [("999.999.999.999", "IP_ADDRESS")]),
        ("see www.example.com.", [("www.example.com", "URL")]),
        ("12345", [("12345", "ZIP_CODE")]),
        ("12345-6789", [("12345-6789", "ZIP_CODE")]),
        ("00012", []),
        ("born 03/14/1985", [("03/14/1985", "DATE_OF_BIRTH")]),
        ("date of birth: 03-14-1985", [("03-14-1985", "DATE_OF_BIRTH")]),
        ("on 03/14/1985", []),
        ("a non-binary person", [("non-binary", "GENDER")]),
        ("male or female", []),
        ("A1234567", [("A1234567", "PASSPORT")]),
        ("Q1234567", [("Q1234567", "MEDICAL_LICENSE")]),
        ("D123456", [("D123456", "MEDICAL_LICENSE")]),
        ("12-34567", [("12-34567", "MEDICAL_LICENSE")]),
        ("Dr. Who and Judge Dredd", [("Dr.", "TITLE"), ("Judge", "TITLE")]),
        ("0x" + "ab" * 20, [("0x" + "ab" * 20, "CRYPTO_WALLET")]),
        ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", [
            ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "BITCOIN_ADDRESS")]),
    ],
)  # fmt: skip
def test_the_rules_of_the_page(text, told):
    assert [(text[m.start : m.end], m.kind) for m in matches(text)] == told
