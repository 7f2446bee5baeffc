"""What an engine needs, started while a job plans, where planning has something to find."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from itertools import islice
from pathlib import Path

from lakescan.engines.early import started_early
from lakescan.engines.options import EngineOptions

#: With one of these a path may name what is no file: a glob, a version, an archive's member.
_MORE_THAN_A_PATH = frozenset("*?[{@!")
#: So many files of a folder are looked at to see whether there is much to read.
_LOOKED_AT = 1000


def started_for(
    options: EngineOptions, sources: Iterable[str], module: str = ""
) -> AbstractContextManager[None]:
    """`started_early`, unless no source is there: that is told before a cluster is waited for.

    Args:
        options: which engine.
        sources: what the job reads.
        module: the task's, for workers that may start now; else none does.
    """
    found = [uri for uri in sources if _may_exist(uri)]
    if not found:
        return nullcontext()
    return started_early(options, _bytes_below(found) if module else 0, module)


def _may_exist(uri: str) -> bool:
    """Whether planning may find it; a path of this machine is looked for."""
    if "://" in uri or not _MORE_THAN_A_PATH.isdisjoint(uri):
        return True
    return Path(uri).expanduser().exists()


def _bytes_below(uris: Iterable[str]) -> int:
    """What the first files weigh that lie on this machine."""
    paths = [Path(uri).expanduser() for uri in uris if "://" not in uri]
    files = (file for path in paths for file in (path, *path.rglob("*")))
    with suppress(OSError):  # the job will say so
        return sum(file.stat().st_size for file in islice(files, _LOOKED_AT) if file.is_file())
    return 0
