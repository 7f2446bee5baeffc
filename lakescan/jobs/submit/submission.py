"""What is submitted to a cluster: a command of lakescan's, its policy, and where it runs."""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile

from lakescan.errors import UnknownNameError
from lakescan.jobs.submit.secrecy import refuse_secrets

VERBS = ("anonymize", "scan", "verify")
#: The policy's name in the folder that travels with the job.
POLICY_FILE = "lakescan-policy.yaml"
_DIGITS = 16
#: How much of a run is done at once is no part of what it is: with another budget, it goes on.
_BOUNDS = frozenset({"--max-bytes", "--max-rows", "--max-seconds"})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a submitted job finds around it.

    Args:
        wheel: a wheel of lakescan's that every node installs for this job, its dependencies being
            there; None where lakescan is installed already.
        environment: variables for the driver and its workers; no secrets, since the cluster shows
            them to whoever may see its jobs.
        python: how Python is called on the cluster.
        cpus, gpus: what the cluster keeps for the driver itself; its workers have theirs besides.
        memory: bytes, likewise; None for whatever is there.
    """

    wheel: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    python: str = "python"
    cpus: float = 0.0
    gpus: float = 0.0
    memory: int | None = None

    def __post_init__(self) -> None:
        refuse_secrets([f"{name}={value}" for name, value in self.environment.items()])


@dataclass(frozen=True, slots=True)
class Submission:
    """One run of one command.

    Args:
        verb: one of `VERBS`.
        arguments: of the command, without its policy and engine: options in one order, ``--``,
            and what is read or written.
        policy: the policy as YAML; None for the default.
        run: which run of this command it is: a date, say. The same run is submitted once.
        surroundings: where it runs.

    Raises:
        UnknownNameError: there is no such verb.
        UsageError: an argument holds a secret.
    """

    verb: str
    arguments: tuple[str, ...]
    policy: str | None = None
    run: str = ""
    surroundings: Surroundings = Surroundings()

    def __post_init__(self) -> None:
        if self.verb not in VERBS:
            raise UnknownNameError("job", self.verb, VERBS)
        refuse_secrets(self.arguments)

    @property
    def id(self) -> str:
        """The same for the same run, wherever and whenever it is submitted."""
        parts = [self.verb, *_unbounded(self.arguments), self.policy or "", self.run]
        digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:_DIGITS]
        return f"lakescan-{self.verb}-{digest}"

    def entrypoint(self, attempt: int = 1, begun: str | None = None) -> str:
        """The command line of an attempt.

        Args:
            attempt: counted from 1; a scan that is no first attempt resumes.
            begun: the name under which an anonymize began that this attempt goes on with; None for
                this run's own.
        """
        options = ["--engine", "ray"]
        if self.policy is not None:
            options += ["--policy", POLICY_FILE]
        if self.verb == "anonymize" and not self._has("--run-id"):
            options += ["--run-id", begun or self.id]
        goes_on = self._has("--output") and not self._has("--resume")
        if self.verb == "scan" and attempt > 1 and goes_on:
            options.append("--resume")
        program = [self.surroundings.python, "-m", "lakescan", self.verb]
        return shlex.join([*program, *options, *self.arguments])

    def _has(self, option: str) -> bool:
        return option in takewhile(lambda argument: argument != "--", self.arguments)


def _unbounded(arguments: tuple[str, ...]) -> Iterator[str]:
    """Arguments without the budget's options and their values."""
    left = iter(arguments)
    for argument in left:
        if argument == "--":
            yield argument
            break
        if argument in _BOUNDS:
            next(left, None)
        else:
            yield argument
    yield from left


def attempt_id(first: str, attempt: int) -> str:
    """The submission id of a later attempt at the job ``first``: ``...-2``, ``...-3``."""
    return first if attempt == 1 else f"{first}-{attempt}"


def is_submission_id(text: str) -> bool:
    """Whether it may be the id of a job: what stands in a path of the Job API."""
    return re.fullmatch(r"[A-Za-z0-9._-]{1,200}", text) is not None
