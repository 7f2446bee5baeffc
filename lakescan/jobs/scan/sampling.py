"""Which splits of a dataset a sampled scan reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import TypeVar

from lakescan.connectors.model import Split
from lakescan.policy import Sampling

_Thing = TypeVar("_Thing")


def sampled_splits(splits: Sequence[Split], sampling: Sampling) -> tuple[Split, ...]:
    """The splits to be read, in their order: files evenly spaced, row groups too."""
    files = [list(group) for _, group in groupby(splits, key=lambda split: split.uri)]
    if sampling.files is not None:
        files = spaced(files, sampling.files)
    if sampling.row_groups is not None:
        files = [_row_groups(file, sampling.row_groups) for file in files]
    return tuple(split for file in files for split in file)


def spaced(things: Sequence[_Thing], count: int) -> list[_Thing]:
    """At most ``count`` of ``things``, evenly spaced, the first and the last among them."""
    if len(things) <= count:
        return list(things)
    if count == 1:
        return [things[len(things) // 2]]
    step = (len(things) - 1) / (count - 1)
    return [things[round(place * step)] for place in range(count)]


def _row_groups(file: list[Split], count: int) -> list[Split]:
    """So many row groups of a file that was cut by them, or ranges of a database's table.

    Any other file is left to the reader.
    """
    if all(split.unit == "range" for split in file):
        return spaced(file, count)
    if len(file) == 1 or any(split.unit != "row_group" or split.stop is None for split in file):
        return file
    groups = [
        replace(
            split,
            start=number,
            stop=number + 1,
            size=split.size // (split.stop - split.start),
            rows=None,
        )
        for split in file
        if split.stop is not None
        for number in range(split.start, split.stop)
    ]
    return spaced(groups, count)
