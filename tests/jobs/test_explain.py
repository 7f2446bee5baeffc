"""``explain`` on a real run, and on a text."""

import json

import pytest

import lakescan
from lakescan.errors import UnknownNameError, UsageError
from lakescan.jobs.explain import explain, explain_text
from lakescan.reports.explanation.contract import columns_json


@pytest.fixture
def report(make_lake):
    return lakescan.scan(str(make_lake(2))).value


def test_a_column_is_found_by_name_in_any_case_and_by_place(report):
    assert explain(report, "email") == explain(report, "EMAIL") == explain(report, "#1")
    (found,) = lakescan.explain(report, "email")
    assert found.column.classifications[0].entity == "EMAIL_ADDRESS"
    assert found.detectors["pattern.email"]


def test_an_unknown_column_or_dataset_is_a_usage_error(report):
    with pytest.raises(UnknownNameError, match="did you mean 'email'"):
        explain(report, "emial")
    with pytest.raises(UsageError, match="no dataset with 'nowhere'"):
        explain(report, "email", "nowhere")


def test_a_dataset_is_chosen_by_a_part_of_its_uri(report):
    assert explain(report, "email", "people") == explain(report, "email")


def test_a_run_read_back_explains_the_same(make_lake, tmp_path):
    from lakescan.jobs.runs import open_run

    result = lakescan.scan(str(make_lake(1)), output=str(tmp_path / "run"))
    again = open_run(str(tmp_path / "run"), {})
    for column in ("id", "email", "phone"):
        assert columns_json(explain(again, column)) == columns_json(explain(result.value, column))


def test_a_text_is_explained_without_its_values():
    text = "Call Ann on 202-555-0142 or write to ann.lee@example.org, ref 219-09-9998"
    explanation = explain_text(text)
    assert [(f.start, f.end, f.entity) for f in explanation.told] == [
        (f.start, f.end, f.entity) for f in lakescan.detect(text)
    ]
    printed = explanation.to_json()
    assert json.loads(printed)["told"][0]["about"]
    assert not any(value in printed for value in ("555-0142", "ann.lee", "219-09"))


def test_an_empty_text_has_nothing_to_explain():
    assert explain_text("") == type(explain_text(""))((), (), ())
