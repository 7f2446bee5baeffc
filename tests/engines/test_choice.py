"""Which engine runs a job."""

from __future__ import annotations

import engine_tasks as tasks
import pytest

from lakescan.engines.choice import MUCH_BYTES, engine_for
from lakescan.engines.local import LITTLE_BYTES
from lakescan.engines.options import EngineOptions
from lakescan.errors import UnknownNameError, UsageError

LITTLE = [tasks.Weighed(LITTLE_BYTES // 2)]
SOME = [tasks.Weighed(LITTLE_BYTES)]
MUCH = [tasks.Weighed(MUCH_BYTES)]


@pytest.mark.parametrize(
    ("units", "address", "installed", "name"),
    [
        (LITTLE, None, True, "local"),
        (SOME, None, True, "local"),
        (MUCH, None, True, "ray"),
        (MUCH, None, False, "local"),
        (LITTLE, "127.0.0.1:6379", True, "local"),
        (SOME, "127.0.0.1:6379", True, "ray"),
        (LITTLE, "spark://127.0.0.1:7077", True, "local"),
        (SOME, "spark://127.0.0.1:7077", True, "spark"),
        (SOME, "local[2]", False, "spark"),
    ],
)
def test_auto_weighs_the_work_against_starting_ray(units, address, installed, name, monkeypatch):
    spec = "importlib.util.find_spec"
    monkeypatch.setattr(spec, lambda _: object() if installed else None)
    assert engine_for(EngineOptions(address=address), units).name == name


def test_auto_takes_the_cluster_that_the_environment_names(monkeypatch):
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:6379")
    assert engine_for(EngineOptions(), SOME).name == "ray"


def test_auto_takes_the_spark_that_an_application_was_submitted_to(monkeypatch):
    monkeypatch.setenv("PYSPARK_GATEWAY_PORT", "40000")
    assert engine_for(EngineOptions(), SOME).name == "spark"
    assert engine_for(EngineOptions(), LITTLE).name == "local"


def test_an_engine_that_is_asked_for_is_taken_whatever_the_work():
    assert engine_for(EngineOptions("local"), MUCH).name == "local"
    assert engine_for(EngineOptions("ray"), LITTLE).name == "ray"
    assert engine_for(EngineOptions("spark"), LITTLE).name == "spark"


def test_workers_are_as_many_as_asked():
    assert engine_for(EngineOptions("local", workers=3), SOME).parallelism == 3


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (EngineOptions("flink"), UnknownNameError),
        (EngineOptions("local", address="127.0.0.1:6379"), UsageError),
        (EngineOptions("local", workers=0), UsageError),
    ],
)
def test_options_that_make_no_sense_are_refused(options, error):
    with pytest.raises(error):
        engine_for(options, SOME)
