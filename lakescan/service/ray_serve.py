"""The same application on Ray Serve: one front, and replicas that read.

The front is the application of `application`, with all its routes and its gate; questions about
texts go to replicas of a deployment of their own, which joins those that wait into batches and
grows and shrinks with them. A replica that dies takes its batch along, and the front asks another:
reading a text twice does no harm. Tables and operators are worked on in the front.
"""

from __future__ import annotations

import asyncio
import logging
import random
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lakescan.engines.options import EngineOptions
from lakescan.engines.ray.opening import connected
from lakescan.errors import MissingDependencyError, TransientError, UsageError
from lakescan.jobs.reading import Answer, Question, read_texts
from lakescan.policy import Policy
from lakescan.service.core import Core
from lakescan.service.desk import WARMING, CrowdedError, Desk, contained
from lakescan.service.meters import Meters
from lakescan.service.modes import policies_read
from lakescan.service.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI
    from ray.serve import Application

_log = logging.getLogger(__name__)

APPLICATION = "lakescan"
_READER, _FRONT = "Reader", "Front"
#: So many questions are read together, after waiting so long for one another, in seconds.
_TOGETHER, _WAIT = 64, 0.002
#: How often a question is asked again that a replica took along, and the bound of the first pause.
_ATTEMPTS, _PAUSE = 6, 0.05
#: How often Ray looks whether front and readers live, in seconds; of itself it does every ten.
_LOOK = 1.0
#: Ray's own lines would tell paths.
_LOGS = {"enable_access_log": False, "log_level": "WARNING"}


@dataclass(frozen=True, slots=True)
class Replicas:
    """How many replicas read.

    Args:
        fewest: that are always there.
        most: when much waits.
        cpus: that each is given.
    """

    fewest: int = 1
    most: int = 4
    cpus: float = 1.0

    def __post_init__(self) -> None:
        if not 1 <= self.fewest <= self.most:
            raise UsageError("replicas are FEWEST:MOST", hint="such as 1:4")

    @classmethod
    def parse(cls, text: str) -> Replicas:
        """Those of ``FEWEST:MOST``, or of one number for both.

        Raises:
            UsageError: it is neither, or the most are fewer than the fewest.
        """
        fewest, _, most = text.partition(":")
        if not (fewest.isdigit() and (most or fewest).isdigit()):
            raise UsageError("replicas are FEWEST:MOST", hint="such as 1:4")
        return cls(int(fewest), int(most or fewest))


class RemoteDesk(Desk):
    """A desk whose questions are answered elsewhere.

    Args:
        policies: by the names that readers know.
        read: asks one question of one policy, somewhere.
        settings: how many may wait, and threads for other work.
        meters: counts what is done.
    """

    def __init__(
        self,
        policies: Mapping[str, Policy],
        read: Callable[[Question, str], Any],
        settings: Settings,
        meters: Meters,
    ) -> None:
        super().__init__(settings.policy, settings.workers, settings.waiting, meters)
        self._names = {policy.hash: name for name, policy in policies.items()}
        self._read = read

    async def ask(self, question: Question, policy: Policy | None = None) -> Answer:
        """As `Desk.ask`."""
        begun = time.perf_counter()
        name = self._names[(policy or self.policy).hash]
        answer = await self._asked(question, name)
        if isinstance(answer, Exception):
            raise answer
        self.meters.read(1, time.perf_counter() - begun)
        self.meters.told(finding for findings in answer for finding in findings)
        return list(answer)

    def warm(self, policies: Sequence[Policy]) -> None:
        """Readers are ready before the front is."""

    async def _asked(self, question: Question, name: str) -> Answer | Exception:
        from ray.exceptions import RayActorError
        from ray.serve.exceptions import (
            BackPressureError,
            DeploymentUnavailableError,
            ReplicaUnavailableError,
        )

        lost = (RayActorError, ReplicaUnavailableError, DeploymentUnavailableError)
        for attempt in range(_ATTEMPTS):
            try:
                found: Answer | Exception = await self._read(question, name)
            except BackPressureError:
                break
            except lost as error:
                _log.warning("a replica was lost: %s", type(error).__name__)
                await asyncio.sleep(random.uniform(0, _PAUSE * 2**attempt))  # noqa: S311
            else:
                return found
        raise CrowdedError


def serve_on_ray(
    host: str, port: int, settings: Settings, engine: EngineOptions, replicas: Replicas
) -> None:
    """Serve on a cluster until SIGTERM or SIGINT.

    Args:
        host: the address that Ray's proxy listens on.
        port: its port.
        settings: how to behave.
        engine: ``address`` of a cluster; without one, one is started on this machine.
        replicas: how many read.

    Raises:
        MissingDependencyError: the extra ``ray-serve`` is not installed.
        TransientError: no cluster answers.
    """
    with connected(engine):
        deploy(host, port, settings, replicas)
        over = threading.Event()
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda *_: over.set())
        _log.info("serving on http://%s:%d", host, port)
        while not over.wait(1.0):
            pass
        withdraw()


