"""Google DLP's inspect templates as a policy."""

from __future__ import annotations

from pathlib import Path

import pytest

import lakescan
from lakescan import entities
from lakescan.errors import PolicyError
from lakescan.policy import Policy
from lakescan.policy.importers import import_policy
from lakescan.policy.importers.dlp_names import INFO_TYPES

TEMPLATE = Path(__file__).parent / "samples" / "template.json"


@pytest.fixture(scope="module")
def imported():
    return import_policy(TEMPLATE, "dlp")


def test_info_types_and_likelihoods(imported):
    policy = imported.policy
    for name in ("EMAIL_ADDRESS", "US_SSN", "PERSON", "FIRST_NAME", "BADGE", "PROJECT"):
        assert policy.enabled(name)
    assert not policy.enabled("IP_ADDRESS")
    assert policy.threshold("US_SSN") == 0.7
    assert policy.threshold("FIRST_NAME") == 0.5


def test_custom_info_types_and_exclusions(imported):
    text = "badge B-1234 of red kite: a@example.com b@test.org c@example.com"
    found = lakescan.detect(text, imported.policy, accuracy_mode="patterns")
    assert [text[f.start : f.end] for f in found] == ["B-1234", "red kite", "c@example.com"]
    assert lakescan.detect("a B-1234", imported.policy, accuracy_mode="patterns") == []


def test_what_is_not_carried_over_is_told(imported):
    told = [str(note) for note in imported.notes]
    for part in [
        "lakescan has no detector of NO_SUCH",
        "limits: not carried over",
        "regex: not a pattern that RE2 accepts",
        "the dictionary is in Cloud Storage",
        "SURROGATE: not carried over: it has neither a regex nor a dictionary",
        "only a dictionary or a regex excludes",
        "as context: a word within 48 characters",
    ]:
        assert any(part in each for each in told), part
    assert Policy.parse(imported.to_yaml()) == imported.policy


def test_every_info_type_of_the_table_means_something():
    assert all(entities.is_known(name) for names in INFO_TYPES.values() for name in names)


@pytest.mark.parametrize(
    "text, said",
    [
        ("{}", "names no info types"),
        ('{"infoTypes": [{}]}', "infoTypes[0].name: is missing"),
        ('{"infoTypes": [], "minLikelihood": "SURE"}', "must be one of VERY_UNLIKELY"),
    ],
)
def test_what_is_no_template_is_refused(tmp_path, text, said):
    (tmp_path / "t.json").write_text(text)
    with pytest.raises(PolicyError) as error:
        import_policy(tmp_path / "t.json", "dlp")
    assert said in str(error.value)
