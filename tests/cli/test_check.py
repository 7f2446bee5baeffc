"""``lakescan check``: a line a step, JSON, the exit code."""

import json

from typer.testing import CliRunner

from lakescan.cli.app import app

runner = CliRunner()


def test_a_folder(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    result = runner.invoke(app, ["check", str(tmp_path), "--write"])
    assert result.exit_code == 0
    assert "ok      read        8 bytes" in result.stdout


def test_what_is_wrong_comes_with_what_to_do():
    result = runner.invoke(app, ["check", "gopher://x"])
    assert result.exit_code == 3
    assert "FAILED  source      unknown source scheme 'gopher'" in result.stdout


def test_json(tmp_path):
    result = runner.invoke(app, ["check", str(tmp_path / "nothing"), "--format", "json"])
    value = json.loads(result.stdout)
    assert value["passed"]
    assert value["steps"][-1]["outcome"] == "noted"


def test_properties_are_pairs():
    result = runner.invoke(app, ["check", "s3://b/x", "--storage", "nonsense"])
    assert result.exit_code == 2
    assert "NAME=VALUE" in result.stderr


def test_a_secret_is_refused_by_value_and_not_repeated():
    result = runner.invoke(app, ["check", "s3://b/x", "--storage", "credentials=hunter2"])
    assert result.exit_code == 3
    assert "by reference" in result.stdout
    assert "hunter2" not in result.stdout + result.stderr
