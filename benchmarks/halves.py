"""lakescan with half of the evidence: columns by their names alone, or by their values alone."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa

import lakescan

NAMES, VALUES = "names alone", "values alone"


def without_values(policy_text: str) -> lakescan.Policy:
    """A policy by which no row is read."""
    return lakescan.Policy.parse(f"{policy_text}\nsampling: {{rows: 0}}\n")


def judge_values(cells: Path, target: Path, policy: lakescan.Policy) -> None:
    """Judge every column by itself: no name, no neighbours, no table.

    Args:
        cells: lines of ``file``, ``column``, ``index``, ``values``.
        target: gets lines of ``file``, ``column``, ``index``, ``label``, ``sensitive``.
        policy: which entities, which model.
    """
    with cells.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8") as file:
        for line in lines:
            column = json.loads(line)
            found = lakescan.detect_column(pa.array(column.pop("values")), None, policy).verdict
            if found.classifications:
                label = found.classifications[0].category
                row = column | {"label": label, "sensitive": found.sensitive}
                file.write(json.dumps(row) + "\n")
