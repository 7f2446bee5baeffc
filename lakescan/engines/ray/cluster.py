"""Finding a Ray cluster, or starting one on this machine, and leaving things as they were."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from lakescan.engines.cpus import usable_cpus
from lakescan.engines.options import EngineOptions, WorkerNeeds
from lakescan.engines.ray.lean import fewer_processes
from lakescan.errors import MissingDependencyError, TransientError, UsageError

_log = logging.getLogger(__name__)

#: Outcomes are small; the store need not take Ray's default of a third of the memory.
_STORE_BYTES = 256 << 20
_KNOCK_SECONDS = 5.0
#: For a node that has room for a worker; clouds take minutes to start one with a GPU.
_ROOM_SECONDS = 900.0
#: For a cluster of our own, where the user has not set them. Ray reads them as it is imported.
_SETTINGS = {
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # listen on loopback only
    "RAY_AUTH_MODE": "token",  # and answer nobody else on this machine
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",  # workers import what we import already
}
#: For every cluster: no actor of Ray Data's that gathers what it would report of its use.
_USAGE = "RAY_DATA_USAGE_DISABLED"
#: As above, but read as the cluster is started.
_START_SETTINGS = {
    "RAY_BACKEND_LOG_LEVEL": "fatal",  # nothing of its C++ side to our standard error
    "RAY_enable_metrics_collection": "0",
}


def load(options: EngineOptions) -> None:
    """Import Ray, after setting what it reads as it is imported.

    Raises:
        MissingDependencyError: it is not installed.
    """
    os.environ.setdefault(_USAGE, "1")
    if _address(options) == "local" and "ray" not in sys.modules:
        for name, value in _SETTINGS.items():
            os.environ.setdefault(name, value)
    try:
        import ray  # noqa: F401
    except ImportError:
        raise MissingDependencyError("ray", "ray") from None


def load_data() -> None:
    """Import Ray Data, which takes longer than Ray.

    Raises:
        MissingDependencyError: it is not installed.
    """
    try:
        import ray.data  # noqa: F401
    except ImportError:
        raise MissingDependencyError("ray", "ray") from None


@contextlib.contextmanager
def opened(options: EngineOptions) -> Iterator[float]:
    """Be connected to a cluster for a while; gives how long to wait for room in it, in seconds.

    In this order: the cluster this process is connected to already, ``options.address``,
    ``RAY_ADDRESS``, a new one on this machine. Only what was opened here is closed.

    Raises:
        MissingDependencyError: Ray is not installed.
        TransientError: no cluster answers at the address.
    """
    load(options)
    import ray

    if ray.is_initialized():
        yield _ROOM_SECONDS
        return
    _connect(options)
    own = _address(options) == "local"
    try:
        with _raylet_errors_to_the_log():
            yield 0.0 if own else _ROOM_SECONDS
    finally:
        ray.shutdown()


def places(worker: WorkerNeeds) -> int:
    """How many such workers the connected cluster's nodes have places for, as they are now."""
    import ray

    needs = _needs(worker)
    nodes: list[dict[str, Any]] = ray.nodes()  # type: ignore[no-untyped-call]
    return sum(
        int(min(node["Resources"].get(name, 0) / need for name, need in needs.items()) + 1e-9)
        for node in nodes
        if node["Alive"]
    )


def room(worker: WorkerNeeds, patience: float) -> int:
    """The same, waited for: an autoscaler may start a node that has room for a worker.

    Raises:
        UsageError: there is none after so many seconds. Ray itself would wait without end.
    """
    from ray.util import placement_group, remove_placement_group

    found = places(worker)
    if found:
        return found
    needs = _needs(worker)
    asked = ", ".join(f"{name} {need:,.10g}" for name, need in needs.items())
    if patience:
        _log.warning("no node of the cluster has room for a worker (%s), waiting for one", asked)
        demand = placement_group([needs])
        try:
            demand.wait(patience)
        finally:
            remove_placement_group(demand)
        found = places(worker)
    if not found:
        raise UsageError(
            f"no node of the Ray cluster has room for a worker ({asked})",
            hint="ask for less by --worker-cpus, --worker-gpus, --worker-memory, "
            "--worker-resource, or add nodes",
        )
    return found


def _needs(worker: WorkerNeeds) -> dict[str, float]:
    """What a worker takes of a node, in Ray's words."""
    needs = {"CPU": worker.cpus, "GPU": worker.gpus, "memory": worker.memory, **worker.resources}
    return {name: float(need) for name, need in needs.items() if need}


def _address(options: EngineOptions) -> str:
    return options.address or os.environ.get("RAY_ADDRESS") or "local"


def _connect(options: EngineOptions) -> None:
    import ray

    address = _address(options)
    if address == "local":
        for name, value in _START_SETTINGS.items():
            os.environ.setdefault(name, value)
        # That nobody sees to SIGTERM outside the main thread: `opening` does.
        with quiet("ray._private.worker"), fewer_processes():
            ray.init(
                address="local",
                num_cpus=options.workers or usable_cpus(),
                include_dashboard=False,
                object_store_memory=_STORE_BYTES,
                log_to_driver=False,
                logging_level=logging.ERROR,
            )
        return
    _knock(address)
    try:
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, TimeoutError, RuntimeError, ValueError) as error:
        raise TransientError(
            f"no Ray cluster answers at {address}: {type(error).__name__}",
            hint="if it asks for a token, set RAY_AUTH_MODE=token; see docs/ray.md",
        ) from None


def _knock(address: str) -> None:
    """See that something listens at ``host:port``: Ray itself takes minutes to give up."""
    if "://" in address:
        raise UsageError(
            f"Ray is reached at host:port, not at {address}",
            hint="run lakescan on a node of the cluster, or with `ray job submit`",
        )
    host, _, port = address.rpartition(":")
    if not port.isdigit():
        return  # "auto", which Ray resolves
    try:
        socket.create_connection((host, int(port)), timeout=_KNOCK_SECONDS).close()
    except OSError as error:
        raise TransientError(
            f"no Ray cluster answers at {address}: {error.strerror or type(error).__name__}",
            hint="is it running? see docs/ray.md",
        ) from None


@contextlib.contextmanager
def quiet(name: str) -> Iterator[None]:
    """Silence a logger for a while: what it would say becomes an outcome or an exception."""
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


@contextlib.contextmanager
def _raylet_errors_to_the_log() -> Iterator[None]:
    """Log what raylets report, such as lost workers.

    Ray has no setting for it and prints it to standard output, where only the report belongs.
    """
    from ray._private import worker

    def log(data: Mapping[str, object], ignore_prefix: bool) -> None:  # noqa: ARG001, FBT001
        _log.info("raylet: %s", data.get("lines"))

    printed = worker.print_to_stdstream
    worker.print_to_stdstream = log
    try:
        yield
    finally:
        worker.print_to_stdstream = printed
