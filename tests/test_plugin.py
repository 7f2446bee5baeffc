"""The entry-point contract: a third party's package adds a detector and a connector."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PLUGIN = Path(__file__).parent / "plugin"


@pytest.fixture(scope="module")
def with_plugin(tmp_path_factory):
    """An environment in which the plug-in is installed, built from its source."""
    target = tmp_path_factory.mktemp("site")
    source = tmp_path_factory.mktemp("source") / "plugin"
    # A copy: a build must leave nothing in the repository.
    subprocess.run(["cp", "-r", PLUGIN, source], check=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    offline = ["--no-index", "--no-deps", "--no-build-isolation", "--root-user-action=ignore"]
    subprocess.run([*pip, *offline, "--target", target, source], check=True)
    return {**os.environ, "PYTHONPATH": str(target)}


def lakescan(*args, env):
    program = Path(sys.executable).with_name("lakescan")
    return subprocess.run([program, *args], env=env, capture_output=True, text=True)


def test_a_scan_uses_both_and_reports_the_broken_split(with_plugin):
    run = lakescan("scan", "badges://north", "--format", "json", env=with_plugin)

    assert run.returncode == 4, run.stderr
    answer = json.loads(run.stdout)
    assert answer["status"] == "partial"
    assert [(e["uri"], e["kind"]) for e in answer["errors"]] == [("badges://north", "CorruptFile")]
    door, code = answer["datasets"][0]["columns"]
    assert door["column"] == "door"
    best = code["classifications"][0]
    assert (best["entity"], best["rows_hit"]) == ("EMPLOYEE_ID", 700)
    assert "badge" in {evidence["detector"] for evidence in best["evidence"]}


def test_an_error_of_the_connector_ends_the_scan_with_its_hint(with_plugin):
    run = lakescan("scan", "badges://south", env=with_plugin)

    assert run.returncode == 3
    assert "no badge system at badges://south" in run.stderr
    assert "try badges://north" in run.stderr


def test_the_version_names_the_plugins_detector(with_plugin):
    assert "badge 1.2.3" in lakescan("--version", env=with_plugin).stdout.replace("=", " ")


def test_without_the_plugin_the_scheme_is_unknown():
    run = lakescan("scan", "badges://north", env=dict(os.environ))

    assert run.returncode == 2
    assert "badges" in run.stderr


def test_an_operator_of_the_plugin_is_found_by_its_name_and_checks_its_options(
    with_plugin, tmp_path
):
    rows = "".join(f"{n},NX{100000 + n * 7:06d}\n" for n in range(60)) + "60,lost\n"
    (tmp_path / "doors.csv").write_text("door,badge_number\n" + rows)
    policy = tmp_path / "policy.yaml"
    rule = "anonymize: {rules: [{column: badge_number, operator: reissue, options: {site: %s}}]}"
    policy.write_text(rule % "QQ")
    env = {**with_plugin, "LAKESCAN_KEY": bytes(range(32)).hex()}
    command = ("anonymize", str(tmp_path / "doors.csv"), "--policy", str(policy))
    run = lakescan(*command, "--to", str(tmp_path / "out"), env=env)
    assert run.returncode == 0, run.stderr
    lines = (tmp_path / "out/doors.csv").read_text().splitlines()
    badges = [line.split(",")[1] for line in lines[1:]]
    assert len(set(badges[:60])) == 60
    assert all(re.fullmatch(r"QQ\d{6}", badge) for badge in badges[:60])
    assert "lost" not in badges
    policy.write_text(rule % "LONG")
    run = lakescan(*command, "--to", str(tmp_path / "out2"), env=env)
    assert run.returncode == 2
    assert "a site has two letters" in run.stderr
