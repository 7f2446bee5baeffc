"""Whatever is killed at any moment leaves the old state or the new one, and the next run finishes."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import kill_targets as targets
import kill_victim
import psutil
import pytest
import ray_nodes
from kill_targets import Seen
from seaweedfs import Weed
from shop_databases import Databases, Files

import lakescan
from lakescan.engines.worker import BOOT

#: What a sink needs. `make test` leaves out the last three: they are others in other places.
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
    "delta on s3": (pytest.mark.s3,),
    "iceberg on s3": (pytest.mark.s3, pytest.mark.postgresql),
    "files by ray": (pytest.mark.ray,),
}


def pytest_generate_tests(metafunc):
    """One run of each sink, or as many as are asked for: run N is of the N-th, round and round."""
    if "seed" not in metafunc.fixturenames:
        return
    first, runs = (metafunc.config.getoption(name) for name in ("kills_from", "kills"))
    names = list(SINKS) if runs else list(SINKS)[:-3]
    marks = [pytest.mark.slow, pytest.mark.kills]
    metafunc.parametrize(
        ("seed", "name"),
        [
            pytest.param(seed, name, marks=[*marks, *SINKS[name]], id=f"{name}-{seed}")
            for seed in range(first, first + (runs or len(names)))
            for name in [names[seed % len(names)]]
        ],
    )


@pytest.fixture(scope="module")
def environment():
    with pytest.MonkeyPatch.context() as patched:
        yield patched


@pytest.fixture(scope="module")
def weed(tmp_path_factory, environment):
    """An object store that may be killed."""
    weed = Weed(tmp_path_factory.mktemp("weed"))
    for variable, value in weed.server.env().items():
        environment.setenv(variable, value)
    yield weed
    weed.kill()


@pytest.fixture(scope="module")
def nodes(tmp_path_factory):
    with ray_nodes.started(tmp_path_factory.mktemp("cluster"), workers=2) as nodes:
        yield nodes


@pytest.fixture(scope="module")
def sink_named(request, tmp_path_factory, people, lake, environment):
    """The sinks, made when they are asked for, each with what undisturbed runs make there."""
    folder = tmp_path_factory.mktemp("kills")
    for number, name in enumerate(("old", "new")):
        (folder / name).write_text(bytes(range(number, number + 32)).hex())
        (folder / name).chmod(0o600)
    made = {}

    def asked_for(name):
        if name not in made:
            place = folder / f"at-{name.replace(' ', '-')}"
            place.mkdir()
            sink = made_at(name, place, request.getfixturevalue, (people, lake, environment.setenv))
            made[name] = Subject(sink, folder)
        return made[name]

    return asked_for


def made_at(name, place, fixture, given):
    """A sink in a folder, with the servers that it needs."""
    people, lake, setenv = given
    makers = {
        "files": lambda: targets.Folders(place, lake),
        "files by ray": lambda: targets.Clusters(place, lake, fixture("nodes")),
        "s3": lambda: targets.Buckets(fixture("weed"), lake),
        "delta": lambda: targets.DeltaTables(place, people),
        "delta on s3": lambda: targets.DeltaBuckets(place, people, fixture("weed")),
        "iceberg": lambda: targets.IcebergTables(place, people, setenv),
        "iceberg on s3": lambda: targets.IcebergServed(
            people, Databases(fixture("postgres_server")), fixture("weed"), setenv
        ),
        "kafka": lambda: targets.Topics(fixture("broker"), people),
        "postgresql": lambda: targets.ShopDatabases(Databases(fixture("postgres_server"))),
        "mysql": lambda: targets.ShopDatabases(Databases(fixture("mysql_server"))),
        "sqlite": lambda: targets.ShopDatabases(Files("sqlite", place)),
        "duckdb": lambda: targets.ShopDatabases(Files("duckdb", place)),
    }
    return makers[name]()


@dataclass
class Course:
    """An undisturbed run: what is seen before and after it, how long it takes from each mark to
    its end, and how many lines its commit has."""

    old: Seen
    new: Seen
    seconds: dict[str, float]
    lines: int


class Subject:
    """A sink, and what undisturbed runs make in it."""

    def __init__(self, sink, folder: Path) -> None:
        self.sink, self._folder = sink, folder
        self._courses: dict[str, Course] = {}

    def course(self, mode: str) -> Course:
        """How a run of a mode goes, seen once."""
        if mode not in self._courses:
            self._courses[mode] = self._watched(mode)
        return self._courses[mode]

    def _watched(self, mode: str) -> Course:
        target = self.stand(f"whole_{mode}", mode)
        old, at = self.sink.seen(target), {}
        begun = self.begin(target, mode, pool=False)
        for line in begun.stdout:
            at[line.strip()] = time.monotonic()
        _, errors = begun.communicate()
        assert "done" in at, errors
        *marks, told = at
        seconds = {mark: at["done"] - at[mark] for mark in marks}
        new = self.sink.seen(target)
        for state in (old, new) if old else (new,):
            assert sizes(state) == sizes(self.sink.seen(self.sink.source))
        assert old != new
        return Course(old, new, seconds, int(told.removeprefix("lines ")))

    def stand(self, name: str, mode: str) -> str:
        """A target as a run of this mode finds it."""
        if mode == "in_place":
            return self.sink.copied(name)
        target = self.sink.fresh(name)
        if mode == "replace":
            self.run(target, "old", "create")
        return target

    def run(self, target: str, state: str, mode: str) -> None:
        """A run in this process, to its end."""
        result = lakescan.anonymize(
            target if mode == "in_place" else self.sink.source,
            target,
            lakescan.Policy.parse(self.sink.policy(mode)),
            key=f"file:{self._folder / state}",
            engine="local",
            writing=lakescan.Writing(mode, run_id=state),
        )
        assert result.status == "complete"

    def begin(
        self, target: str, mode: str, *, pool: bool, stop: int | None = None
    ) -> subprocess.Popen[str]:
        """A run in a group of processes of its own."""
        run = {
            "source": target if mode == "in_place" else self.sink.source,
            "target": target,
            "policy": self.sink.policy(mode),
            "key": f"file:{self._folder / 'new'}",
            "mode": mode,
            "engine": dict(self.sink.engine),
            "pool": pool,
            "stop": stop,
        }
        return subprocess.Popen(
            [sys.executable, kill_victim.__file__, json.dumps(run)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env=self.sink.env,
        )


def sizes(seen: Seen) -> dict[str, int]:
    return {unit: len(rows) for unit, rows in seen.items()}


@dataclass
class Kill:
    """What is killed, and when: so long after a mark, or at a line of the commit."""

    victim: str
    mark: str
    seconds: float
    stop: int | None
    #: How long a server stays away.
    pause: float
    pool: bool

    @classmethod
    def drawn(cls, rng: random.Random, victim: str, sink, course: Course) -> Kill:
        commits = victim not in ("worker", "node")  # which are gone then
        stop = rng.randrange(course.lines) if commits and rng.random() < 0.5 else None
        mark = rng.choice(sink.marks) if commits else "writing"
        left = course.seconds[mark] - (0 if commits else course.seconds["committing"])
        # Short of the end: a run that is quicker than the one that was timed is to be hit too.
        seconds = 0.9 * rng.random() * left
        pool = victim == "worker" or rng.random() < 0.2
        return cls(victim, mark, seconds, stop, 3 * rng.random(), pool)

    def __call__(self, process: subprocess.Popen[str], servers) -> str:
        """Kill it; what the run says from then on."""
        mark = self.mark if self.stop is None else "stopped"
        watched = threading.Timer(300, process.kill)
        watched.start()
        for line in process.stdout:
            if line.strip() == mark:
                break
        else:  # a commit of fewer lines than that of the run that was watched
            assert self.stop is not None, process.stderr.read()
        if self.stop is None:
            time.sleep(self.seconds)
        if self.victim == "driver":
            os.killpg(process.pid, signal.SIGKILL)  # not waited for yet: the id is still its own
        elif self.victim == "worker":
            kill_a_worker(process)
        else:
            servers[self.victim].kill()
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write("\n")
                process.stdin.flush()
            time.sleep(self.pause)
            servers[self.victim].come_back()
        said, errors = process.communicate()
        watched.cancel()
        if self.victim != "driver":
            assert process.returncode == 0, errors
        return said


def kill_a_worker(process: subprocess.Popen[str]) -> None:
    """The first that is there from now on."""
    with contextlib.suppress(psutil.NoSuchProcess):
        while process.poll() is None:
            for child in psutil.Process(process.pid).children():
                if BOOT in child.cmdline():
                    child.kill()
                    return
            time.sleep(0.01)
    pytest.fail("the run ended without a worker")


#: How a run may end whose server is gone.
PASSING = ("done", "TransientError")


def test_the_old_state_or_the_new_and_then_the_new(seed, name, sink_named, unmeasured):
    rng, subject = random.Random(seed), sink_named(name)
    sink = subject.sink
    victim = sink.victims[seed // len(SINKS) % len(sink.victims)]
    mode = rng.choice(sink.modes)
    course = subject.course(mode)
    target = subject.stand(f"kill_{seed}", mode)
    kill = Kill.drawn(rng, victim, sink, course)
    said = kill(subject.begin(target, mode, pool=kill.pool, stop=kill.stop), sink.servers)
    seen = sink.seen(target)
    state = "old" if seen == course.old else "new" if seen == course.new else "between"
    *_, ended, last = ["", "killed", *said.splitlines()]
    ended = ended if last.startswith("lines ") else "killed"
    where = f"line {kill.stop} of {course.lines}" if kill.stop is not None else kill.mark
    print(f"{seed} {name}: {victim=} {mode=} {where=} {kill.pool=} {ended=} {state=}")
    assert ended in PASSING or victim == "driver"
    if ended == "done" or victim in ("worker", "node"):
        assert (ended, state) == ("done", "new")
    if sink.together:
        assert state != "between"
    else:
        check_units(sink, target, course.old, course.new)
    subject.run(target, "new", mode)
    assert sink.seen(target) == course.new


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
