"""What the page says in words where the report has a number or a code."""

from __future__ import annotations

from datetime import UTC, datetime

from lakescan.reports.legible import legible

#: Not the machine's language: the page is in English.
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

#: From which confidence a finding is called so.
_CERTAINTIES = ((0.9, "very sure"), (0.75, "sure"), (0.5, "likely"), (0.0, "possible"))

#: What each family of detectors looks at.
_REASONS = {
    "pattern": "Shape and check digits fit",
    "shape": "The shape fits",
    "dictionary": "Known words",
    "context": "Words nearby",
    "header": "The column's name",
    "ner": "Language model",
    "custom": "A detector of the policy",
    "policy": "Set by the policy",
    "deny": "On the policy's list",
    "allow": "On the policy's allow list",
    "lost": "Loses to what overlaps it",
    "neighbours": "Neighbouring columns",
    "type": "The column's type",
}


def certainty(confidence: float) -> str:
    """``very sure``, ``sure``, ``likely`` or ``possible``."""
    return next(word for least, word in _CERTAINTIES if confidence >= least or least == 0.0)


def reason_words(detector: str) -> str:
    """What a detector looked at; empty where its name says all that is known."""
    return _REASONS.get(detector.partition(".")[0], "")


def moment(stamp: str) -> str:
    """``22 November 2026, 06:15 UTC`` of an ISO 8601 time stamp; anything else as it is."""
    try:
        when = datetime.fromisoformat(stamp).astimezone(UTC)
    except ValueError:
        return legible(stamp)
    return f"{when.day} {_MONTHS[when.month - 1]} {when:%Y, %H:%M} UTC"
