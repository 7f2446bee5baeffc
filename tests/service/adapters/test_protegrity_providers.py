"""Protegrity's providers that fail, or take too long: 206, 502, 598, 599."""

from __future__ import annotations

import asyncio
import os

import pytest
from fastapi.testclient import TestClient

from lakescan.jobs.detect import detectors_for
from lakescan.policy import Policy
from lakescan.service.adapters import protegrity
from lakescan.service.adapters.protegrity_providers import guarded
from lakescan.service.application import app_of
from lakescan.service.core import Core
from lakescan.service.settings import Settings

CLASSIFY = "/pty/data-discovery/v1.1/classify"
LABEL = "/pty/data-discovery/v1.1/transform/label"
PLAIN = {"content-type": "text/plain"}
TEXT = "You can reach Dave Elliot by phone 203-555-1286"
#: A detector as third parties install them, which some texts break and some hold up.
PLUGIN = """
import time
from lakescan.udfs.detect.findings import FINDINGS_SCHEMA


class Fragile:
    name, version, entities = "fragile", "1", frozenset()

    def setup(self):
        pass

    def detect(self, values):
        texts = " ".join(values.series.to_list())
        if "poison" in texts:
            raise RuntimeError("a value that no log may hold: " + texts)
        if "slowly" in texts:
            time.sleep(9)
        return FINDINGS_SCHEMA.empty_table()
"""


@pytest.fixture(scope="module")
def fragile(servers, tmp_path_factory):
    """A service with the standard model and a pattern provider that can be broken."""
    folder = tmp_path_factory.mktemp("plugin")
    (folder / "fragile.py").write_text(PLUGIN)
    meta = folder / "fragile-1.0.dist-info"
    meta.mkdir()
    (meta / "METADATA").write_text("Metadata-Version: 2.1\nName: fragile\nVersion: 1.0\n")
    (meta / "entry_points.txt").write_text("[lakescan.detectors]\nfragile = fragile:Fragile\n")
    path = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))
    return servers("--timeout", "10", PYTHONPATH=path)


def test_a_provider_that_fails_leaves_the_others_answer(fragile):
    with fragile.client(headers=PLAIN) as client:
        partly = client.post(CLASSIFY, content=f"{TEXT} poison")
        labelled = client.post(LABEL, content=f"{TEXT} poison", params={"include_providers": "Yes"})
        whole = client.post(CLASSIFY, content=TEXT)
    assert partly.status_code == labelled.status_code == 206
    for answer in (partly, labelled):
        assert [each["status"] for each in answer.json()["providers"]] == [500, 200]
    (person,) = partly.json()["classifications"]["PERSON"]
    assert [each["provider_index"] for each in person["classifiers"]] == [1]
    assert "[PERSON]" in labelled.json()["transform"]["text"]
    assert whole.status_code == 200
    assert [each["status"] for each in whole.json()["providers"]] == [200, 200]
    assert "the provider Pattern failed: RuntimeError" in fragile.log.read_text()
    assert "203-555-1286" not in fragile.log.read_text()


def test_a_table_needs_the_provider_that_fails(fragile):
    with fragile.client(headers={"content-type": "text/csv"}) as client:
        failed = client.post(CLASSIFY, content="name,note\nAnn,poison\n")
        well = client.post(CLASSIFY, content="name,note\nAnn,water\n")
    assert (failed.status_code, failed.json()) == (502, {"error": "all providers failed"})
    assert well.status_code == 200


def test_a_provider_that_takes_too_long_leaves_the_others_answer(fragile):
    with fragile.client(headers=PLAIN) as client:
        partly = client.post(CLASSIFY, content=f"{TEXT} slowly")
        assert partly.status_code == 206, partly.text
        assert [each["status"] for each in partly.json()["providers"]] == [504, 200]
        groups = [g for some in partly.json()["classifications"].values() for g in some]
        assert "PERSON" in partly.json()["classifications"]
        assert {c["provider_index"] for g in groups for c in g["classifiers"]} == {1}
        whole = client.post(CLASSIFY, content=TEXT)
    assert whole.status_code == 200, "while the late one is still at it"


class Broken:
    """A model or detector that gives up."""

    name, version, entities = "ner.broken", "1", frozenset()

    def detect(self, values):
        raise MemoryError

    groups = detect


@pytest.fixture
def own():
    """A service in this process, whose detectors can be reached."""
    policy = Policy(accuracy_mode="patterns")
    core = Core(Settings(policy=policy))
    core.load()
    with TestClient(app_of(core), base_url="http://localhost", headers=PLAIN) as client:
        yield client, detectors_for(policy)


def test_a_model_that_fails_leaves_the_patterns(own, monkeypatch):
    client, detectors = own
    monkeypatch.setattr(detectors, "model", Broken())
    partly = client.post(CLASSIFY, content=TEXT)
    assert partly.status_code == 206
    assert [each["status"] for each in partly.json()["providers"]] == [200, 500]
    assert list(partly.json()["classifications"]) == ["PHONE_NUMBER"]


@pytest.mark.parametrize("path", [CLASSIFY, LABEL])
def test_where_all_fail_there_is_no_answer(own, monkeypatch, path):
    client, detectors = own
    monkeypatch.setattr(detectors, "detectors", (Broken(),))
    alone = client.post(path, content=TEXT)
    assert (alone.status_code, alone.json()) == (502, {"error": "all providers failed"})
    monkeypatch.setattr(detectors, "model", Broken())
    assert client.post(path, content=TEXT).status_code == 502


def test_a_fault_beside_the_providers_is_598(own, monkeypatch):
    client, _ = own

    def fault(*_):
        raise KeyError(TEXT)

    monkeypatch.setattr(protegrity, "grouped", fault)
    faulty = client.post(CLASSIFY, content=TEXT)
    assert (faulty.status_code, faulty.json()) == (598, {"error": "internal error"})


def test_an_answer_that_is_late_beside_them_is_599():
    core = Core(Settings(policy=Policy(accuracy_mode="patterns"), seconds=0.05))

    async def never():
        await asyncio.Event().wait()

    async def late():
        return await guarded(core, never())

    assert asyncio.run(late()).status_code == 599
