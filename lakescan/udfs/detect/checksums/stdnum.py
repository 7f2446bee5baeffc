"""Checks that python-stdnum does value by value, for numbers whose form alone is rare."""

from __future__ import annotations

import importlib
from functools import lru_cache
from typing import Protocol

import numpy as np

from lakescan.udfs.detect.checksums.candidates import BoolArray, Candidates, Check


class _Module(Protocol):
    def is_valid(self, text: str) -> bool: ...


@lru_cache(maxsize=256)
def _module(name: str) -> _Module:
    module: _Module = importlib.import_module(f"stdnum.{name}")
    return module


class Stdnum:
    """A check by ``stdnum.<name>.is_valid``; picklable, and imports nothing until asked.

    Args:
        name: of the module, such as ``it.codicefiscale``.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, candidates: Candidates) -> BoolArray:
        valid = _module(self.name).is_valid
        found = (valid(text) for text in candidates.texts.to_list())
        return np.fromiter(found, np.bool_, len(candidates))


def stdnum(name: str) -> Check:
    """The check of a python-stdnum module."""
    return Stdnum(name)
