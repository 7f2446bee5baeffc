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


def conclude(report: ScanReport, gates: Sequence[Gate], baseline: ScanReport | None = None) -> None:
    """End with the report's exit code; a gate that trips counts more than what was not read."""
    code = _STATUS_CODES.get(report.status, ExitCode.CLEAN)
    if gates:
        from lakescan.reports.gating import tripped

        for trip in tripped(report, gates, baseline):
            note(trip.line())
            code = ExitCode.GATE
    raise typer.Exit(code)
