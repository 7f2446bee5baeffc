"""``classify``: one file, or a stream, at once."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from lakescan.connectors import Selection
from lakescan.engines.options import EngineOptions
from lakescan.jobs.result import ScanResult
from lakescan.jobs.scan.job import scan
from lakescan.policy import AccuracyMode, Policy

#: How a stream is called in reports.
STREAM = "-"


def classify(
    source: str | Path | bytes | BinaryIO,
    policy: Policy | str | Path | None = None,
    *,
    selection: Selection | None = None,
    accuracy_mode: AccuracyMode | None = None,
) -> ScanResult:
    """Say what the columns of one file hold: on this machine, with no run folder.

    Args:
        source: a path or URI; or a file's bytes, or a binary stream (written to a temporary file,
            since most formats are read from their end).
        policy: a policy or the path of one; None for the default.
        selection: how the file is read, and how storage is reached.
        accuracy_mode: which model reads values, instead of what the policy says.

    Raises:
        UsageError: the policy is wrong, or its model is not there.
        LakeError: the file cannot be listed.
    """
    engine = EngineOptions("local")
    if isinstance(source, str | Path):
        return scan(source, policy, engine=engine, selection=selection, accuracy_mode=accuracy_mode)
    stream = BytesIO(source) if isinstance(source, bytes) else source
    with tempfile.TemporaryDirectory(prefix="lakescan-") as folder:
        path = Path(folder) / "stream"
        with path.open("wb") as file:
            shutil.copyfileobj(stream, file)
        return classify_written(path, policy, selection=selection, accuracy_mode=accuracy_mode)


def classify_written(
    path: Path,
    policy: Policy | str | Path | None = None,
    *,
    selection: Selection | None = None,
    accuracy_mode: AccuracyMode | None = None,
) -> ScanResult:
    """As `classify` of a stream that has been written to a file; the report does not name it."""
    engine = EngineOptions("local")
    result = scan(path, policy, engine=engine, selection=selection, accuracy_mode=accuracy_mode)
    return _renamed(result, str(path))


def _renamed(result: ScanResult, path: str) -> ScanResult:
    """The result without the temporary file's name."""
    value = result.value
    return ScanResult(
        replace(
            value,
            datasets=tuple(
                replace(dataset, uri=dataset.uri.replace(path, STREAM))
                for dataset in value.datasets
            ),
            errors=tuple(
                replace(
                    error,
                    uri=error.uri.replace(path, STREAM),
                    message=error.message.replace(path, STREAM),
                )
                for error in value.errors
            ),
        )
    )
