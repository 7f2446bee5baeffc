"""What a task hands on: numbers and places, found among a job's words; no Airflow is needed."""

from __future__ import annotations

import json
from pathlib import Path

import hypothesis
import hypothesis.strategies as st
import orjson
import pytest

import lakescan
from lakescan.errors import CorruptFileError, MissingDependencyError
from lakescan.integrations import airflow
from lakescan.integrations.airflow.provider import get_provider_info
from lakescan.integrations.airflow.summary import (
    anonymize_summary,
    answer_in,
    scan_summary,
    verify_summary,
)
from lakescan.reports.verification.rendering import to_json

LINES = st.lists(st.text(st.characters(exclude_characters="{}\r\n"), max_size=9)).map("\n".join)
JSON = st.dictionaries(st.text(), st.text() | st.lists(st.booleans()), min_size=1)


@hypothesis.given(before=LINES, after=LINES, report=JSON)
def test_a_report_is_found_among_a_jobs_words(before, after, report):
    printed = orjson.dumps(report, option=orjson.OPT_INDENT_2).decode()
    assert answer_in(f"{before}\n{{\n\n{printed}\n{after}\n") == report


def test_words_without_a_report_are_told_so():
    with pytest.raises(CorruptFileError, match="printed no report"):
        answer_in("hello\n{\nnot json\n}\n")


def test_summaries_count_and_hold_no_value(tmp_path):
    lake, safe = tmp_path / "lake", tmp_path / "safe"
    lake.mkdir()
    rows = "".join(f"{n},user{n}@example.com\n" for n in range(40))
    (lake / "people.csv").write_text("id,email\n" + rows)
    policy = lakescan.Policy.parse("anonymize: {default: replace}")

    scan = scan_summary(lakescan.scan(lake, policy).value, "s3://runs/today")
    assert (scan["sensitive_columns"], scan["entities"]) == (1, {"EMAIL_ADDRESS": 1})
    assert (scan["run_folder"], scan["rows_scanned"]) == ("s3://runs/today", 40)
    done = lakescan.anonymize(lake, safe, policy)
    anonymized = anonymize_summary(json.loads(done.to_json()))
    assert (anonymized["tables"], anonymized["columns_changed"], anonymized["rows"]) == (1, 1, 40)
    verified = verify_summary(orjson.loads(to_json(lakescan.verify(safe, lake, policy))))
    assert (verified["status"], verified["leaks"], verified["columns"]) == ("clean", 0, 1)
    told = json.dumps([scan, anonymized, verified])
    assert "example.com" not in told
    assert "***" not in told


def test_the_provider_names_modules_that_exist():
    info = get_provider_info()
    named = [
        m
        for kind in ("operators", "sensors", "hooks", "triggers")
        for m in info[kind][0]["python-modules"]
    ]
    for module in named:
        path = module.replace(".", "/") + ".py"
        assert Path(lakescan.__file__).parents[1].joinpath(path).is_file()


def test_without_airflow_an_operator_says_what_to_install():
    with pytest.raises(MissingDependencyError, match=r"lakescan\[airflow\]"):
        airflow.LakescanScanOperator  # noqa: B018
    with pytest.raises(AttributeError, match="nonsense"):
        airflow.nonsense  # noqa: B018
