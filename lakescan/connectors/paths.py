"""Reading paths: globs, hidden names, Hive partitions, members of archives."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from urllib.parse import unquote

from lakescan.connectors.storage.lookup import absolute
from lakescan.policy.globs import whole_path_pattern

_GLOB = re.compile(r"[*?\[]|\{[^{}]*,.*\}")
_PACKED = r"(?:\.(?:gz|gzip|bz2|zst))?"
_MEMBER = re.compile(rf"(?i)^(.+?\.(?:zip|xlsx{_PACKED}|xlsm{_PACKED}|xls{_PACKED}))!/(.+)$")
_AS_OF = re.compile(r"@v?\d+/?$")
_VERSION = "?version="
#: What Hive writes for a null partition value (hive.exec.default.partition.name).
HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"


def glob_root(uri: str) -> tuple[str, str | None]:
    """Split a URI at its first wildcard: the prefix to list, and the pattern over whole URIs."""
    found = _GLOB.search(uri)
    if not found:
        return uri, None
    return uri[: uri.rfind("/", 0, found.start()) + 1], uri


def matches(path: str, globs: Sequence[str]) -> bool:
    """Whether one of ``globs`` matches a path; one without a slash matches the last name."""
    name = path.rsplit("/", 1)[-1]
    return any(
        bool(whole_path_pattern(glob).fullmatch(path if "/" in glob else name))
        or path.startswith(glob.rstrip("/") + "/")
        for glob in globs
    )


def hidden(path: str) -> bool:
    """Whether a name on the path begins with ``_`` or ``.``: markers and logs, not data."""
    return any(part[:1] in ("_", ".") and "=" not in part for part in path.split("/"))


def partitions_of(uri: str) -> tuple[tuple[str, str | None], ...]:
    """The ``key=value`` directories of a URI, in path order; Hive's null is None."""
    folders = uri.split("/")[:-1]
    pairs = [folder.partition("=") for folder in folders if folder.find("=") > 0]
    return tuple((key, None if value == HIVE_NULL else unquote(value)) for key, _, value in pairs)


def renamed_mark(path: str) -> str:
    """What the name of an output tells of its path before a partition of it was renamed."""
    return hashlib.sha256(path.encode()).hexdigest()[:8]


def split_version(uri: str) -> tuple[str, str | None]:
    """A URI and the old version that it names: ``s3://bucket/key?version=ID``."""
    plain, mark, version = uri.rpartition(_VERSION)
    return (plain, version) if mark and version and "/" not in version else (uri, None)


def with_version(uri: str, version: str) -> str:
    """The URI of an old version of an object."""
    return f"{uri}{_VERSION}{version}"


def any_version(uri: str) -> str:
    """A lake table's URI without what asks for an older one: ``table@v12``, ``table@12``."""
    return _AS_OF.sub("", uri)


def archive_member(uri: str) -> tuple[str, str | None]:
    """The object in storage, and the archive's member if the URI names one.

    ``a.zip!/b.csv`` is ``a.zip`` and ``b.csv``; of ``a.xlsx!/Sheet2`` the sheet is left out: it is
    the format's business.
    """
    found = _MEMBER.match(uri)
    if not found:
        return uri, None
    location, rest = found[1], found[2]
    if not location.lower().endswith(".zip"):
        return location, None
    return location, archive_member(rest)[0]


def inside(uri: str) -> tuple[str, str]:
    """The file that a URI or path names, and what it names inside of it; nothing of a plain one."""
    found = _MEMBER.match(uri)
    return (found[1], found[2]) if found else (uri, "")


def below(uri: str, root: str) -> str:
    """A dataset's or file's path below the root of its source; its name where it is the root."""
    base = absolute(glob_root(root)[0]).rstrip("/")
    for mark in ("/", "!/"):  # a database that is a file has its tables after the second
        if uri.startswith(base + mark):
            return uri[len(base) + len(mark) :]
    return uri.rstrip("/").rpartition("/")[2]
