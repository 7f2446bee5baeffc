"""Explanations as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import orjson

from lakescan.reports.explanation.model import ColumnExplanation, TextExplanation
from lakescan.reports.model import Classification, Evidence, Outvoted

_OPTIONS = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
_PLACES = 4


def columns_json(explanations: Sequence[ColumnExplanation]) -> bytes:
    """A list with one object a column."""
    return orjson.dumps([_column(each) for each in explanations], option=_OPTIONS)


def text_json(explanation: TextExplanation) -> bytes:
    """One object: ``told``, ``outvoted``, ``forms``."""
    value = asdict(explanation)
    for finding in (*value["told"], *value["outvoted"]):
        finding["score"] = round(finding["score"], _PLACES)
    for finding in value["told"]:
        del finding["why_not"]
    return orjson.dumps(value, option=_OPTIONS)


def _column(each: ColumnExplanation) -> dict[str, object]:
    column = each.column
    return {
        "uri": each.uri,
        "column": column.column,
        "index": column.index,
        "type": column.type,
        "rows": column.rows,
        "nulls": column.nulls,
        "distinct": column.distinct,
        "sensitive": column.sensitive,
        "type_hint": column.type_hint,
        "classifications": [_classification(found, each) for found in column.classifications],
        "outvoted": [_outvoted(found, each) for found in column.outvoted],
    }


def _classification(found: Classification, each: ColumnExplanation) -> dict[str, object]:
    return {
        "entity": found.entity,
        "category": found.category,
        "confidence": round(found.confidence, _PLACES),
        "prevalence": round(found.prevalence, _PLACES),
        "basis": found.basis,
        "because": list(found.because),
        "evidence": _evidence(found.evidence, each),
    }


def _outvoted(found: Outvoted, each: ColumnExplanation) -> dict[str, object]:
    return {
        "entity": found.entity,
        "category": found.category,
        "confidence": round(found.confidence, _PLACES),
        "because": list(found.because),
        "evidence": _evidence(found.evidence, each),
    }


def _evidence(reasons: Sequence[Evidence], each: ColumnExplanation) -> list[dict[str, object]]:
    return [
        {
            "detector": reason.detector,
            "about": each.detectors.get(reason.detector, ""),
            "rows_hit": reason.rows_hit,
            "score": round(reason.score, _PLACES),
            "weight": None if reason.weight is None else round(reason.weight, _PLACES),
            "samples": list(reason.samples),
        }
        for reason in reasons
    ]
