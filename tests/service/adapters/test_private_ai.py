"""Private AI's contract: the page's samples and facts."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakescan.jobs.anonymize.exchange import exchange
from lakescan.service.adapters.markers import longest, numbered
from lakescan.service.adapters.private_ai import checks_pass

FRIENDS = "My name is John and my friend is Grace"
PLACE = FRIENDS + " and we live in Barcelona"


def deidentify(client, text, **more):
    answer = client.post("/deidentify_text", json={"text": text, "key": "<customer key>"} | more)
    assert answer.status_code == 200, answer.text
    value = answer.json()
    for entity in value["pii"]:
        assert entity["best_label"] == max(entity["labels"], key=entity["labels"].get)
        assert all(0 < score <= 1 for score in entity.pop("labels").values())
    return value


def entity(marker, text, label, start, end):
    return {"marker": marker, "text": text, "best_label": label, "stt_idx": start, "end_idx": end}


def test_unique_markers(client):
    value = deidentify(client, FRIENDS)
    assert list(value) == ["result", "pii", "api_calls_used", "output_checks_passed"]
    assert value == {
        "result": "My name is [NAME_1] and my friend is [NAME_2]",
        "pii": [
            entity("NAME_1", "John", "NAME", 11, 15),
            entity("NAME_2", "Grace", "NAME", 33, 38),
        ],
        "api_calls_used": 1,
        "output_checks_passed": True,
    }


@pytest.mark.parametrize("no", ["False", "false", False, 0, "no"])
def test_markers_that_are_not_unique(client, no):
    value = deidentify(client, FRIENDS, unique_pii_markers=no)
    assert value["result"] == "My name is [NAME] and my friend is [NAME]"
    assert [each["marker"] for each in value["pii"]] == ["NAME", "NAME"]


def test_enabled_classes_leave_the_others_in_clear(client):
    value = deidentify(client, PLACE, enabled_classes=["AGE", "LOCATION"])
    assert value["result"] == f"{FRIENDS} and we live in [LOCATION_1]"
    assert value["pii"] == [entity("LOCATION_1", "Barcelona", "LOCATION", 54, 63)]


def test_no_classes_are_all(client):
    assert deidentify(client, PLACE, enabled_classes=[]) == deidentify(client, PLACE)


NUMBERS = {
    "IBAN DE89370400440532013000": "IBAN [NUMERICAL_PII_1]",
    "account number 12345678901": "account number [NUMERICAL_PII_1]",
    "MAC 00:1B:44:11:3A:B7": "MAC [NUMERICAL_PII_1]",
    "VIN 1HGCM82633A004352": "VIN [NUMERICAL_PII_1]",
    "bitcoin 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa": "bitcoin [NUMERICAL_PII_1]",
    "EIN: 91-1144442": "EIN: [NUMERICAL_PII_1]",
    "passport number 512345678": "passport number [ID_NUMBER_1]",
    "his PESEL is 44051401359": "his PESEL is [ID_NUMBER_1]",
    "her NINO is AB 12 34 56 C": "her NINO is [SSN_1]",
}


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers_that_the_page_has_no_finer_label_for_do_not_stay(client, text):
    assert deidentify(client, text)["result"] == NUMBERS[text]


@pytest.mark.parametrize("none", [None, "none", "None"])
def test_no_fakes_by_their_pages_name(client, none):
    assert "result_fake" not in deidentify(client, FRIENDS, fake_entity_accuracy_mode=none)


def test_a_text_that_holds_a_marker_fails_the_output_check(client):
    value = deidentify(client, "See [NAME_1] and John")
    assert value["result"] == "See [NAME_1] and [NAME_1]"
    assert value["output_checks_passed"] is False


def test_fakes_and_where_they_stand(client):
    value = deidentify(client, PLACE, fake_entity_accuracy_mode="standard")
    assert list(value) == ["result", "result_fake", "pii", "api_calls_used", "output_checks_passed"]
    assert value["result"] == (
        "My name is [NAME_1] and my friend is [NAME_2] and we live in [LOCATION_1]"
    )
    put = []
    for each in value["pii"]:
        assert list(each)[-3:] == ["fake_text", "fake_stt_idx", "fake_end_idx"]
        (fake,) = each["fake_text"]
        assert value["result_fake"][each["fake_stt_idx"] : each["fake_end_idx"]] == fake
        assert fake != each["text"]
        put.append(fake)
    assert value["result_fake"] == (
        f"My name is {put[0]} and my friend is {put[1]} and we live in {put[2]}"
    )


def test_relationships_are_kept_or_not(client):
    text = "Hi John and Rosha, John nice to meet you. John, this is John, and John."
    names = {"fake_entity_accuracy_mode": "standard", "enabled_classes": ["NAME"]}

    def fakes_of_john(**more):
        found = deidentify(client, text, **names, **more)["pii"]
        return [each["fake_text"][0] for each in found if each["text"] == "John"]

    same = fakes_of_john()
    assert len(same) >= 3
    assert len(set(same)) == 1
    assert len(set(fakes_of_john(preserve_relationships="false"))) > 1


def test_the_same_words_have_the_same_marker(client):
    value = deidentify(client, "John and Grace met. Later John wrote to john@example.com.")
    assert value["result"] == (
        "[NAME_1] and [NAME_2] met. Later [NAME_1] wrote to [EMAIL_ADDRESS_1]."
    )


@pytest.mark.parametrize(
    "mode",
    ["standard", "standard_high", "standard_multilingual", "high", "high_multilingual"],
)
def test_every_accuracy_mode_of_the_page_is_taken(client, mode):
    assert deidentify(client, FRIENDS, accuracy_mode=mode)["pii"]


def test_modes_are_answered_with_the_models_that_are_here(servers, client, tmp_path):
    """A policy's own model is the best one; the shipped one is `standard`."""
    folder = files("lakescan.udfs.detect.ner").joinpath("models", "fast")
    policy = tmp_path / "policy.yaml"
    policy.write_text(f"version: 1\nner: {{model: {folder}}}\n")
    server = servers("--policy", str(policy))
    body = {"text": "Dear Ms Okonkwo, Jonathan Reeve of Tampere writes to Acme Widgets."}

    def labels(client, mode):
        answer = client.post("/deidentify_text", json=body | {"accuracy_mode": mode})
        assert answer.status_code == 200, answer.text
        return [each["labels"] for each in answer.json()["pii"]]

    with server.client() as other:
        shipped = labels(client, "standard")
        assert labels(other, "standard") == labels(other, "standard_multilingual") == shipped
        assert labels(other, "high") == labels(other, "high_multilingual") != shipped
    assert server.stop() == 0
    assert labels(client, "high") == shipped  # where no better one is named


