"""Gates held against a report: what trips them, and what of that is new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lakescan.policy.gates import Gate, GateHit
from lakescan.reports.baseline import Finding, findings
from lakescan.reports.legible import legible, plural, shortened
from lakescan.reports.model import ScanReport

_NAMED = 3


@dataclass(frozen=True, slots=True)
class Trip:
    """A gate and the findings that tripped it."""

    gate: Gate
    findings: tuple[Finding, ...]

    def line(self) -> str:
        """The trip in a sentence that names its first columns."""
        names = [
            f"{legible(f.uri.rstrip('/').rsplit('/', 1)[-1])}: "
            f"{shortened(legible(f.column_name), 60)} ({f.entity})"
            for f in self.findings[:_NAMED]
        ]
        more = len(self.findings) - _NAMED
        tail = f", and {more} more" if more > 0 else ""
        return (
            f"gate {self.gate.text!r} tripped by {plural(len(self.findings), 'finding')}: "
            f"{', '.join(names)}{tail}"
        )


def tripped(
    report: ScanReport, gates: Iterable[Gate], baseline: ScanReport | None = None
) -> tuple[Trip, ...]:
    """The gates that trip.

    Args:
        report: what was found.
        gates: the conditions. ``sensitive`` looks at a column's verdict; one that names an
            entity, a category or a domain looks at everything found in the column.
        baseline: an earlier run's report; what tripped the same gate there does not count again.
    """
    trips: list[Trip] = []
    for gate in gates:
        before = (
            frozenset(finding.fingerprint for finding in _trip(baseline, gate))
            if baseline is not None
            else frozenset()
        )
        found = tuple(f for f in _trip(report, gate) if f.fingerprint not in before)
        if found:
            trips.append(Trip(gate, found))
    return tuple(trips)


def _trip(report: ScanReport, gate: Gate) -> Iterator[Finding]:
    for finding in findings(report):
        if (finding.verdict or gate.selector is not None) and gate.trips(_hit(finding)):
            yield finding


def _hit(finding: Finding) -> GateHit:
    found = finding.classification
    return GateHit(
        entity=found.entity,
        category=found.category,
        domain=found.domain,
        sensitive=finding.sensitive,
        prevalence=found.prevalence,
        confidence=found.confidence,
        rows_hit=found.rows_hit,
    )
