"""What an engine needs, started while a job plans, where planning has something to find."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from itertools import islice
from pathlib import Path

from lakescan.engines.early import started_early, started_once
from lakescan.engines.options import EngineOptions
from lakescan.errors import LakescanError

#: With one of these a path may name what is no file: a glob, a version, an archive's member.
_MORE_THAN_A_PATH = frozenset("*?[{@!")
#: So many files of a folder are looked at to see whether there is much to read.
_LOOKED_AT = 1000


def started_for(
    options: EngineOptions,
    sources: Iterable[str],
    module: str = "",
    storage: Mapping[str, str] | None = None,
) -> AbstractContextManager[None]:
    """`started_early` if a source is seen to be there, else `started_once`.

    So what is not there, or refuses us, is told before a cluster is waited for.

    Args:
        options: which engine.
        sources: what the job reads.
        module: the task's, for workers that may start now; else none does.
        storage: connection properties.
    """
    found = [uri for uri in sources if _may_exist(uri, options, storage)]
    if not found:
        return started_once(options)
    return started_early(options, _bytes_below(found) if module else 0, module)


def _may_exist(uri: str, options: EngineOptions, storage: Mapping[str, str] | None) -> bool:
    """Whether planning may find it: paths of this machine and, for Ray, of stores are looked at.

    A server, of which planning asks little, is left to it.
    """
    if "://" in uri:
        return options.name != "ray" or _is_stored(uri, storage)
    return not _MORE_THAN_A_PATH.isdisjoint(uri) or Path(uri).expanduser().exists()


def _is_stored(uri: str, storage: Mapping[str, str] | None) -> bool:
    """Whether its store lists an object there."""
    from lakescan.connectors import storage_for
    from lakescan.connectors.storage.lookup import STORAGE_SCHEMES, scheme_of

    bucket = uri.find("://") + len("://")
    key = uri.find("/", bucket)
    if scheme_of(uri) not in STORAGE_SCHEMES:
        return False
    if not uri[bucket:]:
        return True
    special = next((n for n in range(key, len(uri)) if uri[n] in _MORE_THAN_A_PATH), None)
    prefix = uri if key < 0 or special is None else uri[: uri.rindex("/", 0, special) + 1]
    try:
        return next(storage_for(uri, storage).list(prefix), None) is not None
    except LakescanError:
        return False


def _bytes_below(uris: Iterable[str]) -> int:
    """What the first files weigh that lie on this machine."""
    paths = [Path(uri).expanduser() for uri in uris if "://" not in uri]
    files = (file for path in paths for file in (path, *path.rglob("*")))
    with suppress(OSError):  # the job will say so
        return sum(file.stat().st_size for file in islice(files, _LOOKED_AT) if file.is_file())
    return 0
