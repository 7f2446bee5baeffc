"""``lakescan explain`` and ``lakescan detect --explain``."""

import json

import pytest
from typer.testing import CliRunner

from lakescan.cli.app import app

TEXT = "SSN 219-09-9998, mail ann.lee@example.org, ref X12345678"

runner = CliRunner()


def run(*args, code=0):
    result = runner.invoke(app, [str(arg) for arg in args])
    assert result.exit_code == code, result.stderr
    return result


@pytest.fixture
def kept(lake, tmp_path):
    run("scan", lake, "-o", tmp_path / "run", "-q")
    return tmp_path / "run"


def test_a_column_of_a_run_is_explained(kept):
    shown = run("explain", kept, "email").stdout
    assert "EMAIL_ADDRESS 0.99: the verdict" in shown
    assert "pattern.email" in shown
    assert "rests on values and header" in shown


def test_as_json_with_weights_and_no_raw_value(kept):
    printed = run("explain", kept, "email", "-f", "json").stdout
    (value,) = json.loads(printed)
    evidence = value["classifications"][0]["evidence"]
    assert {reason["detector"] for reason in evidence} == {"pattern.email", "header"}
    assert all(reason["weight"] > 0.5 and reason["about"] for reason in evidence)
    assert "user0" not in printed


def test_2_where_no_column_has_that_name_and_3_where_no_run_is(kept, tmp_path):
    assert "did you mean 'email'" in run("explain", kept, "emial", code=2).stderr
    run("explain", tmp_path / "none", "email", code=3)


def test_a_text_is_explained_without_its_values():
    # Without a model: what one makes of a bare number may hang on the processor's kernels.
    shown = run("detect", TEXT, "--explain", "--accuracy-mode", "patterns").stdout
    assert "Told" in shown
    assert "no word nearby says so" in shown
    for value in ("ann.lee", "219-09", "X12345678"):
        assert value not in shown
    value = json.loads(run("detect", TEXT, "--explain", "-f", "json").stdout)
    assert set(value) == {"told", "outvoted", "forms"}


def test_2_where_lines_are_asked_for():
    assert "--format json" in run("detect", TEXT, "--explain", "-f", "jsonl", code=2).stderr


def test_nothing_found_says_so():
    assert run("detect", "nothing to see", "--explain").stdout == "Nothing was found.\n"


def test_what_a_policy_allows_is_told_with_its_count_and_is_no_verdict(lake, tmp_path):
    (tmp_path / "policy.yaml").write_text("allow: [{regex: '.*@.*', entities: [EMAIL_ADDRESS]}]\n")
    run("scan", lake, "-o", tmp_path / "run", "-q", "--policy", tmp_path / "policy.yaml")
    (value,) = json.loads(run("explain", tmp_path / "run", "email", "-f", "json").stdout)
    (allowed,) = [each for each in value["outvoted"] if "allow list" in each["because"][0]]
    assert allowed["entity"] == "EMAIL_ADDRESS"
    (reason,) = allowed["evidence"]
    assert reason["detector"] == "allow.pattern.email"
    assert reason["rows_hit"] == value["rows"] - value["nulls"]
    assert "pattern.email" not in {
        each["detector"] for found in value["classifications"] for each in found["evidence"]
    }
    assert "user0" not in json.dumps(value)
