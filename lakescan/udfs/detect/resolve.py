"""Conflicts between findings: which of several overlapping ones is told."""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa

from lakescan.udfs.detect.findings import chosen, names_of, plain

#: By the first part of a detector's name. What the user named comes first, then what a checksum
#: or a strict form proves, then what context supports, then models, lists and mere shapes.
_RANKS = {"deny": 6, "pattern": 5, "custom": 5, "context": 4, "ner": 3, "dictionary": 2, "shape": 1}
#: Detectors of others' making stand beside the model.
_OTHER_RANK = 3


def rank_of(detector: str) -> int:
    """How much a detector's word weighs against another's over the same characters."""
    return _RANKS.get(detector.partition(".")[0], _OTHER_RANK)


def resolve(findings: pa.Table) -> pa.Table:
    """Keep, of overlapping findings in one value, the best: rank, then length, then score.

    Args:
        findings: a table of `FINDINGS_SCHEMA`.

    Returns:
        The findings that remain, none overlapping, ordered by row and start.
    """
    if findings.num_rows == 0:
        return findings
    detectors, codes = names_of(findings, "detector")
    ranks = np.array([rank_of(d) for d in detectors], np.int64)
    frame = pl.DataFrame(
        {
            "at": np.arange(findings.num_rows),
            "row": plain(findings["row"]),
            "start": plain(findings["start"]),
            "end": plain(findings["end"]),
            "rank": ranks[codes],
            "score": plain(findings["score"]),
        }
    )
    frame = frame.with_columns(size=pl.col("end") - pl.col("start")).sort(
        ["row", "rank", "size", "score", "at"], descending=[False, True, True, True, False]
    )
    alone = frame.filter(pl.len().over("row") == 1)["at"].to_numpy()
    crowded = frame.filter(pl.len().over("row") > 1)
    kept = _greedy(crowded) if len(crowded) else []
    told = np.concatenate((alone, np.asarray(kept, np.int64)))
    rows, starts = plain(findings["row"])[told], plain(findings["start"])[told]
    return chosen(findings, told[np.lexsort((starts, rows))])


def _greedy(frame: pl.DataFrame) -> list[int]:
    kept: list[int] = []
    row = -1
    taken: list[tuple[int, int]] = []
    for at, this, start, end in frame.select("at", "row", "start", "end").iter_rows():
        if this != row:
            row, taken = this, []
        if all(end <= low or start >= high for low, high in taken):
            taken.append((start, end))
            kept.append(at)
    return kept
