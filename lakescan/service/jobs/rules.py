"""What scan jobs may read, and where their runs are kept."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lakescan.connectors.paths import glob_root
from lakescan.connectors.storage.lookup import absolute, scheme_of
from lakescan.engines.options import EngineOptions
from lakescan.errors import UsageError


@dataclass(frozen=True, slots=True)
class JobRules:
    """How jobs are run.

    Args:
        runs: the folder that their run folders are in, local or in object storage.
        sources: only what is one of these, or lies below one, is read.
        engine: how; ``address`` names a Ray cluster.
        at_once: jobs that run at one time; more wait.
        storage: connection properties.
    """

    runs: str
    sources: tuple[str, ...]
    engine: EngineOptions = field(default_factory=EngineOptions)
    at_once: int = 1
    storage: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.sources:
            raise UsageError(
                "jobs read nothing, as no source is allowed",
                hint="give --source, such as s3://lake/",
            )

    def checked(self, uri: str) -> str:
        """A source that jobs may read; a local path as an absolute one.

        Raises:
            UsageError: they may not.
        """
        parts = urlsplit(uri)
        if parts.password is not None:
            raise UsageError(
                "a source names no password", hint="credentials come from the service's environment"
            )
        whole = _plain(uri)
        if not any(_below(whole, _plain(source)) for source in self.sources):
            raise UsageError("this source is not one that jobs of this service may read")
        return absolute(uri)


def _plain(uri: str) -> str:
    """A URI to be compared: of a local path where it really leads, of a glob its fixed part."""
    root, _ = glob_root(uri)
    if scheme_of(uri) == "file":
        return os.path.realpath(absolute(root or "."))
    scheme, _, rest = root.partition("://")
    if ".." in rest.split("/"):
        raise UsageError("a source goes no way back (..)")
    return f"{scheme.lower()}://{rest}".rstrip("/")


def _below(uri: str, source: str) -> bool:
    return uri == source or uri.startswith(source.rstrip("/") + "/")
