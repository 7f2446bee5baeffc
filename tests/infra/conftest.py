"""Manifests are checked against Kubernetes' own schema, and operators' kinds against what they hold.

The names and types of the fields of KubeRay and the Spark operator that our manifests use stand here
as a strict schema, from their published definitions (v1, v1beta2), so that a misspelt or misplaced
field is seen without them. With ``KUBERAY_CRDS=DIR``, a folder that holds those definitions
(``ray.io_rayclusters.yaml`` and its kin of KubeRay's repository), the manifests are checked against
them in full as well; so with ``SPARK_OPERATOR_CRDS=DIR`` and
``sparkoperator.k8s.io_sparkapplications.yaml``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml

Json = dict[str, Any]

KUBERNETES = "1.34"

TEXT, TRUTH = {"type": "string"}, {"type": "boolean"}
COUNT = {"type": "integer", "minimum": 0}
STRINGS = {"type": "object", "additionalProperties": TEXT}
POD = {"type": "object"}  # Kubernetes' own schema says what it may hold


def strictly(required: str, **properties: Any) -> Json:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required.split(),
        "properties": properties,
    }


CLUSTER = strictly(
    "rayVersion headGroupSpec",
    rayVersion=TEXT,
    authOptions=strictly("mode", mode={"enum": ["disabled", "token"]}),
    enableInTreeAutoscaling=TRUTH,
    autoscalerOptions=strictly(
        "",
        idleTimeoutSeconds=COUNT,
        upscalingMode={"enum": ["Default", "Aggressive", "Conservative"]},
    ),
    headGroupSpec=strictly("rayStartParams template", rayStartParams=STRINGS, template=POD),
    workerGroupSpecs={
        "type": "array",
        "items": strictly(
            "groupName rayStartParams template",
            groupName=TEXT,
            replicas=COUNT,
            minReplicas=COUNT,
            maxReplicas=COUNT,
            rayStartParams=STRINGS,
            template=POD,
        ),
    },
)
COUNTED = {"type": "integer", "minimum": 1}
MEMORY = {
    "type": "string",
    "pattern": "^[0-9]+[kmgt]$",
}  # as Spark reads it, not as Kubernetes does
ROLE: Json = {
    "cores": COUNTED,
    "coreLimit": TEXT,
    "memory": MEMORY,
    "memoryOverhead": MEMORY,
    "serviceAccount": TEXT,
    "template": POD,
}
SPECS = {
    "RayCluster": CLUSTER,
    "RayJob": strictly(
        "entrypoint rayClusterSpec",
        entrypoint=TEXT,
        submissionMode={"enum": ["K8sJobMode", "HTTPMode", "InteractiveMode", "SidecarMode"]},
        shutdownAfterJobFinishes=TRUTH,
        ttlSecondsAfterFinished=COUNT,
        activeDeadlineSeconds=COUNT,
        backoffLimit=COUNT,
        submitterPodTemplate=POD,
        rayClusterSpec=CLUSTER,
    ),
    "RayService": strictly(
        "serveConfigV2 rayClusterConfig", serveConfigV2=TEXT, rayClusterConfig=CLUSTER
    ),
    "SparkApplication": strictly(
        "type sparkVersion mainApplicationFile driver executor",
        type={"enum": ["Java", "Python", "Scala", "R"]},
        pythonVersion={"enum": ["3"]},
        mode={"enum": ["cluster", "client"]},
        sparkVersion=TEXT,
        image=TEXT,
        mainApplicationFile=TEXT,
        arguments={"type": "array", "items": TEXT},
        restartPolicy=strictly("type", type={"enum": ["Never", "Always", "OnFailure"]}),
        timeToLiveSeconds=COUNT,
        sparkConf=STRINGS,
        driver=strictly("", **ROLE),
        executor=strictly("", instances=COUNTED, **ROLE),
    ),
}
#: Where the published definitions of an operator's kinds are.
FOLDERS = {"ray.io/v1": "KUBERAY_CRDS", "sparkoperator.k8s.io/v1beta2": "SPARK_OPERATOR_CRDS"}


@pytest.fixture(scope="session")
def check_manifest():
    """Check one Kubernetes document, whatever its kind."""

    def check(document: Json) -> None:
        if document["apiVersion"] not in FOLDERS:
            kubernetes_validate.validate(document, KUBERNETES, strict=True)
            return
        assert set(document) == {"apiVersion", "kind", "metadata", "spec"}
        jsonschema.validate(document["spec"], SPECS[document["kind"]])
        for template in pod_templates(document["spec"]):
            pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "pod"}} | template
            kubernetes_validate.validate(pod, KUBERNETES, strict=True)
        if folder := os.environ.get(FOLDERS[document["apiVersion"]]):
            jsonschema.validate(document, published(Path(folder), document))

    return check


def pod_templates(spec: Any) -> Iterator[Json]:
    """The pods of head, worker groups and submitter, or of driver and executors."""
    if isinstance(spec, list):
        for item in spec:
            yield from pod_templates(item)
    if not isinstance(spec, dict):
        return
    for key, value in spec.items():
        if key in {"template", "submitterPodTemplate"}:
            yield value
        else:
            yield from pod_templates(value)


def published(folder: Path, document: Json) -> Json:
    group, version = document["apiVersion"].split("/")
    text = (folder / f"{group}_{document['kind'].lower()}s.yaml").read_text()
    versions = yaml.load(text, Loader=yaml.CSafeLoader)["spec"]["versions"]
    (schema,) = (each["schema"]["openAPIV3Schema"] for each in versions if each["name"] == version)
    close(schema)
    schema["properties"]["metadata"] = {"type": "object"}
    return schema


def close(schema: Any) -> None:
    """Refuse what a schema does not name; Kubernetes drops it without a word."""
    for each in schema if isinstance(schema, list) else []:
        close(each)
    if not isinstance(schema, dict):
        return
    kept = schema.get("x-kubernetes-preserve-unknown-fields")
    if schema.get("type") == "object" and "properties" in schema and not kept:
        schema.setdefault("additionalProperties", False)
    if schema.get("x-kubernetes-int-or-string"):
        schema.pop("anyOf", None)
        schema["type"] = ["integer", "string"]
    for value in schema.values():
        close(value)
