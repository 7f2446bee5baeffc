"""Protegrity's contract: the pages' samples, their arithmetic, order, overlaps, input checks."""

from __future__ import annotations

import pytest

from lakescan.jobs.detect import Finding
from lakescan.service.adapters.protegrity_input import is_trusted
from lakescan.service.adapters.protegrity_text import (
    Classified,
    Spotted,
    grouped,
    labelled,
    spotted,
)
from lakescan.service.adapters.protegrity_words import category_of, harmonized, original

CLASSIFY = "/pty/data-discovery/v1.1/classify"
LABEL = "/pty/data-discovery/v1.1/transform/label"
PLAIN = {"content-type": "text/plain"}
DAVE = "You can reach Dave Elliot by phone 203-555-1286"
JAKE = "Jake lives at 15 Main st, Hamden 06517, Connecticut."
CSV = """Social Security Number,Credit Card Number,IBAN,Phone Number
589-25-1068,349384370543801,FR43 9255 4858 47BG 3EBG U4OK O18,(483) 9440301
636-36-3077,4041594844904,AL50 8947 4215 KAEY GAPM NLYC FNZG,(113) 5143119
748-82-2375,3558175715821800,AT34 4082 9269 0841 5702,(763) 5136237
516-62-9861,560221027976015000,FR22 0068 7181 11FB UG8H ECEM 306,(726) 6031636
121-49-9409,374283320982549,DK37 5687 8459 8060 79,(624) 9205200
838-73-3299,5558216060144900,CR54 8952 8144 6403 4765 0,(356) 9479541
439-11-5310,5048376143641900,RS76 6213 4824 0184 8983 74,(544) 5623326
564-06-8466,3543299511845640,EE51 6882 3443 7863 4703,(702) 6093849
518-54-5443,3543019452249540,IT65 D000 3874 2801 Z15I LNLL OOX,(584) 8618371"""


def post(client, path, text, kind="text/plain", status=200, **query):
    answer = client.post(path, content=text.encode(), params=query, headers={"content-type": kind})
    assert answer.status_code == status, answer.text
    return answer.json()


def check_providers(value):
    names = [("Pattern", 8051), ("Context", 8052)]
    for provider, (name, port) in zip(value["providers"], names, strict=True):
        assert list(provider) == ["name", "version", "status", "elapsed_time", "config_provider"]
        assert provider["name"] == f"{name} Classification Provider"
        assert provider["status"] == 200
        assert isinstance(provider["elapsed_time"], float)
        assert provider["config_provider"] == {
            "name": name,
            "address": f"http://{name.lower()}_provider_service:{port}",
            "supported_content_types": [],
        }


def test_the_text_sample(client):
    value = post(client, CLASSIFY, DAVE, score_threshold=0.85)
    assert list(value) == ["providers", "classifications"]
    check_providers(value)
    assert set(value["classifications"]) == {"PERSON", "PHONE_NUMBER"}
    (person,), (phone,) = (value["classifications"][k] for k in ("PERSON", "PHONE_NUMBER"))
    assert person["location"] == {"start_index": 14, "end_index": 25}
    assert phone["location"] == {"start_index": 35, "end_index": 47}
    for group in (person, phone):
        assert list(group) == ["score", "location", "classifiers"]
        scores = [each["score"] for each in group["classifiers"]]
        assert group["score"] == sum(scores) / len(scores)
        assert min(scores) >= 0.85
        for each in group["classifiers"]:
            assert list(each) == ["provider_index", "name", "score", "original_entity", "details"]
            assert each["details"] == {}
    context = person["classifiers"][-1]
    assert (context["provider_index"], context["name"], context["original_entity"]) == (
        1,
        "context",
        "NAME",
    )
    assert phone["classifiers"][-1]["original_entity"] == "PHONE"


