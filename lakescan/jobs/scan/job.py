"""The scan job: what is asked for, and what starts before the work does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lakescan.engines.options import EngineOptions
from lakescan.jobs.early import started_for
from lakescan.jobs.scan.request import Output

if TYPE_CHECKING:
    from lakescan.connectors import Selection
    from lakescan.jobs.result import ScanResult
    from lakescan.jobs.scan.budget import Budget
    from lakescan.policy import AccuracyMode, Policy, Sampling
    from lakescan.reports.progress import Progress


def scan(  # noqa: PLR0913 - the whole job in one call
    uris: str | Path | Sequence[str | Path],
    policy: Policy | str | Path | None = None,
    *,
    engine: str | EngineOptions = "auto",
    output: str | Path | Output | None = None,
    selection: Selection | None = None,
    sample: Sampling | None = None,
    progress: Progress | None = None,
    accuracy_mode: AccuracyMode | None = None,
    budget: Budget | None = None,
) -> ScanResult:
    """Find the personal data under one or more URIs.

    Args:
        uris: files, folders, globs or ``s3://bucket/prefix``; one or several.
        policy: a policy or the path of one; None for the default.
        engine: ``auto``, ``local``, ``ray`` or ``spark``, or `EngineOptions` with workers and an
            address.
        output: the run folder, as a URI or an `Output` that says what of earlier runs is used;
            None keeps nothing.
        selection: which files, how they are grouped and read, and how storage is reached.
        sample: how much to read, instead of what the policy says.
        progress: is told how far the scan is; None for the cell of a notebook, elsewhere nobody.
        accuracy_mode: which model reads values, instead of what the policy says.
        budget: when to stop, as ``partial``, before everything is read.

    Returns:
        What was found, and what could not be read: a bad file is in ``errors``, never raised.

    Raises:
        UsageError: the call makes no sense, the policy is wrong, or its model is not there.
        MissingDependencyError: packages that the accuracy mode needs are not installed.
        LakeError: no source could be listed, or the output cannot be written.
    """
    options = EngineOptions(engine) if isinstance(engine, str) else engine
    sources = [str(uri) for uri in ([uris] if isinstance(uris, str | Path) else uris)]
    module = "" if isinstance(output, Output) and output.reuses else "lakescan.jobs.scan.task"
    with started_for(options, sources, module, selection.storage if selection else None):
        # Here, as they take a third of a second, in which a cluster starts.
        from lakescan.jobs.scan.running import Running, resolved

        running = Running(
            resolved(policy, accuracy_mode, sample), selection, options, progress, budget
        )
        return running.run(sources, output)
