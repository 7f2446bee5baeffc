"""The local engines: in this process and in a pool."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import engine_tasks as tasks
import pytest

from lakescan.engines.inline import InlineEngine
from lakescan.engines.local import LITTLE_BYTES, LocalEngine
from lakescan.engines.options import EngineOptions
from lakescan.engines.pool import PoolEngine
from lakescan.engines.spare import standing_by
from lakescan.errors import MissingDependencyError, TransientError

ENGINES = [InlineEngine(), PoolEngine(2)]


@pytest.fixture(params=ENGINES, ids=["inline", "pool"])
def engine(request):
    return request.param


def test_every_unit_ends_once_and_setup_comes_first_once_a_process(engine):
    outcomes = list(engine.run(tasks.Square(), range(40)))
    assert sorted(o.unit for o in outcomes) == list(range(40))
    assert all(o.result[0] == o.unit**2 and o.error is None for o in outcomes)
    assert {o.result[1] for o in outcomes} == {1}
    assert len({o.result[2] for o in outcomes}) == engine.parallelism


def test_no_units_is_no_work(engine):
    assert list(engine.run(tasks.Square(), [])) == []


def test_failures_are_outcomes_and_only_passing_ones_are_retried(engine, tmp_path):
    outcomes = {o.unit: o for o in engine.run(tasks.Fail(tmp_path), range(7))}
    assert outcomes[0].result == 0
    assert outcomes[1].error.kind == "CorruptFile"
    assert (outcomes[1].attempts, outcomes[1].error.uri) == (1, "file1")
    assert (outcomes[2].result, outcomes[2].attempts) == (2, 3)
    assert (outcomes[3].error.kind, outcomes[3].attempts) == ("Transient", 3)
    assert "078-05-1120" not in str(outcomes[4].error)
    assert "ValueError" in str(outcomes[4].error)
    assert outcomes[5].error.kind == "LimitExceeded"
    assert outcomes[6].result == 6


def test_a_setup_that_fails_is_the_runs_failure(engine):
    with pytest.raises(MissingDependencyError):
        list(engine.run(tasks.BadSetup(), range(4)))


def test_a_killed_worker_costs_its_unit_a_retry(tmp_path, caplog):
    outcomes = {o.unit: o for o in PoolEngine(2).run(tasks.DieOn(tmp_path), range(30))}
    assert len(outcomes) == 30
    assert outcomes[3].result == 3
    assert outcomes[3].attempts == 2
    assert all(o.attempts == 1 for unit, o in outcomes.items() if unit != 3)
    assert "SIGKILL" in caplog.text


def test_a_unit_that_kills_every_worker_is_given_up_and_the_others_are_done(tmp_path):
    outcomes = {o.unit: o for o in PoolEngine(2).run(tasks.AlwaysDieOn(tmp_path), range(30))}
    assert len(outcomes) == 30
    assert outcomes[3].error.kind == "Transient"
    assert outcomes[3].attempts == 3
    assert (tmp_path / "unit3").stat().st_size == 3
    assert all(o.error is None for unit, o in outcomes.items() if unit != 3)


def test_workers_that_never_start_end_the_run():
    with pytest.raises(TransientError, match="do not start"):
        list(PoolEngine(2).run(tasks.NoStart(), range(4)))


def test_a_result_that_cannot_travel_is_that_units_failure():
    outcomes = {o.unit: o for o in PoolEngine(1).run(tasks.Unpicklable(), range(3))}
    assert outcomes[1].error.kind == "Terminal"
    assert outcomes[2].result == 2


@pytest.fixture
def pids(monkeypatch):
    """Of all workers that are started, in order."""
    started = []

    def start(*args, **kwargs):
        process = popen(*args, **kwargs)
        started.append(process.pid)
        return process

    popen = subprocess.Popen
    monkeypatch.setattr("lakescan.engines.process.subprocess.Popen", start)
    return started


def test_workers_that_stand_by_are_taken(pids):
    with standing_by(2, "engine_tasks"):
        first = pids.copy()
        outcomes = list(PoolEngine(2).run(tasks.Square(), range(40)))
        assert {o.result[2] for o in outcomes} == set(first)
        list(PoolEngine(2).run(tasks.Square(), range(40)))
        assert len(pids) == 4
    assert len(list(PoolEngine(2).run(tasks.Square(), range(40)))) == 40
    assert len(pids) == 6


def test_workers_that_stood_by_for_nothing_are_ended(pids):
    with standing_by(2, "engine_tasks"):
        # Alone it may use all threads; those two have half of them each.
        list(PoolEngine(1).run(tasks.Square(), range(3)))
        assert len(pids) == 3
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_worker_that_died_standing_by_is_replaced(pids):
    with standing_by(2, "engine_tasks"):
        os.kill(pids[0], signal.SIGKILL)
        outcomes = list(PoolEngine(2).run(tasks.Square(), range(40)))
    assert sorted(o.unit for o in outcomes) == list(range(40))
    assert all(o.error is None for o in outcomes)
    assert len(pids) == 3


def test_stopping_early_stops_the_workers(tmp_path):
    running = PoolEngine(2).run(tasks.Slow(tmp_path), range(500))
    next(running)
    running.close()
    workers = [int(pid) for pid in (tmp_path / "setups").read_text().split()]
    assert workers
    for pid in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert len(list(tmp_path.glob("unit*"))) < 50


def test_little_work_is_done_in_this_process():
    engine = LocalEngine(EngineOptions("local", workers=2))
    little = [tasks.Weighed(LITTLE_BYTES // 4)] * 3
    much = [tasks.Weighed(LITTLE_BYTES // 2)] * 3
    assert {o.result for o in engine.run(tasks.WhereAmI(), little)} == {os.getpid()}
    assert os.getpid() not in {o.result for o in engine.run(tasks.WhereAmI(), much)}


DRIVER = """
import sys
sys.path.append(sys.argv[1])
import engine_tasks as tasks
from pathlib import Path
from lakescan.engines.pool import PoolEngine
for outcome in PoolEngine(2).run(tasks.Slow(Path(sys.argv[2])), range(2000)):
    print(outcome.unit, flush=True)
"""


@pytest.mark.parametrize("death", [signal.SIGKILL, signal.SIGINT])
def test_workers_do_not_outlive_the_driver(tmp_path, death):
    """No guard around ``__main__`` either: workers do not run the user's script again."""
    script = tmp_path / "driver.py"
    script.write_text(DRIVER)
    folder = tmp_path / "diary"
    folder.mkdir()
    where = str(Path(tasks.__file__).parent)
    driver = subprocess.Popen(
        [sys.executable, str(script), where, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert driver.stdout.readline()
    driver.send_signal(death)
    _, errors = driver.communicate(timeout=30)
    assert driver.returncode == -death
    assert errors.count("Traceback") == (death == signal.SIGINT)  # the driver's own, no worker's
    workers = [int(pid) for pid in (folder / "setups").read_text().split()]
    deadline = time.monotonic() + 20
    while any(alive(pid) for pid in workers):
        assert time.monotonic() < deadline, "workers outlived the driver"
        time.sleep(0.05)


def alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
