"""How column verdicts are counted and matched with labels."""

import pytest

from lakescan.errors import CorruptFileError, UsageError
from lakescan.jobs.evaluate.columns import ColumnLabel, read_columns
from lakescan.jobs.evaluate.labels import NONE, Labels
from lakescan.jobs.evaluate.verdicts import (
    calibration,
    count_columns,
    facts,
    matched,
    units_of,
)
from lakescan.policy import Policy
from lakescan.reports.evaluation.model import Resampling

LABELS = Labels(Policy.default())
HOW = Resampling(50)
SCORED = frozenset(["PERSON", "AMOUNT", "DATETIME", "EMAIL_ADDRESS"])


def label(category, index=0, also=(), table="a.csv", **more):
    return ColumnLabel(table, f"c{index}", index, category, frozenset(also), **more)


def judge(gold, *found):
    pairs = matched([gold], found, SCORED)
    counts, confusions = count_columns(pairs, units_of(pairs), sorted(SCORED))
    return counts.values.sum(axis=(0, 1)).tolist(), dict(confusions)


@pytest.mark.parametrize(
    "gold, also, seen, numbers",
    [
        ("PERSON", (), "PERSON", [1, 0, 0]),
        ("PERSON", (), NONE, [0, 0, 1]),
        ("PERSON", (), "AMOUNT", [0, 1, 1]),
        (NONE, (), "AMOUNT", [0, 1, 0]),
        (NONE, (), NONE, [0, 0, 0]),
        ("PERSON", ("EMAIL_ADDRESS",), "EMAIL_ADDRESS", [1, 0, 0]),
        ("DATETIME", (NONE,), NONE, [0, 0, 0]),
        (NONE, ("AMOUNT",), "AMOUNT", [0, 0, 0]),
        (NONE, (), "GENDER", [0, 0, 0]),
    ],
)
def test_each_case_is_counted_once(gold, also, seen, numbers):
    assert judge(label(gold, also=also), label(seen))[0] == numbers


def test_a_column_without_prediction_holds_nothing():
    assert judge(label("PERSON"), label("PERSON", table="b.csv")) == (
        [0, 0, 1],
        {("PERSON", NONE): 1},
    )


def test_tables_are_found_by_the_end_of_their_path_and_columns_by_name_then_place():
    gold = [
        label("PERSON", table="lake/a.csv"),
        ColumnLabel("lake/b.json", "x.y", 5, "AMOUNT"),
        ColumnLabel("lake/c.csv", "gone", 1, "AMOUNT"),
        ColumnLabel("lake/d.csv", "twice", 1, "DATETIME"),
    ]
    found = [
        label("EMAIL_ADDRESS", table="/other/a.csv"),
        label("PERSON", table="/data/lake/a.csv"),
        ColumnLabel("/data/lake/b.json", "x.y", 0, "AMOUNT"),
        ColumnLabel("/data/lake/c.csv", None, 1, "AMOUNT"),
        ColumnLabel("/data/lake/d.csv", "twice", 0, "PERSON"),
        ColumnLabel("/data/lake/d.csv", "twice", 1, "DATETIME"),
    ]
    assert all(each.right for each in matched(gold, found, SCORED))


def test_of_several_predictions_the_surest_counts():
    found = (label("AMOUNT", confidence=0.4), label("PERSON", confidence=0.8))
    assert judge(label("PERSON"), *found)[0] == [1, 0, 0]


def test_empty_columns_are_left_out():
    assert matched([label("PERSON", empty=True)], [], SCORED) == []


def test_sensitive_counts_columns_whatever_their_category():
    gold = [
        label("PERSON", 0, sensitive=True),
        label("AMOUNT", 1, sensitive=True),
        label("PERSON", 2, sensitive=False),
        label(NONE, 3, sensitive=False),
    ]
    found = [
        label("PERSON", 0, sensitive=True),
        label("AMOUNT", 1, sensitive=False),
        label("PERSON", 2, sensitive=True),
        label("AMOUNT", 3, sensitive=False),
    ]
    pairs = matched(gold, found, SCORED)
    rate, flags = facts(pairs, units_of(pairs), HOW)
    assert rate.value == 1.0
    assert (flags.gold, flags.flagged) == (2, 2)
    assert (flags.precision.value, flags.lenient.value, flags.recall.value) == (0.5, 1.0, 0.5)


def test_without_flags_there_is_nothing_to_say_about_them():
    pairs = matched([label("PERSON")], [label("PERSON")], SCORED)
    assert facts(pairs, units_of(pairs), HOW)[1] is None


def test_calibration_holds_confidence_against_what_is_right():
    gold = [label("PERSON", index) for index in range(4)]
    found = [
        label("PERSON", 0, confidence=0.99),
        label("PERSON", 1, confidence=1.0),
        label("AMOUNT", 2, confidence=0.97),
        label("PERSON", 3, confidence=0.2),
    ]
    pairs = matched(gold, found, SCORED)
    bins = calibration(pairs, units_of(pairs), HOW)
    assert [(each.low, each.high, each.count) for each in bins] == [(0.0, 0.5, 1), (0.95, 1.0, 3)]
    assert bins[1].accuracy.value == pytest.approx(2 / 3)
    assert bins[1].confidence == pytest.approx((0.99 + 1 + 0.97) / 3)


def test_labels_are_read_from_csv_and_from_json(tmp_path):
    csv, json = tmp_path / "gold.csv", tmp_path / "gold.json"
    csv.write_text("file,index,label,also,sensitive\na.csv,0,EMAIL,NONE|URL,true\na.csv,1,,,\n")
    json.write_text(
        '[{"file": "a.csv", "index": 0, "category": "EMAIL_ADDRESS", "also": ["NONE", "URL"], "sensitive": true},'
        ' {"file": "a.csv", "index": 1, "category": "NONE", "also": [], "sensitive": null}]'
    )
    assert read_columns(csv, LABELS) == read_columns(json, LABELS)
    assert read_columns(csv, LABELS)[0] == ColumnLabel(
        "a.csv", None, 0, "EMAIL_ADDRESS", frozenset([NONE, "URL"]), sensitive=True
    )


@pytest.mark.parametrize(
    "text, error, message",
    [
        ("index,label\n0,PERSON\n", UsageError, "without a table.*name it uri or file"),
        ("file,index\na,0\n", UsageError, "without a label"),
        ("file,label\na,PERSON\n", UsageError, "without a column"),
        ("file,index,label\na,x,PERSON\n", CorruptFileError, "no whole number"),
    ],
)
def test_what_is_missing_is_named(tmp_path, text, error, message):
    file = tmp_path / "gold.csv"
    file.write_text(text)
    with pytest.raises(error, match=message):
        read_columns(file, LABELS)


def test_a_few_tables_are_drawn_column_by_column_and_many_whole():
    few = matched([label("PERSON", index) for index in range(5)], [], SCORED)
    assert units_of(few) == [0, 1, 2, 3, 4]
    many = matched(
        [label("PERSON", index, table=f"{table}.csv") for table in range(12) for index in range(2)],
        [],
        SCORED,
    )
    assert units_of(many) == [table for table in range(12) for _ in range(2)]