def test_the_csv_sample(client):
    value = post(client, CLASSIFY, CSV, "text/csv", score_threshold=0.85)
    check_providers(value)
    found = value["classifications"]
    assert list(found) == ["SOCIAL_SECURITY_ID", "CREDIT_CARD", "BANK_ACCOUNT", "PHONE_NUMBER"]
    names = ["Social Security Number", "Credit Card Number", "IBAN", "Phone Number"]
    for index, (name, groups) in enumerate(zip(names, found.values(), strict=True)):
        (group,) = groups
        assert list(group) == ["score", "rows_processed", "location", "classifiers"]
        assert group["rows_processed"] == 9
        assert group["location"] == {"column_name": name, "column_index": index}
        for each in group["classifiers"]:
            assert list(each) == [
                "provider_index", "name", "rows_with_classification", "total_classifications",
                "score", "details",
            ]  # fmt: skip
            assert each["score"] >= 0.85
    assert found["BANK_ACCOUNT"] == [
        {
            "score": 0.7901234567901234,
            "rows_processed": 9,
            "location": {"column_name": "IBAN", "column_index": 2},
            "classifiers": [
                {
                    "provider_index": 0,
                    "name": "IbanRecognizer",
                    "rows_with_classification": 8,
                    "total_classifications": 8,
                    "score": 0.8888888888888888,
                    "details": {},
                }
            ],
        }
    ]
    card = found["CREDIT_CARD"][0]["classifiers"]
    assert [(c["provider_index"], c["rows_with_classification"]) for c in card] == [(1, 9)]


def test_a_third_of_the_cards_pass_the_check_and_are_told_below_the_threshold(client):
    found = post(client, CLASSIFY, CSV, "text/csv")["classifications"]
    pattern = found["CREDIT_CARD"][0]["classifiers"][0]
    assert pattern["name"] == "CreditCardRecognizer"
    assert pattern["rows_with_classification"] == 3
    assert pattern["score"] == pytest.approx(3 / 9)


def test_a_csv_without_headers_and_with_bars(client):
    body = "\n".join(f'{n}|user{n}@example.com|"a|b"' for n in range(6))
    found = post(client, CLASSIFY, body, "text/csv", has_headers="false", column_delimiter="|")[
        "classifications"
    ]
    (group,) = found["EMAIL_ADDRESS"]
    assert group["location"] == {"column_name": None, "column_index": 1}
    assert group["rows_processed"] == 6


def test_the_label_sample(client):
    value = post(client, LABEL, JAKE, score_threshold=0.85)
    assert value == {
        "transform": {
            "text": "[PERSON] lives at [LOCATION] [LOCATION], [LOCATION] [LOCATION], [LOCATION]."
        }
    }
    more = post(
        client, LABEL, JAKE,
        score_threshold=0.85, include_providers="Yes", include_classification_details="Yes",
    )  # fmt: skip
    assert list(more) == ["transform", "providers", "classifications"]
    check_providers(more)
    spans = {
        (g["location"]["start_index"], g["location"]["end_index"], category)
        for category, groups in more["classifications"].items()
        for g in groups
    }
    assert spans == {
        (0, 4, "PERSON"), (14, 16, "LOCATION"), (17, 24, "LOCATION"), (26, 32, "LOCATION"),
        (33, 38, "LOCATION"), (40, 51, "LOCATION"),
    }  # fmt: skip
    originals = {
        c["original_entity"] for g in more["classifications"]["LOCATION"] for c in g["classifiers"]
    }
    assert {"BUILDING", "CITY", "ZIPCODE", "STATE"} <= originals


def test_the_harmonization_sample(client):
    text = "You can visit our office located in New York City."
    (group,) = post(client, CLASSIFY, text)["classifications"]["LOCATION"]
    assert group["location"] == {"start_index": 36, "end_index": 49}
    assert group["classifiers"][-1]["original_entity"] == "CITY"


def test_nothing_found(client):
    assert post(client, CLASSIFY, "The sky is blue.")["classifications"] == {}
    assert post(client, LABEL, "The sky is blue.") == {"transform": {"text": "The sky is blue."}}


# --- arithmetic and order, on the samples' own numbers ---------------------------------------------


def said(start, end, entity, score, detector):
    return Finding(start, end, entity, "", score, detector)


