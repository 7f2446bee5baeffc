"""Reads labelled tables as cells, for peers that know no files: read as lakescan reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from lakescan.connectors import Dataset, ReadRequest, Selection, discover, read
from lakescan.errors import LakeError
from lakescan.udfs.leaves import leaves

#: So many rows of a table are read to find enough filled cells.
_ROWS = 5_000


def write_cells(folder: Path, target: Path, most: int, *, exclude: tuple[str, ...]) -> int:
    """Write the first filled cells of every column below a folder, a line a column.

    Args:
        folder: of tables.
        target: gets lines of ``file``, ``column``, ``index``, ``values``.
        most: cells of a column.
        exclude: globs of files that are no tables.

    Returns:
        How many columns there are.
    """
    count = 0
    with target.open("w", encoding="utf-8") as file:
        for found in discover(str(folder), Selection(group="file", exclude=exclude)):
            if isinstance(found, Dataset):
                for line in _columns(found, most):
                    file.write(json.dumps(line) + "\n")
                    count += 1
    return count


def _columns(dataset: Dataset, most: int) -> Iterator[dict[str, object]]:
    cells: dict[tuple[int, str], list[str]] = {}
    try:
        for split in dataset.splits:
            for batch in read(split, ReadRequest(max_rows=_ROWS)):
                for leaf in leaves(batch):
                    kept = cells.setdefault((leaf.index, leaf.path), [])
                    kept += _filled(leaf.array, most - len(kept))
    except LakeError:
        return  # lakescan itself reports it
    for (index, path), values in cells.items():
        if values:
            column = path if dataset.named else None
            yield {"file": dataset.uri, "column": column, "index": index, "values": values}


def _filled(array: pa.Array, most: int) -> list[str]:
    if most <= 0:
        return []
    texts = array.drop_null().cast(pa.string()).to_pylist()
    return [text for text in texts if text.strip()][:most]
