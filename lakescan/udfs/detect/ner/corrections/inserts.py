"""Values of SQL's INSERT are of the columns that it names, or that the table was made with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lakescan.udfs.detect.ner.corrections.messages import named_by
from lakescan.udfs.detect.ner.corrections.places import replaced
from lakescan.udfs.detect.ner.spans import Span

_NAME = r"[`\"\[]?([\w.]{1,128})[`\"\]]?"
_INSERT = re.compile(
    rf"\bINSERT\s+INTO\s+{_NAME}\s*(?:\(([^()]{{1,4000}})\)\s*)?VALUES\s*(?=\()", re.IGNORECASE
)
_CREATE = re.compile(
    rf"\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?{_NAME}\s*\(([^;]{{1,8000}})", re.IGNORECASE
)
#: A column of a table that is made: what follows "(" or "," outside of brackets.
_COLUMN = re.compile(rf"\s*{_NAME}\s[^,()]*(?:\([^()]*\)[^,()]*)*,?")
#: A value of a row, and what comes after it.
_VALUE = re.compile(r"\s*(?:N?'((?:[^']|'')*)'|([^,()']*))\s*([,)])")
_NEXT_ROW = re.compile(r"\s*,\s*(?=\()")
_SCORE = 0.9


def with_inserts(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, those in rows that are inserted replaced by what their columns say.

    Args:
        text: the text.
        spans: in order, none overlapping; so are those that come back.
    """
    inserts = list(_INSERT.finditer(text))
    if not inserts:
        return list(spans)
    tables = {made[1].lower(): _COLUMN.findall(made[2]) for made in _CREATE.finditer(text)}
    told: list[Span] = []
    for insert in inserts:
        listed = insert[2].split(",") if insert[2] else tables.get(insert[1].lower(), [])
        entities = [named_by(column.strip(' `"[]\n\t')) for column in listed]
        told += _of_rows(text, insert.end(), entities)
    return replaced(spans, told)


def _of_rows(text: str, at: int, entities: Sequence[str | None]) -> Iterator[Span]:
    """What the rows from ``at`` on hold; of a row of another length, nothing."""
    while text.startswith("(", at):
        row: list[tuple[int, int]] = []
        at, end = at + 1, ","
        while end == ",":
            value = _VALUE.match(text, at)
            if value is None:
                return
            row.append(value.span(1))
            at, end = value.end(), value[3]
        if len(row) == len(entities):
            for (start, stop), entity in zip(row, entities, strict=True):
                if entity and stop > start and text[start:stop].strip():
                    yield Span(start, stop, entity, _SCORE)
        after = _NEXT_ROW.match(text, at)
        at = after.end() if after else len(text)