@pytest.mark.parametrize(
    "context, mean",
    [
        (0.9976999759674072, 0.9238499879837037),
        (0.9980000257492065, 0.9240000128746033),
        (0.9988999962806702, 0.9244499981403351),
        (0.9944000244140625, 0.9222000122070313),
        (0.9972000122070312, 0.9236000061035157),
    ],
)
def test_a_group_has_the_mean_of_its_classifiers(context, mean):
    pair = [
        said(0, 5, "LOCATION", 0.85, "pattern.place"),
        said(0, 5, "CITY", context, "ner.standard"),
    ]
    (spot,) = spotted(pair, 0.85)
    assert spot.score == mean
    assert [c.entity for c in spot.classifiers] == ["LOCATION", "CITY"]


def test_the_order_of_the_label_sample():
    found = [
        said(0, 4, "FIRST_NAME", 0.8819, "ner.standard"),
        said(14, 16, "BUILDING", 0.9959, "ner.standard"),
        said(17, 24, "LOCATION", 0.85, "pattern.place"),
        said(26, 32, "LOCATION", 0.85, "pattern.place"),
        said(26, 32, "CITY", 0.998, "ner.standard"),
        said(33, 38, "ZIPCODE", 0.9984, "ner.standard"),
        said(40, 51, "LOCATION", 0.85, "pattern.place"),
        said(40, 51, "STATE", 0.9989, "ner.standard"),
    ]
    value = grouped(spotted(found, 0.85))
    assert list(value) == ["LOCATION", "PERSON"]
    starts = [group["location"]["start_index"] for group in value["LOCATION"]]
    assert starts == [17, 26, 40, 14, 33]
    assert [len(group["classifiers"]) for group in value["LOCATION"]] == [1, 2, 2, 1, 1]


def test_the_sample_of_equal_spans_under_two_names():
    found = [
        said(14, 25, "IT_IDENTITY_CARD", 0.85, "pattern.it_identity_card"),
        said(14, 25, "ID_CARD", 0.9972000122070312, "ner.standard"),
    ]
    (category, (group,)) = next(iter(grouped(spotted(found, 0.0)).items()))
    assert category == "NATIONAL_ID"
    assert group["score"] == 0.9236000061035157
    assert [each["provider_index"] for each in group["classifiers"]] == [0, 1]
    assert [each["original_entity"] for each in group["classifiers"]] == [
        "IT_IDENTITY_CARD", "ID_CARD",
    ]  # fmt: skip


def test_the_sample_of_spans_that_do_not_match():
    found = [
        said(0, 35, "LOCATION", 0.85, "pattern.place"),
        said(0, 17, "STREET", 0.9972000122070312, "ner.standard"),
        said(20, 22, "BUILDING", 0.9972000122070312, "ner.standard"),
        said(25, 31, "ZIPCODE", 0.9972000122070312, "ner.standard"),
    ]
    value = grouped(spotted(found, 0.0))
    assert list(value) == ["LOCATION"]
    told = [
        (group["location"]["start_index"], group["location"]["end_index"], each["original_entity"])
        for group in value["LOCATION"]
        for each in group["classifiers"]
    ]
    assert told == [
        (0, 35, "LOCATION"), (0, 17, "STREET"), (20, 22, "BUILDING"), (25, 31, "ZIPCODE"),
    ]  # fmt: skip


def spot(start, end, category, score):
    return Spotted(start, end, category, (Classified(1, "context", score, category),))


@pytest.mark.parametrize(
    "text, spots, result",
    [
        ("Jake Filbert lives", [spot(0, 12, "PERSON", 0.9)], "[PERSON] lives"),
        ("Jake lives", [spot(0, 4, "USERNAME", 0.7), spot(0, 4, "PERSON", 0.9)], "[PERSON] lives"),
        ("Jake lives", [spot(0, 4, "USERNAME", 0.9), spot(0, 4, "PERSON", 0.9)], "[USERNAME] lives"),
        ("jake@email.com", [spot(0, 4, "PERSON", 0.9), spot(0, 14, "EMAIL_ADDRESS", 0.5)], "[EMAIL_ADDRESS]"),
        ("092-33445", [spot(0, 6, "PHONE_NUMBER", 0.9), spot(4, 9, "SOCIAL_SECURITY_ID", 0.9)],
         "[PHONE_NUMBER&SOCIAL_SECURITY_ID]"),
        ("ab cd", [spot(0, 2, "A", 0.9), spot(2, 5, "B", 0.9)], "[A][B]"),
    ],
)  # fmt: skip
def test_overlaps_in_labels(text, spots, result):
    assert labelled(text, spots) == result


