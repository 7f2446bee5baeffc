"""Reading parts of a document in which every scalar is text."""

from __future__ import annotations

from lakescan.errors import PolicyError
from lakescan.policy.document import Data

_TRUE, _FALSE = frozenset({"true", "yes", "on"}), frozenset({"false", "no", "off"})

Mapped = dict[str, Data]


def mapping(data: Data, path: str) -> Mapped:
    """Keys and values; none where there is nothing.

    Raises:
        PolicyError: it is something else.
    """
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise PolicyError("must have keys and values", path=path)
    return data


def listed(data: Data, path: str) -> list[Data]:
    """The items of a list; one text is a list of one.

    Raises:
        PolicyError: it is something else.
    """
    if data is None:
        return []
    if isinstance(data, str):
        return [data]
    if not isinstance(data, list):
        raise PolicyError("must be a list", path=path)
    return data


def texts(data: Data, path: str) -> list[str]:
    """A list's items, each a text.

    Raises:
        PolicyError: one is something else.
    """
    found = listed(data, path)
    for at, item in enumerate(found):
        if not isinstance(item, str):
            raise PolicyError("must be one text", path=f"{path}[{at}]")
    return [item for item in found if isinstance(item, str)]


def text(data: Data, path: str) -> str | None:
    """One text; None where there is nothing.

    Raises:
        PolicyError: it is something else.
    """
    if data is not None and not isinstance(data, str):
        raise PolicyError("must be one text", path=path)
    return data


def number(data: Data, path: str) -> float | None:
    """A number; None where there is nothing.

    Raises:
        PolicyError: it is something else.
    """
    written = text(data, path)
    if written is None:
        return None
    try:
        return float(written)
    except ValueError:
        raise PolicyError("must be a number", path=path) from None


def truth(data: Data, path: str, *, default: bool) -> bool:
    """True or false, as YAML 1.1 writes them.

    Raises:
        PolicyError: it is something else.
    """
    written = text(data, path)
    if written is None:
        return default
    if written.lower() in _TRUE:
        return True
    if written.lower() in _FALSE:
        return False
    raise PolicyError("must be true or false", path=path)
