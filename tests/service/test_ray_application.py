"""The service as a Ray Serve configuration asks for it."""

from __future__ import annotations

import pytest

from lakescan.errors import UnknownNameError, UsageError
from lakescan.service.settings import KEYS, KEYS_FILE

pytest.importorskip("ray.serve")
from lakescan.service.ray_application import application


@pytest.fixture(autouse=True)
def no_keys_around(monkeypatch):
    for name in (KEYS, KEYS_FILE):
        monkeypatch.delenv(name, raising=False)


def test_a_service_that_others_can_reach_needs_keys():
    with pytest.raises(UsageError, match="no API keys"):
        application({"accuracy_mode": "patterns"})


def test_a_key_may_come_by_the_environment(monkeypatch):
    from ray.serve import Application

    monkeypatch.setenv(KEYS, "a-long-random-key")
    assert isinstance(application({"accuracy_mode": "patterns", "replicas": "2:3"}), Application)


def test_a_misspelt_argument_is_named_and_its_value_is_not():
    with pytest.raises(UsageError, match="args, key_file") as told:
        application({"key_file": "a-long-random-key"})
    assert "keys_file" in str(told.value)
    assert "a-long-random-key" not in str(told.value)


@pytest.mark.parametrize("args", [{"accuracy_mode": "best"}, {"replicas": 4}, {"policy": ["a"]}])
def test_an_argument_of_the_wrong_kind_is_named(args):
    with pytest.raises(UsageError, match=f"args, {next(iter(args))}"):
        application(args)


def test_what_the_environment_says_is_checked_as_the_command_line_does(monkeypatch):
    monkeypatch.setenv("LAKESCAN_ZENGUARD", '{"types": ["shoe size"]}')
    with pytest.raises(UnknownNameError, match="shoe size"):
        application({"accuracy_mode": "patterns"})
