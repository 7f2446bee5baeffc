"""Ray's Job API: submit once, look, follow, stop."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lakescan.engines.ray.cluster import quiet
from lakescan.errors import (
    CredentialError,
    LakeError,
    MissingDependencyError,
    NotFoundError,
    TerminalError,
    TransientError,
    UsageError,
)
from lakescan.jobs.submit.state import JobState
from lakescan.jobs.submit.submission import (
    POLICY_FILE,
    Submission,
    Surroundings,
    attempt_id,
    is_submission_id,
)

if TYPE_CHECKING:
    from ray.job_submission import JobDetails, JobSubmissionClient

_log = logging.getLogger(__name__)

_KNOCK_SECONDS = 5.0
_REQUEST_SECONDS = 60.0
_LOOK_SECONDS = 1.0
#: A head node that is just up has no agent yet that takes jobs.
_AGENT_SECONDS = 60.0
_NO_AGENT = "No available agent"
_PORTS = {"http": 80, "https": 443}
#: Ray prefers its variable to an address that was given; one client is made at a time.
_ADDRESS_VARIABLE = "RAY_API_SERVER_ADDRESS"
#: Its client logs each upload and each end of a connection.
_LOGGERS = (
    "ray._private.runtime_env.packaging",
    "ray.dashboard.modules.dashboard_sdk",
    "ray.dashboard.modules.job.sdk",
)
_making = threading.Lock()


@dataclass(frozen=True, slots=True)
class Submitted:
    """A job that was asked for.

    Args:
        state: of the job.
        is_new: False where the same run had been submitted before, and this is it.
        attempt: counted from 1.
    """

    state: JobState
    is_new: bool
    attempt: int


class RayJobs:
    """The jobs of one Ray cluster.

    Args:
        address: of its dashboard: ``http://head:8265``.
        token: that it asks for; None for the one that Ray's own variables name.

    Raises:
        MissingDependencyError: ``ray[default]`` is not installed.
        UsageError: it is no such address.
        TransientError: nothing answers there.
        CredentialError: the cluster asks for a token that we do not have.
    """

    def __init__(self, address: str, token: str | None = None) -> None:
        self.address = address.rstrip("/")
        self._client = _client(self.address, token)

    def submit(self, submission: Submission) -> Submitted:
        """Submit a run, unless it was submitted before.

        A run that is under way, or has its answer, is not submitted again. One that failed or was
        stopped is begun again, under an id of its own, and goes on where it was.
        """
        before, attempt, begun = None, 1, submission.id
        while (state := self._find(attempt_id(submission.id, attempt))) is not None:
            before = state
            attempt += 1
            if state.gave_up:
                begun = attempt_id(submission.id, attempt)
        if before is not None and (before.is_answered or not before.is_over):
            return Submitted(before, is_new=False, attempt=attempt - 1)
        name = attempt_id(submission.id, attempt)
        is_new = self._send(submission, name, submission.entrypoint(attempt, begun))
        return Submitted(self.state(name), is_new, attempt)

    def state(self, job: str) -> JobState:
        """How a job fares.

        Raises:
            NotFoundError: the cluster knows no such job.
        """
        state = self._find(job)
        if state is None:
            raise NotFoundError(
                f"{self.address} knows no job {job}", hint="a cluster that restarts forgets them"
            )
        return state

    def cancel(self, job: str) -> JobState:
        """Stop a job, and wait until it is; one that is over stays as it is."""
        if not self.state(job).is_over:
            with self._talking():
                self._client.stop_job(job)
        while not (state := self.state(job)).is_over:
            time.sleep(_LOOK_SECONDS)
        return state

    def logs(self, job: str) -> str:
        """All that a job has written until now, to standard output and error."""
        self.state(job)
        with self._talking():
            return str(self._client.get_job_logs(job))

    def follow(self, job: str, write: Callable[[str], None]) -> JobState:
        """Hand a job's words on as they come; its state when it is over."""
        told = 0
        while True:
            told = asyncio.run(self._tail(job, told, write))
            state = self.state(job)
            if state.is_over:
                write(self.logs(job)[told:])  # what a connection that broke has left
                return state
            time.sleep(_LOOK_SECONDS)

    def wait(self, job: str) -> JobState:
        """A job's state when it is over."""
        while not (state := self.state(job)).is_over:
            time.sleep(_LOOK_SECONDS)
        return state

    def _find(self, job: str) -> JobState | None:
        if not is_submission_id(job):
            raise UsageError(
                f"{job!r} is no job's id", hint="such as lakescan-scan-0123456789abcdef"
            )
        try:
            with self._talking():
                return _state(job, self._client.get_job_info(job))
        except NotFoundError:
            return None

    def _send(self, submission: Submission, name: str, entrypoint: str) -> bool:
        """Submit; False where somebody else did, just before us."""
        metadata = {"lakescan.verb": submission.verb, "lakescan.run": submission.run}
        with _environment(submission) as runtime:
            deadline = time.monotonic() + _AGENT_SECONDS
            while True:
                try:
                    with self._talking():
                        self._client.submit_job(
                            entrypoint=entrypoint,
                            submission_id=name,
                            runtime_env=runtime,
                            metadata=metadata,
                            **_driver(submission.surroundings),
                        )
                except LakeError as error:
                    if self._find(name) is not None:
                        return False
                    if _NO_AGENT not in error.message or time.monotonic() > deadline:
                        raise
                    time.sleep(_LOOK_SECONDS)
                else:
                    return True

    async def _tail(self, job: str, told: int, write: Callable[[str], None]) -> int:
        """Hand on what is new, until the job is over or the connection breaks."""
        from aiohttp import ClientError

        seen = 0
        try:
            with _quiet():
                async for words in self._client.tail_job_logs(job):
                    fresh = words[max(0, told - seen) :]
                    seen += len(words)
                    told = max(told, seen)
                    if fresh:
                        write(fresh)
        except (RuntimeError, ClientError) as error:
            # The job's state says whether to follow it again.
            _log.info("lost the words of %s: %s", job, type(error).__name__)
        return told

    @contextmanager
    def _talking(self) -> Iterator[None]:
        """Turn what the client raises into our errors."""
        import requests
        from ray.exceptions import AuthenticationError

        try:
            with _quiet():
                yield
        except AuthenticationError:
            raise _refused(self.address) from None
        except (ConnectionError, requests.exceptions.RequestException) as error:
            raise TransientError(
                f"{self.address} does not answer: {type(error).__name__}", hint="is it running?"
            ) from None
        except RuntimeError as error:
            text = str(error)
            if "status code 404" in text or "does not exist" in text:
                raise NotFoundError(f"{self.address} knows no such job") from None
            last = text.strip().splitlines()[-1][:300]
            raise TerminalError(f"{self.address} refused the job: {last}") from None


