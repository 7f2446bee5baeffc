"""Finding a Spark session, or starting one on this machine, and leaving things as they were."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lakescan.engines.cpus import usable_cpus
from lakescan.engines.options import EngineOptions
from lakescan.errors import MissingDependencyError, TerminalError, TransientError, UsageError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: Set in the driver of a ``spark-submit``, whose options say where the cluster is.
SUBMITTED = "PYSPARK_GATEWAY_PORT"
_KNOCK_SECONDS = 5.0
#: In ``local[N,F]``: a task whose worker died is begun again (and only tells that it was).
_TASK_FAILURES = 4
#: For a session that we start. The driver's JVM only schedules: it starts sooner, and costs half
#: the processor time, if it does not compile itself for a long life.
_OURS = {
    "spark.app.name": "lakescan",
    "spark.log.level": "ERROR",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}
_LOOPBACK = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
_JAVA = "install Java 17 or newer (Debian: openjdk-17-jre-headless), or set JAVA_HOME"


@contextlib.contextmanager
def connected(options: EngineOptions) -> Iterator[SparkSession]:
    """Have a Spark session for a while.

    In this order: the session that this process has already, the cluster that ``spark-submit``
    named (its session ends with the application), ``options.address``, Spark on this machine. Only
    what was opened here is closed.

    Raises:
        MissingDependencyError: PySpark is not installed.
        UsageError: there is no Java, or no such kind of address.
        TransientError: no cluster answers at the address.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise MissingDependencyError("pyspark", "spark") from None
    running = SparkSession.getActiveSession()
    if running is not None:
        yield running
        return
    session = _started(options)
    if SUBMITTED in os.environ:
        yield session
        return
    try:
        yield session
    finally:
        session.stop()


def is_spark_address(address: str) -> bool:
    """Whether an address is one of Spark's: a master's URL."""
    return address.startswith(("local", "spark://", "k8s://", "yarn"))


def _started(options: EngineOptions) -> SparkSession:
    # PySpark 4.3 about a pandas that is newer than it, which nothing here is asked of.
    message = "PySpark does not yet fully support pandas"
    warnings.filterwarnings("ignore", message, FutureWarning)
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    builder = SparkSession.builder
    for name, value in _settings(options).items():
        builder = builder.config(name, value)
    try:
        with contextlib.nullcontext() if SUBMITTED in os.environ else _deaf_to_standard_error():
            return builder.getOrCreate()
    except PySparkException as error:
        raise TerminalError(
            f"Spark does not start: {error.getCondition() or type(error).__name__}", hint=_JAVA
        ) from None


def _settings(options: EngineOptions) -> dict[str, str]:
    """Of the session to be started."""
    if SUBMITTED in os.environ:
        return {}
    _check_java()
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    address = options.address
    if address is None:
        master = f"local[{options.workers or usable_cpus()},{_TASK_FAILURES}]"
        return {**_OURS, **_LOOPBACK, "spark.master": master}
    if not is_spark_address(address):
        raise UsageError(
            f"Spark is not reached at {address}",
            hint="give a master's URL: spark://host:7077, k8s://..., yarn or local[N]",
        )
    if address.startswith("local"):
        return {**_OURS, **_LOOPBACK, "spark.master": address}
    if address.startswith("spark://"):
        _knock(address)
    return {**_OURS, "spark.master": address}


def _check_java() -> None:
    """See that there is a Java: Spark's own word for that is a page of shell output."""
    home = os.environ.get("JAVA_HOME")
    if home is None and shutil.which("java") is None:
        raise UsageError("Spark needs Java, and there is none", hint=_JAVA)
    if home is not None and not (Path(home) / "bin" / "java").exists():
        raise UsageError(f"JAVA_HOME is {home}, where no Java is", hint=_JAVA)


def _knock(address: str) -> None:
    """See that something listens at ``spark://host:port``: Spark takes minutes to give up."""
    for master in address.removeprefix("spark://").split(","):
        place = urlsplit(f"//{master}")
        try:
            host, port = place.hostname or "", place.port or 7077
            socket.create_connection((host, port), timeout=_KNOCK_SECONDS).close()
        except (OSError, ValueError):
            continue
        return
    raise TransientError(
        f"no Spark master answers at {address}", hint="is it running? see docs/spark.md"
    )


@contextlib.contextmanager
def _deaf_to_standard_error() -> Iterator[None]:
    """Start the JVM with a standard error of its own: it writes its greetings there."""
    kept = os.dup(2)
    try:
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
