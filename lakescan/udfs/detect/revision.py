"""Names the code and the data that findings come from, for the versions of detectors.

What one release finds differs from what a checkout between two releases finds; verdicts that are
taken over from an earlier run must be made by the same code. Nobody has to raise a number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

#: Where what is found, what profiles keep of it, and what entities are is written down.
_PLACES = ("lakescan.udfs.detect", "lakescan.udfs.classify", "lakescan.entities")

#: Compiled code is made from the rest; models have versions of their own.
_LEFT_OUT = frozenset(["__pycache__", "models"])

_BYTES = 4


@cache
def revision() -> str:
    """Eight digits that change with any file of ours that findings or profiles depend on."""
    return digest_of(resources.files(place) for place in _PLACES)


def digest_of(folders: Iterable[Traversable]) -> str:
    """The same of the files below some folders, by their names and bytes."""
    total = hashlib.blake2b(digest_size=_BYTES)
    for folder in folders:
        for name, data in _files(folder, ""):
            total.update(f"{name}\x1f{len(data)}\x1f".encode())
            total.update(data)
    return total.hexdigest()


def _files(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.name in _LEFT_OUT:
            continue
        if entry.is_dir():
            yield from _files(entry, f"{path}{entry.name}/")
        else:
            yield path + entry.name, entry.read_bytes()
