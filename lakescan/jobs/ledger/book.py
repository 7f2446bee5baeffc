"""The book of one run: partial results written down as they come, then everything committed."""

from __future__ import annotations

import contextlib
import logging
import secrets
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

import orjson

from lakescan.errors import LakeError
from lakescan.jobs.ledger.folder import LEDGER, Manifest, RunFolder
from lakescan.jobs.ledger.parts import Entry, part_name, read_part, write_part
from lakescan.reports.folder import RUN_FILE, SPLITS_FILE, write_run, write_splits
from lakescan.reports.model import ScanReport
from lakescan.reports.splits import SplitReport

_log = logging.getLogger(__name__)

#: A part is closed after so long (what a killed driver loses) or so much (what it holds).
PART_SECONDS = 2.0
PART_BYTES = 8 << 20
_BEGUN = "begun.json"


def new_run_id() -> str:
    """A name that sorts by time, to the microsecond: ``20261122T064500.031415Z-1f3a9c``."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(3)}"


class Book:
    """Writes a run into its folder.

    Args:
        folder: where.
        resume: keep the name of the latest run there that began and was not committed.
    """

    def __init__(self, folder: RunFolder, *, resume: bool) -> None:
        self._folder = folder
        self._before = folder.manifest()
        self._found = tuple(folder.ledger_paths())
        self._parts: list[str] = []
        self._entries: list[Entry] = []
        self._held = 0
        self._since = time.monotonic()
        unfinished = self._unfinished() if resume else None
        self.run_id = unfinished or new_run_id()
        if unfinished is None:
            begun = {"run_id": self.run_id, "started": datetime.now(UTC).isoformat()}
            folder.write(self._own(_BEGUN), orjson.dumps(begun))

    def earlier(self, wanted: Callable[[str], bool]) -> Iterator[Entry]:
        """What earlier runs in this folder did, as far as it is wanted.

        Args:
            wanted: whether a unit, by its id, is planned and was not taken over yet.
        """
        for path in self._found:
            if not path.endswith(".arrow"):
                continue
            entries = list(read_part(self._folder.read(path), self._folder.at(path)))
            live = [entry for entry in entries if wanted(entry.split.unit)]
            if len(live) == len(entries):
                self._parts.append(path)
                yield from live
                continue
            for entry in live:
                self.add(entry)
                yield entry

    def add(self, entry: Entry) -> None:
        """Write down one unit, soon."""
        self._entries.append(entry)
        self._held += entry.size
        if self._held >= PART_BYTES or time.monotonic() - self._since >= PART_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write down what is held."""
        if self._entries:
            path = self._own(f"parts/{part_name(self._entries)}")
            self._folder.write(path, write_part(self._entries))
            self._parts.append(path)
        self._entries, self._held, self._since = [], 0, time.monotonic()

    def commit(self, report: ScanReport, splits: Iterable[SplitReport]) -> None:
        """Write the reports, and make the run the folder's: all of it, or none.

        Raises:
            ChangedSourceError: another run was committed here in the meantime.
        """
        self.flush()
        written: dict[str, bytes] = {}

        def write(name: str, data: bytes) -> None:
            self._folder.write(self._own(name), data)
            written[name] = data

        # A line a split may be more than memory has room for.
        with tempfile.TemporaryFile() as lines:
            write_splits(report, splits, lines)
            self._folder.copy(lines, self._own(SPLITS_FILE))
            write_run(report, write)
            files = {name: self._own(name) for name in (SPLITS_FILE, *written)}
            parts = tuple(dict.fromkeys(self._parts))
            self._folder.commit(Manifest(self.run_id, files, parts), self._before)
            self._folder.copy(lines, SPLITS_FILE)
        for name in sorted(written, key=lambda name: name == RUN_FILE):
            self._folder.write(name, written[name])
        self._clean({*files.values(), *parts})

    def _clean(self, live: set[str]) -> None:
        """Remove what no manifest names any more; it was there before this run began."""
        for path in self._found:
            if path not in live and not path.startswith(self._own("")):
                with contextlib.suppress(LakeError):
                    self._folder.delete(path)
        self._folder.delete(self._own(_BEGUN))

    def _own(self, name: str) -> str:
        return f"{LEDGER}/{self.run_id}/{name}"

    def _unfinished(self) -> str | None:
        runs = [path.split("/")[1] for path in self._found if path.endswith(f"/{_BEGUN}")]
        done = self._before.run_id if self._before else None
        return max((run for run in runs if run != done), default=None)
