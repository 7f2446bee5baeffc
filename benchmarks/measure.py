"""Run a command, and watch the memory of it and of every process below it."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import psutil

INTERVAL = 0.05


@dataclass(frozen=True, slots=True)
class Measured:
    """How a command did.

    Args:
        rows: rows it says it went over.
        seconds: seconds it says its job took.
        cpu_seconds: processor time of all its processes together, from start to end, less what it
            says was used before its job began.
        peak_bytes: the highest sum of resident memory of all its processes, looked at 20 times a
            second. Pages that processes share are counted once a process.
        error: the last line it wrote, when it failed.
        planning: seconds of those that it says it planned.
    """

    rows: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    error: str | None = None
    planning: float = 0.0


class _Watch(threading.Thread):
    """Adds up the resident memory and processor time of a process tree until told to stop."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.root = psutil.Process(pid)
        self.peak = 0
        self.used: dict[int, float] = {}
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(INTERVAL):
            self.peak = max(self.peak, self._resident())

    def _resident(self) -> int:
        total = 0
        try:
            family = [self.root, *self.root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return 0
        for process in family:
            try:
                with process.oneshot():
                    total += process.memory_info().rss
                    times = process.cpu_times()
                self.used[process.pid] = times.user + times.system
            except psutil.NoSuchProcess:
                continue
        return total


def measure(command: Sequence[str], cpus: int, timeout: float = 3_600) -> Measured:
    """Run ``command``, which prints rows and seconds as JSON, on ``cpus`` of our processors."""
    mine = sorted(os.sched_getaffinity(0))
    one = {} if cpus > 1 else {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [*command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **one, "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"},
        start_new_session=True,
    )
    # Before it has read a byte, and inherited by all that it starts.
    os.sched_setaffinity(process.pid, mine[:cpus])
    watch = _Watch(process.pid)
    watch.start()
    started = time.perf_counter()
    try:
        out, err = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
    watch.over.set()
    watch.join()
    if process.returncode != 0:
        lines = (err or out).strip().splitlines() or [f"exit code {process.returncode}"]
        elapsed = time.perf_counter() - started
        return Measured(0, elapsed, sum(watch.used.values()), watch.peak, lines[-1][:200])
    answer = json.loads(out.strip().splitlines()[-1])
    cpu_seconds = sum(watch.used.values()) - float(answer.get("cpu_before", 0.0))
    return Measured(
        int(answer["rows"]),
        float(answer["seconds"]),
        cpu_seconds,
        watch.peak,
        planning=float(answer.get("planning", 0.0)),
    )
