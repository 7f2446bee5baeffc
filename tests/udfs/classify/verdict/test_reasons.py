"""Why a verdict is what it is: weights, sentences, and what was outvoted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lakescan.policy import Policy
from lakescan.udfs.classify import ColumnVerdict

Judge = Callable[..., dict[str, ColumnVerdict]]

MAILS = [f"user{i}@example.org" for i in range(60)]
CITIES = [
    "Paris",
    "London",
    "Berlin",
    "Madrid",
    "Rome",
    "Vienna",
    "Oslo",
    "Dublin",
    "Lisbon",
    "Prague",
]
REMARKS = [
    f"The parcel {i} came late, and nobody at the desk in Paris could say to us why it was held."
    for i in range(60)
]


def weights(found) -> dict[str, float | None]:
    return {reason.detector: reason.weight for reason in found.evidence}


def test_values_and_header_are_weighed_as_the_confidence_was_computed(judge: Judge) -> None:
    found = judge({"city": CITIES, "zip": ["10115"] * 10})["city"].classifications[0]
    assert found.basis == "values and header"
    dictionary = weights(found)["dictionary.city"]
    header = weights(found)["header"]
    assert found.confidence == pytest.approx(
        min(0.99, 1 - (1 - dictionary) * (1 - header)), abs=0.01
    )
    assert any("agree" in sentence for sentence in found.because)


def test_each_detector_shows_what_it_fired_on_masked(judge: Judge) -> None:
    found = judge({"contact": MAILS})["contact"].classifications[0]
    assert found.evidence[0].samples
    assert all("user" not in sample for sample in found.evidence[0].samples)
    assert found.samples == found.evidence[0].samples


def test_a_header_alone_says_that_it_decided(judge: Judge) -> None:
    streets = [f"Qwxyz {i} zz" for i in range(20)]
    found = judge({"occupation": streets})["occupation"].classifications[0]
    assert found.basis == "header"
    assert weights(found) == {"header": found.confidence}


def test_neighbours_that_raise_a_header_are_named(judge: Judge) -> None:
    columns = {
        "state": ["AZ", "CA", "NY", "TX"] * 5,
        "city": CITIES * 2,
        "zip": [f"{10115 + i}" for i in range(20)],
    }
    found = judge(columns)["state"].classifications[0]
    assert any("neighbouring columns raise the header" in each for each in found.because)


def test_what_was_outvoted_says_by_how_much_and_why(judge: Judge) -> None:
    hosts = [f"203.0.113.{n}" for n in range(4)]
    few = judge({"note": ["a", "b", "c", "d"] * 10 + hosts})["note"]
    assert few.classifications == ()
    (host,) = [each for each in few.outvoted if each.entity == "IP_ADDRESS"]
    assert host.confidence == 0
    assert "are needed" in host.because[0]
    assert host.evidence[0].detector == "pattern.ipv4"


def test_a_threshold_that_is_not_reached_is_named(judge: Judge) -> None:
    policy = Policy.parse("thresholds: {entities: {CITY: 0.995}}\n")
    (city,) = [
        e for e in judge({"city": CITIES}, policy=policy)["city"].outvoted if e.entity == "CITY"
    ]
    assert city.because[-1] == f"{city.confidence:.2f} is below the threshold 0.995"


def test_lists_do_not_count_inside_prose(judge: Judge) -> None:
    verdict = judge({"remark": [*REMARKS, *CITIES]})["remark"]
    assert verdict.type_hint == "FREE_TEXT"
    (city,) = [each for each in verdict.outvoted if each.entity == "CITY"]
    assert city.because == ("lists and mere shapes do not count inside prose",)
    assert "six words" in verdict.classifications[0].because[0]


def test_the_policys_word_needs_no_argument(judge: Judge) -> None:
    policy = Policy.parse("columns: [{column: code, entity: US_SSN}]\n")
    verdict = judge({"code": ["x1", "x2"]}, policy=policy)["code"]
    assert verdict.classifications[0].basis == "policy"
    assert verdict.outvoted == ()


def test_nothing_is_outvoted_where_nothing_spoke(judge: Judge) -> None:
    assert judge({"blurb": ["qqq", "www", "eee"]})["blurb"].outvoted == ()
