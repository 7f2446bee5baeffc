"""Risk over a table that is small enough to be counted by hand."""

from __future__ import annotations

import polars as pl
import pytest
from typer.testing import CliRunner

import lakescan
from lakescan.cli.app import app
from lakescan.errors import UsageError

#: By city and age: Boston 30 (2 rows, flu), Boston 40 (2 rows, flu and asthma), Denver 30 (1 row),
#: Denver 50 (1 row), Miami 30 (3 rows, of three illnesses).
ROWS = [
    ("Boston", 30, "flu"),
    ("Boston", 30, "flu"),
    ("Boston", 40, "flu"),
    ("Boston", 40, "asthma"),
    ("Denver", 30, "flu"),
    ("Denver", 50, "gout"),
    ("Miami", 30, "flu"),
    ("Miami", 30, "asthma"),
    ("Miami", 30, "gout"),
]
WATCH = lakescan.Watch(("city", "age"), ("illness",))
POLICY = lakescan.Policy.parse("accuracy_mode: patterns")


@pytest.fixture
def table(tmp_path):
    for side in ("source", "made"):
        folder = tmp_path / side
        folder.mkdir()
        frame = pl.DataFrame(ROWS, schema=["city", "age", "illness"], orient="row")
        for part, rows in enumerate((frame.head(5), frame.tail(4))):
            rows.write_csv(folder / f"visits-{part}.csv")
    return tmp_path


def risk(table, watch):
    report = lakescan.verify(table / "made", table / "source", POLICY, engine="local", watch=watch)
    (found,) = report.risks
    return found


def test_groups_values_and_steps_are_those_counted_by_hand(table):
    found = risk(table, WATCH)
    assert (found.columns, found.k, found.unique, found.rows) == (("city", "age"), 1, 2, 9)
    assert [(each.columns, each.k, each.unique) for each in found.combinations] == [
        (("age",), 1, 1),
        (("city",), 2, 0),
    ]
    (illness,) = found.diversity
    assert (illness.column, illness.l, illness.exposed) == ("illness", 1, 4)
    (step,) = found.steps
    assert (step.column, step.k, step.unique) == ("age", 2, 0)
    assert found.worst == ("age", "city")


def test_three_columns_by_pairs(table):
    found = risk(table, lakescan.Watch(("*",)))
    assert (found.k, found.unique, found.diversity) == (1, 7, ())
    pairs = {each.columns: each.unique for each in found.combinations if len(each.columns) == 2}
    assert pairs == {("age", "city"): 2, ("age", "illness"): 5, ("city", "illness"): 6}
    assert [(step.column, step.unique) for step in found.steps][-1][1] == 0


def test_a_column_that_is_nowhere_is_refused(table):
    with pytest.raises(UsageError, match="no table has a column 'ctiy'") as told:
        risk(table, lakescan.Watch(("ctiy", "age")))
    assert "city" in (told.value.hint or "")


def test_the_command_prints_and_writes_it_without_a_value(table):
    (table / "policy.yaml").write_text("accuracy_mode: patterns\n")
    answer = CliRunner().invoke(
        app,
        ["verify", f"{table}/made", "--against", f"{table}/source", "--policy", f"{table}/policy.yaml",
         "--quasi", "city", "--quasi", "age", "--confidential", "illness", "--quiet",
         "--report", f"{table}/risk.html", "--report", f"{table}/risk.json"],
    )  # fmt: skip
    words = " ".join(answer.output.split())
    assert "by city, age, groups of at least 1; 22 % of rows are alone" in words
    assert "illness: at least 1 value in a group; 4 rows in groups of one value" in words
    page, data = (table / "risk.html").read_text(), (table / "risk.json").read_text()
    assert "at best 0 rows alone then, groups of at least 2" in page
    assert '"exposed": 4' in data
    for text in (words, page, data):
        assert not any(value in text for value in ("Boston", "asthma", "gout"))