def deploy(host: str, port: int, settings: Settings, replicas: Replicas) -> None:
    """Deploy on the cluster that this process is connected to; back when it answers.

    Raises:
        MissingDependencyError: the extra ``ray-serve`` is not installed.
        TransientError: Ray could not start it.
    """
    serve = _serve()
    from ray.exceptions import RayError

    front = bound(settings, replicas)
    try:
        serve.start(http_options={"host": host, "port": port}, logging_config=_LOGS)
        serve.run(front, name=APPLICATION, route_prefix="/", logging_config=_LOGS)
    except (RayError, RuntimeError) as error:
        said = f"Ray Serve did not start on {host}:{port}: {type(error).__name__}"
        hint = "is the port free, and are there processors for all replicas? Ray's logs say more"
        raise TransientError(said, hint=hint) from error


def bound(settings: Settings, replicas: Replicas) -> Application:
    """The front bound to its readers, to be run under the name `APPLICATION`.

    Raises:
        MissingDependencyError: the extra ``ray-serve`` is not installed.
    """
    serve = _serve()
    reader = serve.deployment(
        _reader_class(serve),
        name=_READER,
        max_ongoing_requests=2 * _TOGETHER,
        max_queued_requests=settings.waiting,
        health_check_period_s=_LOOK,
        ray_actor_options={"num_cpus": replicas.cpus},
        autoscaling_config={
            "min_replicas": replicas.fewest,
            "max_replicas": replicas.most,
            "target_ongoing_requests": _TOGETHER,
        },
        logging_config=_LOGS,
    ).bind(policies_read(settings))
    front: Application = serve.deployment(
        serve.ingress(_front_of(settings))(_Ingress),
        name=_FRONT,
        max_ongoing_requests=settings.waiting,
        health_check_period_s=_LOOK,
        ray_actor_options={"num_cpus": 0},
        logging_config=_LOGS,
    ).bind(reader)
    return front


def withdraw() -> None:
    """End the application, once what is in work is answered; leave the cluster."""
    serve = _serve()
    serve.delete(APPLICATION)
    serve.shutdown()


def _serve() -> Any:
    try:
        from ray import serve
    except ImportError:
        raise MissingDependencyError("ray[serve]", "ray-serve") from None
    return serve


class _Ingress:
    """What Ray makes the front of; it has its reader bound so that both are deployed."""

    def __init__(self, reader: object) -> None:
        self._reader = reader


def _front_of(settings: Settings) -> Callable[[], FastAPI]:
    """What builds the application, in the front's process."""

    def build() -> FastAPI:
        from ray import serve

        from lakescan.service.application import app_of
        from lakescan.service.opentelemetry import Tracing

        handle = serve.get_deployment_handle(_READER, APPLICATION)
        meters = Meters()
        desk = RemoteDesk(policies_read(settings), handle.read.remote, settings, meters)
        return app_of(Core(settings, meters, Tracing.configured(), desk))

    return build


def _reader_class(serve: Any) -> type:
    """The class of replicas; Ray's decorator is there only where Ray is."""

    class Reader:
        def __init__(self, policies: Mapping[str, Policy]) -> None:
            self._policies = dict(policies)
            for policy in self._policies.values():
                read_texts([WARMING], policy)

        @serve.batch(  # type: ignore[untyped-decorator]
            max_batch_size=_TOGETHER, batch_wait_timeout_s=_WAIT
        )
        async def read(
            self, questions: list[Question], names: list[str]
        ) -> list[Answer | Exception]:
            return await asyncio.to_thread(_read_all, questions, names, self._policies)

    return Reader


def _read_all(
    questions: Sequence[Question], names: Sequence[str], policies: Mapping[str, Policy]
) -> list[Answer | Exception]:
    """Answers, or why there is none; one that cannot be answered spoils no other."""
    answers: list[Answer | Exception] = [[] for _ in questions]
    for name in dict.fromkeys(names):
        places = [place for place, each in enumerate(names) if each == name]
        mine = [questions[place] for place in places]
        for place, answer in zip(places, _read_some(mine, policies[name]), strict=True):
            answers[place] = answer
    return answers


def _read_some(questions: Sequence[Question], policy: Policy) -> Sequence[Answer | Exception]:
    try:
        return contained(lambda: read_texts(questions, policy))
    except Exception as error:  # noqa: BLE001 - its asker gets it
        if len(questions) == 1:
            return [error]
        return [_read_some([each], policy)[0] for each in questions]
