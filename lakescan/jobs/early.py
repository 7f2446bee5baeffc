"""An engine's cluster, started while a job plans, where planning has something to find."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from lakescan.engines.early import started_early
from lakescan.engines.options import EngineOptions

#: With one of these a path may name what is no file: a glob, a version, an archive's member.
_MORE_THAN_A_PATH = frozenset("*?[{@!")


def started_for(options: EngineOptions, sources: Iterable[str]) -> AbstractContextManager[None]:
    """`started_early`, unless no source is there: that is told before a cluster is waited for."""
    return started_early(options) if any(map(_may_exist, sources)) else nullcontext()


def _may_exist(uri: str) -> bool:
    """Whether planning may find it; a path of this machine is looked for."""
    if "://" in uri or not _MORE_THAN_A_PATH.isdisjoint(uri):
        return True
    return Path(uri).expanduser().exists()
