"""Which splits of a dataset a sampled scan reads."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TypeVar

from lakescan.connectors.model import Split
from lakescan.policy import Sampling

_Thing = TypeVar("_Thing")


def sampled_splits(splits: Sequence[Split], sampling: Sampling) -> Iterator[Split]:
    """The splits to be read, in their order: files evenly spaced, row groups too."""
    if sampling.files is None and sampling.row_groups is None:
        yield from splits
        return
    chosen: Container[int] | None = None
    if sampling.files is not None:
        count = sum(1 for _ in _by_file(splits))
        chosen = frozenset(spaced(range(count), sampling.files))
    for place, file in enumerate(_by_file(splits)):
        if chosen is not None and place not in chosen:
            continue
        yield from file if sampling.row_groups is None else _row_groups(file, sampling.row_groups)


def _by_file(splits: Iterable[Split]) -> Iterator[list[Split]]:
    return (list(group) for _, group in groupby(splits, key=lambda split: split.uri))


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
