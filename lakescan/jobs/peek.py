"""A second look at a scanned source, for eyes on a terminal: some of the found values themselves.

Nothing of this is ever kept: a report holds masked previews only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from lakescan.connectors import Dataset, ReadRequest, Selection, discover, read
from lakescan.errors import LakeError
from lakescan.jobs.accuracy import asked
from lakescan.policy import Policy
from lakescan.reports.model import ColumnReport, DatasetReport, ScanReport
from lakescan.udfs.detect import DetectorSet, Values, build_detectors
from lakescan.udfs.leaves import leaves

#: So many rows from the beginning of a dataset are looked at, and so many values shown.
_ROWS = 1000
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Glimpse:
    """Values of one column, as they are.

    Args:
        uri: the dataset's.
        column: the column as the report has it.
        values: at most three, different from each other.
    """

    uri: str
    column: ColumnReport
    values: tuple[str, ...]


def peek(
    report: ScanReport,
    uris: Sequence[str],
    policy: Policy | None = None,
    selection: Selection | None = None,
) -> Iterator[Glimpse]:
    """Show values of the sensitive columns of a report, read again from the source.

    Args:
        report: of a scan.
        uris: what was scanned.
        policy: what was looked for.
        selection: how it was read.
    """
    chosen = selection or Selection()
    wanted = {
        (dataset.uri, dataset.version): dataset
        for dataset in report.datasets
        if any(column.sensitive for column in dataset.columns)
    }
    # The first rows only, and at once: no model reads them.
    detectors = build_detectors(asked(policy or Policy.default(), "patterns"))
    detectors.setup()
    for uri in uris:
        for found in discover(uri, chosen):
            if isinstance(found, Dataset) and (found.uri, found.version) in wanted:
                yield from _glimpses(found, wanted[found.uri, found.version], detectors, chosen)


def _glimpses(
    dataset: Dataset, report: DatasetReport, detectors: DetectorSet, selection: Selection
) -> Iterator[Glimpse]:
    request = ReadRequest(max_rows=_ROWS, storage=selection.storage)
    try:
        batch = next(read(dataset.splits[0], request), None)
    except LakeError:
        return  # the report has said so already
    if batch is None:
        return
    seen: dict[str | int, pa.Array] = {}
    for leaf in leaves(batch):
        seen.setdefault(leaf.path if dataset.named else leaf.index, leaf.array)
    for column in report.columns:
        key = column.index if column.column is None else column.column
        if column.sensitive and key in seen:
            values = _values(seen[key], column, detectors)
            if values:
                yield Glimpse(dataset.uri, column, values)


def _values(array: pa.Array, column: ColumnReport, detectors: DetectorSet) -> tuple[str, ...]:
    """The first different values in which the verdict's entity is; any where none has it."""
    texts = pc.unique(array.drop_null().cast(pa.string()))
    found = detectors.detect_texts(Values.of(texts)) if len(texts) else None
    if found is not None:
        hit = pc.equal(found["entity"].cast(pa.string()), column.classifications[0].entity)
        rows = pc.unique(found.filter(hit)["row"])
        if len(rows):
            texts = texts.take(rows.sort())
    return tuple(texts[:_SHOWN].to_pylist())
