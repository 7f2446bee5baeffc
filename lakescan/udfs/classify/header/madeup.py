"""Column names that a tool made up because the data had none: they say nothing.

What readers call columns of files without a header: ``_c0`` (Spark), ``column_1`` (Polars),
``column0`` (DuckDB), ``Unnamed: 3`` and ``0`` (pandas), ``f0`` (Arrow), ``V1`` (R), ``col0``
(Athena), ``string_field_0`` (BigQuery), ``A`` and ``AB`` (spreadsheets), ``EXPR$0`` (Calcite).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBERED = (
    "c|f|v|x|col|column|field|var|variable|attr|attribute|prop|expr|unnamed|untitled"
    "|spalte|feld|colonne|champ|columna|campo|coluna|colonna|kolumna|kolumn|kolom|veld|sutun|alan"
    "|列|字段|カラム|欄"
)
_MADE_UP = re.compile(
    rf"_?(?:(?:string|int64|double|float64|bool|date|timestamp)_)?(?:{_NUMBERED})[ _.:$-]*[0-9]*"
    r"|[A-Z][0-9]?|[A-C][A-Z]|[a-z](?:[._]?[0-9]+)?|_?[0-9]+",
)


def all_made_up(names: Sequence[str]) -> bool:
    """Whether no column has a name of its own.

    One name that says something is enough to say no: then somebody named the columns. So do x and
    y together: they are a position.
    """
    position = {"x", "y"} <= {name.lower() for name in names}
    return len(names) > 1 and not position and all(map(is_made_up, names))


def is_made_up(name: str) -> bool:
    """Whether a name is of the kind that tools make up; one alone may still be somebody's."""
    return any(_MADE_UP.fullmatch(written) for written in (name, name.lower()))
