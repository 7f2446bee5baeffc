"""The end of a command that has a report: hold the gates against it, and leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from lakescan.cli.failure import ExitCode
from lakescan.cli.output import note
from lakescan.reports.model import ScanReport

if TYPE_CHECKING:
    from lakescan.policy import Gate, Policy

_STATUS_CODES = {"partial": ExitCode.PARTIAL, "failed": ExitCode.LAKE}


def gates_of(policy: Policy, asked: Sequence[str] | None) -> tuple[Gate, ...]:
    """The policy's gates and those of the command line."""
    from lakescan.policy import parse_gate

    named = (parse_gate(text, policy.custom_entities) for text in asked or ())
    return (*policy.parsed_gates(), *named)


def trips(report: ScanReport, gates: Sequence[Gate], baseline: ScanReport | None = None) -> bool:
    """Whether a gate trips; each that does is named on standard error."""
    if not gates:
        return False
    from lakescan.reports.gating import tripped

    found = tripped(report, gates, baseline)
    for trip in found:
        note(trip.line())
    return bool(found)


def conclude(report: ScanReport, gates: Sequence[Gate], baseline: ScanReport | None = None) -> None:
    """End with a scan's exit code; a gate that trips counts more than what was not read."""
    if trips(report, gates, baseline):
        raise typer.Exit(ExitCode.GATE)
    raise typer.Exit(_STATUS_CODES.get(report.status, ExitCode.CLEAN))
