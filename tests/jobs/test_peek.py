"""A second look at a scanned source: values of sensitive columns, and only those."""

import json

import pytest

import lakescan
from lakescan.jobs.peek import peek


@pytest.fixture
def lake(tmp_path):
    people = tmp_path / "people.jsonl"
    people.write_text(
        "".join(
            json.dumps(
                {
                    "who": {"email": f"user{n}@example.org"},
                    "tags": [f"+1 202-555-01{n:02}"],
                    "stock": n % 7,
                }
            )
            + "\n"
            for n in range(60)
        )
    )
    (tmp_path / "headless.csv").write_text("".join(f"{n};user{n}@example.org\n" for n in range(60)))
    return tmp_path


def test_shows_three_values_of_each_sensitive_column(lake):
    result = lakescan.scan(str(lake), engine="local")
    shown = {
        (g.uri.rsplit("/", 1)[-1], g.column.column, g.column.index): g.values
        for g in peek(result.value, [str(lake)])
    }
    emails = ("user0@example.org", "user1@example.org", "user2@example.org")
    assert shown["people.jsonl", "who.email", 0] == emails
    assert shown["headless.csv", None, 1] == emails
    assert not any(column == "stock" for _, column, _ in shown)


def test_a_source_that_is_gone_meanwhile_shows_nothing(lake):
    result = lakescan.scan(str(lake), engine="local")
    for file in lake.iterdir():
        file.write_text("other\n")
    assert list(peek(result.value, [str(lake)])) == []
