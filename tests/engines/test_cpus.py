"""How many CPUs a process may use."""

from __future__ import annotations

import pytest

from lakescan.engines.cpus import usable_cpus


def test_without_a_quota_it_is_the_affinity(tmp_path):
    free = usable_cpus(tmp_path / "none")
    assert free >= 1
    (tmp_path / "cpu.max").write_text("max 100000\n")
    assert usable_cpus(tmp_path / "cpu.max") == free


@pytest.mark.parametrize(("quota", "cpus"), [("20000 100000", 1), ("100000 100000", 1)])
def test_a_containers_quota_holds(tmp_path, quota, cpus):
    (tmp_path / "cpu.max").write_text(quota)
    assert usable_cpus(tmp_path / "cpu.max") == cpus
