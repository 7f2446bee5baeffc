"""A job's process: reads what to do from standard input, tells how far it is on standard output.

It ends when its input does: a job never outlives the service that began it, and what it had
written to its ledger by then is where a resumed job goes on.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import BinaryIO

import orjson

from lakescan.connectors import Selection
from lakescan.engines.options import EngineOptions
from lakescan.errors import LakescanError
from lakescan.jobs.scan.job import scan
from lakescan.jobs.scan.request import Output
from lakescan.policy import Policy, Sampling
from lakescan.reports.model import ErrorReport
from lakescan.reports.progress import Counts

#: Progress is told so often at most, in seconds.
_PAUSE = 0.5
#: Whoever does not end by then is ended.
_PATIENCE = 20.0


class Telling:
    """Writes a line of JSON for each thing that it is told.

    Args:
        out: where to.
    """

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._last = 0.0

    def phase(self, name: str) -> None:
        """A phase begins."""
        self.say({"phase": name})

    def update(self, counts: Counts) -> None:
        """Splits ended."""
        now = time.monotonic()
        if now - self._last >= _PAUSE or counts.done == counts.planned:
            self._last = now
            self.say({"counts": asdict(counts)})

    def problem(self, error: ErrorReport) -> None:
        """It stands in the report."""

    def say(self, value: Mapping[str, object]) -> None:
        """Write a line; a reader who has gone is told nothing."""
        with contextlib.suppress(OSError):
            self._out.write(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE))
            self._out.flush()


def main() -> None:
    """Run one job."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no part of what is told
    asked = orjson.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_watch, daemon=True).start()
    telling = Telling(out)
    try:
        _run(asked, telling)
    except KeyboardInterrupt:
        sys.exit(130)
    except LakescanError as error:
        telling.say({"error": {"kind": error.kind, "message": str(error)}})
        sys.exit(3)
    except Exception as error:  # noqa: BLE001 - its message may hold a value
        telling.say({"error": {"kind": type(error).__name__, "message": "a fault in lakescan"}})
        sys.exit(70)


def _run(asked: Mapping[str, object], telling: Telling) -> None:
    rows = asked["sample_rows"]
    sources, storage, engine = asked["sources"], asked["storage"], asked["engine"]
    assert isinstance(sources, list)
    assert isinstance(storage, dict)
    assert isinstance(engine, dict)
    scan(
        sources,
        Policy.parse(str(asked["policy"])),
        engine=EngineOptions(**engine),
        output=Output(str(asked["output"]), resume=bool(asked["resume"])),
        selection=Selection(storage=storage),
        sample=None if rows is None else Sampling(rows=int(str(rows))),
        progress=telling,
    )


def _watch() -> None:
    """Wait for the end of the input, then end this process."""
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(_PATIENCE)
    os._exit(130)


if __name__ == "__main__":
    main()
