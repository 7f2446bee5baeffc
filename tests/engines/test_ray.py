"""The Ray engine, on one local cluster that all these tests share."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import engine_tasks as tasks
import pyarrow.parquet as pq
import pytest
from ports import free_port

from lakescan.engines.options import EngineOptions, WorkerNeeds
from lakescan.engines.ray.cluster import places
from lakescan.engines.ray.engine import RayEngine
from lakescan.engines.ray.journal import Journal
from lakescan.errors import MissingDependencyError, TransientError, UsageError

pytestmark = [
    pytest.mark.ray,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # Ray about itself
]


BIN = Path(sys.executable).parent
RAY = str(BIN / "ray")
TOKEN = os.environ | {
    "RAY_AUTH_MODE": "token",
    "RAY_AUTH_TOKEN": "t" * 64,
    "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
}


@pytest.fixture
def engine(ray_cluster):
    return RayEngine(EngineOptions("ray", workers=2))


def test_every_unit_ends_once_and_setup_comes_first_once_an_actor(engine):
    outcomes = list(engine.run(tasks.Square(), range(40)))
    assert sorted(o.unit for o in outcomes) == list(range(40))
    assert all(o.result[0] == o.unit**2 and o.error is None for o in outcomes)
    assert {o.result[1] for o in outcomes} == {1}


def test_a_long_plan_goes_to_ray_in_windows(engine, monkeypatch):
    monkeypatch.setattr("lakescan.engines.ray.engine._WINDOW", 16)
    outcomes = list(engine.run(tasks.Square(), range(40)))
    assert sorted(o.unit for o in outcomes) == list(range(40))
    assert all(o.result[0] == o.unit**2 for o in outcomes)


def test_failures_are_outcomes_and_only_passing_ones_are_retried(engine, tmp_path):
    outcomes = {o.unit: o for o in engine.run(tasks.Fail(tmp_path), range(7))}
    assert outcomes[0].result == 0
    assert outcomes[1].error.kind == "CorruptFile"
    assert (outcomes[1].attempts, outcomes[1].error.uri) == (1, "file1")
    assert (outcomes[2].result, outcomes[2].attempts) == (2, 3)
    assert (outcomes[3].error.kind, outcomes[3].attempts) == ("Transient", 3)
    assert "078-05-1120" not in str(outcomes[4].error)
    assert outcomes[5].error.kind == "LimitExceeded"
    assert outcomes[6].result == 6


def test_a_setup_that_fails_is_the_runs_failure(engine):
    with pytest.raises(MissingDependencyError):
        list(engine.run(tasks.BadSetup(), range(4)))


def test_a_killed_actor_costs_its_unit_a_retry(engine, tmp_path):
    outcomes = {o.unit: o for o in engine.run(tasks.DieOn(tmp_path), range(30))}
    assert len(outcomes) == 30
    assert (outcomes[3].result, outcomes[3].attempts) == (3, 2)


@pytest.mark.parametrize(
    ("worker", "asked"),
    [(WorkerNeeds(gpus=1), "CPU 1, GPU 1"), (WorkerNeeds(resources={"highmem": 2}), "highmem 2")],
)
def test_workers_that_fit_on_no_node_are_waited_for_and_then_refused(
    ray_cluster, monkeypatch, caplog, worker, asked
):
    monkeypatch.setattr("lakescan.engines.ray.cluster._ROOM_SECONDS", 0.2)
    engine = RayEngine(EngineOptions("ray", worker=worker))
    with pytest.raises(UsageError, match=f"no node .* has room for a worker .*{asked}"):
        list(engine.run(tasks.Square(), range(3)))
    assert f"{asked}), waiting for one" in caplog.text


@pytest.mark.usefixtures("ray_cluster")
def test_places_are_counted_node_by_node(monkeypatch):
    nodes = [
        {"Alive": True, "Resources": {"CPU": 4.0, "memory": 8.0}},
        {"Alive": True, "Resources": {"CPU": 3.0, "memory": 9.0}},
        {"Alive": False, "Resources": {"CPU": 64.0, "memory": 64.0}},
        {"Alive": True, "Resources": {"memory": 64.0}},
    ]
    monkeypatch.setattr("ray.nodes", lambda: nodes)
    assert places(WorkerNeeds(cpus=0.1)) == 70
    assert places(WorkerNeeds(cpus=2)) == 3
    assert places(WorkerNeeds(cpus=1, memory=4)) == 4
    assert places(WorkerNeeds(cpus=5)) == 0


@pytest.mark.usefixtures("ray_cluster")
def test_a_journal_counts_what_was_begun_and_not_ended_and_leaves_nothing():
    from ray.experimental.internal_kv import _internal_kv_list

    journal, another = Journal(), Journal()
    assert [journal.begin(3, None), journal.begin(3, None), another.begin(3, None)] == [1, 2, 1]
    assert [journal.begin(4, 3), journal.begin(3, 4)] == [1, 1]
    assert _internal_kv_list("", namespace=journal._namespace) == [b"3"]
    journal.forget()
    another.forget()
    assert _internal_kv_list("", namespace=journal._namespace) == []


@pytest.mark.slow
def test_a_unit_that_kills_every_actor_is_a_dead_letter_and_the_others_are_done(engine, tmp_path):
    outcomes = {o.unit: o for o in engine.run(tasks.AlwaysDieOn(tmp_path), range(12))}
    assert len(outcomes) == 12
    assert (outcomes[3].error.kind, outcomes[3].attempts) == ("Transient", 3)
    assert (tmp_path / "unit3").stat().st_size == 3
    assert all(o.error is None for unit, o in outcomes.items() if unit != 3)


@pytest.mark.parametrize(
    ("address", "error"),
    [("ray://127.0.0.1:10001", UsageError), ("127.0.0.1:1", TransientError)],
)
def test_an_address_that_cannot_be_reached_is_refused_at_once(address, error, tmp_path):
    code = (
        "import sys; sys.path.append(sys.argv[1]); import engine_tasks as tasks;"
        "from lakescan.engines.options import EngineOptions as O;"
        "from lakescan.engines.ray.engine import RayEngine as R;"
        f"list(R(O('ray', address='{address}')).run(tasks.Square(), range(3)))"
    )
    ran = in_a_new_process(code)
    assert error.__name__ in ran.stderr.splitlines()[-1]


def test_on_a_cluster_of_its_own_only_workers_are_actors_and_may_die(tmp_path):
    code = (
        "import sys; sys.path.append(sys.argv[1]); import engine_tasks as tasks;"
        "from pathlib import Path;"
        "from lakescan.engines.options import EngineOptions as O;"
        "from lakescan.engines.ray.engine import RayEngine as R;"
        f"task = tasks.DieOn(Path({str(tmp_path)!r})); import ray;"
        "ended = [(o.unit, o.attempts, sorted({a['ActorClassName'].partition('(')[0]"
        " for a in ray._private.state.actors().values()}))"
        " for o in R(O('ray', workers=2)).run(task, range(9))];"
        "print(sorted(one[0] for one in ended), dict(one[:2] for one in ended)[3], ended[-1][2])"
    )
    ran = in_a_new_process(code)
    assert ran.stdout.splitlines() == [f"{list(range(9))} 2 ['MapWorker']"], ran.stderr


def test_a_cluster_of_its_own_is_few_processes_and_leaves_none():
    code = (
        "import sys; sys.path.append(sys.argv[1]); import engine_tasks as tasks; import psutil;"
        "from lakescan.engines.options import EngineOptions as O;"
        "from lakescan.engines.ray.engine import RayEngine as R;"
        "names = lambda: sorted({one.name().partition('.')[0]"
        " for one in psutil.Process().children(recursive=True)} - {'ray::IDLE'});"
        "run = R(O('ray', workers=2)).run(tasks.Square(), range(9));"
        "next(run); there = names(); list(run);"
        "psutil.wait_procs(psutil.Process().children(recursive=True), 20); print(there, names())"
    )
    ran = in_a_new_process(code)
    assert ran.stdout.splitlines() == [
        "['cat', 'gcs_server', 'ray::MapWorker(MapBatches(Stage))', 'raylet'] []"
    ], ran.stderr


@pytest.mark.parametrize(
    ("source", "target", "made"),
    [("lake", "made", "made/a.csv"), ("sqlite:///{}/crm.db", "sqlite:///{}/made.db", "made.db")],
)
def test_a_job_of_two_runs_opens_one_cluster_and_leaves_none(tmp_path, source, target, made):
    people = [(number, f"user{number}@example.org") for number in range(60)]
    (tmp_path / "lake").mkdir()
    rows = "".join(f"{number},{email}\n" for number, email in people)
    (tmp_path / "lake" / "a.csv").write_text(f"id,email\n{rows}")
    with closing(sqlite3.connect(tmp_path / "crm.db")) as database:
        database.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT)")
        database.executemany("INSERT INTO people VALUES (?, ?)", people)
        database.commit()
    code = (
        "import signal, sys, threading; from pathlib import Path; import lakescan, ray;"
        "from lakescan.policy import Policy; source, target = sys.argv[2:]; opened = [];"
        "init = ray.init; ray.init = lambda **given: (opened.append(1), init(**given))[1];"
        "before = signal.getsignal(signal.SIGTERM);"
        "rules = [{'entities': 'EMAIL_ADDRESS', 'operator': 'mask'}];"
        "policy = Policy.model_validate({'version': 1, 'anonymize': {'rules': rules}});"
        "engine = lakescan.EngineOptions('ray', workers=1);"
        "done = lakescan.anonymize(source, target, policy, engine=engine);"
        "print(done.status, len(opened), ray.is_initialized(),"
        " [one.name for one in threading.enumerate() if one.name.startswith('lakescan')],"
        " signal.getsignal(signal.SIGTERM) is before)"
    )
    uris = [one.format(tmp_path) if ":" in one else str(tmp_path / one) for one in (source, target)]
    ran = in_a_new_process(code, None, *uris)
    assert ran.stdout.splitlines() == ["complete 1 False [] True"], ran.stderr
    assert b"user7@" not in (tmp_path / made).read_bytes()


def test_a_plan_that_fails_leaves_no_cluster(tmp_path):
    code = (
        "import sys, threading; import lakescan, ray;"
        "from contextlib import suppress;\n"
        "with suppress(lakescan.LakescanError):\n"
        "    lakescan.scan(sys.argv[2], engine='ray')\n"
        "left = [one.name for one in threading.enumerate() if one.name.startswith('lakescan')]\n"
        "print(ray.is_initialized(), left)"
    )
    ran = in_a_new_process(code, None, str(tmp_path / "nowhere"))
    assert ran.stdout.splitlines() == ["False []"], ran.stderr


@pytest.mark.slow
def test_a_running_cluster_is_used_and_left_running(tmp_path):
    port = free_port()
    code = (
        "import sys; sys.path.append(sys.argv[1]); import engine_tasks as tasks;"
        "from lakescan.engines.options import EngineOptions as O;"
        "from lakescan.engines.ray.engine import RayEngine as R; import ray;"
        f"engine = R(O('ray', address='127.0.0.1:{port}'));"
        "actors = lambda: [a['ActorClassName'] for a in ray._private.state.actors().values()];"
        "end = ray.shutdown;"
        "ray.shutdown = lambda: (print(any('Usage' in name for name in actors())), end());"
        "print(sorted(o.result[0] for o in engine.run(tasks.Square(), range(9))))"
    )
    with head_node(port, port, "--include-dashboard=false"):
        ran = in_a_new_process(code, TOKEN | {"RAY_USAGE_STATS_ENABLED": "1"})
        assert ran.stdout.splitlines() == ["False", str([n * n for n in range(9)])], ran.stderr
        assert listens(port)


@pytest.mark.slow
def test_a_scan_runs_as_a_submitted_job(tmp_path):
    """As docs/ray.md has it: `ray job submit -- lakescan scan ...`, without an address."""
    lake = tmp_path / "lake"
    lake.mkdir()
    rows = "".join(f"{n},user{n}@example.org\n" for n in range(60))
    for name in ("a", "b", "c"):
        (lake / f"{name}.csv").write_text(f"id,email\n{rows}")
    port, dashboard = free_port(), free_port()
    job = ["lakescan", "scan", lake, "--engine", "ray", "--output", tmp_path / "run"]
    with head_node(port, dashboard, "--dashboard-host=127.0.0.1", f"--dashboard-port={dashboard}"):
        ran = submitted(f"http://127.0.0.1:{dashboard}", job)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    kept = json.loads((tmp_path / "run" / "run.json").read_text())
    assert (kept["engine"], kept["status"], kept["rows_scanned"]) == ("ray", "complete", 180)
    # From what it wrote: of a job's last words Ray may hand on less.
    assert (
        "EMAIL_ADDRESS" in pq.read_table(tmp_path / "run" / "columns.parquet")["entity"].to_pylist()
    )


def submitted(address, job):
    """Submit a job and wait for its end; again while the cluster has no agent that takes it."""
    deadline = time.monotonic() + 120
    while True:
        ran = subprocess.run(
            [RAY, "job", "submit", "--address", address, "--", *job],
            capture_output=True,
            text=True,
            env=TOKEN,
            timeout=240,
        )
        if "No available agent" not in ran.stderr + ran.stdout or time.monotonic() > deadline:
            return ran
        time.sleep(1)


@contextmanager
def head_node(port, sign_of_life, *options):
    """A cluster of one node that asks for a token, until the block ends."""
    command = [RAY, "start", "--head", "--block", f"--port={port}", "--num-cpus=2"]
    command += ["--node-ip-address=127.0.0.1", f"--object-store-memory={100 << 20}", *options]
    # The port that a node's agent takes by default may be another cluster's, as that of `engine`.
    command += [f"--dashboard-agent-listen-port={free_port()}"]
    head = subprocess.Popen(
        command, env=TOKEN, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 120
        while not listens(sign_of_life):
            assert head.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.2)
        yield
    finally:
        head.terminate()
        head.wait()


def in_a_new_process(code, environment=None, *arguments):
    return subprocess.run(
        [sys.executable, "-c", code, str(Path(tasks.__file__).parent), *arguments],
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
    )


def listens(port):
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0
