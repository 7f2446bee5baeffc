"""Which table of an output was made of which table of a source, by their paths."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lakescan.connectors.formats.detect import COMPRESSIONS, extension_of
from lakescan.connectors.grouping import name_pattern

_ODD = re.compile(r"\W+")
_DATED = re.compile(r"[\d*_.T:+-]+")


def counterpart(name: str, others: Iterable[str]) -> str | None:
    """The one of the others that a table goes with; None if none does, or several do.

    A path is the same in files; a table of a database is named after its file's path, and may
    stand in another schema; a folder is named after its table; a file may be all that is left of
    a table of several.

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
    return max((other for other in known if _has(other, name)), key=len, default=None)


def _has(table: str, file: str) -> bool:
    """Whether a table of several files is where a file of that name would be one of them.

    A compacted output has a table in one file of the many that it had.
    """
    folder, _, pattern = table.rpartition("/")
    if pattern and "*" not in pattern:
        return False
    *above, last = file.split("/")
    while above and ("=" in above[-1] or _DATED.fullmatch(above[-1])):
        above.pop()
    if not last or "/".join(above) != folder:
        return False
    return not pattern or name_pattern(_stem(last)) == _stem(pattern)


def _plain(path: str) -> str:
    folder, slash, name = path.strip("/").rpartition("/")
    return _ODD.sub("_", f"{folder}{slash}{_stem(name)}").strip("_")


def _stem(name: str) -> str:
    for extension in COMPRESSIONS:
        name = name.removesuffix(extension)
    known = extension_of(name)
    return name[: -len(known)] if known and len(known) < len(name) else name


def _last(path: str) -> str:
    return _plain(path.strip("/").rpartition("/")[2])
