"""The office: takes scan jobs, runs each in a process of its own, and says how far they are."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime

import orjson

from lakescan.errors import LakescanError
from lakescan.jobs.ledger.book import new_run_id
from lakescan.policy import Policy
from lakescan.reports.model import ScanReport
from lakescan.service.answers import RefusedError
from lakescan.service.jobs.records import Ending, JobRecord, Records, Told
from lakescan.service.jobs.rules import JobRules

_log = logging.getLogger(__name__)

#: So many jobs may wait; more are refused.
_WAITING = 100
#: How long a process may take to end once it is told to, in seconds.
_PATIENCE = 25.0
#: Longest line that a process tells, in bytes.
_LINE = 1 << 20


@dataclass(slots=True)
class Job:
    """One job that this service has begun and that has not ended.

    Args:
        record: what was asked for.
        policy: as YAML.
        resume: whether it goes on with what its ledger has.
        status: ``queued``, ``running`` or ``cancelling``.
        phase: of the scan.
        counts: how far it is.
    """

    record: JobRecord
    policy: str
    resume: bool
    status: str = "queued"
    phase: str = ""
    counts: Mapping[str, object] = field(default_factory=dict)
    task: asyncio.Task[None] | None = None
    process: asyncio.subprocess.Process | None = None


class Office:
    """Runs jobs.

    Args:
        rules: what they may do.
    """

    def __init__(self, rules: JobRules) -> None:
        self.rules = rules
        self.records = Records(rules.runs, rules.storage)
        self._open: dict[str, Job] = {}
        self._turns = asyncio.Semaphore(rules.at_once)
        self._closing = False

    async def submit(self, record: JobRecord, policy: Policy, *, resume: bool = False) -> JobRecord:
        """Take a job; it begins when it is its turn.

        Args:
            record: what is asked for; its id is made here unless it goes on.
            policy: what to look for.
            resume: whether an earlier job of that id goes on.

        Raises:
            UsageError: a source is not one that jobs may read.
            RefusedError: too many wait.
        """
        if len(self._open) >= _WAITING:
            raise RefusedError(503, "too many jobs are waiting; come again", 30)
        sources = tuple(map(self.rules.checked, record.sources))
        if resume:
            await asyncio.to_thread(self.records.again, record.id)
        else:
            now = datetime.now(UTC).isoformat(timespec="seconds")
            record = replace(record, id=new_run_id(), sources=sources, submitted=now)
            await asyncio.to_thread(self.records.begin, record)
        job = Job(record, policy.to_yaml(), resume)
        self._open[record.id] = job
        job.task = asyncio.create_task(self._worked(job))
        return record

    async def resume(self, told: Told, policy: Policy) -> JobRecord:
        """Go on with a job that ended without a run.

        Raises:
            RefusedError: it is at work, or has its run, or nobody asked for it here.
        """
        if told.id in self._open:
            raise RefusedError(409, "the job is at work")
        if told.run is not None or told.record is None:
            raise RefusedError(409, "there is nothing to go on with")
        return await self.submit(told.record, policy, resume=True)

    def open_job(self, job: str) -> Job | None:
        """A job that has not ended; None of any other."""
        return self._open.get(job)

    async def told(self, job: str) -> Told:
        """What a job's folder says.

        Raises:
            NotFoundError: there is no such job.
        """
        return await asyncio.to_thread(self.records.told, job)

    async def every(self, most: int) -> list[Told]:
        """What the folders of the latest jobs and runs say."""
        return await asyncio.to_thread(lambda: list(self.records.every(most)))

    async def results(self, job: str) -> ScanReport:
        """The report of a job's run.

        Raises:
            NotFoundError: there is none.
        """
        from lakescan.jobs.runs import open_run

        folder = self.records.folder(job)
        return await asyncio.to_thread(open_run, folder.uri, self.rules.storage)

    async def cancel(self, job: str) -> None:
        """End a job; what it has in its ledger stays.

        Raises:
            NotFoundError: there is no such job.
            RefusedError: it has ended.
        """
        found = self._open.get(job)
        if found is None:
            await self.told(job)
            raise RefusedError(409, "the job has ended")
        found.status = "cancelling"
        if found.process is None:
            assert found.task is not None
            found.task.cancel()
            await self._ended(found, Ending("cancelled"))
        else:
            _let_go(found.process)

    async def close(self) -> None:
        """End all jobs: their ledgers say that they were interrupted."""
        self._closing = True
        tasks = [job.task for job in self._open.values() if job.task is not None]
        for job in list(self._open.values()):
            if job.process is None:
                assert job.task is not None
                job.task.cancel()
            else:
                _let_go(job.process)
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _worked(self, job: Job) -> None:
        async with self._turns:
            if self._closing:
                return
            job.status = "running"
            try:
                ending = await self._run(job)
            except (OSError, ValueError) as error:
                _log.error("job %s: %s", job.record.id, type(error).__name__)
                ending = Ending("failed", type(error).__name__, "the job's process was lost")
        if job.record.id in self._open:
            await self._ended(job, ending)

    async def _run(self, job: Job) -> Ending | None:
        """Run the process; None if it committed a run."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "lakescan.service.jobs.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_LINE,
            start_new_session=True,  # Ctrl-C is for the service, which tells its jobs
        )
        job.process = process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(orjson.dumps(self._request(job), option=orjson.OPT_APPEND_NEWLINE))
        error: Mapping[str, str] | None = None
        async for line in process.stdout:
            told = orjson.loads(line)
            job.phase = told.get("phase", job.phase)
            job.counts = told.get("counts", job.counts)
            error = told.get("error", error)
        code = await _gone(process)
        if code == 0:
            return None
        if job.status == "cancelling":
            return Ending("cancelled")
        if error is not None:
            return Ending("failed", error["kind"], error["message"])
        return Ending("failed", "LostProcess", f"the job's process ended with {code}")

    def _request(self, job: Job) -> dict[str, object]:
        record = job.record
        return {
            "sources": record.sources,
            "policy": job.policy,
            "engine": asdict(replace(self.rules.engine, name=record.engine)),
            "sample_rows": record.sample_rows,
            "output": self.records.folder(record.id).uri,
            "resume": job.resume,
            "storage": self.rules.storage,
        }

    async def _ended(self, job: Job, ending: Ending | None) -> None:
        if ending is not None and not self._closing:
            try:
                await asyncio.to_thread(self.records.end, job.record.id, ending)
            except LakescanError as error:
                _log.error("job %s: %s", job.record.id, error.kind)
        self._open.pop(job.record.id, None)


async def _gone(process: asyncio.subprocess.Process) -> int:
    """Wait for a process that has closed its output."""
    try:
        return await asyncio.wait_for(process.wait(), _PATIENCE)
    except TimeoutError:
        process.kill()
        return await process.wait()


def _let_go(process: asyncio.subprocess.Process) -> None:
    """End the input of a process, which ends with it."""
    assert process.stdin is not None
    with contextlib.suppress(OSError):
        process.stdin.close()
