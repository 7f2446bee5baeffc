"""The Data Curation contract: the page's samples and its pattern rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakescan.service.adapters.data_curation_rules import matches
from lakescan.service.adapters.data_curation_text import chunks, normalized

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


def test_a_text_comes_later_as_the_products_clients_send_it(client):
    options = {"pii": "redaction", "chunking": False, "embedding": False, "json_schema": False}
    given = client.post("/presign", json=options).json()
    assert list(given) == ["job_id", "put_url", "get_url"]
    status = f"/status/{given['job_id']}"
    assert client.get(status).json() == {"jobId": given["job_id"], "status": "Created"}
    assert client.get(given["get_url"]).status_code == 404
    put = client.put(
        given["put_url"],
        content=TEXT.encode(),
        headers={"content-type": "application/octet-stream"},
    )
    assert put.status_code == 200
    assert client.get(status).json()["status"] == "Done"
    result = client.get(given["get_url"]).json()
    assert result["markdown"] == {"output": "Contact John Smith at [PII] or [PII]."}
    assert result == put.json()
    plain = client.post("/presign", json={}).json()
    assert client.put(plain["put_url"], content=TEXT.encode()).json() == {
        "markdown": {"output": TEXT}
    }
    assert client.put(plain["put_url"], content=b"\xff").status_code == 400


def test_the_addresses_need_no_key_and_nobody_guesses_them(guarded):
    with guarded.client() as anybody:
        assert anybody.post("/presign", json={}).status_code == 401
        key = {"x-api-key": "first-key"}
        given = anybody.post("/presign", json={"pii": True}, headers=key).json()
        assert anybody.put(given["put_url"], content=TEXT.encode()).status_code == 200
        assert "pii_matches" in anybody.get(given["get_url"]).json()
        assert anybody.get(f"/status/{given['job_id']}").status_code == 401
        other = given["put_url"].replace(given["job_id"], "0" * 32)
        assert anybody.put(other, content=b"x" * 1000).status_code == 404
        assert anybody.get(other).status_code == 404
        missing = anybody.get(f"/status/{'0' * 32}", headers=key)
        assert missing.status_code == 404


@pytest.mark.parametrize("pii", ["redaction", {"mode": "redaction"}])
def test_ner_is_switched_on_beside_pii_too(client, pii):
    body = {"pii": pii, "entity_redaction": True, "markdown": {"output": TEXT}}
    answer = client.post("/presign", json=body).json()
    assert answer["markdown"]["output"] == "Contact [PII] at [PII] or [PII]."


def test_masking_comes_before_chunks_and_after_normalization(client):
    text = "\u201cWrite\u201d to ann@example.com \u2013 now. " + "Nothing is here. " * 10
    body = {
        "pii": "redaction",
        "normalization": {"quotations": True, "dashes": True},
        "chunking": True,
        "chunk_size": 100,
        "markdown": {"output": text},
    }
    answer = client.post("/presign", json=body).json()
    markdown = answer["markdown"]
    assert markdown["output"].startswith('"Write" to [PII] - now. ')
    assert len(markdown["chunks"]) > 1
    assert "".join(markdown["chunks"]) == markdown["output"]
    (found,) = answer["pii_matches"]
    assert text[found["start"] : found["end"]] == "ann@example.com"
    assert markdown["output"][found["redacted_start"] : found["redacted_end"]] == "[PII]"


def test_what_is_not_made_here_is_refused(client):
    for more in ({"embedding": True}, {"json_schema": "FULL"}, {"chunk_size": 5}):
        assert client.post("/presign", json=more).status_code == 422


def test_other_shapes_of_pii_are_refused(client):
    for pii in ("yes", {"mode": "hide"}, {"entity": True}, 7):
        refused = client.post("/presign", json={"pii": pii})
        assert refused.status_code == 422
    assert refused.json() == {
        "error": "pii: must be true, false, 'detection', 'redaction' or an object with a mode"
    }


def test_null_is_what_leaving_the_field_out_is(client):
    asked = {"markdown": {"output": TEXT}}
    nulls = dict.fromkeys(("pii", "entity_redaction", "chunking", "chunk_size", "embedding"))
    without = client.post("/presign", json=asked)
    assert without.status_code == 200
    assert client.post("/presign", json=asked | nulls).json() == without.json()


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


SENTENCES = st.text(st.sampled_from("ab .!?\n[PII]\u201c\u2014"), max_size=300)


@given(text=SENTENCES, size=st.integers(1, 80))
def test_chunks_are_the_text_and_cut_no_mask(text, size):
    pieces = chunks(text, size)
    assert "".join(pieces) == text
    assert all(pieces)
    assert sum(piece.count("[PII]") for piece in pieces) == text.count("[PII]")


@given(text=SENTENCES)
def test_normalized_text_is_as_long(text):
    plain = normalized(text, quotations=True, dashes=True)
    assert len(plain) == len(text)
    assert not {"\u201c", "\u2014"} & set(plain)
