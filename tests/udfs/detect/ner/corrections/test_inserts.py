"""Rows of SQL's INSERT, by the columns that it names."""

from __future__ import annotations

import pytest

from lakescan.udfs.detect.ner.corrections.inserts import with_inserts
from lakescan.udfs.detect.ner.spans import Span


def told(text: str, spans: list[Span]) -> list[tuple[str, str]]:
    return [(text[span.start : span.end], span.entity) for span in spans]


@pytest.mark.parametrize(
    "columns",
    [
        "id, first_name, last_name, hired, town, phone",
        "`id`, `first_name`, `last_name`, `hired`, `town`, `phone`",
        '"id", "first_name", "last_name", "hire_date", "town", "phone"',
    ],
)
def test_values_are_what_their_columns_say(columns):
    text = (
        f"insert into staff ({columns})\nVALUES (7, 'Ann', 'O''Hare, Jr', '2016-08-01', 'Bodø',"
        " NULL),\n (8, 'Bo', N'Lie', NULL, '', '0170 5550142');"
    )
    assert told(text, with_inserts(text, [])) == [
        ("Ann", "FIRST_NAME"),
        ("O''Hare, Jr", "LAST_NAME"),
        ("2016-08-01", "DATE"),
        ("Bodø", "CITY"),
        ("Bo", "FIRST_NAME"),
        ("Lie", "LAST_NAME"),
        ("0170 5550142", "PHONE_NUMBER"),
    ]


def test_a_table_that_is_made_names_its_columns():
    text = (
        "CREATE TABLE patients (id int PRIMARY KEY, full_name varchar(80), dob date, gp"
        " numeric(10, 2));\nINSERT INTO patients VALUES (1, 'Marjorie Eccles', '1938-04-02', 1);"
    )
    assert told(text, with_inserts(text, [])) == [
        ("Marjorie Eccles", "PERSON"), ("1938-04-02", "DATE_OF_BIRTH"),
    ]  # fmt: skip


def test_a_row_of_another_length_says_nothing_and_what_was_read_stays():
    text = "INSERT INTO t (city, phone) VALUES ('Ulm', '1', 'Ann'); by Bo"
    spans = [Span(text.index("Ann"), text.index("Ann") + 3, "FIRST_NAME", 0.8)]
    assert with_inserts(text, spans) == spans


def test_what_the_model_read_there_gives_way():
    text = "INSERT INTO t (id, hired) VALUES (1, '2016-08-01'); by Bo"
    start = text.index("2016")
    spans = [
        Span(start, start + 10, "DATE_OF_BIRTH", 1.0),
        Span(len(text) - 2, len(text), "FIRST_NAME", 0.8),
    ]
    assert told(text, with_inserts(text, spans)) == [("2016-08-01", "DATE"), ("Bo", "FIRST_NAME")]


@pytest.mark.parametrize(
    "text",
    ["", "insert into the box (city) two coins", "INSERT INTO t VALUES ('Ann')",
     "INSERT INTO t (city) VALUES ('Ann", "INSERT INTO t (city) SELECT 'Ann'"],
)  # fmt: skip
def test_other_texts_have_no_rows(text):
    assert with_inserts(text, []) == []


def test_a_hostile_dump_is_read_in_time():
    text = "INSERT INTO t (city) VALUES ('" * 20_000 + "'" * 20_000 + "(" * 20_000
    assert isinstance(with_inserts(text, []), list)
