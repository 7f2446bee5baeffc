"""Foreign labels become our categories, and what is not known says so."""

import pytest

from lakescan.errors import NotFoundError, UnknownNameError, UsageError
from lakescan.jobs.evaluate.labels import NONE, Labels
from lakescan.policy import Policy


def labels(tmp_path, text):
    file = tmp_path / "labels.yaml"
    file.write_text(text, encoding="utf-8")
    return Labels.load(file, Policy.default())


@pytest.mark.parametrize(
    "label, category",
    [
        ("PERSON", "PERSON"),
        ("email address", "EMAIL_ADDRESS"),
        ("IBAN", "BANK_ACCOUNT"),
        ("US_SSN", "SOCIAL_SECURITY_ID"),
        ("IBAN_CODE", "BANK_ACCOUNT"),
        ("Credit Card Numbers", "CREDIT_CARD"),
        ("NONE", NONE),
        ("O", NONE),
        ("", NONE),
    ],
)
def test_categories_entities_and_products_labels_are_known(label, category):
    assert Labels(Policy.default()).category(label) == category


def test_the_map_goes_before_what_is_known_and_null_is_not_scored(tmp_path):
    found = labels(
        tmp_path,
        "labels:\n  PER: PERSON\n  NO: NRP\n  CITY: ORGANIZATION\n  TITLE:\n  MISC: null\n",
    )
    assert [found.category(name) for name in ("PER", "NO", "CITY")] == [
        "PERSON",
        "NRP",
        "ORGANIZATION",
    ]
    assert found.category("TITLE") is None
    assert found.category("MISC") is None
    assert found.scored is None


def test_scored_names_what_is_compared(tmp_path):
    assert labels(tmp_path, "scored: [PERSON, IBAN]\n").scored == {"PERSON", "BANK_ACCOUNT"}


def test_the_policys_own_entities_are_known():
    policy = Policy.parse(
        "detectors:\n- {name: badge, entity: BADGE, category: STAFF_ID, regex: 'B[0-9]{6}'}\n"
    )
    assert Labels(policy).category("BADGE") == "STAFF_ID"


def test_an_unknown_label_says_what_was_meant_and_how_to_map_it():
    with pytest.raises(UnknownNameError, match=r"did you mean 'PERSON'.*PERSN: CATEGORY.*--labels"):
        Labels(Policy.default()).category("PERSN")
    with pytest.raises(UnknownNameError, match="write 'QQXX: CATEGORY'"):
        Labels(Policy.default()).category("QQXX")


@pytest.mark.parametrize(
    "text, message",
    [
        ("- PER\n", "has no labels"),
        ("labels: [PER]\n", "has no labels"),
        ("lables: {PER: PERSON}\n", "did you mean 'labels'|choose from"),
        ("labels: {PER: PERSN}\n", "did you mean 'PERSON'"),
        ("scored: PERSON\n", "must be a list"),
        ("labels: {PER: [\n", "not YAML"),
    ],
)
def test_a_wrong_map_is_a_usage_error(tmp_path, text, message):
    with pytest.raises(UsageError, match=message):
        labels(tmp_path, text)


def test_a_map_that_is_not_there_is_not_found(tmp_path):
    with pytest.raises(NotFoundError):
        Labels.load(tmp_path / "none.yaml", Policy.default())
