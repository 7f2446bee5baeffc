"""Whoever is killed at any moment leaves the old state or the new one, and the next finishes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import kill_victim
import pytest
import shop
from kill_targets import Buckets, DeltaTables, Folders, IcebergTables, ShopDatabases, Topics
from shop_databases import Databases, Files

import lakescan

SINKS = {
    "files": (),
    "sqlite": (),
    "delta": (),
    "postgresql": (pytest.mark.postgresql,),
    "duckdb": (),
    "iceberg": (),
    "s3": (pytest.mark.s3,),
    "mysql": (pytest.mark.mysql,),
    "kafka": (pytest.mark.kafka,),
}
#: So many runs; run N is of the N-th sink, round and round. `make test` has one of each.
RUNS = int(os.environ.get("LAKESCAN_KILL_RUNS", str(len(SINKS))))
FIRST = int(os.environ.get("LAKESCAN_KILL_FIRST", "0"))


def seeds():
    for seed in range(FIRST, FIRST + RUNS):
        sink = list(SINKS)[seed % len(SINKS)]
        yield pytest.param(seed, sink, marks=[pytest.mark.slow, *SINKS[sink]], id=f"{sink}-{seed}")


@pytest.fixture(scope="module")
def environment():
    with pytest.MonkeyPatch.context() as patched:
        yield patched


@pytest.fixture(scope="module")
def sink_named(request, tmp_path_factory, people, lake, environment):
    """The sinks, made when they are asked for, each with what undisturbed runs make there."""
    folder = tmp_path_factory.mktemp("kills")
    asked = folder / "policy.yaml"
    asked.write_text(shop.REVERSIBLE)
    for number, name in enumerate(("old", "new")):
        (folder / name).write_text(bytes(range(number, number + 32)).hex())
        (folder / name).chmod(0o600)
    made = {}

    def made_of(name):
        place = folder / f"at-{name}"
        place.mkdir()
        if name in ("sqlite", "duckdb"):
            return ShopDatabases(Files(name, place))
        if name in ("postgresql", "mysql"):
            fixture = {"postgresql": "postgres_server", "mysql": "mysql_server"}[name]
            return ShopDatabases(Databases(request.getfixturevalue(fixture)))
        if name == "s3":
            server = request.getfixturevalue("s3_server")
            for variable, value in server.env().items():
                environment.setenv(variable, value)
            return Buckets(server, lake)
        if name == "delta":
            return DeltaTables(place, people)
        if name == "iceberg":
            return IcebergTables(place, people, environment.setenv)
        if name == "kafka":
            return Topics(request.getfixturevalue("broker"), people)
        return Folders(place, lake)

    def asked_for(name):
        if name not in made:
            made[name] = Subject(made_of(name), folder)
        return made[name]

    return asked_for


class Subject:
    """A sink, what undisturbed runs make in it, and how long one takes."""

    def __init__(self, sink, folder: Path) -> None:
        self.sink, self._folder = sink, folder
        target = sink.fresh("whole_old")
        self.run(target, "old", "create")
        self.old = sink.seen(target)
        target = sink.fresh("whole_new")
        self.seconds = self.timed(self.begin(target, "create"))
        self.new = sink.seen(target)
        held = {unit: len(rows) for unit, rows in sink.seen(sink.source).items()}
        for state in (self.old, self.new):
            assert {unit: len(rows) for unit, rows in state.items()} == held
        assert self.old != self.new

    def run(self, target: str, state: str, mode: str) -> None:
        """A run in this process, to its end."""
        lakescan.anonymize(
            self.sink.source,
            target,
            lakescan.Policy.parse(shop.REVERSIBLE),
            key=f"file:{self._folder / state}",
            engine="local",
            writing=lakescan.Writing(mode, run_id=state),
        )

    def begin(self, target: str, mode: str, little: int = 16 << 20) -> subprocess.Popen[str]:
        """A run in a group of processes of its own."""
        return subprocess.Popen(
            [sys.executable, kill_victim.__file__, self.sink.source, target,
             self._folder / "policy.yaml", f"file:{self._folder / 'new'}", mode, str(little)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    def timed(self, process: subprocess.Popen[str]) -> dict[str, float]:
        """How long a run takes to its end, from its beginning, from when it writes and from when it commits."""
        at = {line.strip(): time.monotonic() for line in process.stdout}
        assert process.wait() == 0, process.stderr.read()
        process.stdout.close()
        process.stderr.close()
        return {name: at["done"] - at[name] for name in at if name != "done"}


def killed(process: subprocess.Popen[str], mark: str, seconds: float) -> str:
    """Kill a run so long after it said the mark; what else it said."""
    for line in process.stdout:
        if line.strip() == mark:
            break
    else:
        pytest.fail(process.stderr.read())
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGKILL)  # not waited for yet: the id is still its own
    process.wait()
    rest = process.stdout.read()
    process.stdout.close()
    process.stderr.close()
    return rest


@pytest.mark.parametrize(("seed", "name"), [*seeds()])
def test_the_old_state_or_the_new_and_then_the_new(seed, name, sink_named):
    rng, subject = random.Random(seed), sink_named(name)
    sink, new = subject.sink, subject.new
    mode = rng.choice(sink.modes)
    target = sink.fresh(f"kill_{seed}")
    old = {}
    if mode == "replace":
        subject.run(target, "old", "create")
        old = subject.old
    mark = rng.choice(sink.marks)
    little = rng.choice([0, *[16 << 20] * 5])
    # Short of the end: a run that is quicker than the one that was timed is to be hit too.
    moment = 0.9 * rng.random() * subject.seconds[mark]
    rest = killed(subject.begin(target, mode, little), mark, moment)
    seen = sink.seen(target)
    state = "old" if seen == old else "new" if seen == new else "between"
    pool, ended = not little, "done" in rest
    print(f"{seed} {name}: {mode=} {mark=} {pool=} {ended=} {state=}")  # pytest -rP shows it
    if ended:
        assert state == "new"
    if sink.together:
        assert state != "between"
    else:
        check_units(sink, target, old, new)
    subject.run(target, "new", mode)
    assert sink.seen(target) == new


def check_units(sink, target, old, new):
    """Each file or table is the old one or the new one, whole; before the commit all are old."""
    seen = sink.seen(target)
    assert old.keys() <= seen.keys() <= new.keys()
    for unit, rows in seen.items():
        assert rows in (old.get(unit), new[unit]), unit
    if sink.committed(target) != "new":
        assert seen == old
    if sink.finished(target):
        assert seen == new or (old and seen == old)