@contextmanager
def _quiet() -> Iterator[None]:
    with ExitStack() as stack:
        for name in _LOGGERS:
            stack.enter_context(quiet(name))
        yield


def _client(address: str, token: str | None) -> JobSubmissionClient:
    try:
        import aiohttp  # noqa: F401 - the job client needs it, and says so badly
        from ray.exceptions import AuthenticationError
        from ray.job_submission import JobSubmissionClient
    except ImportError:
        raise MissingDependencyError("ray[default]", "ray-jobs") from None
    _knock(address)

    with _making:
        before = os.environ.get(_ADDRESS_VARIABLE)
        os.environ[_ADDRESS_VARIABLE] = address
        try:
            headers = {"Authorization": f"Bearer {token}"} if token else None
            client = JobSubmissionClient(address, headers=headers)
        except AuthenticationError:
            raise _refused(address) from None
        except (ConnectionError, RuntimeError) as error:
            raise TransientError(
                f"no Ray cluster takes jobs at {address}: {type(error).__name__}",
                hint="give the address of its dashboard, such as http://head:8265",
            ) from None
        finally:
            if before is None:
                del os.environ[_ADDRESS_VARIABLE]
            else:
                os.environ[_ADDRESS_VARIABLE] = before
    # Left alone, it would wait for an answer without end.
    patient: Any = client
    patient._do_request = partial(patient._do_request, timeout=_REQUEST_SECONDS)  # noqa: SLF001
    return client


def _refused(address: str) -> CredentialError:
    return CredentialError(
        f"{address} asks for a token", hint="set RAY_AUTH_MODE=token and RAY_AUTH_TOKEN"
    )


def _knock(address: str) -> None:
    """See that something listens there: Ray itself takes long to give up."""
    parts = urlsplit(address)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise UsageError(
            f"jobs are submitted to http://host:port, not to {address}",
            hint="give the address of the cluster's dashboard, such as http://head:8265",
        )
    try:
        place = (parts.hostname, parts.port or _PORTS[parts.scheme])
        socket.create_connection(place, timeout=_KNOCK_SECONDS).close()
    except OSError as error:
        raise TransientError(
            f"no Ray cluster answers at {address}: {error.strerror or type(error).__name__}",
            hint="is it running? see docs/ray.md",
        ) from None


def _state(job: str, details: JobDetails) -> JobState:
    return JobState(
        id=job,
        status=str(details.status.value).lower(),
        driver_exit=details.driver_exit_code,
        message=details.message or "",
        started=details.start_time,
        ended=details.end_time,
    )


@contextmanager
def _environment(submission: Submission) -> Iterator[dict[str, Any]]:
    """Ray's runtime environment of a job; its files exist as long as the block lasts."""
    surroundings = submission.surroundings
    runtime: dict[str, Any] = {}
    if surroundings.environment:
        runtime["env_vars"] = dict(surroundings.environment)
    with tempfile.TemporaryDirectory(prefix="lakescan-submit-") as folder:
        if surroundings.wheel is not None:
            runtime["py_modules"] = _unpacked(Path(surroundings.wheel), Path(folder, "wheel"))
        if submission.policy is not None:
            Path(folder, "job").mkdir()
            Path(folder, "job", POLICY_FILE).write_text(submission.policy, encoding="utf-8")
            runtime["working_dir"] = str(Path(folder, "job"))
        yield runtime


def _unpacked(wheel: Path, folder: Path) -> list[str]:
    """The packages of a wheel; given the whole of it, Ray has pip fetch all that it depends on."""
    try:
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(folder)
    except (OSError, zipfile.BadZipFile):
        raise UsageError(
            f"{wheel} is no wheel", hint="build one: python -m build --wheel"
        ) from None
    return [str(each) for each in sorted(folder.iterdir()) if each.is_dir()]


def _driver(surroundings: Surroundings) -> dict[str, Any]:
    """What the cluster keeps for the driver."""
    asked = {
        "entrypoint_num_cpus": surroundings.cpus,
        "entrypoint_num_gpus": surroundings.gpus,
        "entrypoint_memory": surroundings.memory,
    }
    return {name: amount for name, amount in asked.items() if amount}
