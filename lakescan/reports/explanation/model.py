"""Explanations, as values. They hold masked previews, never what they were made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lakescan.reports.model import ColumnReport


@dataclass(frozen=True, slots=True)
class ColumnExplanation:
    """Why a column got its verdict.

    Args:
        uri: the dataset's.
        column: with its evidence, and what was outvoted.
        detectors: what each detector that is named there looks at, in words.
    """

    uri: str
    column: ColumnReport
    detectors: Mapping[str, str]

    def _repr_html_(self) -> str:
        from lakescan.reports.cards.column import column_card

        return column_card(self.column, self.uri, self.detectors)


@dataclass(frozen=True, slots=True)
class FindingExplanation:
    """Why a finding in a text is told, or is not.

    Args:
        start, end: half-open code points.
        preview: masked.
        about: what the detector looks at, and what its check tests.
        words: words nearby that made the form credible.
        why_not: empty for one that is told.
    """

    start: int
    end: int
    entity: str
    category: str
    score: float
    detector: str
    preview: str
    about: str
    words: tuple[str, ...] = ()
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class FormExplanation:
    """Characters that have the form of something, where no word nearby says what they are.

    Args:
        detectors: whose form it is.
    """

    start: int
    end: int
    preview: str
    detectors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextExplanation:
    """Why a text's findings are what they are.

    Args:
        told: in the order of the text, none overlapping.
        outvoted: what detectors found besides.
        forms: what only looks like something.
    """

    told: tuple[FindingExplanation, ...]
    outvoted: tuple[FindingExplanation, ...]
    forms: tuple[FormExplanation, ...]

    def to_json(self) -> str:
        """As ``lakescan detect --explain --format json`` prints it."""
        from lakescan.reports.explanation.contract import text_json

        return text_json(self).decode()

    def _repr_html_(self) -> str:
        from lakescan.reports.cards.explained_text import explained_text_card

        return explained_text_card(self)
