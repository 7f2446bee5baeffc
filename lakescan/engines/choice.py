"""Which engine runs a job."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Sequence

from lakescan.engines.local import LITTLE_BYTES, LocalEngine
from lakescan.engines.options import EngineOptions
from lakescan.engines.protocol import Engine
from lakescan.engines.spark.session import SUBMITTED, is_spark_address
from lakescan.engines.weight import total_weight
from lakescan.errors import UnknownNameError, UsageError

ENGINES = ("auto", "local", "ray", "spark")
#: From here on, starting Ray on this machine (about ten seconds) is a small part of the work.
MUCH_BYTES = 4 << 30


def engine_for(options: EngineOptions, units: Sequence[object]) -> Engine:
    """The engine that ``options`` ask for.

    ``auto`` is Ray when a cluster is at hand (an address given, or ``RAY_ADDRESS`` set) and the
    units weigh 16 MiB or more together, or when Ray is installed and they weigh 4 GiB or more. It
    is Spark for as much where the address is a Spark master's, or in a ``spark-submit``. Otherwise
    it is local.

    Raises:
        UnknownNameError: no engine has that name.
        UsageError: an address for an engine that has none.
    """
    if options.name not in ENGINES:
        raise UnknownNameError("engine", options.name, ENGINES)
    if options.address and options.name == "local":
        raise UsageError("the local engine has no address", hint="use --engine ray or spark")
    if options.workers is not None and options.workers < 1:
        raise UsageError(f"{options.workers} workers do no work", hint="give 1 or more")
    name = _automatic(options, total_weight(units)) if options.name == "auto" else options.name
    if name == "local":
        return LocalEngine(options)
    if name == "spark":
        from lakescan.engines.spark.engine import SparkEngine

        return SparkEngine(options)
    from lakescan.engines.ray.engine import RayEngine

    return RayEngine(options)


def is_local_pool(options: EngineOptions, work: int) -> bool:
    """Whether units of so many bytes are going to run in the local engine's worker processes."""
    name = _automatic(options, work) if options.name == "auto" else options.name
    return name == "local" and work >= LITTLE_BYTES


def _automatic(options: EngineOptions, work: int) -> str:
    spark = is_spark_address(options.address) if options.address else SUBMITTED in os.environ
    if spark:
        return "spark" if work >= LITTLE_BYTES else "local"
    if options.address or os.environ.get("RAY_ADDRESS"):
        return "ray" if work >= LITTLE_BYTES else "local"
    installed = importlib.util.find_spec("ray") is not None
    return "ray" if installed and work >= MUCH_BYTES else "local"
