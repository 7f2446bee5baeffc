"""The manifests for KubeRay, Spark and plain Kubernetes hold what these, and lakescan, accept."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import jsonschema
import pytest
import typer
import yaml

from lakescan.cli.app import app

ROOT = Path(__file__).parents[2]
INFRA = ROOT / "infra"
FOLDERS = ("kuberay", "kubernetes", "spark")
MANIFESTS = [path for folder in FOLDERS for path in sorted((INFRA / folder).glob("*.yaml"))]


@pytest.fixture(params=MANIFESTS, ids=lambda path: path.stem)
def manifest(request):
    return yaml.safe_load(request.param.read_text())


def values_of(node, key):
    """All values under a key, however deep."""
    if isinstance(node, dict):
        if key in node:
            yield node[key]
        node = list(node.values())
    for item in node if isinstance(node, list) else []:
        yield from values_of(item, key)


def test_kubernetes_accepts_it(manifest, check_manifest):
    check_manifest(manifest)


def test_a_misspelt_field_of_kuberay_is_seen(check_manifest):
    job = yaml.safe_load((INFRA / "kuberay" / "rayjob-scan.yaml").read_text())
    head = job["spec"]["rayClusterSpec"]["headGroupSpec"]
    head["rayStartParam"] = head.pop("rayStartParams")
    with pytest.raises(jsonschema.ValidationError, match="rayStartParam"):
        check_manifest(job)


def test_every_container_is_fenced_in(manifest):
    containers = [one for each in values_of(manifest, "containers") for one in each]
    assert containers
    for container in containers:
        may = container["securityContext"]
        assert may["readOnlyRootFilesystem"]
        assert not may["allowPrivilegeEscalation"]
        assert may["capabilities"] == {"drop": ["ALL"]}
    assert all(
        each["runAsNonRoot"]
        for each in values_of(manifest, "securityContext")
        if "runAsUser" in each
    )


def test_lakescan_knows_the_command(manifest):
    lines = [shlex.split(line) for line in values_of(manifest, "entrypoint")]
    lines += [["lakescan", *words] for words in values_of(manifest, "args")]
    lines += [["lakescan", *words] for words in values_of(manifest, "arguments")]
    commands = typer.main.get_command(app).commands
    for program, name, *arguments in lines:
        assert program == "lakescan"
        commands[name].make_context(name, arguments)


def test_ray_in_the_manifests_is_the_ray_that_ci_tests(manifest):
    (tested,) = re.findall(r"^ray==(.+)$", (ROOT / "constraints.txt").read_text(), re.MULTILINE)
    assert set(values_of(manifest, "rayVersion")) <= {tested}


def test_spark_in_the_manifests_is_the_spark_that_ci_tests(manifest):
    (tested,) = re.findall(r"^pyspark==(.+)$", (ROOT / "constraints.txt").read_text(), re.MULTILINE)
    assert set(values_of(manifest, "sparkVersion")) <= {tested}


def test_no_secret_stands_in_a_manifest(manifest):
    for variables in values_of(manifest, "env"):
        for variable in variables:
            if re.search("KEY|TOKEN|SECRET|PASSWORD", variable["name"]):
                assert "value" not in variable
