"""Sizes as people write them: ``500MB``, ``10GiB``, ``1024``."""

from __future__ import annotations

import re

import typer

_UNITS = {
    "": 1,
    "b": 1,
    **{unit: 1000 ** (place + 1) for place, unit in enumerate(("kb", "mb", "gb", "tb", "pb"))},
    **{unit: 1024 ** (place + 1) for place, unit in enumerate(("kib", "mib", "gib", "tib", "pib"))},
}


def size(text: str) -> int:
    """Bytes of a size: a number with a unit of 1000 (``GB``) or 1024 (``GiB``), or none.

    Raises:
        typer.BadParameter: it is no size.
    """
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*", str(text).lower())
    if match is None or match[2] not in _UNITS:
        raise typer.BadParameter(f"{text!r} is no size; write 500MB, 10GiB or a number of bytes")
    return int(float(match[1]) * _UNITS[match[2]])