def test_a_word_of_two_kinds_is_told_with_both_labels(client):
    text = "Spanish teacher in the French Embassy of Madrid University"
    answer = client.post("/deidentify_text", json={"text": text}).json()
    (teacher,) = [each for each in answer["pii"] if each["best_label"] == "OCCUPATION"]
    assert list(teacher["labels"]) == ["OCCUPATION", "ORGANIZATION"]
    assert answer["output_checks_passed"] is True


@pytest.mark.parametrize(
    "more",
    [
        {"accuracy_mode": "best"},
        {"enabled_classes": ["NMAE"]},
        {"unique_pii_markers": "perhaps"},
        {"fake_entity_accuracy_mode": "high"},
        {"text": None},
        {"text": 1},
    ],
)
def test_impossible_arguments_are_refused(client, more):
    answer = client.post("/deidentify_text", json={"text": FRIENDS} | more)
    assert answer.status_code == 422
    assert "John" not in answer.text


def test_the_key_stands_in_the_body_or_a_header(guarded):
    with guarded.client() as client:
        body = {"text": "ann@example.com"}
        assert client.post("/deidentify_text", json=body).status_code == 401
        assert client.post("/deidentify_text", json=body | {"key": "wrong"}).status_code == 401
        assert client.post("/deidentify_text", json=body | {"key": "first-key"}).status_code == 200
        headers = {"x-api-key": "second-key"}
        assert client.post("/deidentify_text", json=body, headers=headers).status_code == 200


def test_output_checks():
    assert checks_pass("John, hi", "[NAME_1], hi", ["NAME_1"], ["John"])
    assert not checks_pass("[NAME_1] John", "[NAME_1] [NAME_1]", ["NAME_1"], ["John"])
    assert not checks_pass("xJohn", "x[NAME_1]", ["NAME_1"], ["John"])
    assert not checks_pass("Johnx", "[NAME_1]x", ["NAME_1"], ["John"])


SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9)), max_size=12)


@given(text=st.text(max_size=80), spans=SPANS, put=st.text(max_size=6))
def test_exchanged_places_hold_what_was_put_and_all_else_stays(text, spans, put):
    inside = [(a, a + n, i) for i, (a, n) in enumerate(spans) if a + n <= len(text)]
    chosen = [(start, end) for start, end, _ in longest(inside)]
    done = exchange(text, chosen, [put] * len(chosen))
    assert [done.text[a:b] for a, b in done.places] == [put] * len(chosen)
    back = exchange(done.text, done.places, [text[a:b] for a, b in chosen])
    assert back.text == text
    assert back.places == chosen


@given(words=st.lists(st.sampled_from(["a", "b", "c"]), max_size=20))
def test_markers_count_from_one_and_equal_words_share_theirs(words):
    markers = numbered(["X"] * len(words), words)
    assert len(set(zip(words, markers, strict=True))) == len(set(words)) == len(set(markers))
    seen = list(dict.fromkeys(markers))
    assert seen == [f"X_{n}" for n in range(1, len(seen) + 1)]


def test_null_is_what_leaving_the_field_out_is(client):
    nulls = dict.fromkeys(
        ("unique_pii_markers", "accuracy_mode", "enabled_classes", "preserve_relationships")
    )
    assert deidentify(client, FRIENDS, **nulls) == deidentify(client, FRIENDS)
