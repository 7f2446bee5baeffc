"""What the jobs' tests share: small lakes, and a spy on what is really read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lakescan.engines.options import EngineOptions
from lakescan.jobs.scan import task

FIRST = ["Ann", "Bob", "Carla", "Dev", "Elif", "Femi", "Greta", "Hugo", "Ines", "Jon"]


def people(number: int) -> str:
    """A CSV of ten people; each number gives others."""
    lines = ["id,email,phone"]
    for place, name in enumerate(FIRST):
        digits = (number * 37 + place * 101) % 9000 + 1000
        lines.append(f"{number * 10 + place},{name.lower()}{number}@example.com,202-555-{digits}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def make_lake(tmp_path) -> Callable[[int], Path]:
    """A function that makes a folder with so many CSV files, one dataset."""

    def make(files: int) -> Path:
        folder = tmp_path / "lake" / "people"
        folder.mkdir(parents=True)
        for number in range(files):
            (folder / f"part-{number:04d}.csv").write_text(people(number))
        return folder

    return make


@pytest.fixture
def reads(monkeypatch) -> list[str]:
    """The URIs of the splits that are read in this process, as they are read."""
    seen: list[str] = []
    real = task.read

    def read(split, request):
        seen.append(split.uri)
        return real(split, request)

    monkeypatch.setattr(task, "read", read)
    return seen


@pytest.fixture
def findings() -> Callable[[object], tuple]:
    """What of a result must not depend on how the run went."""

    def of(result):
        value = result.value
        return (value.status, value.rows_scanned, value.bytes_scanned, value.datasets, value.errors)

    return of


@pytest.fixture(scope="session")
def ray_cluster():
    """A Ray cluster on this machine; an engine that finds it uses it, and leaves it running."""
    pytest.importorskip("ray")
    from lakescan.engines.ray.opening import connected

    with connected(EngineOptions("ray", workers=2)):
        yield
