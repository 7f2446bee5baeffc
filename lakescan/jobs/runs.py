"""Opening the folder of an earlier run, wherever it lies."""

from __future__ import annotations

from collections.abc import Mapping

from lakescan.errors import NotFoundError
from lakescan.reports.model import ScanReport


def open_run(uri: str, storage: Mapping[str, str]) -> ScanReport:
    """Read the report of a run folder, local or in object storage.

    Raises:
        NotFoundError: there is no finished run.
        CorruptFileError: the files are not what a run writes.
    """
    from lakescan.jobs.ledger.folder import RunFolder
    from lakescan.reports.folder import RUN_FILE, read_run

    try:
        return read_run(RunFolder(uri, storage).published)
    except NotFoundError as error:
        raise NotFoundError(
            f"no finished run here: {RUN_FILE} is missing",
            hint="give the folder that `lakescan scan --output` wrote",
            uri=uri,
        ) from error
