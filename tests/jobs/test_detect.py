"""``detect`` and ``detect_column``."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest

import lakescan
from lakescan import Policy
from lakescan.errors import UsageError
from lakescan.udfs.detect import FINDINGS_SCHEMA

IBAN = "GB33BUKB20201555555555"


def test_findings_of_a_text_come_in_its_order_with_code_point_offsets():
    text = "Zoë 🙂 wrote to zoe@example.com from 192.0.2.7"
    found = lakescan.detect(text, accuracy_mode="patterns")
    assert [text[f.start : f.end] for f in found] == ["zoe@example.com", "192.0.2.7"]
    assert [f.entity for f in found] == ["EMAIL_ADDRESS", "IP_ADDRESS"]
    assert all(0 < f.score <= 1 and f.detector for f in found)
    assert found[0].category == "EMAIL_ADDRESS"


def test_nothing_is_found_in_nothing():
    assert lakescan.detect("") == []
    assert lakescan.detect("nothing to see here") == []


def test_what_is_no_text_is_refused_in_words():
    with pytest.raises(UsageError, match="takes one text, not list"):
        lakescan.detect(["ann@example.org"])


def test_the_policy_decides_what_is_found():
    policy = Policy.parse("version: 1\nentities: {disable: [EMAIL_ADDRESS]}\n")
    assert lakescan.detect("write to zoe@example.com", policy) == []


@pytest.mark.parametrize(
    "array",
    [
        pa.array(["a@example.com", None, "b", "x a@example.com", "a@example.com"]),
        pa.chunked_array([["a@example.com", None], ["b", "x a@example.com", "a@example.com"]]),
        pa.array(
            ["a@example.com", None, "b", "x a@example.com", "a@example.com"]
        ).dictionary_encode(),
        pa.array(
            ["a@example.com", None, "b", "x a@example.com", "a@example.com"], pa.large_string()
        ),
    ],
    ids=["array", "chunked", "dictionary", "large"],
)
def test_findings_of_a_column_name_their_rows(array):
    found = lakescan.detect_column(array, name="email")
    assert found.table.schema == FINDINGS_SCHEMA
    rows = [(f["row"], f["start"], f["end"]) for f in found.table.to_pylist()]
    assert rows == [(0, 0, 13), (3, 2, 15), (4, 0, 13)]
    assert len(found) == 3
    assert found.verdict.classifications[0].entity == "EMAIL_ADDRESS"
    assert (found.verdict.rows, found.verdict.nulls) == (5, 1)


def test_a_column_without_a_name_is_judged_by_its_values():
    verdict = lakescan.detect_column(pa.array([f"u{n}@example.com" for n in range(20)])).verdict
    assert verdict.column is None
    assert verdict.classifications[0].entity == "EMAIL_ADDRESS"


def test_a_column_of_nulls_holds_nothing():
    found = lakescan.detect_column(pa.nulls(3, pa.string()), name="email")
    assert len(found) == 0
    assert found.verdict.nulls == 3


def test_numbers_are_read_as_text():
    found = lakescan.detect_column(
        pa.array([4111111111111111, 5500000000000004]), name="card_number"
    )
    assert {f["entity"] for f in found.table.to_pylist()} == {"CREDIT_CARD"}


def test_json_documents_are_judged_by_their_fields() -> None:
    documents = [
        json.dumps({"user": {"mail": f"p{n}@example.org"}, "note": "paid", "iban": IBAN})
        for n in range(40)
    ]
    found = lakescan.detect_column(pa.array([*documents, None]), "payload")
    inner = {column.column: column for column in found.inner}
    assert inner["payload.$.user.mail"].classifications[0].entity == "EMAIL_ADDRESS"
    assert inner["payload.$.iban"].classifications[0].entity == "IBAN"
    assert not inner["payload.$.note"].classifications
    verdict = found.verdict
    assert {told.entity for told in verdict.classifications} == {"EMAIL_ADDRESS", "IBAN"}
    assert (verdict.column, verdict.rows, verdict.nulls, verdict.sensitive) == (
        "payload", 41, 1, True,
    )  # fmt: skip


def test_a_struct_is_judged_by_all_of_its_fields() -> None:
    array = pa.array([{"n": n, "mail": f"p{n}@example.org"} for n in range(40)])
    found = lakescan.detect_column(array, "contact")
    assert {column.column for column in found.inner} == {"contact.n", "contact.mail"}
    assert found.verdict.sensitive


def test_a_flat_column_has_nothing_inside() -> None:
    assert lakescan.detect_column(pa.array(["a@example.com"]), "mail").inner == ()
