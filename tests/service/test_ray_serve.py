"""The application on Ray Serve: the same answers, and no request lost with a replica."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time

import httpx
import pytest
from ports import free_port

from lakescan.engines.options import EngineOptions
from lakescan.errors import UsageError
from lakescan.jobs.reading import Question, read_texts
from lakescan.policy import Policy
from lakescan.service.desk import CrowdedError
from lakescan.service.keys import KeyRing
from lakescan.service.meters import Meters
from lakescan.service.settings import Settings

pytest.importorskip("ray.serve")
from lakescan.service.ray_serve import (
    RemoteDesk,
    Replicas,
    _read_all,
    deploy,
    withdraw,
)

TEXT = "Ann called 202-555-0142 about 4111 1111 1111 1111"
PATTERNS = Policy(accuracy_mode="patterns")


def test_questions_of_several_policies_are_read_together():
    other = PATTERNS.model_copy(update={"conflicts": "longest"})
    questions = [Question((TEXT,)), Question((TEXT, "")), Question(("a@example.com",))]
    answers = _read_all(questions, ["a", "b", "a"], {"a": PATTERNS, "b": other})
    assert answers[0] == read_texts([questions[0]], PATTERNS)[0]
    assert answers[1] == read_texts([questions[1]], other)[0]
    assert answers[2] == read_texts([questions[2]], PATTERNS)[0]


def test_a_question_goes_to_another_replica_when_one_is_lost():
    from ray.exceptions import ActorDiedError

    asked = []

    async def read(question, name):
        asked.append(name)
        if len(asked) < 3:
            raise ActorDiedError
        return read_texts([question], PATTERNS)[0]

    settings = Settings(policy=PATTERNS)
    desk = RemoteDesk(settings.every_policy, read, settings, Meters())
    answer = asyncio.run(desk.ask(Question((TEXT,))))
    assert [each.entity for each in answer[0]] == ["PHONE_NUMBER", "CREDIT_CARD"]
    assert asked == ["default"] * 3


def test_a_cluster_without_replicas_is_busy():
    from ray.exceptions import ActorDiedError

    async def read(question, name):
        raise ActorDiedError

    settings = Settings(policy=PATTERNS)
    desk = RemoteDesk(settings.every_policy, read, settings, Meters())
    with pytest.raises(CrowdedError):
        asyncio.run(desk.ask(Question((TEXT,))))


def test_replicas_are_one_or_more():
    for fewest, most in ((0, 1), (2, 1)):
        with pytest.raises(UsageError):
            Replicas(fewest, most)
    for text in ("", "one", "1:2:3", ":4", "0:4", "-1"):
        with pytest.raises(UsageError, match="FEWEST:MOST"):
            Replicas.parse(text)
    assert Replicas.parse("2") == Replicas(2, 2)
    assert Replicas.parse("1:4") == Replicas(1, 4)


@pytest.fixture(scope="module")
def url():
    from lakescan.engines.ray.opening import connected

    port = free_port()
    settings = Settings(policy=PATTERNS, keys=KeyRing.of_keys(["key"]))
    with connected(EngineOptions("ray", workers=3)):
        deploy("127.0.0.1", port, settings, Replicas(2, 2))
        yield f"http://127.0.0.1:{port}"
        withdraw()


def client(url, key="key"):
    return httpx.Client(base_url=url, timeout=60, headers={"x-api-key": key}, trust_env=False)


@pytest.mark.ray
def test_all_routes_answer_as_they_do_without_ray(url):
    with client(url) as ask:
        assert ask.get("/readyz").json() == {"status": "ready"}
        found = ask.post("/v1/detect", json={"texts": [TEXT, ""]}).json()["results"]
        expected = read_texts([Question((TEXT, ""))], PATTERNS)[0]
        assert [[f["entity"] for f in each["findings"]] for each in found] == [
            [f.entity for f in each] for each in expected
        ]
        assert "<CREDIT_CARD>" in ask.post("/v1/anonymize", json={"texts": [TEXT]}).text
        assert ask.post("/analyze", json={"text": TEXT, "language": "en"}).status_code == 200
        table = ask.post("/v1/classify", json={"rows": [{"email": "a@example.com"}]})
        assert table.json()["datasets"][0]["columns"][0]["sensitive"]
        assert ask.post("/v1/detect", content=b"x" * (11 << 20)).status_code == 413
        assert "lakescan" in ask.get("/").text
    with client(url, "wrong") as ask:
        assert ask.post("/v1/detect", json={"texts": [TEXT]}).status_code == 401


@pytest.mark.ray
@pytest.mark.slow
def test_a_killed_replica_loses_no_request(url):
    over = threading.Event()
    statuses, pids = [], replica_pids()
    assert len(pids) == 2

    def load():
        with client(url) as ask:
            while not over.is_set():
                statuses.append(ask.post("/v1/detect", json={"texts": [TEXT]}).status_code)

    threads = [threading.Thread(target=load) for _ in range(8)]
    for thread in threads:
        thread.start()
    end = time.monotonic() + 120
    while len(statuses) < 50 and time.monotonic() < end:
        time.sleep(0.05)
    os.kill(min(pids), signal.SIGKILL)
    before = len(statuses)
    while (len(statuses) < before + 200 or replica_pids() <= pids) and time.monotonic() < end:
        time.sleep(0.1)
    over.set()
    for thread in threads:
        thread.join()
    assert set(statuses) == {200}
    assert len(statuses) > before + 200, "requests were answered while a replica was missing"
    assert replica_pids() - pids, "and another one came in its place"


def replica_pids():
    """Processes of readers, by what Ray calls them."""
    import psutil

    found = set()
    for process in psutil.process_iter(["pid", "cmdline"]):
        words = " ".join(process.info["cmdline"] or ())
        if words.startswith("ray::ServeReplica:lakescan:Reader"):
            found.add(process.info["pid"])
    return found
