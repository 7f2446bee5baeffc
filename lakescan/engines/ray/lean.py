"""What Ray starts that a run on a cluster of its own, on one machine, has no use for.

Ray has no settings for any of it. Each process takes a fifth of a second to a second of processor
time, at the very moment at which the workers start. What a release of Ray does not have is passed
over.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from shutil import which
from typing import Any

#: For the first node to be there: how often to look, and when Ray's own words are better.
_LOOK_SECONDS, _PATIENCE_SECONDS = 0.02, 20.0
#: In place of an agent; reads until the raylet is gone, whatever its arguments. A shell that stayed
#: would end before its cat, for which a raylet that is told to end then waits a second.
_WAITING = "sh -c 'exec cat'"
#: Where nobody listens: tcpmux, long out of use.
_NO_PORT = 1
#: What an actor may be placed by, as Ray Data's coordinator counts it.
_STANDARD = ("CPU", "GPU", "memory", "object_store_memory")
_LEVEL_SET = b"RAY_BACKEND_LOG_LEVEL"


@contextlib.contextmanager
def fewer_processes() -> Iterator[None]:
    """Start a cluster without an autoscaler, a reader of logs, a dashboard's server and agents.

    Ray starts that server even where there is to be no dashboard, and agents for its figures and
    for runtime environments, without which a raylet does not start.
    """
    from ray import _raylet
    from ray._private import services

    make = vars(_raylet)["CoreWorker"]
    names = ("start_monitor", "start_log_monitor", "start_api_server")
    with contextlib.ExitStack() as kept:
        for name in names:
            kept.enter_context(_instead("ray._private.node:Node", name, _leave_out))
        kept.enter_context(
            _instead("ray._private.utils", "get_dashboard_dependency_error", ImportError)
        )
        if hasattr(_raylet, "persist_port") and which("sh") and not _has_runtime_environment():
            start = partial(_without_agents, services.start_ray_process)
            kept.enter_context(_instead("ray._private.services", "start_ray_process", start))
        kept.enter_context(_instead("ray._private.services", "get_node", _node))
        kept.enter_context(_instead("ray._raylet", "CoreWorker", partial(_made_quietly, make)))
        yield


@contextlib.contextmanager
def fewer_actors() -> Iterator[None]:
    """Run Ray Data without three actors of its own, and the process that each has.

    They gather statistics for a dashboard, tell where actors are, and share the cluster out
    among data sets; Ray Data waits for the first and the last before it starts workers.
    """
    data = "ray.data._internal"
    statistics: dict[str, Callable[..., object]] = {
        "update_execution_metrics": _tell_nobody,
        "update_iteration_metrics": _tell_nobody,
        "register_dataset_to_stats_actor": _tell_nobody,
        "gen_dataset_id_from_stats_actor": _fresh_id,  # as Ray does without it
    }
    pool = f"{data}.execution.operators.actor_pool_map_operator"
    scaling = f"{data}.cluster_autoscaler.rate_based_cluster_autoscaler"
    with contextlib.ExitStack() as kept:
        for name, function in statistics.items():
            kept.enter_context(
                _instead(f"{data}.stats:_StatsManager", name, staticmethod(function))
            )
        kept.enter_context(_instead(pool, "get_or_create_actor_location_tracker", _NoTracker))
        kept.enter_context(_instead(pool, "get_actor_locations", _nowhere_else))
        kept.enter_context(_instead(scaling, "DefaultAutoscalingCoordinator", _WholeCluster))
        yield


@contextlib.contextmanager
def _instead(owner: str, name: str, value: object) -> Iterator[None]:
    """Have a module, or ``module:Class``, use something else of ours for a while."""
    module, _, inner = owner.partition(":")
    try:
        place: Any = import_module(module)
    except ImportError:
        yield
        return
    if inner:
        place = getattr(place, inner, None)
    if not hasattr(place, name):
        yield
        return
    kept = vars(place)[name]
    setattr(place, name, value)
    try:
        yield
    finally:
        setattr(place, name, kept)


def _leave_out(node: Any, *_: object, **__: object) -> None:
    node._webui_url = ""  # noqa: SLF001 - as Ray sets it where there is no dashboard


def _has_runtime_environment() -> bool:
    """Whether Ray may give what it starts an environment, which its agent has to make."""
    from ray._private import ray_constants

    names = ("RAY_RUNTIME_ENV_HOOK", "RAY_JOB_CONFIG_JSON_ENV_VAR")
    under_uv: bool = getattr(ray_constants, "RAY_ENABLE_UV_RUN_RUNTIME_ENV", False)
    return under_uv or not os.environ.keys().isdisjoint(names)


def _without_agents(
    start: Callable[..., object], command: list[str], *args: object, **options: object
) -> object:
    """Start a raylet with something for its agents that does nothing.

    The raylet looks up their ports first; nobody listens there.
    """
    from ray import _raylet

    persist = vars(_raylet)["persist_port"]
    given = dict(part.split("=", 1) for part in command if part.startswith("--") and "=" in part)
    agents = ("--dashboard_agent_command", "--runtime_env_agent_command")
    if all(agent in given for agent in agents):
        command = [part for part in command if part.partition("=")[0] not in agents]
        command += [f"{agent}={_WAITING}" for agent in agents]
        for name in (
            "DASHBOARD_AGENT_LISTEN",
            "METRICS_AGENT",
            "METRICS_EXPORT",
            "RUNTIME_ENV_AGENT",
        ):
            port = getattr(_raylet, f"{name}_PORT_NAME")
            persist(given["--session_dir"], given["--node_id"], port, _NO_PORT)
    return start(command, *args, **options)


def _node(address: str, node: str) -> dict[str, Any]:
    """What is known of the first node, as soon as it is there: Ray looks once a second."""
    from ray._private import services
    from ray._private.state import GlobalState

    state: Any = GlobalState()  # type: ignore[no-untyped-call]
    known_by: Any = services
    state._initialize_global_state(known_by._get_gcs_client_options(address))  # noqa: SLF001
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        if any(one["NodeID"] == node for one in state.node_table()):
            break
        time.sleep(_LOOK_SECONDS)
    known: dict[str, Any] = state.get_node(node)
    return known


def _made_quietly(make: Callable[..., object], *args: object, **options: object) -> object:
    """Ray's C++ side, without what it says to descriptor 2 first: that its log level was set."""
    kept = os.dup(2)
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            return make(*args, **options)
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            said.seek(0)
            for line in said:
                if _LEVEL_SET not in line:  # of another thread
                    os.write(2, line)


def _tell_nobody(*_: object, **__: object) -> None:
    """What there is to tell goes nowhere."""


def _fresh_id() -> str:
    return uuid.uuid4().hex


def _nowhere_else(_: object) -> dict[str, str]:
    """Where actors have moved to: on one node, they have not."""
    return {}


class _Unheard:
    """A method of an actor that is not there."""

    def remote(self, *_: object) -> None:
        """Nothing happens."""


class _NoTracker:
    """In place of the actor that workers tell where they are."""

    update_actor_location = _Unheard()


class _WholeCluster:
    """In place of the actor that shares a cluster out: all of it is the one data set's."""

    def __init__(self, *_: object, **__: object) -> None:
        import ray

        nodes: list[dict[str, Any]] = ray.nodes()  # type: ignore[no-untyped-call]
        self._nodes = {
            str(node["NodeID"]): {
                name: amount for name, amount in node["Resources"].items() if name in _STANDARD
            }
            for node in nodes
            if node["Alive"]
        }

    def request_resources(self, *_: object, **__: object) -> None:
        """There are no more to be had."""

    def cancel_request(self) -> None:
        """There was none."""

    def get_reserved_resources(self) -> dict[str, dict[str, float]]:
        """By node."""
        return self._nodes
