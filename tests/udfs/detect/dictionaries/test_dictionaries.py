"""Word lists over whole cells."""

from __future__ import annotations

import polars as pl
import pytest

from lakescan.udfs.detect.dictionaries.lookup import WORD_LISTS
from lakescan.udfs.detect.dictionaries.table import WordTable, shipped


@pytest.mark.parametrize(
    "value,detector,entity",
    [
        ("John", "dictionary.first_name", "FIRST_NAME"),
        ("GARCIA", "dictionary.last_name", "LAST_NAME"),
        ("john smith", "dictionary.person_name", "PERSON"),
        ("SMITH, JOHN", "dictionary.person_name", "PERSON"),
        ("Mr. J. Smith", "dictionary.person_name", "PERSON"),
        ("María José García López", "dictionary.person_name", "PERSON"),
        ("J. Smith", "dictionary.person_name_partial", "PERSON"),
        ("München", "dictionary.city", "CITY"),
        ("MUNCHEN", "dictionary.city", "CITY"),
        ("North Carolina", "dictionary.state", "STATE"),
        ("NC", "dictionary.state_code", "STATE"),
        ("United States", "dictionary.country", "COUNTRY"),
        ("Cook County", "dictionary.county", "COUNTY"),
        ("Female", "dictionary.gender", "GENDER"),
        ("M", "dictionary.gender", "GENDER"),
        ("Mrs.", "dictionary.title", "TITLE"),
        ("Brazilian", "dictionary.nationality", "NATIONALITY"),
        ("Roman Catholic", "dictionary.religion", "RELIGION"),
        ("African American", "dictionary.ethnicity", "ORIGIN"),
        ("Type 2 Diabetes", "dictionary.condition", "CONDITION"),
        ("ibuprofen", "dictionary.drug", "DRUG"),
        ("Software Engineer", "dictionary.occupation", "OCCUPATION"),
        ("Senior Widget Engineer", "dictionary.occupation_word", "OCCUPATION"),
        ("Acme Rockets Inc.", "dictionary.organization_suffix", "ORGANIZATION"),
        ("University of Somewhere", "dictionary.organization_word", "ORGANIZATION"),
        ("Old Mill Road", "dictionary.street_word", "STREET"),
        ("September", "dictionary.month", "DATE_TIME"),
        ("EUR", "dictionary.currency_code", "CURRENCY_CODE"),
        ("AB-", "dictionary.blood_type", "BLOOD_TYPE"),
        ("Mastercard", "dictionary.card_issuer", "CREDIT_CARD_ISSUER"),
    ],
)
def test_a_cell_is_in_a_list(cell, value, detector, entity):
    assert cell(value).get(detector) == entity


@pytest.mark.parametrize(
    "value",
    ["blue widget", "Johnson & Johnson", "order of magnitude", "San Francisco", "xqzt vbnm"],
)
def test_not_every_pair_of_words_is_a_person(cell, value):
    assert "dictionary.person_name" not in cell(value)


def test_a_word_with_another_meaning_proves_less(detectors):
    from lakescan.udfs.detect import Values

    found = detectors.detect(Values.of(["may", "margaret"])).to_pylist()
    scores = {f["row"]: f["score"] for f in found if f["detector"] == "dictionary.first_name"}
    assert scores[0] < scores[1]


def test_the_table_finds_its_words_and_no_others():
    words = pl.DataFrame(
        {"word": ["ann", "ann", "bob"], "list": ["a", "b", "a"], "weak": [False, True, False]}
    )
    table = WordTable(words)
    found = table.look_up(pl.Series(["ann", "bob", "eve"]).hash().to_numpy()).tolist()
    assert found == [int(table.strong("a") | table.weak("b")), int(table.strong("a")), 0]


def test_every_list_is_read_and_used():
    used = {words.name for words in WORD_LISTS}
    phrase_lists = {"title_after", "connector", "organization_suffix", "organization_word",
                    "street_word", "occupation_word", "occupation_head"}  # fmt: skip
    assert set(shipped().bits) == used | phrase_lists
