"""The Spark engine, in one session on this machine that these tests share."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import engine_tasks as tasks
import pytest

from lakescan.engines.options import EngineOptions
from lakescan.engines.spark.engine import SparkEngine
from lakescan.errors import MissingDependencyError, TransientError, UsageError

pytestmark = pytest.mark.spark


@pytest.fixture
def engine(spark_session):
    return SparkEngine(EngineOptions("spark"))


def test_every_unit_ends_once_and_setup_comes_first_once_a_worker(engine):
    outcomes = list(engine.run(tasks.Square(), range(40)))
    assert sorted(o.unit for o in outcomes) == list(range(40))
    assert all(o.result[0] == o.unit**2 and o.error is None for o in outcomes)
    assert {o.result[1] for o in outcomes} == {1}
    assert os.getpid() not in {o.result[2] for o in outcomes}
    assert engine.parallelism == 2


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
    assert outcomes[5].error.kind == "LimitExceeded"
    assert outcomes[6].result == 6


def test_a_setup_that_fails_is_the_runs_failure(engine):
    with pytest.raises(MissingDependencyError):
        list(engine.run(tasks.BadSetup(), range(4)))


def test_a_result_that_cannot_travel_is_that_units_failure(engine):
    outcomes = {o.unit: o for o in engine.run(tasks.Unpicklable(), range(3))}
    assert outcomes[1].error.kind == "Terminal"
    assert outcomes[2].result == 2


def test_a_killed_worker_costs_its_unit_a_retry(engine, tmp_path):
    outcomes = {o.unit: o for o in engine.run(tasks.DieOn(tmp_path), range(30))}
    assert len(outcomes) == 30
    assert (outcomes[3].result, outcomes[3].attempts) == (3, 2)
    assert all(o.error is None for o in outcomes.values())


def test_a_unit_that_kills_every_worker_is_a_dead_letter_and_the_others_are_done(engine, tmp_path):
    outcomes = {o.unit: o for o in engine.run(tasks.AlwaysDieOn(tmp_path), range(12))}
    assert len(outcomes) == 12
    assert (outcomes[3].error.kind, outcomes[3].attempts) == ("Transient", 3)
    assert (tmp_path / "unit3").stat().st_size == 3
    assert all(o.error is None for unit, o in outcomes.items() if unit != 3)


def test_stopping_early_stops_the_jobs(engine, tmp_path):
    running = engine.run(tasks.Slow(tmp_path), range(400))
    next(running)
    running.close()
    assert len(list(tmp_path.glob("unit*"))) < 200


@pytest.mark.parametrize(
    ("address", "error"),
    [("10.0.0.5:6379", UsageError), ("spark://127.0.0.1:1", TransientError)],
)
def test_an_address_that_cannot_be_reached_is_refused_at_once(address, error):
    ran = in_a_new_process(
        f"list(SparkEngine(O('spark', address={address!r})).run(tasks.Square(), range(3)))"
    )
    assert error.__name__ in ran.stderr.splitlines()[-1]


def test_without_java_it_says_what_to_install():
    ran = in_a_new_process(
        "list(SparkEngine(O('spark')).run(tasks.Square(), range(3)))", JAVA_HOME="nowhere"
    )
    assert "UsageError" in ran.stderr.splitlines()[-1]
    assert "openjdk-17-jre-headless" in ran.stderr


def test_where_a_task_is_tried_once_its_job_is_taken_apart(tmp_path):
    """``local[2]`` begins no task again: the job fails, and its parts run by themselves."""
    ran = in_a_new_process(
        "from pathlib import Path; engine = SparkEngine(O('spark', address='local[2]'));"
        f"all = list(engine.run(tasks.AlwaysDieOn(Path({str(tmp_path)!r})), range(12)));"
        "print(len(all), [(o.unit, o.attempts) for o in all if o.error])"
    )
    assert ran.stdout.splitlines() == ["12 [(3, 3)]"], ran.stderr
    assert (tmp_path / "unit3").stat().st_size == 3


def in_a_new_process(code, **env):
    start = (
        "import sys; sys.path.append(sys.argv[1]); import engine_tasks as tasks;"
        "from lakescan.engines.options import EngineOptions as O;"
        "from lakescan.engines.spark.engine import SparkEngine;"
    )
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", start + code, str(Path(tasks.__file__).parent)],
        capture_output=True,
        text=True,
        env=os.environ | env,
    )
