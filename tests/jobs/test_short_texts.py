"""Text files of a few lines: what a person would see in them is told, and lists stay lists."""

from __future__ import annotations

import pytest

import lakescan
from lakescan.connectors.formats.detect import detect

MAIL = """Hi Tom,

please send the contract to Mary Johnson.
She pays with 4111 1111 1111 1111.

Thanks,
Eve
"""
CHAT = "hey\nyou there?\nyes\ndid you call Mary Johnson\nnot yet\nok do it\nbtw Peter Smith quit\nbye\n"
ADDRESS = "Mary Johnson\n45 Oak Avenue\nSpringfield, IL 62704\n(217) 555-0142\n"


def told(tmp_path, text, name="a.txt"):
    (tmp_path / name).write_text(text)
    (dataset,) = lakescan.classify(tmp_path / name).value.datasets
    (column,) = dataset.columns
    return {each.entity: each for each in column.classifications}


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        (MAIL, {"PERSON", "CREDIT_CARD"}),
        (CHAT, {"PERSON"}),
        (ADDRESS, {"PERSON", "STREET", "PHONE_NUMBER"}),
        ("My name is Ann Lee\n", {"PERSON"}),
        ("My name is Ann Lee and I live in Boston, my mail is broken.\n", {"PERSON", "CITY"}),
        ("call Mary Johnson\ncall Peter Smith\n", {"PERSON"}),
    ],
    ids=["mail", "chat", "address", "sentence", "comma", "calls"],
)
def test_what_stands_in_a_few_lines_is_told(tmp_path, text, entities):
    found = told(tmp_path, text)
    assert {"FREE_TEXT"} | entities <= set(found)


def test_a_card_that_stands_there_once_is_as_sure_as_its_check(tmp_path):
    assert told(tmp_path, MAIL)["CREDIT_CARD"].confidence >= 0.9


@pytest.mark.parametrize(
    "text",
    [
        "red\ngreen\nblue\n",
        "Blue Widget Large\nRed Widget Small\nGreen Widget Medium\n",
        "1 5.0 3.2 a\n2 4.3 2.2 b\n3 6.0 1.1 c\n",
    ],
    ids=["words", "titles", "numbers"],
)
def test_a_list_is_no_text(tmp_path, text):
    assert told(tmp_path, text) == {}


def test_a_list_of_names_is_a_column_of_persons(tmp_path):
    assert set(told(tmp_path, "Ann Lee\nTom Hill\nMary Stone\n")) == {"PERSON"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Spoke with Ann Lee about 612-34-5678 and ann@example.com\n" * 9, "text"),
        ("I live in Boston now, my mail is broken.\nHe lives in Rome, her cat is old.\n", "text"),
        ("id, name, note\n1, Ann Lee, called\n2, Tom Hill, asked for a refund\n", "csv"),
        ("1,She is nice to me,yes\n2,He is a bit slow today,no\n", "csv"),
        ('10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 12\n' * 9, "csv"),
    ],
)  # fmt: skip
def test_sentences_of_one_length_are_no_table(text, kind):
    assert detect("file:///a.txt", text.encode()) == kind
