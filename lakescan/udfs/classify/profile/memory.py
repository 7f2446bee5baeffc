"""Memory: what was found in strings that come again with every batch."""

from __future__ import annotations

import numpy as np

from lakescan.udfs.arrays import taken
from lakescan.udfs.classify.profile.sketch import Hashes
from lakescan.udfs.detect.collect import Group
from lakescan.udfs.detect.protocol import Groups
from lakescan.udfs.detect.values import Values

#: Strings that are remembered; at the limit all are forgotten.
_MOST = 1 << 16

#: Entity, detector, score, start, end, whether it is the whole string.
_Finding = tuple[str, str, float, int, int, bool]


class Memory:
    """Searches each string once in the life of a process.

    It holds hashes and findings, no strings.

    Args:
        detectors: what finds entities in strings; what they find depends on the string alone.
    """

    def __init__(self, detectors: Groups) -> None:
        self._detectors = detectors
        self._known: dict[int, tuple[_Finding, ...]] = {}

    def groups(self, values: Values, hashes: Hashes) -> list[Group]:
        """All findings in strings.

        Args:
            values: the strings.
            hashes: the hash of each.
        """
        keys = hashes.tolist()
        new = [row for row, key in enumerate(keys) if key not in self._known]
        if new:
            if len(self._known) + len(new) > _MOST:
                self._known = {}
                new = list(range(len(keys)))
            self._learn(values, new, keys)
        found: dict[tuple[str, str, float, bool], list[tuple[int, int, int]]] = {}
        for row, key in enumerate(keys):
            for entity, detector, score, start, end, whole in self._known[key]:
                found.setdefault((entity, detector, score, whole), []).append((row, start, end))
        return [_group(label, spans) for label, spans in found.items()]

    def _learn(self, values: Values, rows: list[int], keys: list[int]) -> None:
        part = values if len(rows) == len(values) else Values(taken(values.series, rows))
        learnt: list[list[_Finding]] = [[] for _ in rows]
        for group in self._detectors.groups(part):
            label = (group.entity, group.detector, group.score)
            spans = zip(
                group.rows.tolist(), group.starts.tolist(), group.ends.tolist(), strict=True
            )
            for row, start, end in spans:
                learnt[row].append((*label, start, end, group.whole))
        for row, findings in zip(rows, learnt, strict=True):
            self._known[keys[row]] = tuple(findings)


def _group(label: tuple[str, str, float, bool], spans: list[tuple[int, int, int]]) -> Group:
    entity, detector, score, whole = label
    table = np.array(spans, np.int64)
    return Group(entity, detector, score, table[:, 0], table[:, 1], table[:, 2], whole)
