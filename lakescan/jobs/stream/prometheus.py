"""What Prometheus is told of a stream: counts and lag, never a value."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lakescan.errors import MissingDependencyError, UsageError
from lakescan.jobs.stream.result import Counts

if TYPE_CHECKING:
    from prometheus_client.core import Metric


class _Collector:
    """Reads the counts when it is asked."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        counts = self._counts
        for name, what, value in (
            ("lakescan_stream_messages", "Messages dealt with and committed.", counts.messages),
            ("lakescan_stream_commits", "Commits.", counts.commits),
            ("lakescan_stream_aborts", "Batches begun again.", counts.aborts),
        ):
            yield CounterMetricFamily(name, what, value=value)
        found = CounterMetricFamily(
            "lakescan_stream_findings", "Cells and spans exchanged, by entity.", labels=["entity"]
        )
        for entity, number in sorted(counts.found.copy().items()):
            found.add_metric([entity or "unnamed"], number)
        yield found
        dead = CounterMetricFamily(
            "lakescan_stream_dead_letters", "Messages that failed, by error.", labels=["error"]
        )
        for kind, number in sorted(counts.dead.copy().items()):
            dead.add_metric([kind], number)
        yield dead
        lag = GaugeMetricFamily(
            "lakescan_stream_lag", "Messages behind.", labels=["topic", "partition"]
        )
        for (topic, partition), number in sorted(counts.lag.copy().items()):
            lag.add_metric([topic, str(partition)], number)
        yield lag


@contextmanager
def exposed(counts: Counts, where: str | None) -> Iterator[None]:
    """Answer at ``host:port`` while the block runs; nowhere for None.

    Raises:
        UsageError: that is no host and port, or is taken.
        MissingDependencyError: prometheus-client is not installed.
    """
    if where is None:
        yield
        return
    try:
        from prometheus_client import CollectorRegistry, start_http_server
    except ImportError:
        raise MissingDependencyError("prometheus-client", "kafka") from None
    host, _, port = where.rpartition(":")
    if not port.isdigit():
        raise UsageError(f"{where!r} is no host and port", hint="such as 127.0.0.1:9464")
    registry = CollectorRegistry()
    registry.register(_Collector(counts))
    try:
        server, thread = start_http_server(int(port), host or "127.0.0.1", registry)
    except OSError as error:
        raise UsageError(f"metrics at {where}: {error.strerror}") from None
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
