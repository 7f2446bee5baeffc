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
        return pa.table(
            [
                pa.array(np.concatenate(self._rows), pa.int64()),
                pa.array(np.concatenate(self._starts), pa.int32()),
                pa.array(np.concatenate(self._ends), pa.int32()),
                _dictionary(np.repeat(entity_codes, sizes), entities),
                pa.array(np.repeat(scores, sizes), pa.float32()),
                _dictionary(np.repeat(detector_codes, sizes), detectors),
            ],
            schema=FINDINGS_SCHEMA,
        )


def _dictionary(codes: npt.NDArray[np.int16], words: list[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(words, pa.string()))
