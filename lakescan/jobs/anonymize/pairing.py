"""Which table of an output was made of which table of a source, by their paths."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lakescan.connectors.formats.detect import COMPRESSIONS, extension_of

_ODD = re.compile(r"\W+")


def counterpart(name: str, others: Iterable[str]) -> str | None:
    """The one of the others that a table goes with; None if none does, or several do.

    A path is the same in files; a table of a database is named after its file's path, and may
    stand in another schema; a folder is named after its table.

    Args:
        name: path of the table below its root.
        others: paths of the tables on the other side.
    """
    known = sorted(set(others))
    if name in known:
        return name
    for left, right in ((_plain, _plain), (_plain, _last), (_last, _plain), (_last, _last)):
        found = [other for other in known if left(name) == right(other)]
        if len(found) == 1:
            return found[0]
    return None


def _plain(path: str) -> str:
    folder, slash, name = path.strip("/").rpartition("/")
    for extension in COMPRESSIONS:
        name = name.removesuffix(extension)
    known = extension_of(name)
    stem = name[: -len(known)] if known and len(known) < len(name) else name
    return _ODD.sub("_", f"{folder}{slash}{stem}").strip("_")


def _last(path: str) -> str:
    return _plain(path.strip("/").rpartition("/")[2])
