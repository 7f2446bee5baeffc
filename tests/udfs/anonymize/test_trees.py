"""Words put into groups of groups."""

from __future__ import annotations

import polars as pl
import pyarrow as pa
import pytest

import lakescan
from lakescan.errors import PolicyError
from lakescan.udfs.anonymize.operators.lookup import build_operator
from lakescan.udfs.anonymize.operators.protocol import Cells

TREE = {
    "Health": ["nurse", "doctor"],
    "Technology": {"Software": ["programmer", "tester"], "Hardware": ["technician"]},
}
WORDS = ["Nurse", " programmer ", "TESTER", "technician", "Software", "astronaut"]


def grouped(**options):
    operator = build_operator("generalize", {"tree": TREE, **options})
    done = operator.apply(Cells(pa.array(WORDS, pa.large_string()), "OCCUPATION", "OCCUPATION"))
    assert done.unfit is None
    return done.values.to_pylist()


def test_each_level_of_a_tree():
    technology = ["Technology"] * 4
    assert grouped() == ["Health", *technology, "*"]
    low = ["Health", "Software", "Software", "Hardware", "Software", "Other"]
    assert grouped(level=2, other="Other") == grouped(level=9, other="Other") == low
    assert grouped(level=0) == ["*"] * 6


def test_a_tree_is_for_texts_only():
    operator = build_operator("generalize", {"tree": TREE})
    assert operator.result_type(pa.large_string()) == pa.large_string()
    assert operator.result_type(pa.int64()) is None
    assert operator.result_type(pa.date32()) is None


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("{tree: {A: [nurse], B: [Nurse]}}", "'Nurse' has two places in the tree"),
        ("{tree: {A: [[nurse]]}}", "in A: values are texts"),
        ("{tree: {A: nurse}}", "in A: a list of values, or groups, is wanted"),
        ("{tree: {}}", "the tree is empty"),
        ("{to: tree}", "a tree is wanted"),
        ("{level: 2}", "a tree is wanted"),
        ("{to: year, tree: {A: [nurse]}}", "a tree is not for year"),
    ],
)
def test_a_tree_that_means_nothing_is_refused_before_anything_is_read(options, told):
    rule = f"{{column: job, operator: generalize, options: {options}}}"
    with pytest.raises(PolicyError, match=told):
        lakescan.Policy.parse(f"anonymize: {{rules: [{rule}]}}")


def test_a_column_of_a_table_in_a_job(tmp_path):
    pl.DataFrame({"job": WORDS, "n": range(6)}).write_csv(tmp_path / "people.csv")
    policy = lakescan.Policy.parse("""
accuracy_mode: patterns
anonymize:
  rules:
    - column: job
      operator: generalize
      options: {tree: {Health: [nurse], Technology: [programmer, tester, technician, software]}}
""")
    lakescan.anonymize(tmp_path / "people.csv", tmp_path / "out", policy, engine="local")
    made = pl.read_csv(tmp_path / "out/people.csv")["job"].to_list()
    assert made == ["Health", *["Technology"] * 4, "*"]
