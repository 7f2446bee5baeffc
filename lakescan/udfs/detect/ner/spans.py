"""Spans: what a model found in one text, before it becomes a finding."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """One entity in one text.

    Args:
        start: the first code point.
        end: one past the last.
        entity: its name in the catalog.
        score: 0..1.
    """

    start: int
    end: int
    entity: str
    score: float
