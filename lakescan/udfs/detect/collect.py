"""Gathers findings from many passes into one table."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lakescan.udfs.detect.findings import FINDINGS_SCHEMA, no_findings

Int64s = npt.NDArray[np.int64]


class Collector:
    """Findings so far, as arrays; names are coded once."""

    def __init__(self) -> None:
        self._rows: list[Int64s] = []
        self._starts: list[Int64s] = []
        self._ends: list[Int64s] = []
        self._labels: list[tuple[str, str, float]] = []

    def add(
        self, rows: Int64s, starts: Int64s, ends: Int64s, label: tuple[str, str, float]
    ) -> None:
        """Take findings of one (entity, detector, score)."""
        if len(rows):
            self._rows.append(rows)
            self._starts.append(starts)
            self._ends.append(ends)
            self._labels.append(label)

    def table(self) -> pa.Table:
        """All findings, in the order they came."""
        if not self._rows:
            return no_findings()
        sizes = [len(r) for r in self._rows]
        entities = list(dict.fromkeys(label[0] for label in self._labels))
        detectors = list(dict.fromkeys(label[1] for label in self._labels))
        entity_codes = np.array([entities.index(label[0]) for label in self._labels], np.int16)
        detector_codes = np.array([detectors.index(label[1]) for label in self._labels], np.int16)
        scores = np.array([label[2] for label in self._labels], np.float32)
        columns = [
            _plain(np.concatenate(self._rows), np.int64),
            _plain(np.concatenate(self._starts), np.int32),
            _plain(np.concatenate(self._ends), np.int32),
            _dictionary(np.repeat(entity_codes, sizes), entities),
            _plain(np.repeat(scores, sizes), np.float32),
            _dictionary(np.repeat(detector_codes, sizes), detectors),
        ]
        return pa.Table.from_arrays(columns, schema=FINDINGS_SCHEMA)


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
