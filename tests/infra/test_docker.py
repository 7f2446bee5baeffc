"""No Docker engine is here: what a build would do is checked piece by piece."""

from __future__ import annotations

import fnmatch
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import typer
import yaml
from packaging.specifiers import SpecifierSet

from lakescan.cli.app import app

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "infra" / "docker"
FILE = (DOCKER / "Dockerfile").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_hadolint_finds_nothing():
    program = Path(sys.executable).with_name("hadolint")
    run = subprocess.run([program, DOCKER / "Dockerfile"], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


def test_every_extra_of_an_image_exists():
    asked = re.findall(r"^ARG EXTRAS=(\S+)", FILE, re.MULTILINE)
    assert len(asked) == 4
    for extras in asked:
        assert set(extras.split(",")) <= set(PROJECT["optional-dependencies"])


def test_the_python_of_the_images_is_one_that_lakescan_runs_on():
    (version,) = re.findall(r"^ARG PYTHON=(\S+)", FILE, re.MULTILINE)
    assert version in SpecifierSet(PROJECT["requires-python"])


def test_what_is_copied_is_there_and_not_ignored():
    ignore = (DOCKER / "Dockerfile.dockerignore").read_text().split("\n")
    kept = [line.removeprefix("!") for line in ignore if line.startswith("!")]
    copies = re.findall(r"^COPY (?!--from)(.+)$", FILE, re.MULTILINE)
    assert copies
    for source in (word for line in copies for word in line.split()[:-1]):
        assert (ROOT / source).exists()
        assert any(fnmatch.fnmatch(source.removeprefix("./"), pattern) for pattern in kept)


def test_what_the_build_of_the_package_needs_is_copied():
    """hatchling reads these while it builds; one that is missing would end every build."""
    copied = re.findall(r"^COPY (?!--from)(.+) \./$", FILE, re.MULTILINE)[0].split()
    assert {PROJECT["readme"], *PROJECT["license-files"], "pyproject.toml"} <= set(copied)


def test_no_image_runs_as_root():
    stages = re.split(r"^FROM ", FILE, flags=re.MULTILINE)[1:]
    run = [
        stage for stage in stages if "ENTRYPOINT" in stage or re.search("^CMD", stage, re.MULTILINE)
    ]
    assert len(run) == 4
    for stage in run:
        assert re.search(r"^USER 10001:10001$", stage, re.MULTILINE)


def test_lakescan_knows_the_command_of_the_compose_file():
    service = yaml.safe_load((DOCKER / "compose.yaml").read_text())["services"]["lakescan"]
    name, *arguments = service["command"]
    typer.main.get_command(app).commands[name].make_context(name, arguments)
    assert (DOCKER / service["build"]["context"] / service["build"]["dockerfile"]).exists()
    assert re.search(rf"^FROM \S+ AS {service['build']['target']}$", FILE, re.MULTILINE)


@pytest.fixture
def spark_pod(tmp_path):
    """Run the entry point with stand-ins for Python, Java and spark-submit that tell their words."""
    home = tmp_path / "spark"
    for program in ("bin/java", "spark/bin/spark-submit", "path/echo-all"):
        path = tmp_path / program
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('#!/bin/sh\nfor word; do echo "$word"; done\n')
        path.chmod(0o755)
    python = tmp_path / "path" / "python"
    python.write_text(f"#!/bin/sh\necho {home}\n")
    python.chmod(0o755)

    def run(*words, **variables):
        environment = {
            "PATH": f"{tmp_path / 'path'}{os.pathsep}{os.environ['PATH']}",
            "JAVA_HOME": str(tmp_path),
        } | variables
        command = [DOCKER / "spark-entrypoint.sh", *words]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    return run


def test_the_driver_of_spark_gets_what_it_was_started_with(spark_pod):
    words = spark_pod("driver", "--class", "a b", "app.py", SPARK_DRIVER_BIND_ADDRESS="10.0.0.9")
    assert words[:2] == ["--deploy-mode", "client"]
    assert "spark.driver.bindAddress=10.0.0.9" in words
    assert words[-3:] == ["--class", "a b", "app.py"]


def test_an_executor_of_spark_gets_each_option_whole(spark_pod):
    named = ["DRIVER_URL", "EXECUTOR_ID", "EXECUTOR_CORES", "EXECUTOR_MEMORY", "APPLICATION_ID"]
    named += ["EXECUTOR_POD_IP", "RESOURCE_PROFILE_ID", "EXECUTOR_POD_NAME"]
    variables = {f"SPARK_{name}": name.lower() for name in named}
    options = {"SPARK_JAVA_OPT_0": "-Dfirst=a b", "SPARK_JAVA_OPT_1": "-Dsecond=c"}
    words = spark_pod("executor", **variables, **options)
    assert words[:2] == ["-Dfirst=a b", "-Dsecond=c"]
    assert words[words.index("--executor-id") + 1] == "executor_id"
    assert "-Xmxexecutor_memory" in words


def test_any_other_word_is_a_command(spark_pod):
    assert spark_pod("echo-all", "one", "two") == ["one", "two"]
