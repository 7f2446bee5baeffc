"""The service in infra/kuberay/rayservice.yaml is what Ray can import, deploy and reach."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import httpx
import pytest
import yaml
from ports import free_port

pytest.importorskip("ray.serve")

FILE = Path(__file__).parents[2] / "infra" / "kuberay" / "rayservice.yaml"
SPEC = yaml.safe_load(FILE.read_text())["spec"]
CONFIG = yaml.safe_load(SPEC["serveConfigV2"])
KEY = "a-long-random-key"


def pods():
    cluster = SPEC["rayClusterConfig"]
    groups = [cluster["headGroupSpec"], *cluster["workerGroupSpecs"]]
    return [group["template"]["spec"] for group in groups]


def test_every_node_has_the_keys_where_the_service_looks():
    (application,) = CONFIG["applications"]
    file = PurePosixPath(application["args"]["keys_file"])
    for pod in pods():
        (container,) = pod["containers"]
        names = {one["mountPath"]: one["name"] for one in container["volumeMounts"]}
        (volume,) = (one for one in pod["volumes"] if one["name"] == names[str(file.parent)])
        assert volume["secret"]["secretName"] == "lakescan-keys"
        assert f"--from-file={file.name}" in FILE.read_text()


def test_the_port_is_the_one_that_ray_listens_on():
    for pod in pods():
        ports = {one["name"]: one["containerPort"] for one in pod["containers"][0]["ports"]}
        assert ports["serve"] == CONFIG["http_options"]["port"]


def test_the_workers_have_room_for_all_replicas():
    (application,) = CONFIG["applications"]
    (group,) = SPEC["rayClusterConfig"]["workerGroupSpecs"]
    cores = int(group["template"]["spec"]["containers"][0]["resources"]["limits"]["cpu"])
    fewest, most = map(int, application["args"]["replicas"].split(":"))
    assert fewest <= group["minReplicas"] * cores
    assert most <= group["maxReplicas"] * cores


@pytest.mark.ray
def test_ray_deploys_it_and_it_answers_those_with_a_key(tmp_path):
    """As KubeRay does it: the configuration goes to Ray's controller, which imports what it names."""
    from ray import serve
    from ray.serve.context import _get_global_client
    from ray.serve.schema import ServeDeploySchema

    from lakescan.engines.options import EngineOptions
    from lakescan.engines.ray.opening import connected
    from lakescan.service.ray_serve import withdraw

    keys = tmp_path / "keys"
    keys.write_text(KEY)
    port = free_port()
    config = yaml.safe_load(SPEC["serveConfigV2"])
    config["http_options"] |= {"host": "127.0.0.1", "port": port}
    more = {"keys_file": str(keys), "accuracy_mode": "patterns", "replicas": "1"}
    config["applications"][0]["args"] |= more
    schema = ServeDeploySchema.model_validate(config)
    with connected(EngineOptions("ray", workers=2)):
        serve.start(http_options=config["http_options"], logging_config=config["logging_config"])
        _get_global_client().deploy_apps(schema, _blocking=True)
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as ask:
                body = {"texts": ["Call Ann on 202-555-0142"]}
                assert ask.post("/v1/detect", json=body, timeout=60).status_code == 401
                found = ask.post("/v1/detect", json=body, headers={"x-api-key": KEY}, timeout=60)
                (answer,) = found.json()["results"]
                assert [one["entity"] for one in answer["findings"]] == ["PHONE_NUMBER"]
        finally:
            withdraw()
