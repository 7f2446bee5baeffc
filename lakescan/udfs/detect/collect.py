"""Gathers findings from many passes: in groups as they come, and as one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lakescan.udfs.arrays import to_numpy
from lakescan.udfs.detect.findings import FINDINGS_SCHEMA, names_of, no_findings

Int64s = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one entity by one detector, with one score.

    Args:
        entity, detector, score: as in `FINDINGS_SCHEMA`.
        rows, starts, ends: of each finding.
        whole: whether each is known to be its whole value, white space around it aside.
    """

    entity: str
    detector: str
    score: float
    rows: Int64s
    starts: Int64s
    ends: Int64s
    whole: bool = False

    def take(self, chosen: Int64s | slice) -> Group:
        """Some of the findings."""
        return replace(
            self, rows=self.rows[chosen], starts=self.starts[chosen], ends=self.ends[chosen]
        )


class Collector:
    """Findings so far, in groups."""

    def __init__(self) -> None:
        self.groups: list[Group] = []

    def add(
        self, rows: Int64s, starts: Int64s, ends: Int64s, label: tuple[str, str, float]
    ) -> None:
        """Take findings of one (entity, detector, score)."""
        if len(rows):
            self.groups.append(Group(*label, rows, starts, ends))

    def add_whole(
        self, rows: Int64s, starts: Int64s, ends: Int64s, label: tuple[str, str, float]
    ) -> None:
        """The same of findings that span their whole values, white space aside."""
        if len(rows):
            self.groups.append(Group(*label, rows, starts, ends, whole=True))

    def table(self) -> pa.Table:
        """All findings, in the order they came."""
        return table_of(self.groups)


def table_of(groups: Sequence[Group]) -> pa.Table:
    """Groups as a table of `FINDINGS_SCHEMA`."""
    if not groups:
        return no_findings()
    sizes = [len(group.rows) for group in groups]
    entities = list(dict.fromkeys(group.entity for group in groups))
    detectors = list(dict.fromkeys(group.detector for group in groups))
    entity_codes = np.array([entities.index(group.entity) for group in groups], np.int16)
    detector_codes = np.array([detectors.index(group.detector) for group in groups], np.int16)
    scores = np.array([group.score for group in groups], np.float32)
    columns = [
        _plain(np.concatenate([group.rows for group in groups]), np.int64),
        _plain(np.concatenate([group.starts for group in groups]), np.int32),
        _plain(np.concatenate([group.ends for group in groups]), np.int32),
        _dictionary(np.repeat(entity_codes, sizes), entities),
        _plain(np.repeat(scores, sizes), np.float32),
        _dictionary(np.repeat(detector_codes, sizes), detectors),
    ]
    return pa.Table.from_arrays(columns, schema=FINDINGS_SCHEMA)


def groups_of(findings: pa.Table) -> list[Group]:
    """A table of `FINDINGS_SCHEMA` as groups."""
    if not findings.num_rows:
        return []
    entities, entity_codes = names_of(findings, "entity")
    detectors, detector_codes = names_of(findings, "detector")
    rows = to_numpy(findings["row"]).astype(np.int64)
    starts = to_numpy(findings["start"]).astype(np.int64)
    ends = to_numpy(findings["end"]).astype(np.int64)
    labels = np.rec.fromarrays([entity_codes, detector_codes, to_numpy(findings["score"])])
    kinds, of = np.unique(labels, return_inverse=True)
    found = []
    for number, (entity, detector, score) in enumerate(kinds.tolist()):
        at = np.flatnonzero(of == number)
        found.append(
            Group(entities[entity], detectors[detector], score, rows[at], starts[at], ends[at])
        )
    return found


def _plain(
    values: npt.NDArray[np.generic], kind: type[np.int16 | np.int32 | np.int64 | np.float32]
) -> pa.Array:
    # ``pa.array`` would import pandas, where it is installed, just to ask whether this is its.
    data = np.ascontiguousarray(values, kind)
    return pa.Array.from_buffers(_ARROW[kind], len(data), [None, pa.py_buffer(data)])


_ARROW = {
    np.int16: pa.int16(),
    np.int32: pa.int32(),
    np.int64: pa.int64(),
    np.float32: pa.float32(),
}


def _dictionary(codes: npt.NDArray[np.int16], words: list[str]) -> pa.DictionaryArray:
    encoded = [word.encode() for word in words]
    offsets = np.cumsum([0, *map(len, encoded)]).astype(np.int32)
    names = pa.StringArray.from_buffers(
        len(words), pa.py_buffer(offsets), pa.py_buffer(b"".join(encoded))
    )
    return pa.DictionaryArray.from_arrays(_plain(codes, np.int16), names)
