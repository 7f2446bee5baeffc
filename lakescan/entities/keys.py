"""Keys of objects and maps: most are names, as those of columns are; some are values."""

from __future__ import annotations

import re

#: A mail address; what an operator put in the place of a key; five digits or more, as ids, days,
#: telephones and cards have them; three or more with no letter beside them.
_VALUE = re.compile(r"\S@[^\s@]+\.\w|^<[A-Z_0-9]+>|^lks1\.|(?:\d\D*?){5}|^[\W_]*(?:\d[\W_]*){3,}$")


def is_value(key: str) -> bool:
    """Whether a key is a value (``ann@example.org``, ``4711``), and what is below one of many.

    It depends on the key alone, so that every part of a table is taken apart in the same way.
    """
    return _VALUE.search(key) is not None
