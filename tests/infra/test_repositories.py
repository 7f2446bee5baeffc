"""The pre-commit hook and the GitHub action, run as those who use them run them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PEOPLE = "email\n" + "".join(f"ann{n}@example{n}.org\n" for n in range(40))
STOCK = "sku,stock\n" + "".join(f"{n},{n * 3 % 17}\n" for n in range(40))


@pytest.fixture
def repository(tmp_path):
    """A repository with one file of people and one of none."""
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "people.csv").write_text(PEOPLE)
    (folder / "stock.csv").write_text(STOCK)
    return folder


@pytest.fixture
def environment(tmp_path):
    beside = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return os.environ | {
        "PATH": beside,
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
        "PRE_COMMIT_HOME": str(tmp_path / "cache"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org",
    }  # fmt: skip


def test_the_hook_refuses_a_file_of_people(repository, tmp_path, environment):
    def run(*command, cwd, expect=0):
        ran = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
        assert ran.returncode == expect, ran.stdout + ran.stderr
        return ran.stdout

    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / ".pre-commit-hooks.yaml").write_bytes((ROOT / ".pre-commit-hooks.yaml").read_bytes())
    for folder in (hooks, repository):
        run("git", "init", "-q", cwd=folder)
        run("git", "add", ".", cwd=folder)
    run("git", "commit", "-q", "-m", "hooks", cwd=hooks)
    trial = ("pre-commit", "try-repo", str(hooks), "lakescan-system", "--files")
    said = run(*trial, "people.csv", "stock.csv", cwd=repository, expect=1)
    assert "EMAIL_ADDRESS" in said
    assert "ann1@example1.org" not in said
    assert "Passed" in run(*trial, "stock.csv", cwd=repository)


def test_both_hooks_are_valid_and_the_same_but_for_where_lakescan_is_from():
    file = ROOT / ".pre-commit-hooks.yaml"
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", file]
    assert subprocess.run(command, capture_output=True).returncode == 0
    one, other = yaml.safe_load(file.read_text())
    assert (one["entry"], one["files"]) == (other["entry"], other["files"])


@pytest.mark.parametrize(
    "paths, gates, code",
    [("stock.csv", "sensitive", 0), (".", "sensitive\nPERSON", 1), (".", "", 0)],
)
def test_the_action_scans_and_says_where_the_findings_are(
    repository, tmp_path, environment, paths, gates, code
):
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    step = next(one for one in action["runs"]["steps"] if one.get("id") == "scan")
    assert set(action["outputs"]) == {"sarif", "report"}
    output = tmp_path / "output"
    more = {"PATHS": paths, "GATES": gates, "POLICY": ""}
    more |= {"RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": str(output)}
    assert set(step["env"]) <= set(more)
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    ran = subprocess.run(
        shell, cwd=repository, env=environment | more, capture_output=True, text=True
    )
    assert ran.returncode == code, ran.stderr
    told = dict(line.split("=", 1) for line in output.read_text().splitlines())
    assert all(Path(told[name]).is_file() for name in action["outputs"])