@pytest.mark.parametrize(
    "label, category",
    [
        ("UK_NINO", "SOCIAL_SECURITY_ID"), ("US_SSN", "SOCIAL_SECURITY_ID"), ("AU_ACN", "NATIONAL_ID"),
        ("SG_UEN", "NATIONAL_ID"), ("CREDIT_CARD_CVV", "PASSWORD"), ("PIN", "PASSWORD"),
        ("MEDICAL_LICENSE", "HEALTH_CARE_ID"), ("AU_MEDICARE", "HEALTH_CARE_ID"),
        ("UK_NHS", "HEALTH_CARE_ID"), ("IBAN", "BANK_ACCOUNT"), ("BIC", "BANK_ACCOUNT"),
        ("US_BANK_NUMBER", "BANK_ACCOUNT"), ("DATE", "DATETIME"), ("TIME", "DATETIME"),
        ("CITY", "LOCATION"), ("ZIPCODE", "LOCATION"), ("BUILDING", "LOCATION"), ("NAME", "PERSON"),
    ],
)  # fmt: skip
def test_the_odd_rows_of_the_table(label, category):
    assert category_of(label) == category


def test_our_entities_in_the_products_words():
    assert harmonized("FIRST_NAME") == "PERSON"
    assert harmonized("US_SSN") == "SOCIAL_SECURITY_ID"
    assert harmonized("A_CUSTOM_ONE") == "A_CUSTOM_ONE"
    assert (original("PERSON", 0), original("PERSON", 1)) == ("PERSON", "NAME")
    assert (original("PHONE_NUMBER", 0), original("PHONE_NUMBER", 1)) == ("PHONE_NUMBER", "PHONE")
    assert original("IBAN", 0) == "IBAN_CODE"


# --- input ----------------------------------------------------------------------------------------

UNTRUSTED = ["\u2167", "\U0001d4c9\U0001d452\U0001d4cd\U0001d4c9", "\u0420\u0435\u0440",
             "\u0050\u0435\u0070", "e\u0301", "a\u200bb", "a\u202eb", "\uff21", "\U00013000",
             "a\x00b", "a\x07b"]  # fmt: skip
TRUSTED = ["a\tb\r\nc", "caf\u00e9", "\u201cquoted\u201d \u2013 it\u2019s", "S\u00e3o Paulo", "\u20ac 5",
           "\u041f\u0440\u0438\u0432\u0435\u0442 \u043c\u0438\u0440", "\u65e5\u672c"]  # fmt: skip


@pytest.mark.parametrize("text", UNTRUSTED)
def test_unclean_input_is_refused(client, text):
    assert not is_trusted(text)
    for path in (CLASSIFY, LABEL):
        assert post(client, path, f"see {text}", status=422) == {"error": "Untrusted input"}


@pytest.mark.parametrize("text", TRUSTED)
def test_clean_input_passes(client, text):
    assert is_trusted(text)
    post(client, CLASSIFY, text)


def test_the_checks_can_be_switched_off(guarded):
    with guarded.client(headers={"x-api-key": "first-key"}) as client:
        post(client, CLASSIFY, "see \u2167")


def test_other_refusals(client):
    post(client, CLASSIFY, "x" * 10_241, status=413)
    post(client, CLASSIFY, "x" * 10_240)
    post(client, CLASSIFY, "x", "application/json", status=415)
    post(client, LABEL, "x", "text/csv", status=415)
    post(client, CLASSIFY, "x", "text/plain; charset=latin-1", status=415)
    post(client, CLASSIFY, "", status=400)
    post(client, CLASSIFY, "a,b", "text/csv", status=400)
    for query in (
        {"score_threshold": 1.5},
        {"score_threshold": "high"},
        {"score_threshold": "nan"},
    ):
        post(client, CLASSIFY, "x", status=400, **query)
    post(client, CLASSIFY, "a\n1", "text/csv", status=400, column_delimiter=";")
    post(client, LABEL, "x", status=400, include_providers="Maybe")
    bad = client.post(CLASSIFY, content=b"caf\xe9", headers=PLAIN)
    assert bad.status_code == 400
