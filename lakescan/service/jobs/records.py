"""What stands in the folder of runs: job records, and what each run's ledger says.

RUNS/JOB/job.json     who asked for what, written before the job begins
RUNS/JOB/ended.json   why it ended without a committed run
RUNS/JOB/...          the run folder that `lakescan scan --output` writes

A folder that the command line wrote there has no record, and is listed all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from lakescan.connectors import storage_for
from lakescan.errors import LakeError, NotFoundError
from lakescan.jobs.ledger.folder import LEDGER, MANIFEST, RunFolder, folder_uri
from lakescan.reports.folder import HTML_FILE, RUN_FILE

JOB_FILE, ENDED_FILE = "job.json", "ended.json"
_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,99}", re.ASCII)


@dataclass(frozen=True, slots=True)
class JobRecord:
    """What was asked for.

    Args:
        id: of the job, and the name of its run folder.
        sources: what is scanned.
        policy: by the name that requests use.
        engine: ``auto``, ``local`` or ``ray``.
        sample_rows: at most so many rows of each split; None for all.
        caller: who asked.
        submitted: when, in UTC.
    """

    id: str
    sources: tuple[str, ...]
    policy: str
    engine: str
    sample_rows: int | None
    caller: str
    submitted: str


@dataclass(frozen=True, slots=True)
class Ending:
    """How a job ended that committed no run.

    Args:
        status: ``failed`` or ``cancelled``.
        kind: of error.
        message: holds no value of the data.
    """

    status: str
    kind: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a job's folder says.

    Args:
        record: None of a run that no job wrote.
        status: ``complete``, ``partial``, ``failed``, ``cancelled`` or ``interrupted``.
        run: the committed run's ``run.json``; None where nothing was committed.
        ending: None unless the job ended without a run.
    """

    id: str
    record: JobRecord | None
    status: str
    run: Mapping[str, object] | None
    ending: Ending | None


class Records:
    """The folder of runs.

    Args:
        runs: its URI.
        storage: connection properties.
    """

    def __init__(self, runs: str, storage: Mapping[str, str]) -> None:
        self.uri = folder_uri(runs)
        self._properties = dict(storage)
        self._storage = storage_for(self.uri, self._properties)

    def folder(self, job: str) -> RunFolder:
        """A job's run folder.

        Raises:
            NotFoundError: no job can have that id.
        """
        if not _ID.fullmatch(job) or ".." in job:
            raise NotFoundError("there is no such job")
        return RunFolder(f"{self.uri}/{job}", self._properties)

    def begin(self, record: JobRecord) -> None:
        """Write a new job down."""
        self.folder(record.id).write(JOB_FILE, orjson.dumps(asdict(record)))

    def end(self, job: str, ending: Ending) -> None:
        """Write down why there is no run."""
        self.folder(job).write(ENDED_FILE, orjson.dumps(asdict(ending)))

    def again(self, job: str) -> None:
        """Forget how it ended: it goes on."""
        self.folder(job).delete(ENDED_FILE)

    def ids(self) -> list[str]:
        """All jobs and runs, the latest first."""
        found: set[str] = set()
        for file in self._storage.list(self.uri + "/"):
            job, _, rest = file.uri[len(self.uri) + 1 :].partition("/")
            if rest in (JOB_FILE, MANIFEST, RUN_FILE) or rest.startswith(f"{LEDGER}/"):
                found.add(job)
        return sorted(found, reverse=True)

    def told(self, job: str) -> Told:
        """What a job's folder says.

        Raises:
            NotFoundError: there is no such job.
        """
        folder = self.folder(job)
        record = _read(folder, JOB_FILE)
        known = None if record is None else _record(record)
        run = _published(folder)
        if run is not None:
            return Told(job, known, str(run.get("status", "complete")), run, None)
        ended = _read(folder, ENDED_FILE)
        if ended is not None:
            ending = Ending(**ended)
            return Told(job, known, ending.status, None, ending)
        if known is None and not any(True for _ in folder.ledger_paths()):
            raise NotFoundError("there is no such job")
        return Told(job, known, "interrupted", None, None)

    def every(self, most: int) -> Iterator[Told]:
        """What the folders of the latest jobs say."""
        for job in self.ids()[:most]:
            try:
                yield self.told(job)
            except LakeError:
                continue  # gone since it was listed, or none of ours

    def page(self, job: str) -> bytes:
        """The report of a job's run, as HTML.

        Raises:
            NotFoundError: there is none.
        """
        return self.folder(job).published(HTML_FILE)


def _record(value: dict[str, Any]) -> JobRecord:
    return JobRecord(**{**value, "sources": tuple(value["sources"])})


def _published(folder: RunFolder) -> dict[str, object] | None:
    try:
        return dict(orjson.loads(folder.published(RUN_FILE)))
    except NotFoundError:
        return None


def _read(folder: RunFolder, name: str) -> dict[str, Any] | None:
    try:
        return dict(orjson.loads(folder.read(name)))
    except NotFoundError:
        return None
