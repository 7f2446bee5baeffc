"""`lakescan serve --processes`: the same answers, by processes that may die."""

from __future__ import annotations

import concurrent.futures
import contextlib
import os
import signal
import time

import psutil
import pytest

from lakescan.jobs.reading import Question, read_texts
from lakescan.policy import Policy

PATTERNS = Policy.parse("version: 1\naccuracy_mode: patterns\n")
TEXTS = [f"card 4111 1111 1111 1111, mail a{n}@example.com" for n in range(60)]


@pytest.fixture(scope="module")
def server(servers):
    """Two readers; keys and rates are the one front's."""
    return servers(
        "--accuracy-mode", "patterns", "--processes", "2", "--rate", "0.01", "--burst", "300",
        LAKESCAN_API_KEYS="first-key,second-key",
    )  # fmt: skip


def readers(server):
    """The processes that read, by what Python calls them."""
    found = set()
    for child in psutil.Process(server.process.pid).children():
        with contextlib.suppress(psutil.Error):  # one that has just ended
            if any("spawn_main" in word for word in child.cmdline()):
                found.add(child.pid)
    return found


def gone(process):
    """Whether a process is no more; who should bury it may not."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def detect(server, text, key="first-key"):
    with server.client(headers={"x-api-key": key}) as client:
        return client.post("/v1/detect", json={"texts": [text]})


def test_answers_are_those_of_one_process(server):
    assert len(readers(server)) == 2
    expected = read_texts([Question(tuple(TEXTS))], PATTERNS)[0]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda text: detect(server, text), TEXTS))
    assert {each.status_code for each in answers} == {200}
    found = [each.json()["results"][0]["findings"] for each in answers]
    assert [[(f["start"], f["end"], f["entity"]) for f in each] for each in found] == [
        [(f.start, f.end, f.entity) for f in each] for each in expected
    ]


def test_a_killed_reader_loses_no_request(server):
    before = readers(server)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(detect, server, text) for text in TEXTS * 2]
        os.kill(min(before), signal.SIGKILL)
        assert {each.result().status_code for each in answers} == {200}
    end = time.monotonic() + 60
    while len(readers(server) - before) == 0 and time.monotonic() < end:
        assert detect(server, "both are asked, until the lost one is seen").status_code == 200
    assert readers(server) - before, "and another one came in its place"
    assert len(readers(server)) == 2


def test_a_callers_rate_is_one_for_all(server):
    """However many processes read: three hundred at once, and no more."""
    statuses = [detect(server, "nothing", "second-key").status_code for _ in range(310)]
    assert set(statuses) == {200, 429}
    assert statuses.index(429) >= 300


def test_readers_end_with_the_service(servers):
    server = servers("--accuracy-mode", "patterns", "--processes", "1")
    (reader,) = readers(server)
    assert server.stop() == 0
    assert not psutil.pid_exists(reader), "the service waits for it"
    server = servers("--accuracy-mode", "patterns", "--processes", "1")
    process = psutil.Process(next(iter(readers(server))))
    server.process.kill()
    server.process.wait()
    end = time.monotonic() + 60
    while not gone(process) and time.monotonic() < end:
        time.sleep(0.05)
    assert gone(process), "it sees that nobody asks any more"
