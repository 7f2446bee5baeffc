"""Tasks that the engines are tried with; importable in workers, unlike a test module."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from lakescan.errors import CorruptFileError, MissingDependencyError, TransientError


@dataclass(frozen=True)
class Square:
    """Squares its unit, and checks that setup came first, once."""

    ready = 0

    def setup(self) -> None:
        object.__setattr__(self, "ready", self.ready + 1)

    def __call__(self, unit: int) -> tuple[int, int, int]:
        return unit * unit, self.ready, os.getpid()


@dataclass(frozen=True)
class Diary:
    """Writes a line for each try, so that a test can count them."""

    folder: Path

    def setup(self) -> None:
        with (self.folder / "setups").open("a") as file:
            file.write(f"{os.getpid()}\n")

    def note(self, unit: int) -> int:
        path = self.folder / f"unit{unit}"
        with path.open("a") as file:
            file.write("x")
        return path.stat().st_size


class DieOn(Diary):
    """Is killed by the kernel, as by a lack of memory, on unit 3: the first ``deaths`` times."""

    deaths = 1

    def __call__(self, unit: int) -> int:
        tries = self.note(unit)
        if unit == 3 and tries <= self.deaths:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.01)
        return unit


class AlwaysDieOn(DieOn):
    deaths = 1_000


class Fail(Diary):
    """Fails in each of the ways a unit can."""

    def __call__(self, unit: int) -> int:
        tries = self.note(unit)
        if unit == 1:
            raise CorruptFileError("bad bytes", uri="file1")
        if unit == 2 and tries < 3:
            raise TransientError("throttled")
        if unit == 3:
            raise TransientError("always throttled")
        if unit == 4:
            raise ValueError("secret cell 078-05-1120")
        if unit == 5:
            raise MemoryError
        return unit


@dataclass(frozen=True)
class BadSetup:
    def setup(self) -> None:
        raise MissingDependencyError("fancy", "fancy")

    def __call__(self, unit: int) -> int:
        return unit


@dataclass(frozen=True)
class NoStart:
    def setup(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def __call__(self, unit: int) -> int:
        return unit


@dataclass(frozen=True)
class Unpicklable:
    def setup(self) -> None:
        pass

    def __call__(self, unit: int) -> object:
        return (lambda: unit) if unit == 1 else unit


@dataclass(frozen=True)
class Slow(Diary):
    def __call__(self, unit: int) -> int:
        self.note(unit)
        time.sleep(0.05)
        return unit


@dataclass(frozen=True)
class Weighed:
    weight: int


@dataclass(frozen=True)
class WhereAmI:
    def setup(self) -> None:
        pass

    def __call__(self, unit: object) -> int:
        return os.getpid()
