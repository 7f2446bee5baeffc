"""What Prometheus is told: counts and times, never a value."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from lakescan.jobs.detect import Finding

#: Bounds of the time buckets, in seconds.
_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
#: Bounds of how many questions were read at once.
_SIZES = (1, 2, 4, 8, 16, 32, 64)


class Meters:
    """The service's counters, in a registry of their own."""

    media_type = "text/plain; version=0.0.4; charset=utf-8"

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "lakescan_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "lakescan_request_seconds",
            "From the first byte of a request to the last of its answer.",
            ("route",),
            buckets=_BOUNDS,
            registry=self._registry,
        )
        self._entities = Counter(
            "lakescan_entities", "Findings told, by entity.", ("entity",), registry=self._registry
        )
        self._read_seconds = Histogram(
            "lakescan_read_seconds",
            "What one pass of the detectors took.",
            buckets=_BOUNDS,
            registry=self._registry,
        )
        self._together = Histogram(
            "lakescan_read_together",
            "Requests that shared one pass of the detectors.",
            buckets=_SIZES,
            registry=self._registry,
        )
        self.waiting = Gauge(
            "lakescan_waiting", "Requests that wait for a worker.", registry=self._registry
        )
        self.running = Gauge("lakescan_running", "Requests in work.", registry=self._registry)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; ``route`` is its template, so that no value becomes a label."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def told(self, findings: Iterable[Finding]) -> None:
        """Count findings of an answer."""
        for entity, number in Tally(finding.entity for finding in findings).items():
            self._entities.labels(entity).inc(number)

    def read(self, questions: int, seconds: float) -> None:
        """Count one pass."""
        self._together.observe(questions)
        self._read_seconds.observe(seconds)

    def page(self) -> bytes:
        """The Prometheus text."""
        return generate_latest(self._registry)
