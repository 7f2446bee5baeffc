"""Delimiters, quotes and widths of many shapes of files."""

from __future__ import annotations

import pytest

from lakescan.connectors.sniff.dialect import sniff_dialect

NAMES = ["Ann", "Bob", "Cleo", "Dan", "Eve", "Finn", "Gia", "Hal"]


def rows(template: str) -> str:
    return "".join(
        template.format(i=i, name=NAMES[i % 8], other=NAMES[i * 3 % 8], n=100 + i) + "\n"
        for i in range(24)
    )


@pytest.mark.parametrize(
    ("text", "delimiter", "quote", "columns"),
    [
        (rows("{i},{name},2024-01-{n}"), ",", '"', 3),
        (rows("{i}\t{name}\t{n}.5"), "\t", '"', 3),
        (rows('{i};{n};"{name}@example.com; {other}@example.com"'), ";", '"', 3),
        (rows("{i};{name};1,{n};2,{n}"), ";", '"', 4),
        (rows("{i}|{name}|{n}|"), "|", '"', 4),
        (rows("{i}\x01{name}\x01{n}"), "\x01", '"', 3),
        (rows('"{i}","{name}, the ""great""","{n}"'), ",", '"', 3),
        (rows("'{i}','{name}, esq.','{n}'"), ",", "'", 3),
        (rows('{i}, "{name}, esq.", {n}'), ",", '"', 3),
        (rows('{i}|{name} says "hi|{n}'), "|", '"', 3),
        (rows('{i}|5" pipe|{n}'), "|", '"', 3),
        (rows('{i}|"{name}" {other}|"{n}'), "|", "", 3),
        (rows('{i},"first\n{name} second",{n}'), ",", '"', 3),
        (rows('10.0.0.{i} - - [17/May/2015:10:05:{n} +0000] "GET /{name} HTTP/1.1" 200 {n}'), " ", '"', 8),
        ("id,name,email,note\n" + rows("{i},{name} {other},{name}@example.com,call 202-555-0{n} now or never"), ",", '"', 4),
        (rows("{i},{name} {other},{name}@example.com,call 202-555-0{n} now or never"), ",", '"', 4),
        (rows("{name}:x:{n}:{n}:{other} {name}:/home/{name}:/bin/sh"), ":", "", 7),
    ],
)  # fmt: skip
def test_finds_the_delimiter(text: str, delimiter: str, quote: str, columns: int) -> None:
    dialect = sniff_dialect(text)
    assert (dialect.delimiter, dialect.columns) == (delimiter, columns)
    if '"' in text or "'" in text:
        assert dialect.quote == quote


@pytest.mark.parametrize(
    "template",
    [
        "{name}",
        "{name} {other}",
        "{n} {n} {n} {n}",
        "GB{n} 12 3{n} 7{n} 8{n}",
        "0{i}:1b:63:84:45:e6",
        "2001:db8:85a3::8a2e:370:{n}",
        "2024-01-02 10:20:{n}",
        "Sat, {i} Apr 2017 15:11:58 -0500",
        "{n}.{n}.{n}-{n}",
        "{name} went to see {other}, and stayed for {n} days.\nThen, at last, home; {other}",
    ],
)
def test_one_value_a_line_is_one_column(template: str) -> None:
    assert sniff_dialect(rows(template)).columns == 1


def test_ragged_rows_do_not_hide_the_delimiter() -> None:
    text = rows("{i},{name},{n},x") + "1,2\n" + "a,b,c,d,e,f\n" + rows("{i},{name},{n},x")
    assert sniff_dialect(text).columns == 4


def test_given_options_win() -> None:
    text = rows("{i};{name},{n}")
    assert sniff_dialect(text, known={"delimiter": ","}).columns == 2
    assert sniff_dialect(text, known={"delimiter": ";", "quote": ""}).quote == ""


def test_backslashes_escape_quotes() -> None:
    dialect = sniff_dialect(rows('"{i}","{name} \\"the, great\\"",{n}'))
    assert (dialect.escape, dialect.columns) == ("\\", 3)
