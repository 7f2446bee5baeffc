"""Presidio's contract from request to request: what its public end-to-end tests send.

Their bodies are sent as they are there; scores and what a model finds are lakescan's.
"""

from __future__ import annotations

import pytest

JOHN = "John Smith drivers license is AC432223"
OPERATORS = {
    "DEFAULT": {"type": "replace", "new_value": "ANONYMIZED"},
    "US_DRIVER_LICENSE": {
        "type": "mask", "masking_char": "*", "chars_to_mask": 4, "from_end": True,
    },
    "PERSON": {"type": "replace", "new_value": "<PERSON>"},
}  # fmt: skip


def post(client, path, status=200, **body):
    answer = client.post(path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def spans(results):
    return {(each["entity_type"], each["start"], each["end"]) for each in results}


def flow(client, operators=None, text=JOHN, **asked):
    """Analyze, and anonymize what was found."""
    results = post(client, "/analyze", text=text, language="en", **asked)
    body = {"text": text, "analyzer_results": results}
    if operators is not None:
        body["anonymizers"] = operators
    return post(client, "/anonymize", **body)


def test_what_was_found_is_anonymized(client):
    assert flow(client, OPERATORS) == {
        "text": "<PERSON> drivers license is AC43****",
        "items": [
            {"start": 28, "end": 36, "entity_type": "US_DRIVER_LICENSE", "text": "AC43****",
             "operator": "mask"},
            {"start": 0, "end": 8, "entity_type": "PERSON", "text": "<PERSON>",
             "operator": "replace"},
        ],
    }  # fmt: skip


@pytest.mark.parametrize("named", [False, True])
def test_what_is_below_the_threshold_stays(client, named):
    asked = {"score_threshold": 0.8}
    if named:
        asked["entities"] = client.get("/supportedentities?language=en").json()
    assert flow(client, OPERATORS, **asked) == {
        "text": "<PERSON> drivers license is AC432223",
        "items": [{"start": 0, "end": 8, "entity_type": "PERSON", "text": "<PERSON>",
                   "operator": "replace"}],
    }  # fmt: skip


def test_an_operator_for_another_entity_leaves_the_usual_one(client):
    other = {"ABC": {"type": "replace", "new_value": "<PERSON>"}}
    assert flow(client, other)["text"] == "<PERSON> drivers license is <US_DRIVER_LICENSE>"


def test_a_page_of_many_kinds(client):
    text = (
        "Hello, my name is David Johnson and I live in Maine. My credit card number is "
        "4095-2609-9393-4932 and my crypto wallet id is 16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ. "
        "On September 18 I sent an email to test@presidio.site, from IP 192.168.0.1. "
        "My passport: 191280342 and my phone number: (212) 555-1234. This is a valid "
        "International Bank Account Number: IL150120690000003111111 . Can you please check the "
        "status on bank account 954567876544? Kate's social security number is 078-05-1126. "
        "Her driver license? it is 1234567A. See https://cla.microsoft.com or write to "
        "opencode@microsoft.com."
    )
    assert flow(client, text=text, score_threshold=0.35)["text"] == (
        "Hello, my name is <PERSON> and I live in <LOCATION>. My credit card number is "
        "<CREDIT_CARD> and my crypto wallet id is <CRYPTO>. "
        "On <DATE_TIME> I sent an email to <EMAIL_ADDRESS>, from IP <IP_ADDRESS>. "
        "My passport: <US_PASSPORT> and my phone number: <PHONE_NUMBER>. This is a valid "
        "International Bank Account Number: <IBAN_CODE> . Can you please check the "
        "status on bank account <US_BANK_NUMBER>? <PERSON>'s social security number is <US_SSN>. "
        "Her driver license? it is <US_DRIVER_LICENSE>. See <URL> or write to "
        "<EMAIL_ADDRESS>."
    )


def test_an_organization_is_told_where_it_is_asked_for(client):
    text = "She works for Siemens AG in Munich."
    assert "ORGANIZATION" not in {each[0] for each in spans(
        post(client, "/analyze", text=text, language="en"))}  # fmt: skip
    named = post(client, "/analyze", text=text, language="en", entities=["ORGANIZATION"])
    assert spans(named) == {("ORGANIZATION", 14, 24)}


def test_no_entities_are_all_and_unknown_ones_have_nobody_to_look_for_them(client):
    every = post(client, "/analyze", text=JOHN, language="en")
    assert post(client, "/analyze", text=JOHN, language="en", entities=[]) == every
    error = {"error": "No matching recognizers were found to serve the request."}
    assert post(client, "/analyze", 500, text=JOHN, language="en", entities=["NOPE"]) == error
    some = post(client, "/analyze", text=JOHN, language="en", entities=["NOPE", "PERSON"])
    assert spans(some) == {("PERSON", 0, 10)}


@pytest.mark.parametrize(
    "asked, number, named",
    [
        ("ZA_MOBILE_NUMBER", "+27 82 123 4567", "ZA_MOBILE_NUMBER"),
        ("ZA_MOBILE_NUMBER", "082 123 4567", "ZA_MOBILE_NUMBER"),
        ("ZA_MOBILE_NUMBER", "+27 11 123 4567", None),
        ("ZA_TELEPHONE_NUMBER", "+27 11 123 4567", "ZA_TELEPHONE_NUMBER"),
        ("ZA_TELEPHONE_NUMBER", "+27 82 123 4567", None),
        ("TR_PHONE_NUMBER", "+90 212 555 01 23", "TR_PHONE_NUMBER"),
        ("PH_MOBILE_NUMBER", "+63 917 123 4567", "PH_MOBILE_NUMBER"),
        ("PH_MOBILE_NUMBER", "+1 212 555 0142", None),
        ("PHONE_NUMBER", "+63 917 123 4567", "PHONE_NUMBER"),
        ("PHONE_NUMBER PH_MOBILE_NUMBER", "+63 917 123 4567", "PH_MOBILE_NUMBER"),
        ("PHONE_NUMBER PH_MOBILE_NUMBER", "+1 212 555 0142", "PHONE_NUMBER"),
    ],
)
def test_telephone_numbers_of_a_country(client, asked, number, named):
    text = f"Please call me on my mobile phone {number} tomorrow."
    asking = {"text": text, "language": "en", "entities": asked.split()}
    for more in ({}, {"context": ["mobile"]}):
        found = post(client, "/analyze", **asking, **more)
        at = text.index(number)
        assert spans(found) == ({(named, at, at + len(number))} if named else set())


def test_what_is_found_as_something_wider_has_the_name_that_is_asked_for(client):
    text = "Health insurance member ID: XEH123456789."
    finer = "US_HEALTH_INSURANCE_MEMBER_ID"
    for asked, named in (([finer], finer), ([finer, "HEALTH_INSURANCE_ID"], "HEALTH_INSURANCE_ID")):
        found = post(client, "/analyze", text=text, language="en", entities=asked)
        assert spans(found) == {(named, 28, 40)}


def test_context_that_a_request_brings_along(client):
    text = "John Smith D.L. is AC432223"
    licence = ("US_DRIVER_LICENSE", 19, 27)
    assert licence not in spans(post(client, "/analyze", text=text, language="en"))
    told = post(
        client, "/analyze",
        text=text, language="en", context=["Driver license"], return_decision_process=True,
    )  # fmt: skip
    assert licence in spans(told)
    (why,) = (each["analysis_explanation"] for each in told if each["entity_type"] == licence[0])
    assert why["supportive_context_word"] == "driver"
    assert why["score"] == pytest.approx(why["original_score"] + why["score_context_improvement"])
    assert why["score_context_improvement"] > 0
    elsewhere = post(client, "/analyze", text=text, language="en", context=["invoice"])
    assert licence not in spans(elsewhere)


def test_deny_lists_of_two_recognizers(client):
    text = "Mr. John Smith's drivers license is AC432223"
    lists = {"MR_TITLE": ["Mr.", "Mister"], "MS_TITLE": ["Ms.", "Miss", "Mrs."]}
    recognizers = [
        {"name": name, "supported_language": "en", "deny_list": words, "supported_entity": name}
        for name, words in lists.items()
    ]
    told = post(client, "/analyze", text=text, language="en", ad_hoc_recognizers=recognizers)
    assert {("MR_TITLE", 0, 3), ("US_DRIVER_LICENSE", 36, 44)} <= spans(told)
    assert "MS_TITLE" not in {each["entity_type"] for each in told}


def test_a_pattern_with_a_key_of_another_is_refused_in_the_products_words(client):
    wrong = {"type": "zip code (weak)", "bebex": "[0-9]{5}", "confidence": 0.01}
    zips = {"name": "Zip", "supported_language": "en", "patterns": [wrong],
            "supported_entity": "ZIP"}  # fmt: skip
    answer = post(client, "/analyze", 400, text=JOHN, language="en", ad_hoc_recognizers=[zips])
    assert answer == {
        "error": "Failed to parse /analyze request for AnalyzerEngine.analyze(). "
        "Pattern.__init__() got an unexpected keyword argument 'type'"
    }


@pytest.mark.parametrize(
    "more, kept",
    [
        ({"allow_list": ["admin@github.com"]}, False),
        ({"allow_list": [".*@github.com"], "allow_list_match": "regex"}, False),
        ({"allow_list": [".*@github.com"]}, True),
        ({"allow_list": [".*@GitHub.com"], "allow_list_match": "regex", "regex_flags": 0}, True),
    ],
)
def test_allow_lists(client, more, kept):
    told = post(client, "/analyze", text="email: admin@github.com", language="en", **more)
    assert spans(told) == ({("EMAIL_ADDRESS", 7, 23)} if kept else set())


def test_very_many_results_take_no_quadratic_time(client):
    patterns = [{"name": "letter", "regex": "a", "score": 0.5}]
    recognizer = {"name": "Letters", "supported_entity": "LETTER", "patterns": patterns}
    found = post(
        client,
        "/analyze",
        text="a " * 100_000,
        language="en",
        entities=["LETTER"],
        ad_hoc_recognizers=[recognizer],
    )
    assert len(found) == 100_000


def test_what_a_context_makes_credible_within_a_result_is_not_told_again(client):
    text = "Please call me on my mobile phone +27 82 123 4567 tomorrow."
    found = post(client, "/analyze", text=text, language="en", context=["mobile"])
    assert spans(found) == {("PHONE_NUMBER", 34, 49), ("DATE_TIME", 50, 58)}


def test_bare_names_of_hosts_are_urls_between_words(client):
    text = (
        "I visited microsoft.com and docs.example.org/start, wrote to ann@example.net and saw "
        "https://www.example.com/a.com. Not setup.py, user.name or done.It was, but EXAMPLE.COM."
    )
    told = post(client, "/analyze", text=text, language="en", entities=["URL"])
    assert sorted(text[start:end] for _, start, end in spans(told)) == [
        "EXAMPLE.COM",
        "docs.example.org/start",
        "https://www.example.com/a.com",
        "microsoft.com",
    ]
    assert {each["score"] for each in told if each["start"] == 10} == {0.5}
    every = post(client, "/analyze", text=text, language="en")
    assert {("URL", 10, 23), ("EMAIL_ADDRESS", 61, 76)} <= spans(every)
    none = post(client, "/analyze", text=text, language="en", score_threshold=0.6)
    assert ("URL", 10, 23) not in spans(none)


def test_a_bare_host_comes_with_its_reason(client):
    given = {"text": "See microsoft.com", "language": "en", "return_decision_process": True}
    told = post(client, "/analyze", **given)
    assert [each["analysis_explanation"]["recognizer"] for each in told] == ["DomainRecognizer"]
