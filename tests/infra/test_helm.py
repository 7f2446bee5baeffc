"""The chart renders, for every values file we hand out, what Kubernetes and lakescan both accept."""

from __future__ import annotations

import shutil
from pathlib import Path

import helm_python
import kubernetes_validate
import pytest
import typer
import yaml

from lakescan.cli.app import app
from lakescan.policy import Policy

ROOT = Path(__file__).parents[2]
CHART = ROOT / "infra" / "helm" / "lakescan"
VALUES = sorted((ROOT / "infra" / "helm" / "values").glob("*.yaml"))
KEYS = {"apiKeys": {"existingSecret": "keys"}}


def rendered(values, chart=CHART):
    with helm_python.Chart.load(str(chart)) as loaded:
        files = loaded.render(values, name="prod", namespace="privacy")
    manifests = [text for name, text in files.items() if not name.endswith("NOTES.txt")]
    return [d for text in manifests for d in yaml.safe_load_all(text) if d]


def of_kind(documents, kind):
    return [document for document in documents if document["kind"] == kind]


def pods(documents):
    """Every pod that the documents would start."""
    for document in documents:
        spec = document.get("spec", {})
        if document["kind"] == "Pod":
            yield spec
        elif document["kind"] == "Deployment":
            yield spec["template"]["spec"]
        elif document["kind"] == "CronJob":
            yield spec["jobTemplate"]["spec"]["template"]["spec"]
        elif document["kind"] == "RayCluster":
            for group in (spec["headGroupSpec"], *spec["workerGroupSpecs"]):
                yield group["template"]["spec"]


@pytest.fixture(params=VALUES, ids=lambda path: path.stem)
def documents(request):
    return rendered(yaml.safe_load(request.param.read_text()))


def test_the_chart_has_no_fault():
    result = helm_python.lint(str(CHART))
    assert result["errors"] == []
    assert [m["error"] for m in result["messages"]] == ["icon is recommended"]


def test_kubernetes_accepts_what_is_rendered(documents, check_manifest):
    assert documents
    for document in documents:
        check_manifest(document)
        assert document["metadata"]["namespace"] == "privacy"


def test_a_misspelt_field_in_a_manifest_is_seen(check_manifest):
    (deployment,) = of_kind(rendered(KEYS), "Deployment")
    deployment["spec"]["replcas"] = 1
    with pytest.raises(kubernetes_validate.ValidationError, match="replcas"):
        check_manifest(deployment)


def test_no_pod_may_do_more_than_it_needs(documents):
    for pod in pods(documents):
        assert pod["securityContext"]["runAsNonRoot"]
        assert "hostNetwork" not in pod
        for container in pod["containers"]:
            may = container["securityContext"]
            assert may["readOnlyRootFilesystem"]
            assert not may["allowPrivilegeEscalation"]
            assert may["capabilities"] == {"drop": ["ALL"]}
            assert container["resources"]["limits"]["memory"]


def test_lakescan_knows_every_option_that_is_rendered(documents):
    """A pod with an unknown option would end as soon as it starts."""
    commands = typer.main.get_command(app).commands
    for pod in pods(documents):
        for container in pod["containers"]:
            if container["name"] == "lakescan":
                name, *arguments = container["args"]
                commands[name].make_context(name, list(arguments))


def test_the_policy_of_the_values_is_a_policy(documents):
    for config in of_kind(documents, "ConfigMap"):
        Policy.parse(config["data"]["policy.yaml"])


def test_the_switch_for_the_checks_of_input_reaches_the_service():
    values = KEYS | {"securitySettings": {"ENABLE_ALL_SECURITY_CONTROLS": False}}
    (deployment,) = of_kind(rendered(values), "Deployment")
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    assert container["env"][0] == {
        "name": "SECURITY_SETTINGS",
        "value": '{"ENABLE_ALL_SECURITY_CONTROLS":false}',
    }


def test_a_service_without_keys_is_not_installed():
    with pytest.raises(helm_python.HelmError, match="needs API keys"):
        rendered({})


def test_scans_alone_need_no_keys():
    scan = {"name": "crm", "schedule": "@daily", "uris": ["s3://a/"], "output": "s3://b/"}
    documents = rendered({"service": {"enabled": False}, "scans": [scan]})
    assert sorted(d["kind"] for d in documents) == ["CronJob", "NetworkPolicy", "ServiceAccount"]


@pytest.mark.parametrize(
    "values",
    [
        {"replica": 3},
        {"replicas": 0},
        {"accuracyMode": "best"},
        {"serve": {"extraArgs": ["rate 50"]}},
        {"scans": [{"name": "crm", "schedule": "daily", "uris": ["s3://a/"], "output": "b"}]},
        {"extraEnv": [{"name": "PGPASSWORD", "value": "in plain sight"}]},
        {"image": {"repository": "lakescan", "digest": "latest"}},
    ],
    ids=lambda values: next(iter(values)),
)
def test_a_wrong_value_is_refused(values):
    with helm_python.Chart.load(str(CHART)) as chart, pytest.raises(helm_python.HelmError):
        chart.validate_schema(KEYS | values)


def test_every_default_is_allowed():
    with helm_python.Chart.load(str(CHART)) as chart:
        chart.validate_schema(yaml.safe_load((CHART / "values.yaml").read_text()))


def test_a_broken_template_is_seen(tmp_path):
    chart = tmp_path / "lakescan"
    shutil.copytree(CHART, chart)
    (chart / "templates" / "broken.yaml").write_text("a: {{ .Values.nope.deeper }}\n")
    with pytest.raises(helm_python.HelmError):
        rendered(KEYS, chart)
