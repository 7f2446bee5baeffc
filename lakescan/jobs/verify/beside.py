"""Which files of a table lie beside which of its output, by their paths.

A file's output has its name, perhaps with another ending; in a partition that was renamed it tells
by a hash what it was (`lakescan.connectors.sinks.files.stage`). What has none went into the output
of a file before it, if there is one in its folder: a compacted output has fewer files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lakescan.connectors import Split
from lakescan.connectors.paths import renamed_mark

_Files = Mapping[str, tuple[Split, ...]]
_Sides = tuple[tuple[Split, ...], tuple[Split, ...]]


def together(before: _Files, after: _Files) -> Iterator[_Sides]:
    """Splits of both sides, whose rows stand in one order.

    What only one side has comes alone: a file that nothing was made of may hold what it should not.

    Args:
        before, after: of a table and its output: splits by the paths of their files, in order.
    """
    outputs = _Outputs(after)
    taken: dict[str, list[Split]] = {}
    last: dict[str, str] = {}
    for name, splits in before.items():
        folder = name.rpartition("/")[0]
        output = outputs.of(name)
        if output is not None:
            last[folder] = output
        if folder in last:
            taken.setdefault(last[folder], []).extend(splits)
        else:
            yield splits, ()
    for output, rows in after.items():
        yield tuple(taken.get(output, ())), rows


class _Outputs:
    """The files of an output, to be found by what they were made of."""

    def __init__(self, files: _Files) -> None:
        self._names = frozenset(files)
        self._stems: dict[str, str] = {}
        self._last: dict[str, str] = {}
        endings = set()
        for name in files:
            stem = _stem(name)
            self._stems.setdefault(stem, name)
            self._last.setdefault(stem.rpartition("/")[2], name)
            endings.add(name[len(stem) :])
        self._endings = sorted(endings)

    def of(self, name: str) -> str | None:
        """The output of a file; None where it has none of its own."""
        if name in self._names:
            return name
        stem = _stem(name)
        if stem in self._stems:
            return self._stems[stem]
        short = stem.rpartition("/")[2]
        marks = (renamed_mark(f"{stem}{ending}") for ending in self._endings)
        found = (self._last.get(f"{short}-{mark}") for mark in marks)
        return next((each for each in found if each is not None), None)


def _stem(name: str) -> str:
    """A file's path without its endings; a folder's as it is."""
    folder, slash, last = name.rpartition("/")
    return f"{folder}{slash}{last.partition('.')[0]}"
